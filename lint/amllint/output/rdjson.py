"""The Reviewdog Diagnostic Format (`proto/rdf/reviewdog.proto`), as one JSON object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from amllint.engine.check import Report
from amllint.findings.edits import apply
from amllint.findings.finding import Edit, Finding, Location
from amllint.findings.secrets import secrets_in
from amllint.output.json_text import dump
from amllint.output.places import byte_extent, file_edits
from amllint.output.style import Style
from amllint.rules.registry import DOCS_URL, find
from amllint.source.text import SourceText, Span

_SEVERITIES: Final = {"error": "ERROR", "warning": "WARNING", "info": "INFO"}


def render(report: Report, style: Style) -> Iterator[str]:
    """A `DiagnosticResult`; paths are relative to the working directory, as reviewdog's are."""
    yield dump(
        {
            "source": {"name": "amllint", "url": DOCS_URL},
            "diagnostics": [_diagnostic(report, f) for f in report.findings],
        }
    )


def _diagnostic(report: Report, finding: Finding) -> dict[str, Any]:
    info = find(finding.code)
    help = finding.observation.help
    told = [r for r in finding.observation.related if r.message]
    return {
        "message": f"{finding.message}\nhelp: {help}" if help else finding.message,
        "location": _location(report, finding.location),
        "severity": _SEVERITIES[finding.severity],
        "code": {"value": finding.name, "url": info.url if info else ""},
        "suggestions": list(_suggestions(report, finding)),
        "related_locations": [
            {"message": r.message, "location": _location(report, r.location)} for r in told
        ],
    }


def _location(report: Report, location: Location) -> dict[str, Any]:
    return {"path": location.path, "range": _range(report, location)}


def _range(report: Report, place: Location | Edit) -> dict[str, Any]:
    start, end = byte_extent(report, place)
    return {
        "start": {"line": start.line, "column": start.column},
        "end": {"line": end.line, "column": end.column},
    }


def _suggestions(report: Report, finding: Finding) -> Iterator[dict[str, Any]]:
    """The fix as one suggestion, since suggestions are alternatives and edits belong together.

    A fix that touches another file than the finding's has no form here, and one that would
    repeat a secret of the file is left to the command line.
    """
    fix = finding.observation.fix
    path = finding.location.path
    source = report.source(path)
    edits = file_edits(report, fix) if fix else ()
    if source is None or {e.path for e in edits} != {path}:
        return
    whole, text = _merged(edits, source)
    if secrets_in(text):
        return
    yield {"range": _range(report, Location(path, whole)), "text": text}


def _merged(edits: tuple[Edit, ...], source: SourceText) -> tuple[Span, str]:
    """The span from the first edit to the last, and what stands there afterwards."""
    whole = Span(min(e.span.start for e in edits), max(e.span.end for e in edits))
    rest = len(source.text) - whole.end
    after = apply(source, edits)
    return whole, after[whole.start : len(after) - rest]
