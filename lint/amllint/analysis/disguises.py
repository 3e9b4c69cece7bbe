"""Statements by which a function passes for another one before `inspect.signature`."""

from __future__ import annotations

from typing import Final

from amllint.analysis.libraries import passing_for
from amllint.analysis.meanings import External, Place, Resolves, Routine
from amllint.source.python import syntax as s

_ATTRIBUTES: Final = frozenset({"__wrapped__", "__signature__"})


def disguise(
    resolver: Resolves, statement: s.Stmt, name: str, function: Routine, place: Place
) -> Routine:
    """A function called `name` as inspection sees it once a statement has been run."""
    place = place._replace(at=statement.span.start)
    if isinstance(statement, s.Assign) and any(_is_disguise(t, name) for t in statement.targets):
        model = _model(resolver, statement.value, place)
        return _passing(resolver, function, model, place)
    call = statement.value if isinstance(statement, s.Evaluate) else None
    if isinstance(call, s.Call) and call.arguments and s.dotted(call.arguments[0].value) == name:
        # Whoever is handed the function may change what it passes for.
        update = resolver.meaning(call.function, place) == External("functools.update_wrapper")
        wrapped = call.arguments[1].value if update and len(call.arguments) > 1 else None
        return _passing(resolver, function, wrapped, place)
    inner = () if isinstance(statement, (s.Function, s.Class)) else s.walk(statement)
    if any(_is_disguise(node, name) for node in inner):
        return function._replace(shown=None)
    return function


def _is_disguise(node: s.Syntax, name: str) -> bool:
    named = isinstance(node, s.Attribute) and node.attr in _ATTRIBUTES
    return named and isinstance(node, s.Attribute) and s.dotted(node.value) == name


def _model(resolver: Resolves, value: s.Expr | None, place: Place) -> s.Expr | None:
    """The function whose signature a value is or stands for."""
    if not isinstance(value, s.Call):
        return value
    inspected = resolver.meaning(value.function, place) == External("inspect.signature")
    return value.arguments[0].value if inspected and value.arguments else None


def _passing(
    resolver: Resolves, function: Routine, wrapped: s.Expr | None, place: Place
) -> Routine:
    if wrapped is None:
        return function._replace(shown=None)
    found = passing_for(resolver, function, resolver.meaning(wrapped, place))
    return found if isinstance(found, Routine) else function._replace(shown=None)
