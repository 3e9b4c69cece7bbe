"""Our verdicts about environments agree with what became of them when they were executed.

The table is the result of `compare_environments`; what is not in it yet is not compared.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.checking import look
from tests.oracle.compare_environments import HERE, TABLE, environments, serving_files

FATES: dict[str, dict[str, Any]] = json.loads((HERE / "results" / TABLE).read_text("utf-8"))[
    "fates"
]

RESOLVED: dict[str, dict[str, Any]] = json.loads(
    (HERE / "results" / "resolved.json").read_text("utf-8")
)["rows"]
ASKED = {"version-not-there"}
"""Environments of which the package index must be asked, with `--resolve`: no table knows."""

ELSEWHERE = {
    "reported-opencv": "served on a machine that has libGL",
    "right-requirements-file": "installed beside the file, which Azure ML does not send",
}


def verdict(folder: Path, name: str) -> list[str]:
    report = look(folder, dict(serving_files(name)))
    return [f"{f.name}: {f.message}" for f in report.findings if f.severity == "error"]


def test_at_least_sixty_environments_are_fixed() -> None:
    known = [e.name for e in environments()]
    assert len(known) >= 60
    assert 3 * sum(name.startswith("reported-") for name in known) >= len(known) - 6


@pytest.mark.parametrize("name", sorted(FATES))
def test_a_verdict_agrees_with_what_was_executed(name: str, tmp_path: Path) -> None:
    if name in ELSEWHERE:
        return
    errors, row = verdict(tmp_path, name), FATES[name]
    if row["installs"] and row["starts"]:
        assert errors == []
    elif name in ASKED:
        assert RESOLVED[name]["told"]
        assert errors == [], "it is told of without the index: take it off the list"
    else:
        assert errors, row["says"]
