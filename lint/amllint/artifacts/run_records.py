"""Facts about the run itself, which the rules of family 9xx turn into findings."""

from __future__ import annotations

from dataclasses import dataclass

from amllint.findings.finding import Location
from amllint.source.problem import Malformed, Unreadable


@dataclass(frozen=True, slots=True)
class BrokenFile:
    """A file of ours that its own language refuses; `kind` is what it was taken for."""

    problem: Malformed
    kind: str
    referenced_by: Location | None = None


@dataclass(frozen=True, slots=True)
class UnreadableFile:
    """A file that could not be turned into text."""

    problem: Unreadable
    referenced_by: Location | None = None


@dataclass(frozen=True, slots=True)
class SnapshotAge:
    """How many days ago the oldest fact of the snapshot was read, and how many are put up with."""

    place: Location
    days: int
    most_days: float


@dataclass(frozen=True, slots=True)
class RuleFailure:
    """A rule that raised: where it was looking, and what it raised."""

    rule: str
    location: Location
    error: str


@dataclass(frozen=True, slots=True)
class UnusedIgnore:
    """A suppression, or some of the rules it names, that silenced nothing.

    Of those, `enforced` are rules that nothing may silence.
    """

    location: Location
    rules: tuple[str, ...]
    whole: bool
    removal: tuple[Location, str] | None
    enforced: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnreasonedIgnore:
    """A suppression that does not say why, where the configuration asks for it."""

    location: Location
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnknownRuleName:
    """A name in a comment or the configuration that is no rule."""

    location: Location
    name: str
    suggestion: str


@dataclass(frozen=True, slots=True)
class UncheckedRule:
    """A rule that had no facts: which fact, and why it is missing."""

    rule: str
    fact: str
    reason: str
    location: Location
