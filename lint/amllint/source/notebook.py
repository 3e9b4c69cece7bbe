"""Jupyter notebooks: cells as texts of their own, and the way back into the JSON.

Positions are kept in a cell's text. Where a tool needs a line of the file, it gets the one
of the JSON in which that character of the cell is written. Cells are numbered from 1 over all
cells, markdown included, as ruff does.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from json.decoder import JSONDecodeError, JSONDecoder
from typing import Any, Final, NamedTuple

from amllint.source import magics
from amllint.source.cells import cell_path
from amllint.source.problem import Malformed, Unreadable
from amllint.source.text import SourceText, Span

EXTENSION: Final = ".ipynb"
_CONTENT: Final = "notebook content"
_HELP: Final = "mend its JSON there, or take the last version that Jupyter opens"
_BLANK: Final = re.compile(r"[ \t\r\n]*")
_ESCAPED: Final = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]",
    re.DOTALL,
)


class Item(NamedTuple):
    """A JSON string that holds a part of a cell: its span, quotes included, and its text."""

    span: Span
    text: str


class Cell(NamedTuple):
    """A code cell: its number, its text, and the strings that the JSON has it in.

    `span` is the source's value in the file; `listed` says that it is a list of strings.
    """

    number: int
    text: str
    items: tuple[Item, ...]
    span: Span
    listed: bool

    @property
    def magic(self) -> magics.CellMagic | None:
        """The cell magic that it begins with."""
        return magics.cell_magic(self.text)


class Replacement(NamedTuple):
    """JSON to put in place of a span of the notebook's file."""

    span: Span
    content: str


class Notebook:
    """A notebook's file, and its code cells by number."""

    def __init__(self, source: SourceText, cells: list[Cell]) -> None:
        self.source = source
        self.cells = {cell.number: cell for cell in cells}
        self._texts: dict[int, SourceText] = {}
        self._offsets: dict[Span, list[int]] = {}

    def text(self, number: int) -> SourceText:
        """The text of a cell, with the Python that it holds. Raises `Unreadable`."""
        if number not in self.cells:
            what = f"has no code cell {number}"
            raise Unreadable(self.source.path, "missing", what, "check the number of the cell")
        if number not in self._texts:
            self._texts[number] = cell_text(self.source.path, self.cells[number])
        return self._texts[number]

    def span(self, number: int, span: Span) -> Span:
        """Where a span of a cell's text stands in the file, escapes and all."""
        start = self._offset(number, span.start, False)
        end = self._offset(number, span.end - 1, True) if span.end > span.start else start
        return Span(start, max(start, end))

    def _offset(self, number: int, offset: int, behind: bool) -> int:
        """Where a character of a cell begins, or with `behind` ends, in the file."""
        cell = self.cells[number]
        if not cell.items:
            return cell.span.start + 1
        starts = self._starts[number]
        index = max(bisect_right(starts, offset) - 1, 0)
        item = cell.items[index]
        places = self._places(item)
        return places[min(offset - starts[index] + behind, len(item.text))]

    @cached_property
    def _starts(self) -> dict[int, list[int]]:
        return {number: _starts(cell.items) for number, cell in self.cells.items()}

    def _places(self, item: Item) -> list[int]:
        """Where each character of a string begins in the file, and where the last one ends."""
        known = self._offsets.get(item.span)
        if known is None:
            raw = self.source.text[item.span.start + 1 : item.span.end - 1]
            units = [m.start() for m in _ESCAPED.finditer(raw)] if "\\" in raw else range(len(raw))
            known = [item.span.start + 1 + at for at in (*units, len(raw))]
            self._offsets[item.span] = known
        return known

    # -- writing ------------------------------------------------------------------------

    def replacement(self, number: int, text: str) -> Replacement:
        """What makes a cell's text another one; strings of lines that stay are left alone."""
        cell = self.cells[number]
        if not cell.listed:
            return Replacement(cell.span, self._encoded(text))
        items = [i.text for i in cell.items]
        head, tail = _kept(items, text)
        begin = sum(map(len, items[:head]))
        rest = text[begin : len(text) - sum(map(len, items[len(items) - tail :]))]
        lines = [self._encoded(line) for line in magics.split_lines(rest)]
        return self._placed(cell, head, len(items) - tail, lines)

    def _placed(self, cell: Cell, first: int, last: int, lines: list[str]) -> Replacement:
        """Strings in place of the items from `first` up to `last`."""
        items = cell.items
        comma = self._separator(cell)
        if first < last and lines:
            return Replacement(
                Span(items[first].span.start, items[last - 1].span.end), comma.join(lines)
            )
        if first < last:
            if first:
                return Replacement(Span(items[first - 1].span.end, items[last - 1].span.end), "")
            end = items[last].span.start if last < len(items) else items[last - 1].span.end
            return Replacement(Span(items[0].span.start, end), "")
        if first < len(items):
            at = items[first].span.start
            return Replacement(Span(at, at), "".join(line + comma for line in lines))
        at = items[-1].span.end if items else cell.span.start + 1
        return Replacement(
            Span(at, at), "".join(comma + line for line in lines) if items else comma.join(lines)
        )

    def _separator(self, cell: Cell) -> str:
        """What stands between two strings of a cell's list."""
        text, items = self.source.text, cell.items
        if len(items) > 1:
            return text[items[0].span.end : items[1].span.start]
        if items:
            return "," + (text[cell.span.start + 1 : items[0].span.start] or " ")
        return ", "

    def _encoded(self, text: str) -> str:
        import json

        written = json.dumps(text, ensure_ascii=self.source.text.isascii())
        # The one character that is ASCII and that only the other way of writing escapes.
        return written.replace("\x7f", r"\u007f")

    def with_text(self, number: int, text: str) -> str:
        """The whole file with another text of one cell."""
        span, content = self.replacement(number, text)
        whole = self.source.text
        return whole[: span.start] + content + whole[span.end :]


