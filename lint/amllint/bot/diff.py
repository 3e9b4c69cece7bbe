"""Unified diffs, and the lines of a change that can be commented."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

_HUNK: Final = re.compile(r"^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@")


class Line(NamedTuple):
    """A line of the new side: its text without line end, and the hunk that it belongs to."""

    text: str
    hunk: int


@dataclass(frozen=True, slots=True)
class FileDiff:
    """A changed file; `lines` are those of the new side within hunks, by number from 1.

    `shown` is false where there is no diff to read: the file is binary or too large.
    """

    path: str
    lines: Mapping[int, Line] = field(default_factory=dict)
    shown: bool = True

    def covers(self, start: int, end: int) -> bool:
        """Whether all lines from `start` to `end` stand in one hunk."""
        first, last = self.lines.get(start), self.lines.get(end)
        # Within a hunk the lines of one side follow each other without a gap.
        return bool(first and last and start <= end and first.hunk == last.hunk)


@dataclass(frozen=True, slots=True)
class Diff:
    """What a pull request changes. `complete` is false where the server told only a part."""

    files: Mapping[str, FileDiff] = field(default_factory=dict)
    complete: bool = True

    def file(self, path: str) -> FileDiff | None:
        """The diff of a file, by its new path from the repository's root."""
        return self.files.get(path)


def diff_of(files: Iterable[FileDiff], complete: bool = True) -> Diff:
    """A diff of several files."""
    return Diff({f.path: f for f in files}, complete)


def file_diff(path: str, patch: str | None) -> FileDiff:
    """A file's diff from its hunks, as GitHub gives them and `git diff` prints them."""
    if patch is None:
        return FileDiff(path, shown=False)
    return FileDiff(path, dict(_lines(patch)))


def _lines(patch: str) -> Iterator[tuple[int, Line]]:
    """Lines of the new side. A patch that is cut off gives the lines that are there."""
    number = left = hunk = 0
    # Only line feeds end a line of a diff: the text itself may have any other separator.
    for row in patch.split("\n"):
        if left <= 0 and (head := _HUNK.match(row)):
            number = int(head[1])
            left = int(head[2]) if head[2] is not None else 1
            hunk += 1
        elif left > 0 and row[:1] in ("+", " "):
            yield number, Line(row[1:], hunk)
            number += 1
            left -= 1
