"""Findings: one defect, where it stands, what it leads to, what to write instead."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, TypeAlias

from amllint.source.text import Span

Severity: TypeAlias = Literal["error", "warning", "info"]
Confidence: TypeAlias = Literal["high", "medium", "low"]
Stage: TypeAlias = Literal[
    "submit", "build", "pull", "mount", "schedule", "start", "score", "operate"
]
Applicability: TypeAlias = Literal["safe", "unsafe"]

SEVERITIES: Final[tuple[Severity, ...]] = ("info", "warning", "error")
STAGES: Final[dict[Stage, str]] = {
    "submit": "rejected when it is submitted",
    "build": "the image build fails",
    "pull": "the image cannot be pulled",
    "mount": "the model is not where the script looks",
    "schedule": "no node takes the pod",
    "start": "the container does not become healthy",
    "score": "calls fail or answer wrongly",
    "operate": "it runs, and costs or leaks",
}


class Location(NamedTuple):
    """A place in a file: display path, span, and the notebook cell if there is one."""

    path: str
    span: Span
    cell: int | None = None


class Related(NamedTuple):
    """A further place that belongs to a finding; one without a message is not shown.

    Suppressions hold there too, and a change there counts as a change of the finding.
    """

    location: Location
    message: str = ""


class Edit(NamedTuple):
    """Replace a span of a file by other text."""

    path: str
    span: Span
    content: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that mend a finding, applied together or not at all."""

    applicability: Applicability
    message: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Observation:
    """What a rule reports; the engine adds what is the same for all of its findings.

    `key` is the structural name of the defect (a function, a key path), so that the
    fingerprint survives moved lines; without one, the text at the location is used.
    """

    location: Location
    message: str
    help: str | None = None
    severity: Severity | None = None
    stage: Stage | None = None
    confidence: Confidence = "high"
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    key: str | None = None


def finding(
    location: Location,
    message: str,
    *,
    help: str | None = None,
    severity: Severity | None = None,
    stage: Stage | None = None,
    confidence: Confidence = "high",
    related: tuple[Related, ...] = (),
    fix: Fix | None = None,
    key: str | None = None,
) -> Observation:
    """An observation, as rules write it."""
    return Observation(location, message, help, severity, stage, confidence, related, fix, key)


@dataclass(frozen=True, slots=True)
class Finding:
    """An observation with its rule's code and name, and the units it was met in.

    `key` is the structural key that the fingerprint is made of, taken from the text where
    the rule gives none. Equal defects of a file share it; `fingerprint` numbers them.
    """

    code: str
    name: str
    severity: Severity
    stage: Stage | None
    observation: Observation
    units: tuple[str, ...] = field(default=())
    fingerprint: str = ""
    key: str = ""

    @property
    def location(self) -> Location:
        """The primary place."""
        return self.observation.location

    @property
    def message(self) -> str:
        """What is wrong, in one sentence."""
        return self.observation.message

    @property
    def paths(self) -> set[str]:
        """Every file that has a part in the finding."""
        return {self.location.path} | {r.location.path for r in self.observation.related}


def at_least(severity: Severity, bound: Severity) -> bool:
    """Whether a severity is as grave as `bound`, or graver."""
    return SEVERITIES.index(severity) >= SEVERITIES.index(bound)


@dataclass(frozen=True, slots=True)
class Unchecked:
    """What a rule yields where it lacks a fact: which one, why, and where it is missing."""

    location: Location
    fact: str
    reason: str
