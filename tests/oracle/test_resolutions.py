"""What `--resolve` said of environments whose fate is known: of none that installs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results")
ROWS: dict[str, Any] = json.loads((RESULTS / "resolved.json").read_text("utf-8"))["rows"]

NOT_TOLD = {
    "name-skimage": "it is there as source alone, whose build fails",
    "reported-sklearn-name": "it is there as source alone, whose build fails",
    "reported-core-python-313": "pip came to no end in the time",
    "reported-single-equals": "pip cannot read the line: version-operator tells of it",
    "version-arrow": "pip cannot read the line: version-operator tells of it",
    "version-local-build": "pip cannot read the line: version-operator tells of it",
    "version-space-equals": "pip cannot read the line: version-operator tells of it",
    "version-two-pins": "duplicate-dependency tells of it",
}
"""Environments that do not install and are not told of, with the reason."""


def test_no_environment_that_installs_is_told_of() -> None:
    assert [name for name, row in ROWS.items() if row["told"] and row["installs"]] == []


def test_every_environment_that_does_not_install_is_told_of_or_accounted_for() -> None:
    failing = {name for name, row in ROWS.items() if not row["installs"]}
    assert {name for name in failing if not ROWS[name]["told"]} == set(NOT_TOLD)
    assert len(ROWS) >= 60


def test_what_was_not_learned_was_said() -> None:
    assert [name for name, row in ROWS.items() if row["unasked"]] == ["reported-core-python-313"]
