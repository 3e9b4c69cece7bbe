"""Where something stands in a log, as a reader of the log finds it."""

from __future__ import annotations

from typing import NamedTuple


class Spot(NamedTuple):
    """A place in a log; later ones are greater.

    `order` counts the lines as they are read. `line` is that of the file, counted from 1. Where
    it holds a text with escaped ends of lines, `part` is the line of that text, else 0.
    """

    order: int
    line: int
    part: int = 0

    @property
    def said(self) -> str:
        """In words: `line 12`, or `line 1 (line 45 of the text in it)`."""
        inner = f" (line {self.part} of the text in it)" if self.part else ""
        return f"line {self.line}{inner}"


START = Spot(0, 0)
"""Before every line."""
