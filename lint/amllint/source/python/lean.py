"""libcst without what reading a script does not need: it takes a fifth off a parse.

Every node that libcst makes checks itself, which is for trees that are built by hand: what
CPython has compiled and libcst's own parser has taken apart needs no further check. Where code
is generated, every expression is put between its parentheses by a generator, where a plain
object does, and every node is told of before and after. All is libcst's own again afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import libcst as cst
from libcst._nodes.expression import _BaseParenthesizedNode

from amllint.source.text import Span


@contextmanager
def unchecked() -> Iterator[None]:
    """Nodes that are made meanwhile do not check themselves."""
    with _replaced(cst.CSTNode, "__post_init__", _do_nothing):
        yield


@contextmanager
def plainly_generated() -> Iterator[None]:
    """Code is generated meanwhile for a `Recorder`, which asks for no more than it needs."""
    parentheses = _replaced(_BaseParenthesizedNode, "_parenthesize", _parenthesize)
    with parentheses, _replaced(cst.CSTNode, "_codegen", _generate):
        yield


@contextmanager
def _replaced(owner: type, name: str, by: Any) -> Iterator[None]:
    before = getattr(owner, name)
    setattr(owner, name, by)
    try:
        yield
    finally:
        setattr(owner, name, before)


def _generate(node: Any, state: Any, **options: Any) -> None:
    """A node's code without the calls before and after it, which nothing listens to."""
    node._codegen_impl(state, **options)


def _do_nothing(node: cst.CSTNode) -> None:
    """Stands for a node's check of itself."""


def _parenthesize(node: Any, state: Any) -> _Parentheses:
    return _Parentheses(node, state)


class _Parentheses:
    """What stands between parentheses is the node's own."""

    __slots__ = ("node", "start", "state")

    def __init__(self, node: Any, state: Any) -> None:
        self.node = node
        self.state = state

    def __enter__(self) -> None:
        for parenthesis in self.node.lpar:
            parenthesis._codegen(self.state)
        self.start = self.state.offset

    def __exit__(self, *error: object) -> None:
        self.state.spans[id(self.node)] = Span(self.start, self.state.offset)
        for parenthesis in self.node.rpar:
            parenthesis._codegen(self.state)
