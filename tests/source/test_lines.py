"""Changed lines: never less than what changed, and in time whatever the texts hold."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amllint.source.lines import changed

TEXTS = st.lists(st.sampled_from("abcdef"), max_size=30)


def is_subsequence(part: list[str], whole: list[str]) -> bool:
    rest = iter(whole)
    return all(item in rest for item in part)


@given(TEXTS, TEXTS)
def test_what_is_not_changed_stood_there_before_in_the_same_order(
    old: list[str], new: list[str]
) -> None:
    found = changed(old, new)
    kept = [line for number, line in enumerate(new, 1) if number not in found.lines]
    assert is_subsequence(kept, old)
    if len(kept) < len(old) and not found.lines:
        assert found.cuts
    assert all(0 <= cut <= len(new) for cut in found.cuts)


@given(TEXTS)
def test_a_text_has_not_changed_against_itself(text: list[str]) -> None:
    found = changed(text, text)
    assert not found.lines
    assert not found.cuts


CASES = {
    "one line of many": ("abcdef", "abXdef", {3}, set()),
    "put in": ("abc", "aXbc", {2}, set()),
    "taken out": ("abcd", "abd", set(), {2}),
    "taken out at the beginning": ("abc", "bc", set(), {0}),
    "moved": ("abcd", "bcda", {4}, {0}),
    "two places": ("abcdefgh", "aXcdefYh", {2, 7}, set()),
    "among equal lines": ("aaa", "aaXa", {3}, set()),
    "from nothing": ("", "ab", {1, 2}, set()),
}


@pytest.mark.parametrize("name", CASES)
def test_what_changed(name: str) -> None:
    old, new, lines, cuts = CASES[name]
    found = changed(list(old), list(new))
    assert (found.lines, found.cuts) == (lines, cuts)


def test_a_place_is_touched_by_its_lines_and_by_cuts_within_it() -> None:
    found = changed(list("abcd"), list("abd"))
    assert found.touches(2, 3)
    assert not found.touches(2, 2)
    assert not found.touches(3, 3)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (["x"] * 100_000, ["x", "y"] * 50_000),
        ([str(i) for i in range(100_000)], [str(i) for i in reversed(range(100_000))]),
        ([str(i % 500) for i in range(100_000)], [str(i % 499) for i in range(100_000)]),
        ([f"{i}" for i in range(50_000)], [f"{i ^ 1}" for i in range(50_000)]),
    ],
)
def test_large_texts_take_seconds_at_most(old: list[str], new: list[str]) -> None:
    began = time.perf_counter()
    changed(old, new)
    assert time.perf_counter() - began < 10
