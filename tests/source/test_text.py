"""Positions: lines and columns from 1, in characters, whatever the line ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amllint.source.overlay import decode
from amllint.source.text import SourceText, Span


def places(text: str) -> list[tuple[str, int, int]]:
    """Each character with its line and column."""
    source = SourceText("f", text)
    return [(c, *source.position(i)) for i, c in enumerate(text)]


def test_a_newline_ends_a_line() -> None:
    assert places("a\nb") == [("a", 1, 1), ("\n", 1, 2), ("b", 2, 1)]


def test_crlf_is_one_line_end() -> None:
    assert places("a\r\nb")[-1] == ("b", 2, 1)


def test_cr_alone_ends_a_line() -> None:
    assert places("a\rb")[-1] == ("b", 2, 1)


def test_cr_cr_lf_are_two_line_ends() -> None:
    assert places("a\r\r\nb")[-1] == ("b", 3, 1)


def test_a_tab_is_one_character() -> None:
    assert places("\tb")[-1] == ("b", 1, 2)


@pytest.mark.parametrize("wide", ["é", "漢", "🐍", "e\u0301"[0], "\u2028", "\x0b", "\x0c", "\x85"])
def test_any_other_character_is_one_column_and_no_line_end(wide: str) -> None:
    assert places(f"{wide}b")[-1] == ("b", 1, 2)


def test_a_byte_order_mark_takes_no_column() -> None:
    source = decode("f.yml", b"\xef\xbb\xbfkey: 1")
    assert source.text == "key: 1"
    assert source.bom
    assert source.position(0) == (1, 1)


def test_the_end_of_the_text_has_a_position() -> None:
    assert SourceText("f", "a\n").position(2) == (2, 1)
    assert SourceText("f", "").position(0) == (1, 1)


@given(st.text(alphabet="a\r\n\té🐍"))
def test_offset_is_the_inverse_of_position(text: str) -> None:
    source = SourceText("f", text)
    for offset in range(len(text) + 1):
        assert source.offset(*source.position(offset)) == offset


@pytest.mark.parametrize(
    ("line", "column", "offset"), [(0, 0, 0), (1, 99, 3), (9, 1, 3), (2, 1, 3), (-1, -1, 0)]
)
def test_an_offset_stays_within_the_text(line: int, column: int, offset: int) -> None:
    assert SourceText("f", "ab\n").offset(line, column) == offset


@given(st.lists(st.text(alphabet="abé🐍 \t"), min_size=1), st.sampled_from(["\n", "\r\n", "\r"]))
def test_line_spans_cover_the_lines_without_their_ends(lines: list[str], end: str) -> None:
    source = SourceText("f", end.join(lines))
    spans = [source.line_span(number + 1) for number in range(len(lines))]
    assert [source.slice(span) for span in spans] == lines


@pytest.mark.parametrize(
    ("text", "newline"), [("a\r\nb\n", "\r\n"), ("a\nb\r\n", "\n"), ("a\rb", "\r"), ("a", "\n")]
)
def test_the_first_line_end_is_the_files(text: str, newline: str) -> None:
    assert SourceText("f", text).newline == newline


def test_a_span_contains_itself_and_what_lies_within() -> None:
    outer = Span(2, 6)
    assert outer.contains(outer)
    assert outer.contains(Span(3, 5))
    assert not outer.contains(Span(1, 3))
    assert not outer.contains(Span(5, 7))


@pytest.mark.parametrize(
    "data",
    [
        b"key: 1\n",
        b"\xef\xbb\xbfkey: 1\r\n",
        "key: é🐍\n".encode(),
        b"",
    ],
)
def test_a_text_is_written_back_as_it_was(data: bytes) -> None:
    source = decode("f.yml", data)
    assert source.encode(source.text) == data


def test_a_script_is_written_back_in_the_encoding_of_its_cookie() -> None:
    data = "# coding: latin-1\nname = 'é'\n".encode("latin-1")
    source = decode("f.py", data, python=True)
    assert "é" in source.text
    assert source.encode(source.text) == data
