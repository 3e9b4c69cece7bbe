"""The handlers of a scoring script, as the mends of what they answer see them."""

from __future__ import annotations

from typing import Final

from amllint.analysis.exceptions import caught_names
from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Edit
from amllint.rules.score.asked_calls import asked_in, tried_by
from amllint.rules.score.script_edits import whole_lines
from amllint.source.python import syntax as s
from amllint.source.text import Span

LET_TIMEOUT_THROUGH: Final = ("except TimeoutError:", "\traise")
"""What stands ahead of a handler that would take it; the server ends slow calls with it."""

_BAD_INPUT: Final = frozenset({"JSONDecodeError", "ValueError", "KeyError", "TypeError"})


def status_of(script: ScoringScript, handler: s.Handler) -> int:
    """The status for what a handler catches: 400 where only bad input raises it, else 500.

    A model or a service that is asked in the `try` raises the same as bad input does, but for
    what only parsing raises.
    """
    caught = caught_names(handler, script.names) or ()
    short = {n.rpartition(".")[2] for n in caught}
    if not short or not short <= _BAD_INPUT:
        return 500
    tried = tried_by(script, handler)
    if any(isinstance(n, s.Raise) for statement in tried for n in s.walk(statement)):
        return 400  # the script itself refuses requests this way
    asked = asked_in(script, tried)
    only_parsing = short == {"JSONDecodeError"} and asked != "network"
    return 400 if not asked or only_parsing else 500


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


def timeout_through(script: ScoringScript, handler: s.Handler) -> Edit | None:
    """A handler ahead of another that lets through what the server ends a slow call with."""
    here = whole_lines(script, handler.span, handler.body[-1].span)
    inside = whole_lines(script, handler.body[0].span, handler.body[0].span)
    unit = inside.indent.removeprefix(here.indent) if here and inside else ""
    if here is None or not unit or "TimeoutError" in script.bindings.bound:
        return None
    lines = (line.replace("\t", unit) for line in LET_TIMEOUT_THROUGH)
    text = "".join(here.indent + line + script.source.newline for line in lines)
    return Edit(script.path, Span(here.span.start, here.span.start), text)
