"""Uses of the request that its type does not have, so that they raise on every call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from amllint.analysis.exceptions import catches, caught_names
from amllint.analysis.kinds import RAW, TEXT
from amllint.analysis.names import Names
from amllint.analysis.values import Misuse, Value
from amllint.source.python import syntax as s

_JSON: Final = {
    "json.loads": "TypeError",
    "json.load": "AttributeError",
}
_FRAMES: Final = frozenset({"pandas.DataFrame"})
_DECODED: Final = frozenset({"ndarray", "typed ndarray", "dataframe", "dict", "list", "number"})


class Fault(NamedTuple):
    """How a use fails: what it raises, and what it did (`indexes`, `asks`, `parses`)."""

    raises: str
    verb: str


def by_index(value: Value, node: s.Subscript) -> Fault | None:
    """`text["key"]` and `request["key"]`."""
    if value.checked or not value.came_in or node.slice:
        return None
    key = node.keys[0] if len(node.keys) == 1 else None
    named = isinstance(key, s.Constant) and isinstance(key.value, str)
    if (value.kind == TEXT and named) or value.kind == RAW:
        return Fault("TypeError", "indexes")
    return None


def by_attribute(value: Value, attr: str) -> Fault | None:
    """`text.method`, where a `str` has none of that name."""
    if value.checked or value.kind != TEXT or hasattr(str, attr):
        return None
    return Fault("AttributeError", "asks")


def by_call(qualified: str, values: Sequence[Value]) -> Fault | None:
    """`json.loads(request)`, and of what a schema has decoded; `pandas.DataFrame(text)`."""
    value = values[0] if values else None
    if value is None or value.checked or not value.came_in:
        return None
    kind = value.kind
    if qualified == "json.loads" and (kind == RAW or kind.name in _DECODED):
        return Fault(_JSON[qualified], "parses")
    if qualified == "json.load" and (kind in (RAW, TEXT) or kind.name in _DECODED):
        return Fault(_JSON[qualified], "reads")
    if qualified in _FRAMES and kind in (RAW, TEXT):
        return Fault("ValueError", "tabulates")
    return None


def ends_call(
    fault: Fault, tries: tuple[tuple[s.Handler, ...] | None, ...], used: s.Expr, names: Names
) -> bool:
    """Whether no handler makes up for a use that fails: it gets out, or a handler only reports it.

    A handler that looks at the value again, or goes on without it, may be the way that works.
    """
    for handlers in reversed(tries):
        if handlers is None:
            return False
        for handler in handlers:
            caught = caught_names(handler, names)
            if caught is None:
                return False
            if any(catches(c, fault.raises) for c in caught):
                return _only_reports(handler, used)
    return True


def _only_reports(handler: s.Handler, used: s.Expr) -> bool:
    nodes = [n for statement in handler.body for n in s.walk(statement)]
    root = s.root_name(used)
    if any(isinstance(n, s.Name) and n.id == root for n in nodes):
        return False
    if handler.body and isinstance(handler.body[-1], (s.Return, s.Raise)):
        return True
    kept = (n.value for n in nodes if isinstance(n, s.Assign) and n.value is not None)
    return bool(handler.name) and any(
        isinstance(n, s.Name) and n.id == handler.name for value in kept for n in s.walk(value)
    )


def misuse(fault: Fault, node: s.Expr, used: s.Expr, value: Value) -> Misuse:
    """The use as it is kept."""
    return Misuse(node.span, used.span, value.kind.name, fault.raises, fault.verb)
