"""A baseline outlives edits that mend nothing, and hides no new defect."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.adoption.round_trip import main, round_trip
from tests.corpus.test_corpus import parses

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("tree", ["tests/corpus/scoring", "examples/broken"])
def test_no_edit_brings_an_old_finding_back_and_a_new_defect_is_shown(
    tree: str, tmp_path: Path
) -> None:
    shutil.copytree(ROOT / tree, tmp_path / "tree")
    for script in (tmp_path / "tree").glob("*.py"):
        if not parses(script.read_bytes()):
            script.unlink()
    total, steps, wrong = round_trip(tmp_path / "tree")
    assert not wrong
    assert total >= 10
    assert all(step.changed for step in steps[1:])
    assert steps[-1].shown


def test_the_command_says_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(ROOT / "examples/broken")]) == 0
    assert "13 findings in the baseline" in capsys.readouterr().out
