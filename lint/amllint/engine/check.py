"""The check itself: what a run is given, and what it has to report."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from amllint.artifacts.pin_verdicts import RefusedPins, UnaskedPins
from amllint.artifacts.run_records import BrokenFile, SnapshotAge, UncheckedRule, UnreadableFile
from amllint.config import Settings
from amllint.engine.easing import Easing
from amllint.engine.listed import Listed
from amllint.engine.loading import Loader
from amllint.engine.loads import is_declared, with_facts
from amllint.engine.parsing import Parsed
from amllint.engine.reporting import Reporter
from amllint.engine.running import Runner
from amllint.engine.sharing import run_units
from amllint.engine.spare_files import SpareFiles
from amllint.engine.written_files import WrittenFiles
from amllint.findings.finding import Finding, Location
from amllint.findings.suppressions import Suppressed
from amllint.rules.registry import RULES, RuleInfo, matching
from amllint.source.overlay import Overlay
from amllint.source.repository import Repository
from amllint.source.text import SourceText, Span

if TYPE_CHECKING:
    from amllint.engine.accepting import Accepted, Terms
    from amllint.engine.cache import FactsCache
    from amllint.snapshot.document import Snapshot
    from amllint.source.notebook import Notebook
    from amllint.units import DeploymentUnit, Linker

Resolve: TypeAlias = Callable[
    ["list[DeploymentUnit]", "Linker", "Iterable[str]"], "Iterable[RefusedPins | UnaskedPins]"
]
"""Asks an index what units install, with the absolute paths that were asked for."""


@dataclass(slots=True)
class Report:
    """What a run found.

    `incomplete` says that a file could not be read or a rule failed; `asked` how many files
    were looked at, given ones and those below given folders, `excluded` how many given
    ones the configuration leaves out. `silenced` are the findings that a comment or the
    configuration suppresses. `root` is the folder of the repository, absolute. `accepted` is
    what the baseline did, `not_enforced` names enforced rules that the command line leaves
    out, `outside` counts findings that lie outside the change that was asked for. `eased` are
    the findings that are advice because of what their file is, whether they are shown or not.
    `lacking` is what nobody has said, with the rules that did not speak for want of it; empty where
    nothing at all is declared, but for those who ask for everything.
    """

    findings: list[Finding] = field(default_factory=list)
    asked: int = 0
    excluded: int = 0
    silenced: list[Suppressed] = field(default_factory=list)
    unchecked: list[UncheckedRule] = field(default_factory=list)
    listed: list[Listed] = field(default_factory=list)
    incomplete: bool = False
    overlay: Overlay | None = None
    root: str = ""
    accepted: Accepted | None = None
    not_enforced: tuple[str, ...] = ()
    outside: int = 0
    eased: list[Finding] = field(default_factory=list)
    lacking: dict[str, set[str]] = field(default_factory=dict)

    @property
    def suppressed(self) -> int:
        """How many findings a comment or the configuration suppresses."""
        return len(self.silenced)

    def source(self, path: str) -> SourceText | None:
        """The text of a file, or of a notebook's cell, by its display path; `None` without one."""
        from amllint.source.problem import Malformed, Unreadable

        if self.overlay is None:
            return None
        try:
            return self.overlay.text(self.absolute(path))
        except (Malformed, Unreadable):
            return None

    def notebook(self, path: str) -> Notebook | None:
        """The notebook at a display path, `None` where it cannot be read."""
        from amllint.source.problem import Malformed, Unreadable

        if self.overlay is None:
            return None
        try:
            return self.overlay.notebook(self.absolute(path))
        except (Malformed, Unreadable):
            return None

    def absolute(self, path: str) -> str:
        """The absolute path of a display path."""
        cwd = self.overlay.cwd if self.overlay else os.getcwd()
        return os.path.normpath(os.path.join(cwd, path))


_UNAVOIDABLE: Final = ("internal-error", "unreadable-file")
_ALWAYS: Final = (*_UNAVOIDABLE, "syntax-error", "unknown-rule")
"""Rules that speak whatever is selected: without them a run could be green by accident."""


def enabled_rules(settings: Settings) -> list[RuleInfo]:
    """The rules that settings select, in the order of their codes."""
    chosen = _codes((*settings.select, *settings.extend_select))
    enforced = frozenset() if settings.chosen else _codes(settings.enforce)
    always = {r.code for r in RULES if r.name in _ALWAYS}
    wanted = ((chosen | always) - _codes(settings.ignore) | enforced) - _codes(settings.left_out)
    return [r for r in RULES if r.code in wanted or r.name in _UNAVOIDABLE]


