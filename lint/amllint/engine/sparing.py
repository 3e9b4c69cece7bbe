"""Findings that a run leaves alone: known by what they are, since edits move lines."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TypeAlias

from amllint.engine.check import Report
from amllint.findings.finding import Finding

Identity: TypeAlias = tuple[str, str, str]


class Spared:
    """What a narrowed report lacks of the whole one, to be taken out of later ones too."""

    def __init__(self, whole: Report, narrowed: Report) -> None:
        every, kept = map(_counted, (whole.findings, narrowed.findings))
        self._spared = every - kept

    def without(self, report: Report) -> Report:
        """A report without what is spared; of equal findings, the last are taken for new."""
        left = self.others(report.findings)
        return replace(report, findings=left, outside=len(report.findings) - len(left))

    def others(self, findings: list[Finding]) -> list[Finding]:
        """The findings that are not spared."""
        spared = Counter(self._spared)
        others: list[Finding] = []
        for finding in findings:
            identity = _identity(finding)
            if spared[identity] > 0:
                spared[identity] -= 1
            else:
                others.append(finding)
        return others


def _counted(findings: list[Finding]) -> Counter[Identity]:
    return Counter(map(_identity, findings))


def _identity(finding: Finding) -> Identity:
    return finding.code, finding.location.path, finding.key
