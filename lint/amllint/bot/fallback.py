"""What a build can say without writing to the server: annotations of its own log."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from amllint.bot.environment import Platform
from amllint.bot.markdown import one_line
from amllint.bot.plan import Rest
from amllint.bot.results import Found, Results
from amllint.bot.summary import Overview, text

STEP_SUMMARY: Final = 1_000_000
"""Characters; GitHub takes a mebibyte of bytes for a step."""

_COMMAND: Final = re.compile(r"##(?=(?:vso)?\[)", re.IGNORECASE)
"""The beginning of a command to an agent, which obeys it wherever in a line it stands."""

_LEVELS: Final = {"error": "error", "warning": "warning", "info": "notice"}
_ISSUES: Final = {"error": "error", "warning": "warning"}


def build_annotations(results: Results, platform: Platform) -> Iterator[str]:
    """Lines for standard output that the platform's agent shows at the findings."""
    for found in results.findings:
        if platform == "github":
            yield workflow_command(found)
        elif found.severity in _ISSUES:
            yield logging_command(found)


def workflow_command(found: Found) -> str:
    """A finding in GitHub's grammar of workflow commands."""
    place = found.place
    properties = {"file": place.path, "line": place.start.line, "endLine": place.last_line}
    if place.start.line == place.end.line:
        # Columns of a range over several lines are not understood.
        properties |= {"col": place.start.column, "endColumn": place.end.column}
    properties["title"] = f"{found.code} {found.name}"
    joined = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{_LEVELS[found.severity]} {joined}::{_data(_message(found))}"


def logging_command(found: Found) -> str:
    """A finding in Azure Pipelines' grammar of logging commands."""
    properties = {
        "type": _ISSUES[found.severity],
        "sourcepath": found.place.path,
        "linenumber": found.place.start.line,
        "columnnumber": found.place.start.column,
        "code": found.code,
    }
    joined = ";".join(f"{key}={_issue(str(value))}" for key, value in properties.items())
    return f"##vso[task.logissue {joined};]{_vso(_message(found))}"


def step_summary(results: Results) -> str:
    """All findings as Markdown."""
    rest = [Rest(f, "not-posted") for f in results.findings]
    return text(Overview(results, rest, 0), lambda place: "", STEP_SUMMARY // 4) + "\n"


def _message(found: Found) -> str:
    said = one_line(found.message, 4000)
    said = f"{said} ({one_line(found.help, 4000)})" if found.help else said
    return _COMMAND.sub("# #", said)


def _data(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(_surrogates(value)).replace(":", "%3A").replace(",", "%2C")


def _vso(value: str) -> str:
    return value.replace("%", "%AZP25").replace("\r", "%0D").replace("\n", "%0A")


def _issue(value: str) -> str:
    return _vso(_surrogates(value)).replace(";", "%3B").replace("]", "%5D")


def _surrogates(value: str) -> str:
    return re.sub(r"[\ud800-\udfff]", "\ufffd", value)
