"""libcst without what reading a script does not need: it takes a fifth off a parse.

Every node that libcst makes checks itself, which is for trees that are built by hand: what
CPython has compiled and libcst's own parser has taken apart needs no further check. Where code
is generated, every expression is put between its parentheses by a generator, where a plain
object does, and every node is told of before and after. All is libcst's own again afterwards.

A process that is amllint's alone may `load` libcst in that shape and keep it.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from amllint.source.text import Span

if TYPE_CHECKING:
    import libcst as cst

_loaded = False


def load() -> None:
    """Import libcst for reading alone, where it is not imported yet.

    Its two hundred kinds of nodes are dataclasses, and what takes time in importing it is to
    write their methods. Made to be changed, not compared and not printed, they are imported in
    half the time, and a node is made faster, too: a frozen one goes around its own lock for
    each field.
    """
    global _loaded
    if "libcst" in sys.modules:
        return
    own = dataclasses.dataclass
    dataclasses.dataclass = _node_class
    try:
        from libcst._nodes.expression import _BaseParenthesizedNode
    finally:
        dataclasses.dataclass = own
    import libcst as cst

    _BaseParenthesizedNode._parenthesize = _parenthesize  # type: ignore[assignment]
    for kind in _kinds(cst.CSTNode):
        if "_codegen_impl" in vars(kind):
            kind._codegen = kind._codegen_impl
    _loaded = True


_dataclass: Any = dataclasses.dataclass


def _node_class(kind: Any = None, /, **options: Any) -> Any:
    """`dataclass`, but of libcst's nodes it makes no more than the parser needs."""
    if kind is None:
        return lambda kind: _node_class(kind, **options)
    if not kind.__module__.startswith("libcst._nodes."):
        return _dataclass(kind, **options)
    if "__post_init__" in vars(kind):
        del kind.__post_init__  # a node's check of itself
    lean = {"frozen": False, "repr": False, "eq": False, "match_args": False}
    return _dataclass(kind, **options | lean)


def _kinds(of: Any) -> Iterator[Any]:
    for kind in of.__subclasses__():
        yield kind
        yield from _kinds(kind)


@contextmanager
def unchecked() -> Iterator[None]:
    """Nodes that are made meanwhile do not check themselves."""
    if _loaded:
        yield
        return
    import libcst as cst

    with _replaced(cst.CSTNode, "__post_init__", _do_nothing):
        yield


@contextmanager
def plainly_generated() -> Iterator[None]:
    """Code is generated meanwhile for a `Recorder`, which asks for no more than it needs."""
    if _loaded:
        yield
        return
    import libcst as cst
    from libcst._nodes.expression import _BaseParenthesizedNode

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
