"""Every row of the tables of facts says where it is from and of which day."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "schemas"
ROWS: dict[str, tuple[str, ...]] = {
    "built-in-roles": ("roles",),
    "deprecated-images": ("azureml", "releases"),
    "import-names": ("imports", "extras", "conda", "modules"),
    "incompatible-pins": ("pairs",),
    "package-closures": ("closures",),
    "platform-packages": ("pip", "conda"),
    "python-releases": ("pythons",),
    "system-libraries": ("packages",),
    "system-packages": ("packages",),
    "misspelt-names": ("names",),
    "vm-sizes": ("sizes", "managed"),
    "wrong-package-names": ("names", "conda"),
}
"""The tables about environments, and the keys under which their rows stand."""
OF_THE_INDEX = {"package-closures", "misspelt-names"}
"""Tables that a command writes; what people add to stands in the others."""


def table(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return read


def rows(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each row as a mapping with what holds for it: its own source and date, or the table's."""
    whole = table(name)
    default = {key: whole[key] for key in ("source", "date") if key in whole}
    for part in ROWS[name]:
        items = whole[part]
        pairs = items.items() if isinstance(items, dict) else enumerate(items)
        for key, row in pairs:
            own = row if isinstance(row, dict) else {"is": row}
            yield f"{part}/{key}", {**default, **own}


@pytest.mark.parametrize("name", ROWS)
def test_each_row_has_a_source_and_a_day(name: str) -> None:
    found = dict(rows(name))
    assert found
    today = datetime.date.today() + datetime.timedelta(days=1)
    for key, row in found.items():
        assert len(row["source"]) > 10, key
        assert datetime.date(2026, 1, 1) <= datetime.date.fromisoformat(row["date"]) <= today, key


@pytest.mark.parametrize("name", ROWS)
def test_a_table_says_what_it_is_and_has_nothing_else(name: str) -> None:
    whole = table(name)
    assert whole["title"]
    lists = {"older", "stable", "known-from", "neutral"}
    assert set(whole) - {"title", "source", "date"} - lists == set(ROWS[name])


@pytest.mark.parametrize("name", ROWS)
def test_a_source_that_is_an_address_is_a_whole_one(name: str) -> None:
    for key, row in rows(name):
        for address in re.findall(r"\S*://\S*", row["source"]):
            assert re.fullmatch(r"https://[\w.-]+/[^\s,;]+[,;]?", address), key


@pytest.mark.parametrize("name", sorted(set(ROWS) - OF_THE_INDEX))
def test_a_table_for_people_has_a_row_a_line(name: str) -> None:
    lines = (FOLDER / f"{name}.json").read_text("utf-8").splitlines()
    assert all(line.count("{") <= 3 for line in lines)
    assert len(lines) >= len(dict(rows(name))) / 2


def test_what_conda_lacks_is_told_by_a_report_each() -> None:
    known = list(table("platform-packages")["conda"])
    assert all(row["source"].startswith("https://") for row in known)
    assert {row["system"] for row in known} == {"Windows", "macOS"}


def test_releases_of_python_end_in_order() -> None:
    ends = {
        tuple(map(int, row["python"].split("."))): datetime.date.fromisoformat(row["ends"])
        for row in table("python-releases")["pythons"]
    }
    third = sorted(key for key in ends if key[0] == 3)
    assert [ends[key] for key in third] == sorted(ends[key] for key in third)
    assert [key[1] for key in third] == list(range(third[0][1], third[-1][1] + 1))
