"""Scripts that are parsed in another process."""

from __future__ import annotations

from pathlib import Path

import pytest

from amllint.analysis.facts import ScriptFacts
from amllint.config import Settings
from amllint.engine.check import check
from amllint.source.overlay import Overlay
from tests.checking import write

SCRIPT = "def init():\n    pass\n\n\ndef run(raw_data):\n    return {'received': len(raw_data)}\n"


def test_facts_that_cannot_be_worked_out_are_told_by_the_rule_that_needs_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(self: ScriptFacts) -> None:
        raise ValueError("no facts")

    monkeypatch.setattr(ScriptFacts, "outcome", property(fails))
    write(tmp_path, {f"{n}/score.py": SCRIPT + f"# {n}\n" for n in range(40)})
    report = check(["."], Settings(), Overlay(str(tmp_path)), parallel=True)
    assert {f.name for f in report.findings} == {"internal-error"}
    assert report.incomplete
