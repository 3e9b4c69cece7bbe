"""Tests that look at a value before it is used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from amllint.source.python import syntax as s

_LOOKS: Final = frozenset({"isinstance", "hasattr", "len", "type", "set", "all", "any", "issubset"})
_ASKS: Final = frozenset({"keys", "get", "issubset", "issuperset"})
_VALIDATES: Final = re.compile(r"(?i)valid|check|verify|ensure|require|assert")


def tested_names(test: s.Expr) -> set[str]:
    """Names whose shape a test asks for: `k in x`, `isinstance(x, …)`, `x.keys()`, `x.get(k)`."""
    return set(_tested(test))


def _tested(test: s.Expr) -> Iterator[str]:
    for node in s.walk(test):
        if isinstance(node, s.Operation) and node.operators[0] in ("in", "not in"):
            yield from _names(node.operands[1])
        elif isinstance(node, s.Call):
            called = s.dotted(node.function) or ""
            if called in _LOOKS or validates(node):
                for argument in node.arguments:
                    yield from _names(argument.value)
            method = node.function if isinstance(node.function, s.Attribute) else None
            if method is not None and method.attr in _ASKS:
                yield from _names(method.value)


def _names(node: s.Expr) -> Iterator[str]:
    for part in s.walk(node):
        if isinstance(part, s.Name):
            yield part.id


def validates(call: s.Call) -> bool:
    """Whether a call's name says that it judges what is passed in."""
    function = call.function
    name = function.attr if isinstance(function, s.Attribute) else s.dotted(function) or ""
    return bool(_VALIDATES.search(name))


def ends_in_return(body: tuple[s.Stmt, ...]) -> bool:
    """Whether a block returns as its last statement: in a `finally`, that swallows everything."""
    return bool(body) and isinstance(body[-1], s.Return)
