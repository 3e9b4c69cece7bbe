"""Code that does not run on every call, because something kept from earlier calls is asked."""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from typing import Final

from amllint.analysis.facts import ScriptFacts
from amllint.analysis.read_script import FunctionLike
from amllint.source.python import syntax as s
from amllint.source.text import Span

_CACHES: Final = frozenset(
    {"lru_cache", "cache", "cached", "cachedmethod", "memoize", "cached_property", "once"}
    | {"cache_resource", "singleton", "memory"}
)


def is_cached(facts: ScriptFacts, function: FunctionLike | None) -> bool:
    """Whether a decorator keeps what a function returned."""
    names = facts.decorators(function) if function is not None else ()
    return any(name.rpartition(".")[2] in _CACHES for name in names)


def depends_on_state(facts: ScriptFacts, function: FunctionLike | None, at: Span) -> bool:
    """Whether a place in a function is only reached where a test of kept state leads there.

    Kept is what is neither a parameter nor a local name: a global, an attribute of `self`. The
    test may stand around the place, or end the function ahead of it; a handler or the right
    side of `or` counts as well.
    """
    if function is None:
        return False
    around = s.path_to(function, at)[1:]
    return any(_leads(facts, function, node, at) for node in around) or any(
        isinstance(node, s.If) and _ends(node) and _asks_state(facts, function, node.test)
        for node in _ahead(function, at)
    )


def _leads(facts: ScriptFacts, function: FunctionLike, node: s.Syntax, at: Span) -> bool:
    if isinstance(node, (s.If, s.Conditional, s.While)):
        inside = not node.test.span.contains(at)
        return inside and _asks_state(facts, function, node.test)
    if isinstance(node, s.Operation) and node.operators[0] in ("or", "and"):
        return not node.operands[0].span.contains(at)
    return isinstance(node, s.Handler)


def _ahead(function: FunctionLike, at: Span) -> Iterator[s.Stmt]:
    """The statements ahead of a place in the blocks around it."""
    for node in s.path_to(function, at):
        for value in node[1:]:
            if isinstance(value, tuple):
                statements = (n for n in value if isinstance(n, s.STATEMENTS))
                yield from (n for n in statements if n.span.end <= at.start)


def _ends(statement: s.If) -> bool:
    return bool(statement.body) and isinstance(statement.body[-1], s.Return)


def _asks_state(facts: ScriptFacts, function: FunctionLike, test: s.Expr) -> bool:
    scope = facts.scope(function)
    imported = facts.names.imported
    for node in s.walk(test):
        if isinstance(node, s.Attribute) and s.dotted(node.value) in ("self", "cls"):
            return True
        if not isinstance(node, s.Name) or scope.local(node.id):
            continue
        if node.id in ("globals", "hasattr", "locals"):
            return True
        plain = hasattr(builtins, node.id) or node.id in facts.functions
        if not plain and imported(node.id) is None:
            return True
    return False