def cell_text(shown: str, cell: Cell) -> SourceText:
    """A cell as a text with a path of its own; `shown` is the notebook's display path."""
    magic = cell.magic
    code = magics.python_of(cell.text)
    return SourceText(
        cell_path(shown, cell.number),
        cell.text,
        code="" if code is None else code,
        first_line=magic.line + 1 if magic else 1,
        interactive=magic is None or magic.written is None,
    )


def _starts(items: tuple[Item, ...]) -> list[int]:
    starts = [0]
    for item in items:
        starts.append(starts[-1] + len(item.text))
    return starts[: max(len(items), 1)]


def _kept(items: list[str], text: str) -> tuple[int, int]:
    """How many strings at the beginning and at the end stand for whole lines that stay."""
    head = at = 0
    while head < len(items) and text.startswith(items[head], at) and items[head].endswith("\n"):
        at += len(items[head])
        head += 1
    tail = 0
    end = len(text)
    while tail < len(items) - head and end - len(items[-1 - tail]) >= at:
        item = items[-1 - tail]
        begins = end - len(item)
        whole = not item or begins == at or text[begins - 1] == "\n"
        if text[begins:end] != item or not whole:
            break
        end, tail = begins, tail + 1
    return head, tail


# -- reading --------------------------------------------------------------------------------


def read(source: SourceText) -> Notebook:
    """The code cells of a notebook of format 4. Raises `Malformed` and `Unreadable`."""
    reader = _Reader(source)
    try:
        return Notebook(source, reader.notebook())
    except JSONDecodeError as error:
        message = error.msg[:1].lower() + error.msg[1:]
        raise reader.problem(message, error.pos) from None
    except ValueError:
        raise reader.problem("a number has too many digits", reader.at) from None
    except RecursionError:
        raise Unreadable(source.path, "too-deep", "is nested too deeply", _HELP) from None


class _Reader:
    """Walks down to the cells; everything else is stepped over by the json module."""

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.text = source.text
        self.at = 0
        self._decode = JSONDecoder().raw_decode

    def problem(self, message: str, offset: int, language: str = "JSON") -> Malformed:
        offset = min(offset, len(self.text))
        span = Span(offset, min(offset + 1, len(self.text)))
        return Malformed(self.source.path, language, message, _HELP, span)

    def notebook(self) -> list[Cell]:
        cells: list[Cell] | None = None
        older = False
        self._blank()
        if not self._sees("{"):
            raise self.problem("it is no object", self.at, _CONTENT)
        for key in self._members():
            older = older or key == "worksheets"
            if key == "cells" and self._sees("["):
                cells = list(self._cells())
            else:
                self._skip()
        self._blank()
        if self.at < len(self.text):
            raise self.problem("something stands after the end of the notebook", self.at)
        if cells is None:
            had = "it has worksheets, as formats before 4 have" if older else "it has no cells"
            raise self.problem(had, 0, _CONTENT)
        return cells

    def _cells(self) -> Iterator[Cell]:
        for number in self._elements():
            if self._sees("{"):
                cell = self._cell(number)
                if cell is not None:
                    yield cell
            else:
                self._skip()

    def _cell(self, number: int) -> Cell | None:
        kind = None
        found: Cell | None = None
        for key in self._members():
            if key == "source":
                found = self._source(number)
            elif key == "cell_type":
                kind = self._skip()
            else:
                self._skip()
        return found if kind == "code" else None

    def _source(self, number: int) -> Cell | None:
        """The text of a cell; `None` where it is neither a string nor a list of strings."""
        start, listed = self.at, self._sees("[")
        items: list[Item] = []
        for _ in self._elements() if listed else (0,):
            begin, value = self.at, self._skip()
            items.append(Item(Span(begin, self.at), value))
        if not all(isinstance(item.text, str) for item in items):
            return None
        text = "".join(item.text for item in items)
        return Cell(number, text, tuple(items), Span(start, self.at), listed)

    # -- JSON ---------------------------------------------------------------------------

    def _members(self) -> Iterator[str]:
        """The keys of an object; whoever asks steps over each value."""
        self._take("{")
        if self._sees("}"):
            self._take("}")
            return
        while True:
            if not self._sees('"'):
                raise self.problem("a key in double quotes is expected here", self.at)
            key = self._skip()
            self._take(":")
            yield key
            self._blank()
            if not self._sees(","):
                self._take("}")
                return
            self._take(",")

    def _elements(self) -> Iterator[int]:
        """The numbers, from 1, of a list's elements; whoever asks steps over each."""
        self._take("[")
        number = 1
        if self._sees("]"):
            self._take("]")
            return
        while True:
            yield number
            number += 1
            self._blank()
            if not self._sees(","):
                self._take("]")
                return
            self._take(",")

    def _skip(self) -> Any:
        value, self.at = self._decode(self.text, self.at)
        return value

    def _sees(self, mark: str) -> bool:
        return self.text.startswith(mark, self.at)

    def _take(self, mark: str) -> None:
        self._blank()
        if not self._sees(mark):
            raise self.problem(f"`{mark}` is expected here", self.at)
        self.at += 1
        self._blank()

    def _blank(self) -> None:
        match = _BLANK.match(self.text, self.at)
        self.at = match.end() if match else self.at
