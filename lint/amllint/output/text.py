"""Findings with their source, as people read them on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.engine.check import Report
from amllint.findings.finding import STAGES, Finding, Location
from amllint.findings.secrets import concealed_slice
from amllint.output.style import Style, printable
from amllint.source.text import SourceText, Span

_WIDTH: Final = 120


def render(report: Report, style: Style) -> Iterator[str]:
    """Each finding: rule and message, source frame, related places, stage and help."""
    for finding in report.findings:
        yield from _finding(report, finding, style)
        yield ""


def _finding(report: Report, finding: Finding, style: Style) -> Iterator[str]:
    head = style.paint(f"{finding.severity}[{finding.name}]", finding.severity)
    yield f"{head}: {style.paint(printable(finding.message), 'bold')}"
    source = report.source(finding.location.text_path)
    related = [r for r in finding.observation.related if r.message]
    width = _gutter(report, finding)
    yield from _place(finding.location, source, "^", "", finding.severity, width, style)
    for more in related:
        other = report.source(more.location.text_path)
        yield from _place(more.location, other, "-", more.message, "frame", width, style)
    lead = f"{' ' * width} {style.paint('=', 'frame')}"
    if finding.stage:
        yield f"{lead} stage: {finding.stage}, {STAGES[finding.stage]}"
    if finding.observation.help:
        yield f"{lead} {style.paint('help:', 'help')} {printable(finding.observation.help)}"
    yield f"{lead} {style.paint(_footer(finding), 'dim')}"


def _footer(finding: Finding) -> str:
    fix = finding.observation.fix
    how = {"safe": "--fix", "unsafe": "--fix --unsafe-fixes"}
    mend = f", mend it with {how[fix.applicability]}" if fix else ""
    return f"{finding.code}, amllint explain {finding.name}{mend}"


def _gutter(report: Report, finding: Finding) -> int:
    numbers = [1]
    for place in (finding.location, *(r.location for r in finding.observation.related)):
        source = report.source(place.text_path)
        numbers.append(source.position(place.span.end).line if source else 1)
    return len(str(max(numbers)))


def _place(
    location: Location,
    source: SourceText | None,
    mark: str,
    label: str,
    role: str,
    width: int,
    style: Style,
) -> Iterator[str]:
    margin = " " * width
    line, column = source.position(location.span.start) if source else (1, 1)
    arrow = style.paint("-->", "frame")
    yield f"{margin}{arrow} {printable(location.text_path)}:{line}:{column}"
    if source is None or not source.text:
        return
    bar = style.paint("|", "frame")
    shown = source.line_span(line)
    text = concealed_slice(source, shown)
    cut = max(0, column - 1 - _WIDTH // 2) if len(text) > _WIDTH else 0
    lead = "…" if cut else ""
    visible = printable(lead + text[cut : cut + _WIDTH]) + ("…" if cut + _WIDTH < len(text) else "")
    before = printable(lead + text[cut : column - 1])
    end = min(location.span.end, shown.end)
    under = printable(source.slice(Span(location.span.start, max(end, location.span.start))))
    marks = style.paint(mark * max(1, min(len(under), _WIDTH)), role)
    note = " " + style.paint(printable(label), role) if label else ""
    yield f"{margin} {bar}"
    yield f"{style.paint(str(line).rjust(width), 'frame')} {bar} {visible}"
    yield f"{margin} {bar} {' ' * len(before)}{marks}{note}"
