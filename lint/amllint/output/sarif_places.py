"""Messages, locations and fixes of SARIF results."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final

from amllint.engine.check import Report
from amllint.findings.finding import Edit, Finding, Fix, Location
from amllint.output.places import extent, file_edits, repository_path
from amllint.output.style import printable

_BASE: Final = "%SRCROOT%"
SOURCE_ROOT: Final = {_BASE: {"description": {"text": "The root of the repository."}}}
"""What relative URIs are relative to. Where that is on a machine is left out (§3.14.14)."""

_ENCODED: Final = re.compile(rb"[^A-Za-z0-9._~/-]")
_PLACEHOLDER: Final = re.compile(r"\{(\d+)\}")
_BRACKETS: Final = re.compile(r"([\\\[\]])")


def uri(report: Report, path: str) -> str:
    """A display path as a percent-encoded reference relative to the repository (RFC 3986).

    Names that are no text are encoded as the bytes that they are.
    """
    relative = repository_path(report, path)
    try:
        data = relative.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        data = relative.encode("utf-8", "surrogatepass")
    return _ENCODED.sub(lambda m: b"%%%02X" % m[0][0], data).decode("ascii")


def message(finding: Finding) -> dict[str, str]:
    """Message and help, with links to the related locations by their numbers (§3.11.6)."""
    told = [plain(finding.message)]
    if finding.location.cell is not None:
        told.append(f"In cell {finding.location.cell}.")
    if finding.observation.help:
        told.append(f"Help: {plain(finding.observation.help)}")
    links = [
        f"[{_BRACKETS.sub(_backslashed, plain(r.message))}]({number})"
        for number, r in enumerate(finding.observation.related, 1)
        if r.message
    ]
    if links:
        told.append(f"See: {', '.join(links)}")
    return {"text": "\n".join(told)}


def _backslashed(match: re.Match[str]) -> str:
    return f"\\{match[0]}"


def plain(text: str) -> str:
    """Text in which a viewer finds neither a placeholder (§3.11.5) nor a link (§3.11.6).

    Other braces stay single, against the letter of §3.11.5: viewers do not undouble them
    where a message has no arguments.
    """
    text = _PLACEHOLDER.sub(r"{{\1}}", printable(text))
    return text.replace("](", "] (")


def location(report: Report, place: Location) -> dict[str, Any]:
    """A location with its region."""
    return {
        "physicalLocation": {
            "artifactLocation": _artifact(report, place.path),
            "region": _region(report, place),
        }
    }


def related(report: Report, finding: Finding) -> list[dict[str, Any]]:
    """Related locations, numbered from 1; those without a message matter to no reader."""
    return [
        {"id": number, "message": {"text": plain(r.message)}, **location(report, r.location)}
        for number, r in enumerate(finding.observation.related, 1)
        if r.message
    ]


def fix(report: Report, mend: Fix) -> dict[str, Any]:
    """A fix with its edits by file."""
    edits = groupby(sorted(file_edits(report, mend), key=lambda e: e[:3]), key=lambda e: e.path)
    return {
        "description": {"text": plain(mend.message)},
        "artifactChanges": [
            {
                "artifactLocation": _artifact(report, path),
                "replacements": list(_replacements(report, group)),
            }
            for path, group in edits
        ],
        "properties": {"applicability": mend.applicability},
    }


def _replacements(report: Report, edits: Iterator[Edit]) -> Iterator[dict[str, Any]]:
    for edit in edits:
        inserted = {"insertedContent": {"text": edit.content}} if edit.content else {}
        yield {"deletedRegion": _region(report, edit), **inserted}


def _artifact(report: Report, path: str) -> dict[str, Any]:
    return {"uri": uri(report, path), "uriBaseId": _BASE}


def _region(report: Report, place: Location | Edit) -> dict[str, int]:
    """Lines and columns; an empty region is the place before its column (§3.30.2)."""
    start, end = extent(report, place)
    return {
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    }
