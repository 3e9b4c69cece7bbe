"""One line a finding: `path:line:column: CODE name severity: message`."""

from __future__ import annotations

from collections.abc import Iterator

from amllint.engine.check import Report
from amllint.output.style import Style, printable, printable_path


def render(report: Report, style: Style) -> Iterator[str]:
    """Lines for people and for tools that look for `file:line:column:`."""
    for finding in report.findings:
        where = finding.location.text_path
        source = report.source(where)
        line, column = source.position(finding.location.span.start) if source else (1, 1)
        place = style.paint(f"{printable_path(where)}:{line}:{column}:", "bold")
        rule = style.paint(f"{finding.code} {finding.name}", finding.severity)
        yield f"{place} {rule} {finding.severity}: {printable(finding.message)}"
