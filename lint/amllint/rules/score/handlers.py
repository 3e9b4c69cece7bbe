"""The handlers of a scoring script, as the mends of what they answer see them."""

from __future__ import annotations

from typing import Final

from amllint.analysis.exceptions import caught_names
from amllint.artifacts.scoring_script import ScoringScript
from amllint.source.python import syntax as s
from amllint.source.text import Span

_BAD_INPUT: Final = frozenset({"JSONDecodeError", "ValueError", "KeyError", "TypeError"})


def status_of(script: ScoringScript, handler: s.Handler) -> int:
    """The status for what a handler catches: 400 where only bad input raises it, else 500."""
    caught = caught_names(handler, script.names) or ()
    short = {n.rpartition(".")[2] for n in caught}
    return 400 if short and short <= _BAD_INPUT else 500


def fixed_message(script: ScoringScript, handler: s.Handler) -> str:
    """What to tell the caller, and the log, of what a handler catches."""
    return "invalid request" if status_of(script, handler) == 400 else "prediction failed"


def path_in(handler: s.Handler, span: Span) -> list[s.Syntax]:
    """The nodes around a place, from a statement of the handler inwards."""
    for statement in handler.body:
        path = s.path_to(statement, span)
        if path:
            return path
    return []


def leaves_handler(path: list[s.Syntax]) -> bool:
    """Whether a path leads through a further handler, or through a function."""
    return any(isinstance(n, (s.Handler, s.Function, s.Lambda)) for n in path)
