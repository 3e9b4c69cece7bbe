"""What is known of a failure, for a terminal: the table of `diagnose`, entry by entry."""

from __future__ import annotations

from collections.abc import Iterator

from amllint.diagnosis.signatures import ROLES, Signature, filled
from amllint.findings.finding import STAGES
from amllint.output.style import Style


def failure_lines(signature: Signature, style: Style) -> Iterator[str]:
    """A failure: what it means, how it reads in a log, what to do, which rules tell of it."""
    yield f"{style.paint(signature.id, 'bold')} ({signature.role}: {ROLES[signature.role]})"
    yield ""
    yield _open(signature.cause)
    yield f"Stage: {signature.stage}, {STAGES[signature.stage]}. Printed by: {signature.where}."
    yield from _listed("In a log:", signature.examples)
    yield from _listed("What to do, the likeliest first:", map(_open, signature.remedies))
    told = [
        f"{rule}, where {signature.when[rule]}" if rule in signature.when else rule
        for rule in signature.rules
    ]
    what = "it beforehand" if signature.role == "cause" else "some causes beforehand"
    yield from _listed(f"`amllint check` tells of {what}:", told)
    yield ""
    yield f"Source: {signature.source}"


def _listed(title: str, items: Iterator[str] | tuple[str, ...] | list[str]) -> Iterator[str]:
    lines = [f"  {item.strip()}" for item in items]
    if lines:
        yield from ("", title, *lines)


def _open(text: str) -> str:
    """A sentence with the names of what a log fills in, without what may be left out."""
    return filled(text, {})
