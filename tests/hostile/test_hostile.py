"""Every hostile input ends in time, in bounds, in one valid answer, and in the right one."""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from amllint.cli.check import FORMATS

from . import (  # noqa: F401
    bait,
    encoded_texts,
    execution,
    file_system,
    git_programs,
    json_documents,
    model_files,
    python_nesting,
    python_sources,
    references,
    repositories,
    settings,
    yaml_documents,
)
from .cases import CASES, INCOMPLETE, Case, Unavailable

resource = pytest.importorskip("resource", reason="limits are set the POSIX way")

SECONDS = 10
ADDRESS_SPACE = 512 * 1024 * 1024
WRITTEN = 64 * 1024 * 1024
LONGEST_PATH = 4096
USAGE = 2
NO_FILE = 3
FAILING = {"error", "warning"}
SOURCE_ROOT = Path(__file__).parents[2] / "lint"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a run left behind; `code` is negative for a signal, `None` when time ran out."""

    code: int | None
    stdout: bytes
    stderr: bytes
    orphans: bool

    def document(self) -> dict[str, Any]:
        """The JSON document on stdout. Raises if it is none, or holds what is no text."""
        text = self.stdout.decode("utf-8")
        document: dict[str, Any] = json.loads(text, parse_constant=_no_such_value)
        if "\\ud" in text:
            json.dumps(document, ensure_ascii=False).encode("utf-8")
        return document

    def codes(self) -> set[str]:
        """The codes of the findings."""
        return {finding["code"] for finding in self.document()["findings"]}


def _no_such_value(name: str) -> None:
    raise ValueError(f"{name} is no JSON value")


@cache
def _launcher(how: str) -> list[str]:
    script = Path(sys.executable).with_name("amllint")
    if how == "module":
        return [sys.executable, "-m", "amllint"]
    if script.exists():
        return [str(script)]
    # What the console script does: the first entry of sys.path is a folder of ours.
    start = (
        f"import sys; sys.path[0] = {str(SOURCE_ROOT)!r}; from amllint.cli import entry; entry()"
    )
    return [sys.executable, *(["-P"] if sys.version_info >= (3, 11) else []), "-c", start]


def _environment(case: Case, home: Path) -> dict[str, str]:
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "AMLLINT_"))
    }
    own = {
        "PYTHONPATH": str(SOURCE_ROOT),
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / "cache"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return {**kept, **own, **case.environment}


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_FSIZE, (WRITTEN, WRITTEN))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _end_group(group: int) -> bool:
    """End what is left of a run's processes; says whether anything was."""
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def run(case: Case, folder: Path, form: str = "json") -> Answer:
    """Check a case in a process group of its own, within the limits."""
    home = folder.parent / "home"
    home.mkdir(exist_ok=True)
    command = [*_launcher(case.launch), "check", "--output-format", form, *case.arguments]
    # Files rather than pipes: a grandchild that hangs on to a pipe would make us wait for it.
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(
            command,
            cwd=case.cwd or folder,
            env=_environment(case, home),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            preexec_fn=_limit,
            start_new_session=True,
        )
        try:
            code: int | None = process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            code = None
        orphans = _end_group(process.pid)
        process.wait()
        out.seek(0)
        err.seek(0)
        return Answer(code, out.read(), err.read(), orphans)


def listing(folder: Path) -> set[tuple[str, int, int]]:
    """Names, sizes and times of all that is in a tree, but for the linter's own cache."""
    return set(_entries(os.fsencode(folder)))


def _entries(top: bytes) -> Iterator[tuple[str, int, int]]:
    """Walks without recursion: `os.walk` recurses before 3.12."""
    pending = [top]
    while pending:
        folder = pending.pop()
        try:
            names = os.listdir(folder)
        except OSError:
            continue
        for name in names:
            path = os.path.join(folder, name)
            if len(path) >= LONGEST_PATH or name.startswith(b".amllint"):
                continue
            status = os.lstat(path)
            if stat.S_ISDIR(status.st_mode):
                pending.append(path)
            is_folder = os.path.isdir(path)
            yield (
                os.fsdecode(path),
                0 if is_folder else status.st_size,
                0 if is_folder else status.st_mtime_ns,
            )


