"""Issues of Azure Pipelines, and a summary of the run.

The grammar is the agent's (`Command.cs`, `CommandStringConvertor.cs`); so is the limit.
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
from amllint.output.summaries import attach_summary

_ESCAPES: Final = (("%", "%AZP25"), (";", "%3B"), ("\r", "%0D"), ("\n", "%0A"), ("]", "%5D"))
_LEVELS: Final[tuple[Severity, ...]] = ("error", "warning")
_MESSAGE_UNITS: Final = 4096


def render(report: Report, style: Style) -> Iterator[str]:
    """Issues for the gravest findings, one line each for the rest, and a summary attached.

    Azure knows no issues below a warning. The summary is written below `$AGENT_TEMPDIRECTORY`,
    where there is one and something was found.
    """
    issues, rest = within_limits(report.findings, _LEVELS)
    for finding in issues:
        yield _issue(report, finding)
    yield from plain(report, rest, style)
    summary = None
    folder = os.environ.get("AGENT_TEMPDIRECTORY")
    if folder and report.findings:
        summary = attach_summary(report, folder)
        if summary:
            yield f"##vso[task.uploadsummary]{_escaped(summary)}"
    dropped = sum(f.severity in _LEVELS for f in rest)
    if dropped:
        print(
            f"amllint: Azure Pipelines keeps {PER_STEP} issues of a kind of a step;"
            f" {dropped} more findings are in the {'summary' if summary else 'log'}",
            file=sys.stderr,
        )


def _issue(report: Report, finding: Finding) -> str:
    start = extent(report, finding.location).start
    properties: dict[str, object] = {"type": finding.severity}
    if finding.location.path != ".":
        properties["sourcepath"] = property_path(_source_path(report, finding.location.path))
        properties |= {"linenumber": start.line, "columnnumber": start.column}
    properties["code"] = finding.code
    told = ";".join(f"{name}={_escaped(str(value))}" for name, value in properties.items())
    return f"##vso[task.logissue {told}]{_escaped(body(report, finding, _MESSAGE_UNITS))}"


def _source_path(report: Report, path: str) -> str:
    """On an agent the absolute path, from which it tells the repository and the path in it."""
    if os.environ.get("TF_BUILD", "").lower() == "true":
        return absolute_path(report, path)
    return repository_path(report, path)


def _escaped(text: str) -> str:
    for character, escape in _ESCAPES:
        text = text.replace(character, escape)
    return text
