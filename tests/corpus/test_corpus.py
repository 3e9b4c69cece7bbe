"""Scoring scripts as people write them, with what each must and must not be told.

`scoring.tsv` names every script of `scoring/` and its findings at default severity. Many are
guards, handlers and fallbacks that were once taken for defects, or defects that were missed.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from amllint.config import Settings
from amllint.engine.check import check
from amllint.source.overlay import Overlay

HERE = Path(__file__).resolve().parent
SCRIPTS = HERE / "scoring"


def parses(script: bytes) -> bool:
    """Whether this Python knows the syntax of a script: some is newer than the oldest one."""
    try:
        ast.parse(script)
    except SyntaxError:
        return False
    return True


def rows() -> list[tuple[str, list[str]]]:
    """Each script's name with its findings as `rule:line`."""
    lines = (HERE / "scoring.tsv").read_text("utf-8").splitlines()
    cells = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(name, found) for name, *found in cells]


@pytest.mark.parametrize(("name", "expected"), rows(), ids=[name for name, _ in rows()])
def test_a_script_is_told_its_defects_and_nothing_else(
    name: str, expected: list[str], tmp_path: Path
) -> None:
    script = tmp_path / "score.py"
    script.write_bytes((SCRIPTS / f"{name}.py").read_bytes())
    overlay = Overlay(str(tmp_path))
    report = check(["score.py"], Settings(), overlay)
    found = []
    for finding in report.findings:
        source = overlay.text(str(script))
        line = source.position(finding.location.span.start).line
        found.append(f"{finding.name}:{line}")
    assert sorted(found) == sorted(expected)


def test_every_script_has_its_row() -> None:
    assert {name for name, _ in rows()} == {p.stem for p in SCRIPTS.glob("*.py")}
