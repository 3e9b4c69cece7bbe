"""The rows of the troubleshooting guide, and what handles each."""

from __future__ import annotations

import argparse

import pytest

from amllint.cli.parser import build_parser
from amllint.diagnosis.signatures import signatures
from amllint.schemas import load_table

ROWS = load_table("troubleshooting-guide")["rows"]


def commands() -> set[str]:
    (action,) = (a for a in build_parser()._actions if isinstance(a, argparse._SubParsersAction))
    return {f"amllint {name}" for name in action.choices}


def test_every_row_is_there() -> None:
    assert [row["id"] for row in ROWS] == [f"G{n}" for n in range(1, 19)]
    assert {row for s in signatures() for row in s.guide} <= {row["id"] for row in ROWS}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["id"]))
def test_a_row_names_commands_that_exist(row: dict[str, list[str]]) -> None:
    assert row["commands"]
    assert set(row["commands"]) <= commands()


@pytest.mark.parametrize("row", [f"G{n}" for n in range(3, 19)])
def test_what_goes_wrong_has_a_message(row: str) -> None:
    assert [s.id for s in signatures() if row in s.guide]
