"""Diagnoses of a log: as people read them, and as JSON (`schemas/diagnosis.schema.json`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from amllint.diagnosis.judging import Diagnosis
from amllint.diagnosis.places import Place
from amllint.diagnosis.quoting import masked
from amllint.diagnosis.spots import Spot
from amllint.findings.finding import STAGES
from amllint.output.style import Style, printable
from amllint.rules.registry import RULES
from amllint.source.tracebacks import Frame

_FULL: Final = 3
"""Causes that are told with all that is known of them; of others a line."""
_LABELS: Final = {"cause": "error", "failure": "error", "symptom": "warning", "note": "info"}


class Told(NamedTuple):
    """What is said of a log: its diagnoses with their places, or lines that look like failures.

    `suspects` holds places and texts of lines, `lines` how many the log has.
    """

    diagnoses: Sequence[tuple[Diagnosis, Sequence[Place]]]
    suspects: Sequence[tuple[Spot, str]]
    lines: int
    deployment: bool = False
    """Whether the files of a deployment were looked at."""


def text_lines(told: Told, style: Style) -> Iterator[str]:
    """The diagnoses, the first of them in full with its remedies in order of likelihood."""
    if not told.diagnoses:
        yield from _unknown(told, style)
        return
    first = told.diagnoses[0][0]
    full = [d for d in told.diagnoses if d[0] is first or d[0].role == "cause"][:_FULL]
    for diagnosis, places in full:
        yield from _whole(diagnosis, places, style, told.deployment)
        yield ""
    rest = [d for d, _ in told.diagnoses if all(d is not f for f, _ in full)]
    if rest:
        yield style.paint("also in the log:", "dim")
        for diagnosis in rest:
            times = f", {diagnosis.count} times" if diagnosis.count > 1 else ""
            what = f"{diagnosis.at.said}{times}: {diagnosis.id} ({diagnosis.role})"
            yield f"  {what}: {printable(diagnosis.cause)}"
        yield ""


def _unknown(told: Told, style: Style) -> Iterator[str]:
    if not told.suspects:
        return
    yield style.paint("amllint does not know this failure. The lines that look like one:", "bold")
    for at, text in told.suspects:
        where = f"{at.line}, {at.part}" if at.part else str(at.line)
        yield f"  {where:>6}  {printable(text)}"


def _whole(
    diagnosis: Diagnosis, places: Sequence[Place], style: Style, deployment: bool
) -> Iterator[str]:
    signature = diagnosis.signature
    label = _LABELS[diagnosis.role]
    head = style.paint(f"{label}[{diagnosis.id}]", label)
    yield f"{head}: {style.paint(printable(diagnosis.cause), 'bold')}"
    times = f" ({diagnosis.count} times)" if diagnosis.count > 1 else ""
    yield f"  log {diagnosis.at.said}{times}: {printable(diagnosis.text)}"
    for item in diagnosis.because:
        yield f"  log {item.at.said}: {printable(item.text)}"
    frame = diagnosis.frame
    if frame:
        inside = f", in {frame.function}" if frame.function else ""
        code = f": {masked(frame.text)}" if frame.text else ""
        yield f"  raised at {printable(f'{frame.file}, line {frame.line}{inside}{code}')}"
    for place in places:
        yield from _place(place, style)
    lead = style.paint("=", "frame")
    yield f"  {lead} stage: {signature.stage}, {STAGES[signature.stage]}"
    for number, remedy in enumerate(diagnosis.remedies, 1):
        yield f"  {lead} {style.paint(f'{number}.', 'help')} {printable(remedy)}"
    for line in diagnosis.shown:
        yield f"  {style.paint('|', 'frame')} {printable(line)}"
    for line in _beforehand(diagnosis):
        yield f"  {lead} {style.paint(line, 'dim')}"
    always = any(rule not in signature.when for rule in signature.rules)
    if deployment and always and not any(place.rule for place in places):
        said = "in the files of --deployment it finds nothing of this"
        yield f"  {lead} {style.paint(said, 'dim')}"


def _beforehand(diagnosis: Diagnosis) -> Iterator[str]:
    """The rules that tell of this very cause, and those that do so in a certain case."""
    signature = diagnosis.signature
    always = [rule for rule in signature.rules if rule not in signature.when]
    if always:
        cause = signature.role == "cause"
        lead = "told beforehand by amllint check" if cause else "amllint check tells of some causes"
        yield f"{lead}: {', '.join(always)}"
    for rule, case in signature.when.items():
        yield f"amllint check tells of it where {case}: {rule}"


def _place(place: Place, style: Style) -> Iterator[str]:
    cell = f":cell {place.cell}" if place.cell else ""
    where = f"{printable(place.path)}{cell}:{place.line}:{place.column}"
    said = f" {place.rule}: {printable(place.message)}" if place.rule else ""
    yield f"  {style.paint('-->', 'frame')} {where}{said}"
    if place.text:
        yield f"      {printable(masked(place.text))}"
    if place.changed:
        yield "      (the line reads otherwise in the log: the file is another version)"


def as_json(told: Told) -> dict[str, Any]:
    """The diagnoses as data."""
    return {
        "version": 1,
        "lines": told.lines,
        "known": bool(told.diagnoses),
        "diagnoses": [_entry(diagnosis, places) for diagnosis, places in told.diagnoses],
        "unknown": []
        if told.diagnoses
        else [{"line": at.line, "part": at.part, "text": text} for at, text in told.suspects],
    }


def _entry(diagnosis: Diagnosis, places: Sequence[Place]) -> dict[str, Any]:
    signature, frame = diagnosis.signature, diagnosis.frame
    return {
        "id": diagnosis.id,
        "role": diagnosis.role,
        "stage": signature.stage,
        "printed_by": signature.where,
        "cause": diagnosis.cause,
        "remedies": list(diagnosis.remedies),
        "shown": list(diagnosis.shown),
        "rules": [
            {"name": r.name, "code": r.code, "when": signature.when.get(r.name, "")}
            for r in RULES
            if r.name in signature.rules
        ],
        "guide": list(signature.guide),
        "source": signature.source,
        "line": diagnosis.at.line,
        "part": diagnosis.at.part,
        "text": diagnosis.text,
        "count": diagnosis.count,
        "because": [
            {"line": i.at.line, "part": i.at.part, "text": i.text} for i in diagnosis.because
        ],
        "raised_at": frame and _raised_at(frame),
        "places": [{**p._asdict(), "text": masked(p.text)} for p in places],
    }


def _raised_at(frame: Frame) -> dict[str, Any]:
    found = frame._asdict()
    del found["lines"]
    return {**found, "text": masked(frame.text)}
