"""File names are found in bytes as an alternation of them would find them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amllint.engine.name_search import NameSearch
from amllint.source.names import whole_name

NAMES = st.text("ab./é", min_size=1, max_size=4)


@given(st.sets(NAMES, max_size=5), st.text("ab./é\n", max_size=30))
def test_it_agrees_with_an_alternation(names: set[str], text: str) -> None:
    pattern = "|".join(map(re.escape, names)) or r"(?!)"
    assert NameSearch(names).finds(text.encode()) == bool(re.search(pattern, text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("entryScript: src/score.py", True),
        ("my_score.py", True),
        ("core.py", False),
        ("score.p", False),
        ("a.py b.py score.py", True),
        ("name with blank.yml", True),
        ("Dockerfile", True),
        ("", False),
    ],
)
def test_names_stand_anywhere(text: str, found: bool) -> None:
    search = NameSearch(["score.py", "name with blank.yml", "Dockerfile"])
    assert search.finds(text.encode()) is found


def test_without_names_it_is_false() -> None:
    assert not NameSearch([])
    assert NameSearch(["a"])


@pytest.mark.parametrize(
    ("text", "found"),
    [("cp dc.json x", True), ("my-dc.json", False), ("dc.json5", False), (r"a\ndc.json", True)],
)
def test_a_whole_name_is_no_part_of_another(text: str, found: bool) -> None:
    assert bool(whole_name(b"dc.json").search(text.encode())) is found
