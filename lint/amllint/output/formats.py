"""The output formats: the one list that the command line, its help and the docs read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from amllint.engine.check import Report
    from amllint.output.style import Style

Renderer: TypeAlias = "Callable[[Report, Style], Iterator[str]]"

FORMATS: Final[dict[str, str]] = {
    "text": "people: the source line, related places, stage, what to write instead",
    "concise": "one line a finding, `path:line:column: code name severity: message`",
    "json": "programs: versioned, with a schema",
    "github": "GitHub Actions: annotations, the rest in the step summary",
    "azure": "Azure Pipelines: issues, and a summary of the run",
    "gitlab": "GitLab: a code quality report",
    "sarif": "code scanning and SARIF viewers: SARIF 2.1.0",
    "rdjson": "reviewdog: findings with suggestions",
    "junit": "test reports: JUnit XML",
    "markdown": "comments and summaries",
}
"""Each format with whom or what it is for; a format is the module of its name here."""


def renderer(name: str) -> Renderer:
    """The function that writes a format line by line; its module is imported now."""
    render: Renderer = import_module(f"amllint.output.{name}").render
    return render
