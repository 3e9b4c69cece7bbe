"""GitLab's code quality report, a part of Code Climate's format.

Sources: GitLab's documentation of "Code Quality report format"; Code Climate's analyzer
specification, "Issues".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from amllint.engine.check import Report
from amllint.findings.finding import Finding
from amllint.output.json_text import dump
from amllint.output.places import extent, repository_path
from amllint.output.style import Style, printable
from amllint.rules.registry import find

_SEVERITIES: Final = {"error": "critical", "warning": "major", "info": "info"}


def render(report: Report, style: Style) -> Iterator[str]:
    """The report as one JSON array."""
    yield dump([_issue(report, f) for f in report.findings])


def _issue(report: Report, finding: Finding) -> dict[str, Any]:
    start, end = extent(report, finding.location)
    return {
        "type": "issue",
        "check_name": finding.name,
        "description": printable(f"{finding.message} ({finding.code})"),
        "content": {"body": printable(_body(finding))},
        "categories": ["Bug Risk"],
        "severity": _SEVERITIES[finding.severity],
        "fingerprint": finding.fingerprint,
        "location": {
            "path": repository_path(report, finding.location.path),
            "lines": {"begin": start.line, "end": end.line},
        },
    }


def _body(finding: Finding) -> str:
    info = find(finding.code)
    page = f" See {info.url}" if info else ""
    help = f"Help: {finding.observation.help}." if finding.observation.help else ""
    return f"{help}{page}".strip()
