"""The mend of `error-leak`: a fixed text where an exception's own goes to the caller."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from amllint.analysis.known_calls import MAKES_TEXT
from amllint.analysis.values import ErrorText
from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Edit, Fix
from amllint.rules.score.handlers import fixed_message, leaves_handler, path_in, status_of
from amllint.rules.score.script_edits import Wanted, own_reads, whole_lines
from amllint.source.python import syntax as s
from amllint.source.text import Span

_LOGS: Final = frozenset(
    {"exception", "print_exc", "track_exception", "capture_exception", "record_exception"}
)
"""Calls that log the exception at hand, whatever they are given."""
_SAYS: Final = frozenset({"error", "critical", "warning", "log", "info", "print", "write"})
"""Calls that log what they are given."""
_TEXT_METHODS: Final = frozenset({"format", "strip", "join", "splitlines", "replace", "encode"})
_TRACE: Final = "see the log of the service"


def fixed_text(script: ScoringScript, label: ErrorText) -> Fix | None:
    """Say something fixed where an exception's text is put in, and log the exception."""
    handler = label.handler
    if handler is None:
        return None
    path = path_in(handler, label.taken)
    if not path or leaves_handler(path) or _tells_callers(script, handler):
        return None
    places = _shown_at(handler, path)
    if not places:
        return None
    edits = [_reworded(script, handler, place) for place in places]
    logged = _logged(script, handler)
    if logged is None:
        return None
    edits.extend(logged)
    gone = [e.span for e in edits]
    read = [n for n in own_reads(handler.body, handler.name or "") if not _within(n.span, gone)]
    if handler.name and not read:
        edits.extend(_without_name(script, handler))
    return Fix("unsafe", "answer with a fixed text, and log the exception", tuple(edits))


def _tells_callers(script: ScoringScript, handler: s.Handler) -> bool:
    """Whether the script raises what this handler answers with 400: a text meant for callers."""
    if status_of(script, handler) != 400:
        return False
    around = (t for t in script.facts.of_kind(s.Try) if handler in t.handlers)
    raised = (n for t in around for b in t.body for n in s.walk(b) if isinstance(n, s.Raise))
    return bool(script.outcome.refusals) or any(isinstance(n.exception, s.Call) for n in raised)


def _shown_at(handler: s.Handler, path: list[s.Syntax]) -> list[s.Expr]:
    """The texts to reword: where the exception is put in, or where a variable of it is read.

    A variable that is read by anything but answers keeps what it holds: it may be logged.
    """
    text = _whole_text(path)
    statement = next((n for n in reversed(path) if isinstance(n, s.STATEMENTS)), None)
    if text is None or not isinstance(statement, (s.Assign, s.Evaluate, s.Return)):
        return []
    target = statement.targets[0] if isinstance(statement, s.Assign) else None
    if isinstance(target, s.Display):
        return []
    if not isinstance(target, s.Name) or statement.value is not text:
        return [text]
    reads = [
        path_in(handler, n.span)
        for n in own_reads(handler.body, target.id)
        if n.span != target.span
    ]
    shown = [p for p in reads if any(isinstance(n, s.Return) for n in p)]
    if len(shown) == len(reads):
        return [text]
    found = [_whole_text(p) for p in shown]
    return [f for f in found if f is not None] if None not in found else []


def _whole_text(path: list[s.Syntax]) -> s.Expr | None:
    """The largest expression around the innermost node that only makes text of it."""
    inner: s.Syntax = path[-1]
    around = [n for n in reversed(path[:-1]) if not isinstance(n, s.Argument)]
    for number, outer in enumerate(around):
        if isinstance(outer, s.Display) and _is_formatted(outer, around[number + 1 :]):
            continue
        if not _makes_text(outer, inner):
            break
        inner = outer
    return inner if not isinstance(inner, s.STATEMENTS) else None  # type: ignore[return-value]


def _is_formatted(values: s.Display, around: list[s.Syntax]) -> bool:
    """Whether a tuple is what `%` puts into a text."""
    outer = around[0] if around else None
    return isinstance(outer, s.Operation) and outer.operators[0] == "%" and values.kind == "tuple"


