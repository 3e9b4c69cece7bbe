"""Annotations of GitHub Actions, and the step summary for what they cannot hold.

The grammar is that of `actions/toolkit` (`core/src/command.ts`), which the runner reads with
`ActionCommand.TryParseV2`; the limits are the runner's.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Final

from amllint.engine.check import Report
from amllint.findings.finding import Finding, Severity
from amllint.output.annotations import PER_STEP, body, plain, property_path, within_limits
from amllint.output.places import absolute_path, extent, repository_path
from amllint.output.style import Style
from amllint.output.summaries import append_step_summary

_LEVELS: Final[dict[Severity, str]] = {"error": "error", "warning": "warning", "info": "notice"}
_MESSAGE_UNITS: Final = 4096
"""The runner cuts longer messages."""


def render(report: Report, style: Style) -> Iterator[str]:
    """Commands for the gravest findings, and one line each for the rest.

    What is not annotated is told on stderr, and all of it goes to `$GITHUB_STEP_SUMMARY`.
    """
    annotated, rest = within_limits(report.findings, _LEVELS)
    root = _root(report)
    for finding in annotated:
        yield _command(report, finding, root)
    yield from plain(report, rest, style)
    if rest:
        where = append_step_summary(report, os.environ.get("GITHUB_STEP_SUMMARY"))
        print(
            f"amllint: GitHub keeps {PER_STEP} annotations of a kind of a step;"
            f" {len(rest)} more findings are {where}",
            file=sys.stderr,
        )


def _command(report: Report, finding: Finding, root: str) -> str:
    start, end = extent(report, finding.location)
    properties: dict[str, object] = {}
    if finding.location.path != ".":
        path = repository_path(report, finding.location.path, root)
        properties["file"] = property_path(path)
        properties |= {"line": start.line, "endLine": end.line}
        if start.line == end.line:
            # The runner drops the columns of what spans lines.
            properties |= {"col": start.column, "endColumn": end.column}
    properties["title"] = f"{finding.code} {finding.name}"
    told = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    data = _data(body(report, finding, _MESSAGE_UNITS))
    return f"::{_LEVELS[finding.severity]} {told}::{data}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _root(report: Report) -> str:
    """The folder that annotated paths are relative to: the repository's.

    That is the workspace, unless the repository was checked out into a folder below it.
    """
    workspace = os.environ.get("GITHUB_WORKSPACE")
    if not workspace:
        return report.root
    nested = os.path.exists(os.path.join(report.root, ".git")) and not os.path.exists(
        os.path.join(workspace, ".git")
    )
    inside = absolute_path(report, report.root).startswith(os.path.join(workspace, ""))
    return report.root if nested and inside else workspace
