"""How certainly a function gets to a place in it: always, on some condition, or on a switch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, Literal, TypeAlias

from amllint.analysis.truth import truth_on_import
from amllint.source.python import syntax as s
from amllint.source.text import Span

Certainty: TypeAlias = Literal["always", "sometimes", "switched", "never"]

_SWITCHES: Final = frozenset({"environ", "getenv", "argv", "debug", "is_debug", "debugging"})
_CALLED: Final = (s.Function, s.Lambda, s.Class)


def certainty(body: Sequence[s.Syntax], span: Span) -> Certainty:
    """How certainly running some statements gets to a place in them.

    `switched` is behind a test of the environment or of something that is called debug;
    `never` behind a test that the server's import settles.
    """
    root = next((n for n in body if s.extent(n).contains(span)), None)
    if root is None:
        return "sometimes"
    path = s.path_to(root, span)
    tests = list(_tests(path))
    if any(truth is False for _, truth in tests):
        return "never"
    open_tests = [test for test, truth in tests if truth is None]
    if any(_is_switch(t) for t in open_tests):
        return "switched"
    if open_tests or any(_depends(a, b) for a, b in pairwise(path)):
        return "sometimes"
    return "sometimes" if _may_leave(body, path) else "always"


def _tests(path: list[s.Syntax]) -> Iterator[tuple[s.Expr, bool | None]]:
    """The tests that guard a place, and whether each holds for it if that is settled."""
    for outer, inner in pairwise(path):
        if isinstance(outer, (s.If, s.Conditional)) and inner is not outer.test:
            truth = truth_on_import(outer.test)
            body = outer.body if isinstance(outer, s.If) else (outer.body,)
            wanted = any(part is inner for part in body)
            yield outer.test, None if truth is None else truth is wanted
        elif isinstance(outer, s.While) and inner is not outer.test:
            yield outer.test, truth_on_import(outer.test)
        elif isinstance(outer, s.Operation) and _is_guarded(outer, inner):
            yield outer.operands[0], None


def _is_guarded(outer: s.Operation, inner: s.Syntax) -> bool:
    return outer.operators[0] in ("and", "or") and inner is not outer.operands[0]


def _depends(outer: s.Syntax, inner: s.Syntax) -> bool:
    """Whether being inside of something is enough to be run with it."""
    if isinstance(outer, (*_CALLED, s.Comprehension, s.Match, s.Case, s.Handler)):
        return True
    if isinstance(outer, s.Try):
        return any(part is inner for part in (*outer.handlers, *outer.orelse))
    return isinstance(outer, s.For) and inner is not outer.iterable


def _is_switch(test: s.Expr) -> bool:
    names = (n.attr if isinstance(n, s.Attribute) else getattr(n, "id", "") for n in s.walk(test))
    return any(name.lower() in _SWITCHES or "debug" in name.lower() for name in names)


def _may_leave(body: Sequence[s.Syntax], path: list[s.Syntax]) -> bool:
    """Whether a statement before the place can leave the function, or jump over the place."""
    at = path[-1].span.start
    return any(
        isinstance(node, (s.Return, s.Raise))
        for statement in body
        if statement.span.start < at
        for node in _own(statement)
        if node.span.start < at and node not in path
    )


def _own(statement: s.Syntax) -> Iterator[s.Syntax]:
    pending = [statement]
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, _CALLED):
            pending.extend(s.children(node))


def catches_it(body: Sequence[s.Syntax], span: Span, names: frozenset[str]) -> bool:
    """Whether a `try` around a place goes on after one of the named exceptions, or after all."""
    around = (n for statement in body for n in s.path_to(statement, span))
    tries = [n for n in around if isinstance(n, s.Try)]
    inside = [t for t in tries if any(s.extent(p).contains(span) for p in t.body)]
    return any(_takes(handler, names) for t in inside for handler in t.handlers)


def _takes(handler: s.Handler, names: frozenset[str]) -> bool:
    if any(isinstance(n, s.Raise) for part in handler.body for n in s.walk(part)):
        return False
    if handler.type is None:
        return True
    types = handler.type.items if isinstance(handler.type, s.Display) else (handler.type,)
    return any((s.dotted(t) or "").rpartition(".")[2] in names for t in types)
