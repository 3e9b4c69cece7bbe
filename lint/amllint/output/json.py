"""The versioned JSON format; its schema is `amllint schema findings`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from amllint.engine.check import Report
from amllint.findings.finding import Edit, Finding, Fix, Location
from amllint.output.json_text import dump
from amllint.output.places import extent, own_extent
from amllint.output.style import Style
from amllint.rules.registry import find
from amllint.source.text import Position

VERSION = 1


def render(report: Report, style: Style) -> Iterator[str]:
    """The whole report as one JSON object."""
    yield dump(document(report))


def document(report: Report) -> dict[str, Any]:
    """The report as plain data."""
    return {
        "version": VERSION,
        "findings": [_finding(report, f) for f in report.findings],
        "summary": {
            "files": report.asked,
            "suppressed": report.suppressed,
            "unchecked": [
                {"rule": u.rule, "fact": u.fact, "reason": u.reason} for u in report.unchecked
            ],
            "incomplete": report.incomplete,
            "baseline": report.accepted.count if report.accepted else 0,
            "outside": report.outside,
            "eased": len(report.eased),
        },
    }


def _finding(report: Report, finding: Finding) -> dict[str, Any]:
    info = find(finding.code)
    observation = finding.observation
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity,
        "confidence": observation.confidence,
        "stage": finding.stage,
        "message": finding.message,
        "help": observation.help,
        "url": info.url if info else "",
        **_location(report, finding.location),
        "related": [
            {"message": r.message, **_location(report, r.location)} for r in observation.related
        ],
        "units": list(finding.units),
        "fingerprint": finding.fingerprint,
        "fix": _fix(report, observation.fix) if observation.fix else None,
    }


def _location(report: Report, location: Location) -> dict[str, Any]:
    told = {"path": location.path, "cell": location.cell, **_range(report, location)}
    if location.cell is not None:
        told["in_file"] = _positions(*extent(report, location))
    return told


def _range(report: Report, location: Location | Edit) -> dict[str, Any]:
    return _positions(*own_extent(report, location))


def _positions(*places: Position) -> dict[str, Any]:
    names = ("start", "end")
    return {n: {"line": p.line, "column": p.column} for n, p in zip(names, places, strict=True)}


def _fix(report: Report, fix: Fix) -> dict[str, Any]:
    return {
        "applicability": fix.applicability,
        "message": fix.message,
        "edits": [_edit(report, edit) for edit in fix.edits],
    }


def _edit(report: Report, edit: Edit) -> dict[str, Any]:
    cell = {} if edit.cell is None else {"cell": edit.cell}
    return {"path": edit.path, **cell, **_range(report, edit), "content": edit.content}
