"""What GitHub's and Azure's annotations have in common."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Final

from amllint.engine.check import Report
from amllint.findings.finding import Finding, Severity
from amllint.output import concise
from amllint.output.places import extent, most_severe_first, own_extent
from amllint.output.style import Style, printable
from amllint.rules.registry import find

PER_STEP: Final = 10
"""Both services keep that many annotations of a kind of a step, and drop the rest."""
_RELATED: Final = 5
_CARRIED: Final = re.compile(r"([\r\n\t])")


def within_limits(
    findings: list[Finding], kinds: Collection[Severity]
) -> tuple[list[Finding], list[Finding]]:
    """Findings to annotate, most severe first, and the rest, in their own order.

    To be annotated are those of the given severities, up to `PER_STEP` of each.
    """
    counts: Counter[str] = Counter()
    chosen, rest = [], set()
    for finding in most_severe_first(findings):
        counts[finding.severity] += 1
        if finding.severity in kinds and counts[finding.severity] <= PER_STEP:
            chosen.append(finding)
        else:
            rest.add(id(finding))
    return chosen, [f for f in findings if id(f) in rest]


def plain(report: Report, findings: list[Finding], style: Style) -> Iterator[str]:
    """Findings that get no annotation, as lines of the log that no service acts upon."""
    return concise.render(replace(report, findings=findings), style)


def body(report: Report, finding: Finding, limit: int) -> str:
    """The lines of an annotation: message, related places, help and the rule's page.

    At most `limit` UTF-16 units, in which the services count.
    """
    text = "\n".join(_lines(report, finding))
    units = text.encode("utf-16-le")
    if len(units) <= 2 * limit:
        return text
    return units[: 2 * limit - 2].decode("utf-16-le", "ignore") + "…"


def _lines(report: Report, finding: Finding) -> Iterator[str]:
    yield printable(finding.message)
    told = [r for r in finding.observation.related if r.message]
    for related in told[:_RELATED]:
        line = extent(report, related.location).start.line
        yield printable(f"{related.message}: {related.location.path}:{line}")
    if finding.location.cell is not None:
        line = own_extent(report, finding.location).start.line
        yield f"in cell {finding.location.cell}, line {line}"
    if finding.observation.help:
        yield f"help: {printable(finding.observation.help)}"
    info = find(finding.code)
    if info:
        yield info.url


def property_path(path: str) -> str:
    """A path as a property of a command, before the service's own escaping.

    Line ends are carried by that escaping, and tabs do no harm. Other control characters, and
    `##[`, which would open a command of the other service, are written out: such a file gets
    no annotation, and its finding stays in the log. A leading `=` would be lost to both
    services' parsers.
    """
    parts = _CARRIED.split(path)
    shown = "".join(p if _CARRIED.fullmatch(p) else printable(p) for p in parts)
    return f"./{shown}" if shown.startswith("=") else shown
