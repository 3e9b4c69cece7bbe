"""Every combination that is reported as broken was reproduced, or is struck out with a reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from amllint.rules.registry import find
from amllint.schemas import load_table
from tests.checking import Files, look
from tests.oracle.broken_combinations import COMBINATIONS, Combination

RESULTS = Path(__file__).with_name("results") / "environments.json"
FATES: dict[str, Any] = json.loads(RESULTS.read_text("utf-8"))["fates"]


def packages(combination: Combination) -> str:
    return combination.packages


@pytest.mark.parametrize("combination", COMBINATIONS, ids=packages)
def test_it_is_reproduced_or_struck_out(combination: Combination) -> None:
    evidence = combination[2:]
    assert any(part not in ("", ("", ""), ()) for part in evidence)
    if combination.struck:
        assert [part for part in evidence if part not in ("", ("", ""), ())] == [combination.struck]


@pytest.mark.parametrize("combination", [c for c in COMBINATIONS if c.fate], ids=packages)
def test_its_environment_was_seen_to_end_with_the_symptom(combination: Combination) -> None:
    row = FATES[combination.fate]
    assert not row["starts"]
    assert combination.symptom in row["says"]


@pytest.mark.parametrize("combination", [c for c in COMBINATIONS if c.works], ids=packages)
def test_what_works_was_seen_to_start(combination: Combination) -> None:
    assert FATES[combination.works]["starts"]


@pytest.mark.parametrize("combination", [c for c in COMBINATIONS if c.pair[0]], ids=packages)
def test_the_table_of_pins_has_it(combination: Combination) -> None:
    rows = load_table("incompatible-pins")["pairs"]
    mine = [r for r in rows if (r["package"], r["beside"]) == combination.pair]
    assert any(row["symptom"] in combination.symptom for row in mine)


@pytest.mark.parametrize("combination", [c for c in COMBINATIONS if c.pins], ids=packages)
def test_an_error_is_told_of_its_pins(combination: Combination, tmp_path: Path) -> None:
    lines = "".join(f"      - {pin}\n" for pin in combination.pins)
    conda = f"dependencies:\n  - python=3.11\n  - pip\n  - pip:\n{lines}"
    files: Files = {
        "conda.yml": conda,
        "score.py": "def init():\n    pass\n\n\ndef run(data):\n    return len(data)\n",
        "inferenceconfig.json": '{"entryScript": "score.py", "runtime": "python",'
        ' "condaFile": "conda.yml"}',
    }
    report = look(tmp_path, files)
    assert any(f.severity == "error" and f.stage == "build" for f in report.findings)


def test_the_table_of_pickles_has_it() -> None:
    (combination,) = [c for c in COMBINATIONS if c.pickle]
    rows = load_table("sklearn-pickles")["states"]
    mine = [
        r for r in rows if r["name"] == combination.pickle and combination.symptom in r["symptom"]
    ]
    assert any(row["written"].endswith("1.2") and row["read"].startswith("1.3") for row in mine)


@pytest.mark.parametrize("combination", [c for c in COMBINATIONS if c.rule], ids=packages)
def test_the_page_of_the_rule_says_what_was_executed(combination: Combination) -> None:
    info = find(combination.rule)
    assert info is not None
    page = (Path(__file__).resolve().parents[2] / f"docs/rules/{combination.rule}.md").read_text()
    assert combination.symptom in page
