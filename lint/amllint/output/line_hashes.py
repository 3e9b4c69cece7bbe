"""The hash by which GitHub code scanning knows a line again.

`primaryLocationLineHash` as `github/codeql-action` computes it (`src/fingerprints.ts`) where
a report has none: a polynomial over the 100 UTF-16 units from the start of the line, blanks
left out, and a number that tells equal ones apart.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

from amllint.engine.check import Report
from amllint.findings.finding import Location
from amllint.output.places import extent
from amllint.source.text import SourceText

_WINDOW: Final = 100
_FACTOR: Final = 37
_MASK: Final = 2**64 - 1
_END: Final = 65535
_MAX_CHARACTERS: Final = 500_000
"""Longer files are left to the action: hashing takes about a second a million characters."""


class LineHashes:
    """Hashes of the lines of files, each file read once."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._files: dict[str, list[str]] = {}

    def of(self, place: Location) -> str | None:
        """The hash of a place's first line; `None` where the action would see another text."""
        source = self._report.source(place.path)
        if source is None or source.encoding.lower().replace("_", "-") not in ("utf-8", "utf8"):
            return None
        if len(source.text) > _MAX_CHARACTERS:
            return None
        if place.path not in self._files:
            self._files[place.path] = line_hashes(source)
        hashes = self._files[place.path]
        line = extent(self._report, place).start.line
        return hashes[line - 1] if line <= len(hashes) else None


def line_hashes(source: SourceText) -> list[str]:
    """The hash of each line of a text."""
    units, starts = _units(source)
    leaving = _FACTOR**_WINDOW & _MASK
    value, hashes = 0, []
    counts: Counter[str] = Counter()
    padded = [0] * _WINDOW + units + [0] * _WINDOW
    next_start = iter(starts)
    start = next(next_start, None)
    for end in range(len(units) + _WINDOW):
        if start is not None and end == start + _WINDOW:
            name = f"{value:x}"
            counts[name] += 1
            hashes.append(f"{name}:{counts[name]}")
            start = next(next_start, None)
        value = (value * _FACTOR + padded[end + _WINDOW] - leaving * padded[end]) & _MASK
    return hashes


def _units(source: SourceText) -> tuple[list[int], list[int]]:
    """UTF-16 units without blanks, line ends as one line feed; and where lines start in them."""
    text = ("\ufeff" if source.bom else "") + source.text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace(" ", "").replace("\t", "")
    data = text.encode("utf-16-le", "surrogatepass")
    units = [data[i] | data[i + 1] << 8 for i in range(0, len(data), 2)] + [_END]
    starts = [0] + [i + 1 for i, unit in enumerate(units[:-1]) if unit == 10]
    return units, starts
