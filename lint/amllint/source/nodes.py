"""A located value tree: what YAML and JSON files are once parsed.

Rules never see a parser's own nodes. Every node knows its span; `to_data` gives the plain
value as the Azure tools would have read it, with `UNKNOWN` where the file holds a template
placeholder.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple, TypeAlias

from amllint.source.text import Span

Path: TypeAlias = tuple[str | int, ...]
"""Keys and indexes from the root of a document to a node."""


class _Unknown:
    """The value of something that is only known when the template is filled in."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = _Unknown()


class Scalar(NamedTuple):
    """A string, number, boolean, date or null. `raw` is the text as parsed, before typing."""

    span: Span
    value: Any
    raw: str
    quoted: bool = False
    placeholder: bool = False


class Entry(NamedTuple):
    """One key of a mapping; `merged` says it came in through `<<`."""

    key: Scalar
    value: Node
    merged: bool = False


class Mapping:
    """Keys in file order; a repeated key is kept, and the last one counts."""

    __slots__ = ("_counting", "entries", "flow", "span")

    def __init__(self, span: Span, entries: tuple[Entry, ...], flow: bool = False) -> None:
        self.span = span
        self.entries = entries
        self.flow = flow
        self._counting: dict[Any, Entry] | None = None

    def get(self, key: Any) -> Entry | None:
        """The entry that counts for `key`: the last written one, own ones before merged ones."""
        if self._counting is None:
            self._counting = {}
            for entry in self.entries:
                known = self._counting.get(entry.key.value)
                if known is None or known.merged or not entry.merged:
                    self._counting[entry.key.value] = entry
        return self._counting.get(key)


class Sequence(NamedTuple):
    """Items in file order."""

    span: Span
    items: tuple[Node, ...]
    flow: bool = False


Node: TypeAlias = Scalar | Mapping | Sequence


def to_data(node: Node) -> Any:
    """The plain value of a node; placeholders become `UNKNOWN`."""
    if isinstance(node, Scalar):
        return UNKNOWN if node.placeholder else node.value
    if isinstance(node, Sequence):
        return [to_data(item) for item in node.items]
    merged = {e.key.value: to_data(e.value) for e in node.entries if e.merged}
    return {**merged, **{e.key.value: to_data(e.value) for e in node.entries if not e.merged}}


def entry_at(root: Node, path: Path) -> Entry | None:
    """The mapping entry that a path ends in; `None` if it ends in a list item or nowhere."""
    if not path:
        return None
    parent = node_at(root, path[:-1])
    return parent.get(path[-1]) if isinstance(parent, Mapping) else None


def node_at(root: Node, path: Path) -> Node | None:
    """The node at a path, `None` where the path leads nowhere."""
    node: Node | None = root
    for step in path:
        if isinstance(node, Mapping):
            entry = node.get(step) or node.get(str(step))
            node = entry.value if entry else None
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            return None
    return node


def scalars(node: Node) -> Iterator[Scalar]:
    """Every scalar below a node, keys included."""
    stack: list[Node] = [node]
    while stack:
        here = stack.pop()
        if isinstance(here, Scalar):
            yield here
        elif isinstance(here, Sequence):
            stack.extend(reversed(here.items))
        else:
            for entry in here.entries:
                yield entry.key
                stack.append(entry.value)
