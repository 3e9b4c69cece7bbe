"""What a run of `check` works on: the paths and settings, the baseline, the change."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amllint.config import Settings
from amllint.engine.cache import FactsCache, open_cache
from amllint.engine.check import Report, Resolve, check
from amllint.source.overlay import Overlay

if TYPE_CHECKING:
    from amllint.engine.accepting import Terms
    from amllint.engine.changes import Change
    from amllint.snapshot.document import Snapshot


def cache_for(options: argparse.Namespace) -> FactsCache | None:
    """The cache, unless options say that there is to be none."""
    return None if options.no_cache else open_cache()


def snapshot_named(options: argparse.Namespace, overlay: Overlay) -> Snapshot | None:
    """What was known of the workspace, where the options name it. Raises `NoSnapshot`."""
    name = getattr(options, "snapshot", None)
    if name is None:
        return None
    from amllint.snapshot.reading import read

    return read(os.path.normpath(os.path.join(overlay.cwd, name)), overlay)


@dataclass(frozen=True, slots=True)
class Work:
    """One run: `look` says what is found, narrowed to the change where one is given."""

    options: argparse.Namespace
    paths: list[str]
    settings: Settings
    overlay: Overlay
    terms: Terms | None
    change: Change | None
    before: Callable[[Overlay], Settings]

    @classmethod
    def planned(
        cls,
        options: argparse.Namespace,
        paths: list[str],
        settings: Settings,
        overlay: Overlay,
        apply: Callable[[argparse.Namespace, Settings], Settings],
    ) -> Work:
        """The run that options ask for. Raises `BaselineError` and `RevisionProblem`."""
        terms = change = None
        if options.baseline or settings.baseline or getattr(options, "today", None) is not None:
            from amllint.cli import accepted

            terms = accepted.terms(options, settings, overlay)
        if options.diff_base is None:
            return cls(options, paths, settings, overlay, terms, None, lambda _: settings)
        from amllint.cli.changed import change_since, settings_before

        change = change_since(options.diff_base, paths, settings, overlay)
        before = settings_before(options, settings, paths, apply)
        return cls(options, paths, settings, overlay, terms, change, before)

    def look(self, parallel: bool = False) -> Report:
        """Check, and leave in the report what is to be shown."""
        return self.narrow(self.check(parallel))

    def check(self, parallel: bool = False) -> Report:
        """Everything that is found and that the baseline does not cover."""
        ignores = not self.options.no_ignores
        return check(
            self.paths,
            self.settings,
            self.overlay,
            ignores=ignores,
            parallel=parallel,
            terms=self.terms,
            parsed=self.change.parsed if self.change else None,
            cache=cache_for(self.options),
            today=getattr(self.options, "today", None),
            resolve=self._resolve(),
            snapshot=snapshot_named(self.options, self.overlay),
        )

    def _resolve(self) -> Resolve | None:
        """What asks the package index, where the options say so."""
        if not getattr(self.options, "resolve", False):
            return None
        from amllint.cli.resolving import resolver

        return resolver(self.options)

    def narrow(self, report: Report) -> Report:
        """What of a report lies in the change, if there is one."""
        if self.change is None:
            return report
        ignores = not self.options.no_ignores
        return self.change.narrow(report, self.before, ignores)

    def tell(self, report: Report) -> None:
        """Say on standard error what the baseline and `enforce` did."""
        if report.not_enforced:
            names = ", ".join(report.not_enforced)
            print(f"enforced, and left out by the command line: {names}", file=sys.stderr)
        if self.terms is not None:
            from amllint.cli import accepted

            accepted.say(accepted.tell(report, self.terms.today))

    def is_stale(self, report: Report) -> bool:
        """Whether fixed entries of the baseline make the run fail, as with `--strict`."""
        strict = getattr(self.options, "strict", False)
        return bool(strict and report.accepted and report.accepted.fixed)
