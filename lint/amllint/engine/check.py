"""The check itself: what a run is given, and what it has to report."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from amllint.artifacts.run_records import BrokenFile, UncheckedRule, UnreadableFile
from amllint.config import Settings
from amllint.engine.loading import Listed, Loader
from amllint.engine.reporting import Reporter
from amllint.engine.running import Runner
from amllint.findings.finding import Finding, Location
from amllint.findings.suppressions import Suppressed
from amllint.rules.registry import RULES, RuleInfo, matching
from amllint.source.overlay import Overlay
from amllint.source.repository import Repository
from amllint.source.text import SourceText, Span


@dataclass(slots=True)
class Report:
    """What a run found.

    `incomplete` says that a file could not be read or a rule failed; `asked` how many files
    were looked at, given ones and those below given folders, `excluded` how many given
    ones the configuration leaves out. `silenced` are the findings that a comment or the
    configuration suppresses. `root` is the folder of the repository, absolute.
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

    @property
    def suppressed(self) -> int:
        """How many findings a comment or the configuration suppresses."""
        return len(self.silenced)

    def source(self, path: str) -> SourceText | None:
        """The text of a file by its display path, `None` where it has none."""
        from amllint.source.problem import Unreadable

        if self.overlay is None:
            return None
        try:
            return self.overlay.text(os.path.normpath(os.path.join(self.overlay.cwd, path)))
        except Unreadable:
            return None


_UNAVOIDABLE: Final = ("internal-error", "unreadable-file")
_ALWAYS: Final = (*_UNAVOIDABLE, "syntax-error", "unknown-rule")
"""Rules that speak whatever is selected: without them a run could be green by accident."""


def enabled_rules(settings: Settings) -> list[RuleInfo]:
    """The rules that settings select, in the order of their codes."""
    chosen = {r.code for s in (*settings.select, *settings.extend_select) for r in matching(s)}
    left_out = {r.code for s in settings.ignore for r in matching(s)}
    always = {r.code for r in RULES if r.name in _ALWAYS}
    return [r for r in RULES if r.code in (chosen | always) - left_out or r.name in _UNAVOIDABLE]


def check(
    paths: Iterable[str],
    settings: Settings,
    overlay: Overlay,
    *,
    ignores: bool = True,
    parallel: bool = False,
) -> Report:
    """Check files and folders; the core of every command that looks at files.

    `ignores=False` disregards suppression comments and `per-file-ignores`. `parallel` lets
    it fork processes that parse scripts; a program that has threads must not ask for that.
    """
    given = list(paths)
    repository = Repository.around(_common(given, overlay.cwd))
    loader = Loader(overlay, repository, settings, parallel)
    loader.request(given)
    linker = loader.load()
    runner = Runner(enabled_rules(settings), linker)
    for unit in linker.units(settings.deployments):
        runner.run_unit(unit)
    for record in loader.records:
        runner.run_record(record, _place(record))
    reporter = Reporter(loader, runner, settings, ignores)
    findings = reporter.findings()
    unread = any(isinstance(r, UnreadableFile) for r in loader.records)
    return Report(
        findings,
        len(loader.requested),
        loader.left_out,
        reporter.silenced,
        list(runner.results.unchecked.values()),
        loader.listed,
        unread or bool(runner.results.failures),
        overlay,
        repository.root,
    )


def _place(record: Any) -> Location:
    if isinstance(record, (BrokenFile, UnreadableFile)):
        return Location(record.problem.path, record.problem.span)
    return Location(".", Span(0, 0))


def _common(paths: list[str], cwd: str) -> str:
    """The folder that holds everything given."""
    folders = []
    for given in paths:
        path = os.path.normpath(os.path.join(cwd, given))
        folders.append(path if os.path.isdir(path) else os.path.dirname(path))
    try:
        return os.path.commonpath(folders) if folders else cwd
    except ValueError:
        return cwd
