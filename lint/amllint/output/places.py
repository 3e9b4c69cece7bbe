"""Where findings stand, as the readers of machine formats want it."""

from __future__ import annotations

import os
from typing import NamedTuple

from amllint.engine.check import Report
from amllint.findings.edits import apply
from amllint.findings.finding import Edit, Finding, Fix, Location
from amllint.source.problem import NOWHERE
from amllint.source.text import Position, SourceText, Span


class Range(NamedTuple):
    """Start and end in lines and columns from 1; the end is just behind the last character."""

    start: Position
    end: Position


def file_span(report: Report, place: Location | Edit) -> Span:
    """The span of a place in its file: of a notebook's cell, where the JSON has it."""
    if place.cell is None:
        return place.span
    notebook = report.notebook(place.path)
    if notebook is None or place.cell not in notebook.cells:
        return NOWHERE
    return notebook.span(place.cell, place.span)


def extent(report: Report, place: Location | Edit) -> Range:
    """Lines and columns of a place in its file, in characters; 1:1 where it has no text."""
    return _range(report.source(place.path), file_span(report, place))


def own_extent(report: Report, place: Location | Edit) -> Range:
    """The same, of a notebook's cell in the text of the cell."""
    return _range(report.source(place.text_path), place.span)


def _range(source: SourceText | None, span: Span) -> Range:
    if source is None:
        return Range(Position(1, 1), Position(1, 1))
    return Range(source.position(span.start), source.position(span.end))


def file_edits(report: Report, fix: Fix) -> tuple[Edit, ...]:
    """A fix as edits of files: those of a notebook's cell as one edit of the JSON."""
    cells: dict[tuple[str, int], list[Edit]] = {}
    found: list[Edit] = []
    for edit in fix.edits:
        if edit.cell is None:
            found.append(edit)
        else:
            cells.setdefault((edit.path, edit.cell), []).append(edit)
    for (path, cell), edits in cells.items():
        notebook = report.notebook(path)
        if notebook is not None:
            span, content = notebook.replacement(cell, apply(notebook.text(cell), edits))
            found.append(Edit(path, span, content))
    return tuple(found)


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
