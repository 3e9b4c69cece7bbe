"""The calls that serving a script comes to, each with the first entry that does."""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.scoring_script import EntryPoint, ScoringScript
from amllint.artifacts.script_module import ReachedCall
from amllint.source.text import Span


def reached_once(
    script: ScoringScript, entries: tuple[EntryPoint, ...] = ("run", "init")
) -> Iterator[tuple[EntryPoint, ReachedCall]]:
    """Calls by entry; one that several entries come to is told for the first of them."""
    seen: set[tuple[str, Span]] = set()
    for entry in entries:
        for reached in script.reached_calls(entry):
            place = (reached.module.name, reached.call.span)
            if place not in seen:
                seen.add(place)
                yield entry, reached
