"""Runs rules over units; a rule that fails becomes a finding and the others go on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from amllint.artifacts.classify import is_action_file
from amllint.artifacts.run_records import RuleFailure, UncheckedRule
from amllint.capacity.facts import FIELDS, NOBODY, Missing
from amllint.engine.telling import in_action, in_code, shown
from amllint.findings.finding import Location, Observation, Unchecked
from amllint.rules.registry import RuleInfo
from amllint.source.text import Span
from amllint.units import DeploymentUnit, Linker

_FROM_BEYOND: Final = frozenset({"Traffic", "Snapshot", *FIELDS})
"""Facts that stand in no file of a deployment."""
_BEYOND: Final = ("capacity.", "workspace.")
"""Where the rules are that are about them."""


@dataclass(slots=True)
class Results:
    """What the rules said, with the names of the units each observation was met in.

    `lacking` are facts that nobody has said, with the rules that needed them.
    """

    observations: dict[tuple[str, Observation], list[str]] = field(default_factory=dict)
    rules: dict[str, RuleInfo] = field(default_factory=dict)
    failures: list[RuleFailure] = field(default_factory=list)
    unchecked: dict[tuple[str, str, str], UncheckedRule] = field(default_factory=dict)
    lacking: dict[str, set[str]] = field(default_factory=dict)

    def add(self, info: RuleInfo, observation: Observation, unit: str | None) -> None:
        """Take an observation; one met before only gains a unit."""
        self.rules[info.code] = info
        units = self.observations.setdefault((info.code, observation), [])
        if unit is not None and unit not in units:
            units.append(unit)

    def join(self, later: Results) -> None:
        """Take what another process found after this one."""
        for (code, observation), units in later.observations.items():
            named: list[str | None] = [*units] if units else [None]
            for unit in named:
                self.add(later.rules[code], observation, unit)
        self.failures.extend(later.failures)
        self.unchecked.update(later.unchecked)
        for fact, rules in later.lacking.items():
            self.lacking.setdefault(fact, set()).update(rules)


class Runner:
    """Gives each rule the facts it reads, once for each combination of them."""

    def __init__(self, rules: Iterable[RuleInfo], linker: Linker) -> None:
        self.rules = list(rules)
        self.linker = linker
        self.results = Results()
        self._asking = frozenset(rule.code for rule in self.rules if _asks(rule))
        self._commands = frozenset(command.path for command in linker.commands)
        # The facts are kept with what was said of them: ids count only as long as they live.
        self._done: dict[tuple[str, tuple[int, ...]], tuple[list[Any], list[Observation]]] = {}

    def run_unit(self, unit: DeploymentUnit) -> None:
        """Run every rule whose facts the unit has."""
        facts = self._facts(unit)
        place = next((Location(p.path, Span(0, 0)) for p in unit.parts()), None)
        for info in self.rules:
            arguments = _arguments(info, facts)
            if arguments is None and info.code in self._asking:
                self._miss(info, unit, facts, place)
            if arguments is not None and place is not None:
                said = self._said(info, arguments, place)
                if unit.command is not None and said:
                    said = self._of_command(info, unit, said, place)
                for observation in said:
                    self.results.add(info, observation, unit.name)

    def _facts(self, unit: DeploymentUnit) -> dict[str, Any]:
        facts: dict[str, Any] = {type(part).__name__: part for part in unit.parts()}
        facts |= {"DeploymentUnit": unit, "Linker": self.linker}
        if self.linker.snapshot is not None:
            facts["Snapshot"] = self.linker.snapshot
        if unit.environment is not None:
            facts["Environment"] = unit.environment
        if unit.declaration is not None:
            facts["Declaration"] = unit.declaration
        if unit.traffic is not None:
            facts["Traffic"] = unit.traffic
        for name, attribute in FIELDS.items():
            fact = getattr(unit.facts, attribute)
            if not isinstance(fact, Missing):
                facts[name] = fact
        return facts

    def _miss(
        self, info: RuleInfo, unit: DeploymentUnit, facts: dict[str, Any], place: Location | None
    ) -> None:
        """Keep that a rule had all that it reads but for a fact from beyond the files."""
        absent = [
            alternatives for alternatives in info.reads if facts.keys().isdisjoint(alternatives)
        ]
        if place is None or not all(a[0] in _FROM_BEYOND for a in absent):
            return
        for name in (alternatives[0] for alternatives in absent):
            fact = getattr(unit.facts, FIELDS[name]) if name in FIELDS else NOBODY
            shown = FIELDS.get(name, name.lower())
            if fact.is_moot:
                continue
            if fact.was_asked:
                where = fact.location or place
                record = UncheckedRule(info.name, shown, fact.reason, where)
                self.results.unchecked[info.name, shown, where.path] = record
            else:
                self.results.lacking.setdefault(shown, set()).add(info.name)

    def run_record(
        self, record: Any, location: Location, but: frozenset[Location] = frozenset()
    ) -> None:
        """Run the rules that read a fact about the run itself; `but` are places to be silent of."""
        facts = {type(record).__name__: record}
        for info in self.rules:
            arguments = _arguments(info, facts)
            if arguments is not None:
                for observation in self._said(info, arguments, location):
                    related = (r.location for r in observation.related)
                    if but.isdisjoint((observation.location, *related)):
                        self.results.add(info, observation, None)

    def _said(self, info: RuleInfo, arguments: list[Any], place: Location) -> list[Observation]:
        key = (info.code, tuple(id(a) for a in arguments))
        if key not in self._done:
            self._done[key] = (arguments, self._observe(info, arguments, place))
        return self._done[key][1]

    def _of_command(
        self, info: RuleInfo, unit: DeploymentUnit, said: list[Observation], place: Location
    ) -> list[Observation]:
        """What a rule says of a command line's configurations, at the options that they have."""
        from amllint.engine.command_telling import alone, told

        command = unit.command
        assert command is not None
        own: list[Observation] = said
        plain = alone(unit, command)
        if plain is not None:
            arguments = _arguments(info, self._facts(plain))
            own = self._said(info, arguments, place) if arguments is not None else []
        return [told(observation, command, own) for observation in said]

    def _observe(self, info: RuleInfo, arguments: list[Any], place: Location) -> list[Observation]:
        observations: list[Observation] = []
        try:
            for said in info.load().check(*arguments):
                if isinstance(said, Unchecked):
                    in_files = info.code not in self._asking
                    if in_files and said.location.path in (*self.linker.codes, *self._commands):
                        continue  # much of what code says is only known when it runs
                    where = shown(said.location, self.linker.codes)
                    record = UncheckedRule(info.name, said.fact, said.reason, where)
                    self.results.unchecked[info.name, said.fact, where.path] = record
                else:
                    said = in_code(said, self.linker.codes)
                    if is_action_file(said.location.path):
                        said = in_action(said)
                    observations.append(said)
        except Exception as error:
            path = getattr(arguments[0], "path", None)
            where = Location(path, Span(0, 0)) if isinstance(path, str) else place
            said_error = f"{type(error).__name__}: {error}"
            self.results.failures.append(RuleFailure(info.name, where, said_error))
        return observations


def _asks(info: RuleInfo) -> bool:
    """Whether a rule is about facts from beyond the files, also where it does without them."""
    return info.module.startswith(_BEYOND) or any(a[0] in _FROM_BEYOND for a in info.reads)


def _arguments(info: RuleInfo, facts: dict[str, Any]) -> list[Any] | None:
    """The facts a rule reads, in order; `None` if one is missing."""
    arguments: list[Any] = []
    for alternatives in info.reads:
        found = next((facts[name] for name in alternatives if name in facts), None)
        if found is None:
            return None
        arguments.append(found)
    return arguments if arguments else None
