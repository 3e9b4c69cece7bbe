"""Exception handlers after which a function goes on, and what it then lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from amllint.analysis.names import Names
from amllint.analysis.statements import bound_names, following, inner_blocks, own_expressions
from amllint.source.python import syntax as s
from amllint.source.text import Span

EXITS: Final = frozenset(
    {"sys.exit", "os._exit", "exit", "quit", "os.abort", "os.kill", "signal.raise_signal"}
)


def tries(body: tuple[s.Stmt, ...]) -> Iterator[s.Try]:
    """Every `try` of a body, not those of functions and classes in it."""
    for statement in body:
        if isinstance(statement, s.Try):
            yield statement
        for block in inner_blocks(statement):
            yield from tries(block)


def may_raise_again(
    handler: s.Handler, names: Names, functions: Mapping[str, s.Function], depth: int = 2
) -> bool:
    """Whether a handler, or a function of the script that it calls, raises or ends the process."""
    return any(_raises(statement, names, functions, depth) for statement in handler.body)


def _raises(node: s.Syntax, names: Names, functions: Mapping[str, s.Function], depth: int) -> bool:
    for inner in s.walk(node):
        if isinstance(inner, s.Raise):
            return True
        if isinstance(inner, s.Call):
            name = names.qualify(inner.function) or ""
            if name in EXITS:
                return True
            own = functions.get(name)
            if own is not None and depth and _raises(own, names, functions, depth - 1):
                return True
    return False


def assigned(body: tuple[s.Stmt, ...]) -> dict[str, list[s.Stmt]]:
    """Names that the statements of a body assign, with the statements; imports do not count."""
    found: dict[str, list[s.Stmt]] = {}
    for statement in body:
        if not isinstance(statement, (s.Import, s.Function, s.Class)):
            for name in bound_names(statement):
                found.setdefault(name.id, []).append(statement)
        for block in inner_blocks(statement):
            for name_, statements in assigned(block).items():
                found.setdefault(name_, []).extend(statements)
    return found


def is_nothing(value: s.Expr | None) -> bool:
    """Whether a value only stands for one that is missing: None, False, an empty text or list."""
    if isinstance(value, s.Constant):
        return value.value is None or value.value is False or value.value in ("", b"")
    if isinstance(value, s.Dictionary):
        return not value.keys
    return isinstance(value, s.Display) and (not value.items or all(map(is_nothing, value.items)))


def gives_value(statements: list[s.Stmt]) -> bool:
    """Whether any of some statements assigns more than nothing."""
    return any(not (isinstance(n, s.Assign) and is_nothing(n.value)) for n in statements)


def raises_after(body: tuple[s.Stmt, ...], offset: int, names: Names) -> bool:
    """Whether a statement behind an offset raises or exits: the failure may be told there."""
    return any(_raises(statement, names, {}, 0) for statement in following(body, offset))


class Nothing(NamedTuple):
    """A handler after which a function returns nothing, although it returns something else."""

    handler: s.Handler
    function: s.Function


def returns_nothing(
    function: s.Function, names: Names, functions: Mapping[str, s.Function]
) -> Nothing | None:
    """Where a function gives back `None` in place of a value once a handler has swallowed."""
    for attempt in tries(function.body):
        inside = [n for b in (*attempt.body, *attempt.orelse) for n in s.walk(b)]
        gives = any(isinstance(n, s.Return) and not is_nothing(n.value) for n in inside)
        later = [n for st in following(function.body, attempt.span.end) for n in s.walk(st)]
        if not gives or any(isinstance(n, (s.Return, s.Raise)) for n in later):
            continue
        for handler in attempt.handlers:
            if may_raise_again(handler, names, functions):
                continue
            own = [n for b in handler.body for n in s.walk(b) if isinstance(n, s.Return)]
            if all(is_nothing(n.value) or n.value is None for n in own):
                return Nothing(handler, function)
    return None


def tested_names(root: s.Syntax) -> Iterator[tuple[str, Span]]:
    """Names and texts that stand in tests: `if model is None`, `if "model" in globals()`."""
    for node in s.walk(root):
        tests: list[s.Expr] = []
        if isinstance(node, (s.If, s.While, s.Assert, s.Conditional)):
            tests = [node.test]
        elif isinstance(node, s.Operation) and node.operators[0] in ("and", "or", "not"):
            tests = list(node.operands)
        elif isinstance(node, s.Match):
            tests = [node.subject]
        for part in (n for t in tests for n in s.walk(t)):
            if isinstance(part, s.Name):
                yield part.id, part.span
            elif isinstance(part, s.Constant) and isinstance(part.value, str):
                yield part.value, part.span


def goes_on(handler: s.Handler) -> bool:
    """Whether a handler neither returns nor raises: what comes after its `try` is run."""
    inner = (n for b in handler.body for n in s.walk(b))
    return not any(isinstance(n, (s.Return, s.Raise)) for n in inner)


def own_calls(body: tuple[s.Stmt, ...]) -> Iterator[s.Call]:
    """Calls in the statements of a body, not those in functions and classes defined in it."""
    for statement in body:
        if isinstance(statement, (s.Function, s.Class)):
            continue
        for expression in own_expressions(statement):
            yield from (n for n in s.walk(expression) if isinstance(n, s.Call))
        for block in inner_blocks(statement):
            yield from own_calls(block)