def _makes_text(outer: s.Syntax, inner: s.Syntax) -> bool:
    if isinstance(outer, s.FormattedString):
        return True
    if isinstance(outer, s.Conditional):
        return any(_written(n) for n in (outer.body, outer.orelse) if n is not inner)
    if isinstance(outer, s.Operation):
        return outer.operators[0] in ("+", "%")
    if isinstance(outer, (s.Attribute, s.Subscript)):
        return outer.value is inner
    if not isinstance(outer, s.Call):
        return False
    method = outer.function.attr if isinstance(outer.function, s.Attribute) else ""
    return s.dotted(outer.function) in MAKES_TEXT or method in _TEXT_METHODS


def _reworded(script: ScoringScript, handler: s.Handler, place: s.Expr) -> Edit:
    source = script.source.slice(place.span)
    trace = "traceback." in source or "format_exc" in source
    fallback = _TRACE if trace else fixed_message(script, handler)
    return Edit(script.path, place.span, f'"{_own_words(script, place) or fallback}"')


def _own_words(script: ScoringScript, place: s.Expr) -> str | None:
    """What a text says ahead of the exception, where that is a sentence of its own."""
    if isinstance(place, s.FormattedString):
        return _sentence(place.pieces[0] if place.pieces else "")
    if isinstance(place, s.Operation):
        said = _written(place.operands[0])
    elif isinstance(place, s.Call) and isinstance(place.function, s.Attribute):
        said = _written(place.function.value)
    elif isinstance(place, s.Conditional):
        return _written(place.body) or _written(place.orelse)
    else:
        said = ""
    return _sentence(re.split(r"[{%]", said)[0])


def _sentence(said: str) -> str | None:
    """What comes ahead of an exception's text, if it says something and needs no escapes."""
    said = said.strip(" \t:;,.=-–([<")
    plain = not re.search(r"[\"\\\n]", said)
    return said if plain and len(said.split()) > 1 and len(said) < 80 else None


def _written(node: s.Expr) -> str:
    return node.value if isinstance(node, s.Constant) and isinstance(node.value, str) else ""


def _logged(script: ScoringScript, handler: s.Handler) -> list[Edit] | None:
    """What makes a handler log; nothing where it does, `None` where a line does not fit in."""
    calls = (n for b in handler.body for n in s.walk(b) if isinstance(n, s.Call))
    if any(_logs(call, handler) for call in calls):
        return []
    first = handler.body[0].span
    lines = whole_lines(script, first, first)
    wanted = Wanted(script)
    logger = wanted.logger()
    if lines is None or logger is None:
        return None
    said = fixed_message(script, handler)
    expected = status_of(script, handler) == 400
    call = f'warning("{said}", exc_info=True)' if expected else f'exception("{said}")'
    text = f"{logger}.{call}"
    at = Span(first.start, first.start)
    return [*wanted.edits(), Edit(script.path, at, f"{text}{script.source.newline}{lines.indent}")]


def _logs(call: s.Call, handler: s.Handler) -> bool:
    """Whether a call puts the exception, or a text made of it, into the log."""
    called = (s.dotted(call.function) or "").rpartition(".")[2]
    if called in _LOGS:
        return True
    if called not in _SAYS:
        return False
    made = {handler.name}
    for node in (n for b in handler.body for n in s.walk(b)):
        if isinstance(node, s.Assign) and node.value and isinstance(node.targets[0], s.Name):
            read = {n.id for n in s.walk(node.value) if isinstance(n, s.Name)}
            if read & made or "traceback" in read:
                made.add(node.targets[0].id)
    return any(
        argument.keyword == "exc_info"
        or any(isinstance(n, s.Name) and n.id in made | {"traceback"} for n in s.walk(argument))
        for argument in call.arguments
    )


def _without_name(script: ScoringScript, handler: s.Handler) -> list[Edit]:
    """Take `as e` out of a handler that does not read `e` any more."""
    if handler.type is None:
        return []
    found = re.compile(rf"[)\s]*(\s+as\s+{handler.name})\s*:").match(
        script.source.text, handler.type.span.end
    )
    return [Edit(script.path, Span(*found.span(1)), "")] if found else []


def _within(span: Span, others: Iterable[Span]) -> bool:
    return any(o.contains(span) for o in others)
