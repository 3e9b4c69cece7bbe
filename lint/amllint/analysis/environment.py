"""Code that is only reached where an environment variable is, or is not, set."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, TypeVar

from amllint.analysis.statements import target_names
from amllint.source.python import syntax as s
from amllint.source.text import Span

Node = TypeVar("Node")


class ByKind(Protocol):
    """Facts of a script, as far as they are asked here."""

    def of_kind(self, kind: type[Node], /) -> list[Node]:
        """The nodes of a kind."""


def unset_regions(facts: ByKind, variable: str) -> tuple[Span, ...]:
    """Where a test of `variable` has found it not to be set.

    The test may name the variable or a local name that its value was given to.
    """
    if not any(c.value == variable for c in facts.of_kind(s.Constant)):
        return ()
    held = _holders(facts, variable)
    found: list[s.Syntax] = []
    for statement in facts.of_kind(s.If):
        found.extend(_unset_branch(statement, held, variable))
    for choice in facts.of_kind(s.Conditional):
        found.extend(_unset_branch(choice, held, variable))
    for operation in facts.of_kind(s.Operation):
        if operation.operators[0] == "or" and _mentions(operation.operands[0], held, variable):
            found.extend(operation.operands[1:])
    for attempt in facts.of_kind(s.Try):
        if any(_mentions(part, held, variable) for part in attempt.body):
            found.extend(part for h in attempt.handlers for part in h.body)
    for function in facts.of_kind(s.Function):
        found.extend(_after_exit(function, held, variable))
    return tuple(part.span for part in found)


def tried_regions(facts: ByKind) -> tuple[Span, ...]:
    """Where a `try` stands around whose handlers do not just raise again."""
    return tuple(
        part.span
        for node in facts.of_kind(s.Try)
        if any(not isinstance(h.body[-1], s.Raise) for h in node.handlers)
        for part in node.body
    )


def _holders(facts: ByKind, variable: str) -> set[str]:
    """Names that the variable's value, or something made of it, is given to."""
    held: set[str] = set()
    assigned: list[tuple[s.Expr, tuple[s.Expr, ...]]] = [
        *((n.value, n.targets) for n in facts.of_kind(s.Assign) if n.value is not None),
        *((n.value, (n.target,)) for n in facts.of_kind(s.NamedExpression)),
    ]
    for value, targets in sorted(assigned, key=lambda pair: pair[0].span):
        if _mentions(value, held, variable):
            held.update(n.id for target in targets for n in target_names(target))
    return held


def _mentions(node: s.Syntax, held: set[str], variable: str) -> bool:
    return any(
        (isinstance(n, s.Constant) and n.value == variable)
        or (isinstance(n, s.Name) and n.id in held)
        for n in s.walk(node)
    )


def _unset_branch(
    node: s.If | s.Conditional, held: set[str], variable: str
) -> tuple[s.Syntax, ...]:
    """The branch that is taken where the variable is not set; empty if it is no such test."""
    if not _mentions(node.test, held, variable):
        return ()
    body = node.body if isinstance(node, s.If) else (node.body,)
    orelse = node.orelse if isinstance(node, s.If) else (node.orelse,)
    return body if _asks_for_absence(node.test) else orelse


def _asks_for_absence(test: s.Expr) -> bool:
    """`not x`, `x is None`, `k not in environ`, `x == ""`."""
    if not isinstance(test, s.Operation):
        return False
    operator = test.operators[0]
    if operator in ("not", "not in"):
        return True
    if operator in ("is", "=="):
        right = test.operands[-1]
        return isinstance(right, s.Constant) and right.value in (None, "")
    return False


def _after_exit(function: s.Function, held: set[str], variable: str) -> Iterator[s.Stmt]:
    """What follows an `if` in a function that leaves it where the variable is set."""
    for index, statement in enumerate(function.body):
        if not isinstance(statement, s.If) or statement.orelse:
            continue
        leaves = bool(statement.body) and isinstance(statement.body[-1], (s.Return, s.Raise))
        positive = _mentions(statement.test, held, variable)
        if leaves and positive and not _asks_for_absence(statement.test):
            yield from function.body[index + 1 :]
            return
