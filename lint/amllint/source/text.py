"""Decoded text, and the one unit in which positions are kept."""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open range of characters in a decoded text, its byte order mark left out."""

    start: int
    end: int

    def contains(self, other: Span) -> bool:
        """Whether `other` lies within this span."""
        return self.start <= other.start and other.end <= self.end


class Position(NamedTuple):
    """A place as people and editors count it: line and column from 1, in characters."""

    line: int
    column: int


_LINE_END = re.compile(r"\r\n|\r|\n")
_MARKS = {
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
}
"""The byte order marks of encodings other than UTF-8."""


class SourceText:
    """The text of one file.

    `path` is the display path (relative to the working directory where possible, with `/`).
    `encoding` and `bom` are what it takes to write the text back as it was. `code` is what a
    parser sees, as long as the text: of a notebook's cell, what is no Python is blank there.
    `first_line` is the first line of the code, and `interactive` says that a notebook's kernel
    runs it, which takes `await` anywhere and may have run other cells before.
    """

    __slots__ = ("_starts", "bom", "code", "encoding", "first_line", "interactive", "path", "text")

    def __init__(
        self,
        path: str,
        text: str,
        encoding: str = "utf-8",
        bom: bool = False,
        *,
        code: str | None = None,
        first_line: int = 1,
        interactive: bool = False,
    ) -> None:
        self.path = path
        self.text = text
        self.encoding = encoding
        self.bom = bom
        self.code = text if code is None else code
        self.first_line = first_line
        self.interactive = interactive
        self._starts: list[int] | None = None

    @property
    def line_starts(self) -> list[int]:
        """Offsets of the first character of each line; `\\n`, `\\r` and `\\r\\n` end a line."""
        if self._starts is None:
            self._starts = [0, *(m.end() for m in _LINE_END.finditer(self.text))]
        return self._starts

    def position(self, offset: int) -> Position:
        """The line and column of a character offset."""
        line = bisect_right(self.line_starts, offset)
        return Position(line, offset - self.line_starts[line - 1] + 1)

    def offset(self, line: int, column: int = 1) -> int:
        """The character offset of a line and column (from 1), held within the text."""
        starts = self.line_starts
        if line > len(starts):
            return len(self.text)
        return min(starts[max(line, 1) - 1] + max(column, 1) - 1, len(self.text))

    def line_span(self, line: int) -> Span:
        """The span of a line (from 1) without its line end."""
        starts = self.line_starts
        start = starts[line - 1]
        end = starts[line] if line < len(starts) else len(self.text)
        return Span(start, start + len(self.text[start:end].rstrip("\r\n")))

    def slice(self, span: Span) -> str:
        """The text that a span covers."""
        return self.text[span.start : span.end]

    def encode(self, text: str) -> bytes:
        """`text` as bytes in this file's encoding, with its byte order mark if it had one."""
        data = text.encode(self.encoding)
        return _MARKS.get(self.encoding, codecs.BOM_UTF8) + data if self.bom else data

    @property
    def newline(self) -> str:
        """The line end this file uses (its first one), `\\n` where there is none."""
        match = _LINE_END.search(self.text)
        return match.group() if match else "\n"
