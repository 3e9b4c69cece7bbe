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
import types
from abc import ABC
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from amllint.source.text import Span

if TYPE_CHECKING:
    import libcst as cst

_loaded = False
_node: type | None = None
_dataclass: Any = dataclasses.dataclass


def load() -> None:
    """Import libcst for reading alone, where it is not imported yet.

    Its two hundred kinds of nodes are frozen dataclasses with slots, and half of the time that
    importing it takes goes into making them so. A tree that is only read needs none of that:
    here a node is a plain object that takes the fields which the parser gives it.
    """
    global _loaded
    if "libcst" in sys.modules:
        return
    own = dataclasses.dataclass
    slots = types.ModuleType("libcst._add_slots")
    slots.add_slots = lambda kind: kind  # type: ignore[attr-defined]
    dataclasses.dataclass = _node_class
    sys.modules[slots.__name__] = slots
    try:
        from libcst._nodes.expression import _BaseParenthesizedNode
    finally:
        dataclasses.dataclass = own
        del sys.modules[slots.__name__]
    import libcst as cst

    del cst.CSTNode.__init__
    _BaseParenthesizedNode._parenthesize = _parenthesize  # type: ignore[assignment]
    for kind in _kinds(cst.CSTNode):
        if "_codegen_impl" in vars(kind):
            kind._codegen = kind._codegen_impl
    _loaded = True


def _node_class(kind: Any = None, /, **options: Any) -> Any:
    """`dataclass`, but a kind of libcst's nodes becomes a plain one with defaults."""
    global _node
    if kind is None:
        return lambda kind: _node_class(kind, **options)
    if kind.__module__ == "libcst._nodes.base" and kind.__name__ == "CSTNode":
        _node = _plain_node(kind)
        return _node
    if _node is None or not issubclass(kind, _node):
        return _dataclass(kind, **options)
    for name, value in list(vars(kind).items()):
        if isinstance(value, dataclasses.Field):
            _set_default(kind, name, value)
    return kind


def _plain_node(kind: type) -> type:
    """The base of all nodes anew: it takes fields by name, and is equal to itself alone."""
    mechanics = ("__slots__", "__dict__", "__weakref__", "__init_subclass__", "__post_init__")
    members = {n: v for n, v in vars(kind).items() if n not in mechanics and n != "_abc_impl"}
    members |= {"__eq__": object.__eq__, "__hash__": object.__hash__, "__init__": _begin}
    return type(kind)(kind.__name__, (types.SimpleNamespace, ABC), members)


def _begin(node: types.SimpleNamespace, *positional: object, **fields: object) -> None:
    """Stands in while libcst is imported, which makes nodes by position for its defaults."""
    types.SimpleNamespace.__init__(node, **fields)


def _set_default(kind: type, name: str, field: dataclasses.Field[Any]) -> None:
    """Leave a field's default on the class; the parser gives what has none."""
    if field.default is dataclasses.MISSING:
        delattr(kind, name)
    else:
        setattr(kind, name, field.default)


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
