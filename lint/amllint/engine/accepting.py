"""Applies a baseline: which findings it accepts, which of its entries are fixed."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from amllint.engine.loading import Loader
from amllint.findings.baseline import Baseline, Entry
from amllint.findings.finding import Finding
from amllint.source.cells import split_path

NEVER_ACCEPTED: Final = frozenset({"internal-error", "unreadable-file", "unknown-rule"})
"""What a baseline does not hold: with these, a run or its configuration is not sound."""

_UNSEEN: Final = ("broken", "unreadable")


class Terms(NamedTuple):
    """A baseline and the day (`YYYY-MM-DD`) on which it is asked what holds."""

    baseline: Baseline
    today: str


@dataclass(slots=True)
class Accepted:
    """What became of a baseline in a run.

    `count` findings were left out; `fixed` are entries, with the number of findings that are
    gone; `expired` and `enforced` count findings that entries name and that are shown all
    the same.
    """

    count: int = 0
    expired: int = 0
    enforced: int = 0
    fixed: list[Entry] = field(default_factory=list)


class Acceptor:
    """Takes findings one by one, in the order of the report, against the counts of entries."""

    def __init__(self, terms: Terms, loader: Loader) -> None:
        self.terms = terms
        self.loader = loader
        self.accepted = Accepted()
        self._entries = {e.fingerprint: e for e in terms.baseline.entries}
        self._met: Counter[str] = Counter()
        self._broken: set[str] = set()

    def accepts(self, finding: Finding, enforced: bool, shown: bool) -> bool:
        """Whether an entry holds for a finding; one that would not be shown is not counted."""
        if finding.name in NEVER_ACCEPTED:
            return False
        baseline = self.terms.baseline
        path = self.loader.linker.absolute(finding.location.path)
        key = baseline.entry(finding, path).fingerprint
        entry = self._entries.get(key)
        if entry is None or self._met[key] >= entry.count:
            return False
        self._met[key] += 1
        holds = not enforced and not baseline.expired(entry, self.terms.today)
        self.accepted.enforced += enforced and shown
        self.accepted.expired += not enforced and not holds and shown
        self.accepted.count += holds and shown
        return holds

    def settle(self, rules: Iterable[str]) -> Accepted:
        """Say what is fixed: of rules that ran (by name), in files that were looked at.

        A run on one file says nothing about others. A file that no longer exists counts as
        looked at where it would lie in what was asked for.
        """
        ran = frozenset(rules)
        self._broken = {split_path(r.path)[0] for r in self.loader.listed if r.kind in _UNSEEN}
        for entry in self.terms.baseline.entries:
            gone = entry.count - self._met[entry.fingerprint]
            if gone and entry.rule in ran and self._looked_at(entry):
                self.accepted.fixed.append(replace(entry, count=gone))
        return self.accepted

    def _looked_at(self, entry: Entry) -> bool:
        path = self.terms.baseline.absolute(entry)
        if path in self.loader.requested:
            return self.loader.overlay.display(path) not in self._broken
        inside = any(path.startswith(os.path.join(f, "")) for f in self.loader.folders)
        # Only what was asked for is looked up on disk, wherever an entry points.
        return inside and not os.path.lexists(path)


def shrunk(baseline: Baseline, fixed: Iterable[Entry]) -> Baseline:
    """A baseline without what is fixed."""
    gone = Counter({e.fingerprint: e.count for e in fixed})
    left = [replace(e, count=e.count - gone[e.fingerprint]) for e in baseline.entries]
    return replace(baseline, entries=tuple(e for e in left if e.count > 0))
