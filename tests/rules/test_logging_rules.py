"""Which ways of setting logging up do nothing under the server, and which messages get lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from amllint.config import Settings
from amllint.engine import fixing
from amllint.source.overlay import Overlay
from tests.checking import look, write

RULE = "logging-has-no-effect"
TAIL = "\n\ndef init():\n    pass\n\n\ndef run(raw_data):\n    return {}\n"
CONFIG = "logging.basicConfig"

IDLE = {
    "level": f"{CONFIG}(level=logging.INFO)",
    "level as text": f"{CONFIG}(level='DEBUG')",
    "format": f"{CONFIG}(format='%(message)s')",
    "format and a level elsewhere": f"{CONFIG}(format='%(message)s')\nlog.setLevel(20)",
    "stream": f"{CONFIG}(stream=sys.stdout)",
    "not forced": f"{CONFIG}(level=logging.INFO, force=False)",
    "file": f"{CONFIG}(filename='own.log')",
}
WORKING = {
    "forced": f"{CONFIG}(level=logging.INFO, force=True)",
    "forced perhaps": f"{CONFIG}(level=logging.INFO, force=FORCE)",
    "unpacked": f"{CONFIG}(**OPTIONS)",
    "what is so anyway": f"{CONFIG}(level=logging.WARNING)",
    "nothing asked": f"{CONFIG}()",
    "level set too": f"{CONFIG}(level=logging.INFO)\nlogging.getLogger().setLevel(logging.INFO)",
    "handlers taken away": f"logging.root.handlers.clear()\n{CONFIG}(level=logging.INFO)",
    "handlers looked at": f"if not logging.getLogger().hasHandlers():\n    {CONFIG}(level=10)",
    "by hand": f"if __name__ == '__main__':\n    {CONFIG}(level=logging.INFO)",
    "another module's": "colours.basicConfig(level=logging.INFO)",
}
LOST = {
    "one": "log.info('rows:', 3)",
    "two": "logging.warning('rows', 3, 4)",
    "too few": "log.error('%s of %d', 3)",
    "too many": "log.debug('rows: %s', 3, 4)",
    "log": "log.log(20, 'rows:', 3)",
    "formatted": "log.info(f'rows {x}', 3)",
    "a percent sign": "log.info('100%% of', 3)",
}
KEPT = {
    "fits": "log.info('rows: %s, %5.2f', 3, 4.0)",
    "no values": "log.info('100% of it')",
    "named": "log.info('%(rows)s', {'rows': 3})",
    "not written": "log.info(message, 3)",
    "unpacked": "log.info('rows:', *values)",
    "another library's": "structlog.get_logger().info('rows', 3)",
    "print": "print('rows:', 3)",
    "keywords": "log.info('rows', extra={'n': 3}, exc_info=True)",
    "width": "log.info('%*d', 5, 3)",
}


def text(line: str) -> str:
    return f"import logging\nimport sys\n\nlog = logging.getLogger(__name__)\n{line}\n{TAIL}"


def count(folder: Path, line: str) -> int:
    report = look(folder, {"score.py": text(line)}, select=(RULE,), persona="pedantic")
    assert {f.severity for f in report.findings} <= {"info"}
    return len(report.findings)


@pytest.mark.parametrize("name", [*IDLE, *LOST])
def test_what_does_nothing_is_told(name: str, tmp_path: Path) -> None:
    assert count(tmp_path, {**IDLE, **LOST}[name]) == 1


@pytest.mark.parametrize("name", [*WORKING, *KEPT])
def test_what_works_is_not(name: str, tmp_path: Path) -> None:
    assert count(tmp_path, {**WORKING, **KEPT}[name]) == 0


def test_a_batch_job_has_another_driver(tmp_path: Path) -> None:
    script = text(IDLE["level"]).replace("raw_data", "mini_batch")
    report = look(tmp_path, {"score.py": script}, select=(RULE,), persona="pedantic")
    assert report.findings == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"{CONFIG}(level=logging.INFO)", f"{CONFIG}(level=logging.INFO, force=True)"),
        (f"{CONFIG}(\n    level=20,\n)", f"{CONFIG}(\n    level=20, force=True,\n)"),
        (f"{CONFIG}(filename='own.log')", None),
        (f"{CONFIG}(level=20, handlers=[x])", None),
        (f"{CONFIG}(level=20)\nlogging.getLogger().addHandler(x)", None),
        ("log.info('rows:', 3)", "log.info('rows: %s', 3)"),
        ("log.info('rows: ', 3, 4)", "log.info('rows: %s %s', 3, 4)"),
        ('log.info("""rows""", 3)', 'log.info("""rows %s""", 3)'),
        ("log.info('', 3)", "log.info('%s', 3)"),
        ("log.info('%s', 3, 4)", None),
        ("log.info('100%%', 3)", None),
        ("log.info(f'rows {x}', 3)", None),
    ],
)
def test_the_fix_keeps_what_is_meant(before: str, after: str | None, tmp_path: Path) -> None:
    write(tmp_path, {"score.py": text(before)})
    settings = Settings(select=(RULE,), persona="pedantic")
    overlay = Overlay(cwd=str(tmp_path))
    fixed = fixing.fix(["."], settings, overlay, unsafe=False, ignores=True)
    assert fixed.after.get("score.py") == (after and text(after))


@pytest.mark.parametrize(("python", "fixes"), [("3.7", 0), ("3.10", 1), ("3.8", 1)])
def test_an_old_python_has_no_force(python: str, fixes: int, tmp_path: Path) -> None:
    files = {
        "score.py": text(IDLE["level"]),
        "conda.yml": f"dependencies:\n  - python={python}\n  - pip:\n      - azureml-defaults\n",
        "inferenceconfig.json": '{"entryScript": "score.py", "runtime": "python", '
        '"condaFile": "conda.yml"}',
    }
    report = look(tmp_path, files, select=(RULE,), persona="pedantic")
    assert len([f for f in report.findings if f.observation.fix]) == fixes
    assert len(report.findings) == 1
