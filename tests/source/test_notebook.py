"""Cells and their places, compared with what the json module and plain counting say."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amllint.source import notebook
from amllint.source.notebook import Notebook
from amllint.source.problem import Malformed, Unreadable
from amllint.source.text import SourceText, Span

LINE = st.text(st.sampled_from('aé漢😀"\\/\t \r%#{}$\x7f\u2028ux0d8'), max_size=6)
TEXT = st.lists(LINE, max_size=4).map("\n".join)


def source_of(text: str, listed: bool) -> Any:
    lines = text.split("\n")
    return [line + "\n" for line in lines[:-1]] + lines[-1:] if listed else text


CELL = st.builds(
    lambda text, listed, kind, more: {
        "cell_type": kind,
        **({"outputs": [{"source": ["no"], "data": more}]} if kind == "code" else {}),
        "source": source_of(text, listed),
        "metadata": {},
    },
    TEXT,
    st.booleans(),
    st.sampled_from(["code", "markdown"]),
    st.sampled_from([[], 1, ["a", {"b": [None, '\\"']}]]),
)
DOCUMENT = st.builds(
    lambda cells, indent, ascii_, first: json.dumps(
        {"nbformat": 4, "cells": cells} if first else {"cells": cells, "nbformat": 4},
        indent=indent,
        ensure_ascii=ascii_,
    ),
    st.lists(CELL, max_size=3),
    st.sampled_from([None, 0, 1, 2, "\t"]),
    st.booleans(),
    st.booleans(),
)


def read(text: str) -> Notebook:
    return notebook.read(SourceText("n.ipynb", text))


def joined(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


@given(DOCUMENT)
def test_cells_are_those_that_the_json_module_sees(text: str) -> None:
    cells = json.loads(text)["cells"]
    expected = {n: joined(c) for n, c in enumerate(cells, 1) if c["cell_type"] == "code"}
    assert {n: c.text for n, c in read(text).cells.items()} == expected


@given(DOCUMENT, st.data())
def test_a_place_in_a_cell_is_where_the_json_writes_it(text: str, data: st.DataObject) -> None:
    found = read(text)
    for number, cell in found.cells.items():
        start = data.draw(st.integers(0, len(cell.text)))
        end = data.draw(st.integers(start, len(cell.text)))
        span = found.span(number, Span(start, end))
        written = text[span.start : span.end]
        for quote in _between_strings(found, number):
            written = written.replace(quote, "")
        assert json.loads(f'"{written}"') == cell.text[start:end]


def _between_strings(found: Notebook, number: int) -> set[str]:
    """What separates two strings of a list, which a longer span covers too."""
    items = found.cells[number].items
    text = found.source.text
    return {text[a.span.end - 1 : b.span.start + 1] for a, b in pairwise(items)}


@given(DOCUMENT.filter(lambda t: "\n" in t))
def test_a_line_of_a_cell_has_a_line_of_the_file(text: str) -> None:
    found = read(text)
    rows = text.split("\n")
    for number, cell in found.cells.items():
        if not cell.listed:
            continue
        at = 0
        for item in cell.items:
            line = text.count("\n", 0, found.span(number, Span(at, at)).start)
            assert (
                json.dumps(item.text) in rows[line]
                or json.dumps(item.text, ensure_ascii=False) in rows[line]
            )
            at += len(item.text)


def test_a_control_character_is_written_in_one_way() -> None:
    cell = {"cell_type": "code", "source": "é", "metadata": {}, "outputs": []}
    found = read(json.dumps({"cells": [cell]}, ensure_ascii=False))
    after = found.with_text(1, "\x7f")
    assert joined(json.loads(after)["cells"][0]) == "\x7f"
    assert read(after).with_text(1, "\x7f") == after


@given(DOCUMENT, TEXT, st.data())
def test_another_text_changes_that_cell_alone(text: str, new: str, data: st.DataObject) -> None:
    found = read(text)
    if not found.cells:
        return
    number = data.draw(st.sampled_from(sorted(found.cells)))
    after = found.with_text(number, new)
    before, cells = json.loads(text), json.loads(after)
    assert joined(cells["cells"][number - 1]) == new
    listed = isinstance(before["cells"][number - 1]["source"], list)
    assert isinstance(cells["cells"][number - 1]["source"], list) == listed
    cells["cells"][number - 1]["source"] = before["cells"][number - 1]["source"]
    assert cells == before
    assert read(after).with_text(number, new) == after


@given(DOCUMENT, st.data())
def test_lines_that_stay_are_not_written_again(text: str, data: st.DataObject) -> None:
    found = read(text)
    for number, cell in found.cells.items():
        rows = cell.text.split("\n")
        if not cell.listed or len(rows) < 2:
            continue
        at = data.draw(st.integers(0, len(rows) - 1))
        changed = "\n".join([*rows[:at], rows[at] + "+", *rows[at + 1 :]])
        span, content = found.replacement(number, changed)
        assert content.count("+") == rows[at].count("+") + 1
        listed = content.strip(", \n\t")
        assert len(json.loads(f"[{listed}]")) == 1
        assert text[: span.start].count("\n") <= text[: cell.items[-1].span.end].count("\n")


BROKEN = [
    ("", "it is no object"),
    ("[]", "it is no object"),
    ("{}", "it has no cells"),
    ('{"worksheets": [{"cells": []}]}', "it has worksheets, as formats before 4 have"),
    ('{"cells": {}}', "it has no cells"),
    ('{"cells": []} x', "something stands after the end"),
    ('{"cells": [', "expecting value"),
    ('{"cells": [{"source": "a', "unterminated string"),
    ('{"cells": [{"source": ["a\nb"]}]}', "invalid control character"),
    ('{"cells": [], "n": ' + "1" * 5000 + "}", "too many digits"),
    ('{"cells": [] "n": 1}', "`}` is expected"),
    ("{cells: []}", "a key in double quotes"),
]


@pytest.mark.parametrize(("text", "said"), BROKEN)
def test_what_is_no_notebook_says_why(text: str, said: str) -> None:
    with pytest.raises((Malformed, Unreadable)) as caught:
        read(text)
    assert said in str(caught.value)


def test_deep_json_does_not_crash() -> None:
    with pytest.raises(Unreadable):
        read('{"cells": ' + "[" * 100_000)


ODD = [
    '{"cells": [1, null, "x", []]}',
    '{"cells": [{"cell_type": "code"}]}',
    '{"cells": [{"cell_type": "code", "source": 1}]}',
    '{"cells": [{"cell_type": "code", "source": ["a", 1]}]}',
    '{"cells": [{"cell_type": ["code"], "source": ["a"]}]}',
]


@pytest.mark.parametrize("text", ODD)
def test_odd_cells_are_passed_over(text: str) -> None:
    assert read(text).cells == {}


def test_of_a_key_written_twice_the_last_counts() -> None:
    cells = '[{"cell_type": "code", "source": "a", "source": ["b"]}]'
    assert read(f'{{"cells": [], "cells": {cells}}}').cells[1].text == "b"


def test_half_a_character_is_no_crash() -> None:
    found = read('{"cells": [{"cell_type": "code", "source": ["\\ud800x"]}]}')
    assert found.span(1, Span(1, 2)).start == found.source.text.index("x")
