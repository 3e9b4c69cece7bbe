"""Checks small trees of files in this process, and says what was found where."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from amllint.config import Settings
from amllint.engine.check import Report, check
from amllint.findings.finding import Finding
from amllint.source.overlay import Overlay

DAY = "2026-11-27"
"""The day of which checks are made: what is kept up on it does not change with the calendar."""
Files = dict[str, "str | bytes"]
Place = tuple[str, int, str]


def write(folder: Path, files: Files) -> None:
    """Write files below a folder, exactly as given."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def look(folder: Path, files: Files, *paths: str, ignores: bool = True, **settings: Any) -> Report:
    """Write files, and check the given paths (all of the folder by default)."""
    write(folder, files)
    overlay = Overlay(cwd=str(folder))
    return check(paths or ["."], Settings(**{"today": DAY, **settings}), overlay, ignores=ignores)


def places(report: Report) -> list[Place]:
    """Path, line and rule of each finding, in the report's order."""
    return [(f.location.path, line(report, f), f.name) for f in report.findings]


def names(report: Report) -> list[str]:
    """The rules of the findings, in the report's order."""
    return [f.name for f in report.findings]


def line(report: Report, finding: Finding) -> int:
    """The line that a finding stands on."""
    source = report.source(finding.location.text_path)
    return source.position(finding.location.span.start).line if source else 1


def shown(report: Report, finding: Finding) -> str:
    """The text that a finding's span covers."""
    source = report.source(finding.location.text_path)
    assert source is not None
    return source.slice(finding.location.span)


def only(report: Report) -> Finding:
    """The one finding of a report."""
    assert len(report.findings) == 1, places(report)
    return report.findings[0]
