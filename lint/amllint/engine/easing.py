"""Which findings are advice for what their file is: a sample, unused, or written by code."""

from __future__ import annotations

from collections.abc import Iterable

from amllint.engine.spare_files import SpareFiles
from amllint.engine.written_files import WrittenFiles
from amllint.findings.finding import Observation, Severity
from amllint.findings.intent import EASED_IN, Intent, most_serious
from amllint.rules.registry import RuleInfo
from amllint.units import DeploymentUnit


class Easing:
    """Knows what every unit is for, and which files nothing names."""

    def __init__(
        self, units: Iterable[DeploymentUnit], spare: SpareFiles, written: WrittenFiles
    ) -> None:
        self._spare = spare
        self._written = written
        self._intents: dict[str, list[Intent | None]] = {}
        self._named: set[str] = set()
        for unit in units:
            script = unit.script
            self._intents.setdefault(unit.name, []).append(unit.intent)
            if script is None or script.named_by is not None or script.written is not None:
                self._named.add(unit.name)

    def reason(
        self, info: RuleInfo, said: Observation, units: list[str], severity: Severity
    ) -> str:
        """Why an observation is only advice; nothing where it stays what it is."""
        if severity == "info":
            return ""
        if severity == "warning":
            told = [intent for unit in units for intent in self._intents.get(unit, ())]
            intent = most_serious(told)
            if intent is not None and self._eases(intent, info, units):
                return f"{intent.value}: {intent.reason}"
        path = said.location.text_path
        if self._spare.may_be(path, info, severity) and self._spare.holds(path):
            return f"unused: {path}"
        user = self._spare.spare_user(path, info, units)
        if user:
            return f"unused: {user}"
        writer = self._written.writer(path, info)
        return f"written: {writer}" if writer else ""

    def _eases(self, intent: Intent, info: RuleInfo, units: list[str]) -> bool:
        """Whether what a script is for makes advice of a rule's warnings.

        That of every rule, if it is taken for a sample and nothing says that it is used.
        """
        if info.hardening is not None and intent.value in EASED_IN[info.hardening]:
            return True
        return intent.value == "sample" and not intent.declared and self._named.isdisjoint(units)
