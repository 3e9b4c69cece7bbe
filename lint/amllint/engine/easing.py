"""Which findings are advice because of what their file is: a sample, or one that nothing uses."""

from __future__ import annotations

from collections.abc import Iterable

from amllint.engine.spare_files import SpareFiles
from amllint.findings.finding import Observation, Severity
from amllint.findings.intent import EASED_IN, Intent, most_serious
from amllint.rules.registry import RuleInfo
from amllint.units import DeploymentUnit


class Easing:
    """Knows what every unit is for, and which files nothing names."""

    def __init__(self, units: Iterable[DeploymentUnit], spare: SpareFiles) -> None:
        self._spare = spare
        self._intents: dict[str, list[Intent | None]] = {}
        for unit in units:
            if unit.script is not None:
                self._intents.setdefault(unit.name, []).append(unit.intent)

    def reason(
        self, info: RuleInfo, said: Observation, units: list[str], severity: Severity
    ) -> str:
        """Why an observation is only advice; nothing where it stays what it is."""
        if severity == "info":
            return ""
        if severity == "warning" and info.hardening is not None:
            told = [intent for unit in units for intent in self._intents.get(unit, ())]
            intent = most_serious(told)
            if intent is not None and intent.value in EASED_IN[info.hardening]:
                return f"{intent.value}: {intent.reason}"
        path = said.location.text_path
        if self._spare.may_be(path, info, severity) and self._spare.holds(path):
            return f"unused: {path}"
        return ""
