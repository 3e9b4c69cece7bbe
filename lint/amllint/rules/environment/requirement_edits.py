"""Edits of files of requirements, which have one requirement a line."""

from __future__ import annotations

from amllint.artifacts.environment import Requirement
from amllint.artifacts.requirements_file import RequirementsFile
from amllint.findings.finding import Edit
from amllint.source.text import Span


def append_line(file: RequirementsFile, requirement: str) -> Edit | None:
    """Add a requirement behind the last one; `None` where the file has none to go by."""
    own = file.own
    if not own:
        return None
    source = file.source
    line = source.line_span(source.position(max(own[-1].location.span.end - 1, 0)).line)
    return Edit(file.path, Span(line.end, line.end), f"{source.newline}{requirement}")


def remove_line(requirement: Requirement) -> Edit | None:
    """Take out the line of a requirement; `None` where it goes over several, or shares its own."""
    source, span = requirement.source, requirement.location.span
    number = source.position(span.start).line
    line = source.line_span(number)
    behind = source.text[span.end : line.end].split("#")[0]
    if span.end > line.end or (source.text[line.start : span.start] + behind).strip():
        return None
    starts = source.line_starts
    if source.text[: line.start].rstrip("\r\n").endswith("\\"):
        return None  # what is behind it would continue the line before
    end = starts[number] if number < len(starts) else len(source.text)
    return Edit(requirement.location.path, Span(starts[number - 1], end), "")
