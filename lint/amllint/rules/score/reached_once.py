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


def called_from(script: ScoringScript, entry: EntryPoint, name: str, via: tuple[str, ...]) -> bool:
    """Whether an entry calls a body itself: what is only named runs in a thread, or later."""
    called = {_last(r.name) for r in script.reached_calls(entry)}
    way = [_last(step) for step in (*via, name)[1:]]
    return all(step in called or step.startswith("__") or step == "forward" for step in way)


def _last(name: str) -> str:
    return name.removesuffix("()").rpartition(".")[2]