def _build(name: str, tmp_path: Path) -> tuple[Case, Path]:
    folder = tmp_path / "tree"
    folder.mkdir()
    try:
        return CASES[name](folder), folder
    except Unavailable as reason:
        pytest.skip(str(reason))


def assert_sound(case: Case, answer: Answer) -> None:
    """What holds for every case, whatever is expected of it."""
    assert answer.code is not None, f"no end within {SECONDS} s: {answer.stderr[-500:]!r}"
    assert answer.code in range(5), f"ended by {answer.code}: {answer.stderr[-1500:]!r}"
    assert b"Traceback (most recent call last)" not in answer.stderr, answer.stderr.decode(
        errors="replace"
    )
    assert not answer.orphans, "a process was left behind"
    assert case.marker is None or not case.marker.exists(), (
        f"executed: {case.marker.read_text()[:500]}"
    )
    assert b"\x1b" not in answer.stdout + answer.stderr, "escape codes of the input came out raw"


def assert_agrees(answer: Answer) -> None:
    """The exit code says what the findings say: nothing is green by accident."""
    document = answer.document()
    assert document["version"] == 1
    assert isinstance(document["findings"], list)
    assert isinstance(document["summary"], dict)
    codes = answer.codes()
    failing = any(finding["severity"] in FAILING for finding in document["findings"])
    assert "AML902" not in codes, document["findings"]
    assert ("AML903" in codes) <= (answer.code in (INCOMPLETE, NO_FILE)), (
        "unread, but the code says read"
    )
    assert (answer.code == INCOMPLETE) <= ("AML903" in codes), "incomplete, but nothing says why"
    assert (answer.code == 0) <= (not failing), document["findings"]
    assert (answer.code == 1) <= failing, "findings by the code, none in the document"


@pytest.fixture(autouse=True)
def _removable(tmp_path: Path) -> Iterator[None]:
    """Leave no tree behind that is too deep for pytest to remove: its clean-up recurses."""
    yield
    for name in file_system.DEEP:
        file_system.flatten(tmp_path / "tree", name)


@pytest.mark.parametrize("name", CASES)
def test_hostile_input_ends_in_the_right_answer(name: str, tmp_path: Path) -> None:
    case, folder = _build(name, tmp_path)
    before = listing(folder)
    answer = run(case, folder)
    assert_sound(case, answer)
    assert listing(folder) == before, "the tree was changed"
    assert answer.code in case.expect.exits, (
        f"{case.note}: {answer.stdout[:1500]!r} {answer.stderr[-500:]!r}"
    )
    if answer.code == USAGE:
        assert answer.stderr.strip(), "refused without a word"
        return
    assert_agrees(answer)
    codes = answer.codes()
    assert not case.expect.some or codes & case.expect.some, f"{case.note}: {sorted(codes)}"
    assert not codes & case.expect.none, [
        f for f in answer.document()["findings"] if f["code"] in case.expect.none
    ]


_PRINTED = sorted(
    name for name in CASES if "escape" in name or "command" in name or name.startswith("name_with")
)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", _PRINTED)
def test_hostile_text_forges_no_line_of_output(name: str, form: str, tmp_path: Path) -> None:
    case, folder = _build(name, tmp_path)
    answer = run(case, folder, form)
    assert_sound(case, answer)
    lines = (answer.stdout + b"\n" + answer.stderr).decode("utf-8").splitlines()
    # GitHub obeys `::` at the start of a line, Azure Pipelines `##vso[` wherever it stands.
    assert not [
        line
        for line in lines
        if re.match(r"\s*::error file=a(,line=1)?::", line) or "##vso[task.complete]" in line
    ]


def test_the_limits_leave_room_for_the_parsers() -> None:
    code = "import libcst, yaml, jsonschema; libcst.parse_module('x = 1')"
    subprocess.run([sys.executable, "-c", code], preexec_fn=_limit, check=True, timeout=SECONDS)


def test_there_are_cases_enough() -> None:
    assert len(CASES) >= 50
