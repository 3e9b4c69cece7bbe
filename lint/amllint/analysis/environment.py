"""Code that is only reached where an environment variable is, or is not, set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from amllint.analysis.statements import target_names
from amllint.source.python import syntax as s
from amllint.source.text import Span


class Placed(Protocol):
    """Anything that stands somewhere in the script."""

    @property
    def span(self) -> Span:
        """Where it stands."""


def reached_when_unset(nodes: Sequence[s.Syntax], call: Placed, variable: str) -> bool:
    """Whether `call` stands where a test of `variable` has found it not to be set.

    The test may name the variable or a local name that its value was given to.
    """
    held = _holders(nodes, variable)
    for node in nodes:
        if isinstance(node, (s.If, s.Conditional)):
            branch = _unset_branch(node, held, variable)
            if any(part.span.contains(call.span) for part in branch):
                return True
        elif isinstance(node, s.Operation) and node.operators[0] == "or":
            tested = _mentions(node.operands[0], held, variable)
            if tested and any(part.span.contains(call.span) for part in node.operands[1:]):
                return True
        elif isinstance(node, s.Try):
            tried = any(_mentions(part, held, variable) for part in node.body)
            handlers = [part for h in node.handlers for part in h.body]
            if tried and any(part.span.contains(call.span) for part in handlers):
                return True
        elif isinstance(node, s.Function) and _after_exit(node, call, held, variable):
            return True
    return False


def is_tried(nodes: Sequence[s.Syntax], place: Placed) -> bool:
    """Whether a `try` stands around a place whose handlers do not just raise again."""
    return any(
        isinstance(node, s.Try)
        and any(not isinstance(h.body[-1], s.Raise) for h in node.handlers)
        and any(part.span.contains(place.span) for part in node.body)
        for node in nodes
    )


def _holders(nodes: Sequence[s.Syntax], variable: str) -> set[str]:
    """Names that the variable's value, or something made of it, is given to."""
    held: set[str] = set()
    for node in nodes:
        if isinstance(node, s.Assign) and node.value and _mentions(node.value, held, variable):
            held.update(n.id for target in node.targets for n in target_names(target))
        elif isinstance(node, s.NamedExpression) and _mentions(node.value, held, variable):
            held.update(n.id for n in target_names(node.target))
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


def _after_exit(function: s.Function, call: Placed, held: set[str], variable: str) -> bool:
    """Whether a call follows an `if` in its function that leaves where the variable is set."""
    for index, statement in enumerate(function.body):
        if not isinstance(statement, s.If) or statement.orelse:
            continue
        leaves = bool(statement.body) and isinstance(statement.body[-1], (s.Return, s.Raise))
        positive = _mentions(statement.test, held, variable)
        if leaves and positive and not _asks_for_absence(statement.test):
            rest = function.body[index + 1 :]
            if any(part.span.contains(call.span) for part in rest):
                return True
    return False