def _codes(selectors: Iterable[str]) -> frozenset[str]:
    return frozenset(r.code for s in selectors for r in matching(s))


def check(
    paths: Iterable[str],
    settings: Settings,
    overlay: Overlay,
    *,
    ignores: bool = True,
    parallel: bool = False,
    terms: Terms | None = None,
    repository: Repository | None = None,
    parsed: dict[str, Parsed] | None = None,
    cache: FactsCache | None = None,
    today: str | None = None,
    resolve: Resolve | None = None,
    snapshot: Snapshot | None = None,
) -> Report:
    """Check files and folders; the core of every command that looks at files.

    `ignores=False` disregards suppression comments and `per-file-ignores`. `parallel` lets
    it fork processes that parse scripts; a program that has threads must not ask for that.
    `terms` is a baseline to apply; `repository` stands for the one that the paths lie in.
    `parsed` keeps scripts by their text, for runs that follow one another, and `cache`
    between processes. `today` is another day than that of the settings or the clock, `YYYY-MM-DD`.
    `resolve` asks a package index about what the units install. `snapshot` is what was known of
    the workspace that they are deployed to.
    """
    given = list(paths)
    repository = repository or Repository.around(common_folder(given, overlay.cwd))
    repository.leave_out(settings.baseline, terms.baseline.file if terms else None)
    loader = Loader(overlay, repository, settings, parallel, parsed, cache)
    loader.linker.on(today or settings.today)
    loader.linker.snapshot, loader.linker.deployer = snapshot, settings.target.deployer
    loader.request(given)
    rules = enabled_rules(settings)
    loader.while_parsing = tuple(r for r in rules if r.module.startswith("score."))
    linker = loader.load()
    runner = Runner(rules, linker)
    units = loader.intents.told(linker.units(settings.deployments), linker)
    units = with_facts(units, settings, linker)
    loader.tell_listings()
    run_units(runner, units, parallel)
    for record in loader.records:
        runner.run_record(record, _place(record))
    if snapshot is not None:
        place = Location(snapshot.path, Span(0, 0))
        days = snapshot.days_before(linker.today)
        runner.run_record(SnapshotAge(place, days, settings.snapshot_max_days), place)
    unasked = resolve is not None and _resolved(runner, resolve(units, linker, loader.requested))
    acceptor = None
    if terms:
        from amllint.engine.accepting import Acceptor

        acceptor = Acceptor(terms, loader)
    spare = SpareFiles(repository, overlay, linker)
    easing = Easing(units, spare, WrittenFiles(repository, overlay))
    reporter = Reporter(loader, runner, settings, ignores, easing, acceptor)
    findings = reporter.findings()
    unread = any(isinstance(r, UnreadableFile) for r in loader.records)
    pedantic = settings.persona == "pedantic"
    incomplete = unread or unasked or bool(runner.results.failures)
    return Report(
        findings,
        len(loader.requested),
        loader.left_out,
        reporter.silenced,
        reporter.unchecked(),
        loader.listed,
        incomplete,
        overlay,
        repository.root,
        reporter.accepted(incomplete),
        tuple(r.name for r in RULES if r.code in _codes(settings.enforce) - _ran(runner)),
        eased=reporter.eased,
        lacking=runner.results.lacking if is_declared(settings) or pedantic else {},
    )


def _resolved(runner: Runner, verdicts: Iterable[RefusedPins | UnaskedPins]) -> bool:
    """Let a rule tell of what the index refuses; whether there was a list without an answer.

    A line that another rule says the build fails at is not told of again.
    """
    told = frozenset(
        said.location
        for code, said in runner.results.observations
        if (said.stage or runner.results.rules[code].stage) == "build"
    )
    unasked = False
    for verdict in verdicts:
        unasked |= isinstance(verdict, UnaskedPins) and verdict.failed
        runner.run_record(verdict, verdict.place, but=told)
    return unasked


def _ran(runner: Runner) -> frozenset[str]:
    return frozenset(r.code for r in runner.rules)


def _place(record: Any) -> Location:
    if isinstance(record, (BrokenFile, UnreadableFile)):
        return Location(record.problem.path, record.problem.span)
    return Location(".", Span(0, 0))


def common_folder(paths: list[str], cwd: str) -> str:
    """The folder that holds everything given."""
    folders = []
    for given in paths:
        path = os.path.normpath(os.path.join(cwd, given))
        folders.append(path if os.path.isdir(path) else os.path.dirname(path))
    try:
        return os.path.commonpath(folders) if folders else cwd
    except ValueError:
        return cwd
