"""Where findings stand, as the readers of machine formats want it."""

from __future__ import annotations

import os
from typing import NamedTuple

from amllint.engine.check import Report
from amllint.findings.finding import Edit, Finding, Location
from amllint.source.text import Position


class Range(NamedTuple):
    """Start and end in lines and columns from 1; the end is just behind the last character."""

    start: Position
    end: Position


def extent(report: Report, place: Location | Edit) -> Range:
    """Lines and columns of a place, in characters; 1:1 where the file has no text."""
    source = report.source(place.path)
    if source is None:
        return Range(Position(1, 1), Position(1, 1))
    return Range(source.position(place.span.start), source.position(place.span.end))


def byte_extent(report: Report, place: Location | Edit) -> Range:
    """The same with columns in bytes of UTF-8, a byte order mark counted."""
    source = report.source(place.path)
    if source is None:
        return extent(report, place)

    def bytewise(position: Position) -> Position:
        start = source.line_starts[position.line - 1]
        before = source.text[start : start + position.column - 1]
        mark = 3 if source.bom and position.line == 1 else 0
        return Position(position.line, len(before.encode("utf-8", "surrogatepass")) + 1 + mark)

    return Range(*map(bytewise, extent(report, place)))


def absolute_path(report: Report, path: str) -> str:
    """The absolute path of a display path."""
    cwd = report.overlay.cwd if report.overlay else os.getcwd()
    return os.path.normpath(os.path.join(cwd, path))


def repository_path(report: Report, path: str, root: str | None = None) -> str:
    """A display path relative to the root of the repository, or to `root`, with `/`."""
    try:
        relative = os.path.relpath(absolute_path(report, path), root or report.root or None)
    except ValueError:
        return path
    return relative.replace(os.sep, "/")


def most_severe_first(findings: list[Finding]) -> list[Finding]:
    """Findings by severity, and in their own order where that is the same."""
    order = {"error": 0, "warning": 1, "info": 2}
    return sorted(findings, key=lambda f: order[f.severity])
