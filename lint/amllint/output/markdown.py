"""A report in Markdown, for a comment on a pull request or the summary of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from amllint.engine.check import Report
from amllint.findings.finding import STAGES, Finding
from amllint.output.markdown_text import code, inert
from amllint.output.places import own_extent, repository_path
from amllint.output.style import Style
from amllint.rules.registry import find

_MARKS: Final = {"error": "❌ error", "warning": "⚠️ warning", "info": "💡 info"}


def render(report: Report, style: Style) -> Iterator[str]:
    """A heading that counts, and for each file a table of its findings."""
    yield f"## amllint: {_counted(report)}"
    yield ""
    if report.incomplete:
        yield "**Incomplete:** not everything could be checked.\n"
    for path, findings in groupby(report.findings, key=lambda f: f.location.path):
        yield f"### {code(repository_path(report, path))}"
        yield ""
        yield "| line | severity | rule | |"
        yield "|---:|---|---|---|"
        for finding in findings:
            yield _row(report, finding)
        yield ""
    rules = sorted({u.rule for u in report.unchecked})
    if rules:
        yield f"Not checked, for lack of facts: {', '.join(map(code, rules))}\n"


def _counted(report: Report) -> str:
    counts = Counter(f.severity for f in report.findings)
    parts = [_count(counts["error"], "error"), _count(counts["warning"], "warning")]
    parts.append(f"{counts['info']} info" if counts["info"] else "")
    found = ", ".join(p for p in parts if p) or "no findings"
    files = _count(report.asked, "file") or "no file"
    silenced = f", {report.suppressed} suppressed" if report.suppressed else ""
    return f"{found} in {files}{silenced}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}" if number else ""


def _row(report: Report, finding: Finding) -> str:
    place = str(own_extent(report, finding.location).start.line)
    if finding.location.cell is not None:
        place = f"cell {finding.location.cell}, {place}"
    info = find(finding.code)
    rule = f"[{finding.name}]({info.url})" if info else code(finding.name)
    return f"| {place} | {_MARKS[finding.severity]} | {rule} | {'<br>'.join(_told(finding))} |"


def _told(finding: Finding) -> Iterator[str]:
    yield inert(finding.message)
    if finding.stage:
        yield f"Stage: {finding.stage}, {STAGES[finding.stage]}"
    if finding.observation.help:
        yield f"Help: {inert(finding.observation.help)}"
