"""Findings: one defect, where it stands, what it leads to, what to write instead."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final, Literal, NamedTuple, TypeAlias

from amllint.source.cells import cell_path, split_path
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
    """A place in a file: display path, span, and the notebook cell if there is one.

    With a cell, the span is one of the cell's text. Rules name a cell's text by a path of its
    own; in findings it is the notebook's path and the number of the cell.
    """

    path: str
    span: Span
    cell: int | None = None

    @property
    def text_path(self) -> str:
        """The path of the text that the span is one of."""
        return cell_path(self.path, self.cell)


class Related(NamedTuple):
    """A further place that belongs to a finding; one without a message is not shown.

    Suppressions hold there too, and a change there counts as a change of the finding.
    """

    location: Location
    message: str = ""


class Edit(NamedTuple):
    """Replace a span of a file, or of a notebook's cell, by other text."""

    path: str
    span: Span
    content: str
    cell: int | None = None

    @property
    def text_path(self) -> str:
        """The path of the text that the span is one of."""
        return cell_path(self.path, self.cell)


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


def in_files(said: Observation) -> Observation:
    """An observation with cells told by the notebook's path and their number."""
    if ".ipynb:cell " not in said.location.path and not any(
        ".ipynb:cell " in r.location.path for r in said.related
    ):
        return said
    related = tuple(Related(in_file(r.location), r.message) for r in said.related)
    fix = said.fix
    if fix is not None:
        edits = []
        for edit in fix.edits:
            path, cell = split_path(edit.path)
            edits.append(edit if cell is None else edit._replace(path=path, cell=cell))
        fix = replace(fix, edits=tuple(edits))
    return replace(said, location=in_file(said.location), related=related, fix=fix)


def in_file(place: Location) -> Location:
    """A place with a cell told by the notebook's path and its number."""
    path, cell = split_path(place.path)
    return place if cell is None else Location(path, place.span, cell)


@dataclass(frozen=True, slots=True)
class Finding:
    """An observation with its rule's code and name, and the units it was met in.

    `key` is the structural key that the fingerprint is made of, taken from the text where
    the rule gives none. Equal defects of a file share it; `fingerprint` numbers them. `eased` says
    why it is only advice, where what its file is for or whether anything uses it decides that.
    """

    code: str
    name: str
    severity: Severity
    stage: Stage | None
    observation: Observation
    units: tuple[str, ...] = field(default=())
    fingerprint: str = ""
    key: str = ""
    eased: str = ""

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
