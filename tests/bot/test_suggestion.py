"""Taking over a suggestion makes the file that the fix makes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amllint.bot.diff import FileDiff, Line
from amllint.bot.results import At, Change, Found, Mend, Place
from amllint.bot.suggestion import MAX_LINES, Suggestion, suggestion
from amllint.source.text import SourceText, Span

TEXT = "one\ntwo\n\nfour\nfive\nsix\n"


def diff(text: str, first: int = 1, last: int = 10_000) -> FileDiff:
    """A diff that shows some lines of a text in one hunk."""
    rows = text.split("\n")[:-1]
    shown = {n: Line(row, 1) for n, row in enumerate(rows, 1) if first <= n <= last}
    return FileDiff("f", shown)


def found(line: int, *changes: Change) -> Found:
    """A finding on a line with a fix."""
    place = Place("f", At(line, 1), At(line, 2))
    mend = Mend("safe", "m", changes) if changes else None
    return Found("AML109", "error-leak", "error", "score", "m", None, "", place, "a" * 16, (), mend)


def change(a: tuple[int, int], b: tuple[int, int], content: str) -> Change:
    """New text between two places."""
    return Change(Place("f", At(*a), At(*b)), content)


def taken(text: str, suggested: Suggestion) -> str:
    """The file after the button has been pressed."""
    rows = text.split("\n")
    new = [] if suggested.text is None else suggested.text.split("\n")
    rows[suggested.start - 1 : suggested.end] = new
    return "\n".join(rows)


@st.composite
def fixes(draw: st.DrawFn) -> tuple[str, list[Change], str]:
    """A text, edits of it that do not overlap, and the text with the edits made."""
    rows = draw(st.lists(st.sampled_from(["", "a", "bcd", "    x = 1"]), min_size=1, max_size=12))
    text = "\n".join(rows) + "\n"
    source = SourceText("f", text)
    cuts = draw(
        st.lists(st.integers(0, len(text)), min_size=2, max_size=4, unique=True).map(sorted)
    )
    spans = [Span(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    contents = [draw(st.sampled_from(["", "y", "\n", "y\nz", "y\n"])) for _ in spans]
    mended = text
    for span, content in reversed(list(zip(spans, contents, strict=True))):
        mended = mended[: span.start] + content + mended[span.end :]
    changes = [
        change(source.position(s.start), source.position(s.end), c)
        for s, c in zip(spans, contents, strict=True)
    ]
    return text, changes, mended


@settings(max_examples=800, deadline=None)
@given(fixes(), st.integers(1, 12), st.integers(1, 3), st.integers(0, 12))
def test_a_suggestion_makes_the_file_that_the_fix_makes(
    fix: tuple[str, list[Change], str], line: int, first: int, more: int
) -> None:
    text, changes, mended = fix
    shown = diff(text, first, first + more)
    suggested = suggestion(found(line, *changes), shown)
    if suggested is None:
        return
    assert shown.covers(suggested.start, suggested.end)
    assert taken(text, suggested) == mended


def test_most_fixes_within_the_diff_are_suggested() -> None:
    for fix in (
        change((2, 1), (2, 4), "TWO"),
        change((2, 1), (3, 1), ""),
        change((2, 4), (2, 4), "\nmore"),
        change((1, 1), (1, 1), "import os\n"),
        change((2, 1), (5, 1), "x\n"),
        change((2, 4), (4, 1), ""),
    ):
        assert suggestion(found(2, fix), diff(TEXT)) is not None, fix


@pytest.mark.parametrize(
    ("fix", "shown"),
    [
        (change((2, 1), (2, 4), "x"), diff(TEXT, 3)),
        (change((2, 1), (5, 2), "x"), diff(TEXT, 1, 4)),
        (change((2, 1), (2, 9), "x\n"), diff(TEXT)),
        (change((2, 1), (2, 4), "a\rb"), diff(TEXT)),
        (change((2, 1), (2, 4), "\ud800"), diff(TEXT)),
        (change((2, 1), (2, 4), "x"), diff("one\r\ntwo\r\n")),
        (Change(Place("other", At(2, 1), At(2, 4)), "x"), diff(TEXT)),
        (change((900, 1), (900, 4), "x"), diff("x\n" * 1000)),
    ],
)
def test_no_button_is_offered_that_would_do_something_else(fix: Change, shown: FileDiff) -> None:
    assert suggestion(found(2, fix), shown) is None


def test_a_long_suggestion_is_none() -> None:
    text = "x\n" * 100
    fits = change((1, 1), (MAX_LINES, 1), "")
    assert suggestion(found(1, fits), diff(text)) is not None
    assert suggestion(found(1, change((1, 1), (MAX_LINES + 2, 1), "")), diff(text)) is None


def test_removing_lines_and_leaving_an_empty_one_are_two_things() -> None:
    assert suggestion(found(2, change((2, 1), (3, 1), "")), diff(TEXT)) == Suggestion(2, 2, None)
    assert suggestion(found(2, change((2, 1), (2, 4), "")), diff(TEXT)) == Suggestion(2, 2, "")
