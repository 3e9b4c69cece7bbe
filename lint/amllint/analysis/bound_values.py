"""Which expression a binding gives to its name."""

from __future__ import annotations

from collections.abc import Iterator

from amllint.analysis.statements import own_expressions, reachable, target_names
from amllint.source.python import syntax as s
from amllint.source.text import Span


def bound_expression(statement: s.Stmt, name: Span) -> s.Expr | None:
    """What a statement binds to the name written at `name`, if it always is one expression."""
    if isinstance(statement, s.Assign) and statement.value is not None:
        for target in statement.targets:
            for found, value in _paired(target, statement.value):
                if found.span == name:
                    return value
    for expression in own_expressions(statement):
        for node in evaluated(expression):
            if isinstance(node, s.NamedExpression) and node.target.span == name:
                return node.value
    return None


def _paired(target: s.Expr, value: s.Expr | None) -> Iterator[tuple[s.Name, s.Expr | None]]:
    """The names of a target, each with its part of the value where that is written out."""
    if isinstance(target, s.Name):
        yield target, value
    elif isinstance(target, s.Display):
        for item, part in zip(target.items, _parts(target.items, value), strict=True):
            yield from _paired(item, part)
    elif isinstance(target, s.Starred) and isinstance(target.value, s.Name):
        yield target.value, s.Comprehension(target.span, "list", (), ())
    else:
        yield from ((name, None) for name in target_names(target))


def _parts(targets: tuple[s.Expr, ...], value: s.Expr | None) -> list[s.Expr | None]:
    unknown: list[s.Expr | None] = [None] * len(targets)
    if not isinstance(value, s.Display) or value.kind == "set":
        return unknown
    if any(isinstance(item, s.Starred) for item in value.items):
        return unknown
    stars = [i for i, target in enumerate(targets) if isinstance(target, s.Starred)]
    if not stars:
        return list(value.items) if len(value.items) == len(targets) else unknown
    behind = len(targets) - stars[0] - 1
    if len(value.items) < len(targets) - 1:
        return unknown
    return [*value.items[: stars[0]], None, *value.items[len(value.items) - behind :]]


def evaluated(expression: s.Syntax) -> Iterator[s.Syntax]:
    """The parts of an expression that are evaluated whenever it is."""
    pending = [expression]
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, s.Conditional):
            pending.append(node.test)
        elif isinstance(node, s.Operation) and node.operators[0] in ("and", "or"):
            pending.append(node.operands[0])
        elif isinstance(node, s.Comprehension):
            pending.append(node.clauses[0].iterable)
        elif not isinstance(node, s.Lambda):
            pending.extend(s.children(node))


def executed(body: tuple[s.Stmt, ...]) -> Iterator[s.Stmt]:
    """The simple statements of a function's body that every call gets to, unless it fails."""
    for statement in reachable(body):
        final = statement.final if isinstance(statement, s.Try) else ()
        if any(isinstance(node, s.Return) for node in own_nodes(final)):
            return
        if isinstance(statement, s.Try) and not statement.handlers:
            yield from executed(statement.body)
            if any(isinstance(node, s.Return) for node in own_nodes(statement.body)):
                return
            yield from executed(statement.final)
        elif any(isinstance(node, s.Return) for node in own_nodes((statement,))):
            if isinstance(statement, s.Return):
                yield statement
            return
        elif not isinstance(statement, (s.Try, s.If, s.For, s.While, s.With, s.Match)):
            yield statement


def own_nodes(body: tuple[s.Syntax, ...]) -> Iterator[s.Syntax]:
    """The nodes of a body without those of functions and classes inside of it."""
    pending = list(reversed(body))
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, (s.Function, s.Class, s.Lambda)):
            pending.extend(reversed(tuple(s.children(node))))
