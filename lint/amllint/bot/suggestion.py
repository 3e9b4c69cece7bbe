"""Fixes as whole lines of a diff, to be taken over with one click."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from amllint.bot.diff import FileDiff
from amllint.bot.results import At, Found, Mend

MAX_LINES: Final = 20
"""A suggestion over more lines is harder to read than the finding it mends."""

_ODD: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""Carriage returns, for GitHub decides on line ends, and what no server keeps as it is."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """New text for the lines `start` to `end`, without the last line's end; `None` removes them."""

    start: int
    end: int
    text: str | None


def suggestion(found: Found, file: FileDiff) -> Suggestion | None:
    """The finding's fix on its own lines, `None` where it is not wholly in one hunk there.

    The lines are those of the diff, which is what the button will replace; the caller has
    made sure that the checked file says the same.
    """
    mend = found.mend
    if mend is None or not mend.changes or found.place.cell is not None:
        return None
    if any(c.place.path != file.path for c in mend.changes):
        return None
    start = min(found.place.start.line, *(c.place.start.line for c in mend.changes))
    end = max(found.place.last_line, *(c.place.last_line for c in mend.changes))
    for last in (end, end + 1):
        if last - start >= MAX_LINES or not file.covers(start, last):
            return None
        text = _mended(mend, file, start, last)
        if text is not None:
            return (
                None if _ODD.search(text) else Suggestion(start, last, text[:-1] if text else None)
            )
    return None


def _mended(mend: Mend, file: FileDiff, first: int, last: int) -> str | None:
    """The lines with all changes made, `None` where they do not end with a line's end."""
    rows = [file.lines[n].text for n in range(first, last + 1)]
    text = whole = "\n".join(rows) + "\n"
    starts = [0]
    for row in rows:
        starts.append(starts[-1] + len(row) + 1)

    def offset(at: At) -> int | None:
        if at.line == last + 1:
            return len(whole) if at.column == 1 else None
        inside = at.line <= last and at.column <= len(rows[at.line - first]) + 1
        return starts[at.line - first] + at.column - 1 if inside else None

    ordered = sorted(mend.changes, key=lambda c: (c.place.start, c.place.end), reverse=True)
    for place, content in ordered:
        start, end = offset(place.start), offset(place.end)
        if start is None or end is None:
            return None
        text = text[:start] + content + text[end:]
    return text if not text or text.endswith("\n") else None
