"""Documents that calls in code amount to, so that a rule reads a call as it reads a file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from amllint.source.code import CodeText
from amllint.source.documents import Document, opening
from amllint.source.nodes import Entry, Mapping, Node, Path, Scalar, Sequence, entry_at, node_at
from amllint.source.text import Span

LANGUAGE: Final = "python"


class CalledDocument(Document):
    """What a call says, under the keys of the file that would say the same.

    Places are those of the arguments; what is missing is missing at the name that is called.
    """

    def __init__(self, code: CodeText, root: Mapping) -> None:
        super().__init__(code.source, root, LANGUAGE)
        self.code = code

    @property
    def path(self) -> str:
        """The display path of the script or notebook."""
        return self.code.path

    @property
    def text_path(self) -> str:
        """The path that places in it have, until they are told by file and cell."""
        return self.code.source.path

    def unknown_because(self, node: Node | None) -> str:
        """Why a value cannot be read off the code."""
        unread = isinstance(node, Scalar) and node.placeholder
        return str(node.value) if isinstance(node, Scalar) and unread else "part of it is unknown"

    def span_at(self, path: Path, key: bool = False) -> Span:
        """The argument of a path; the name that is called where it is not given."""
        entry = entry_at(self.root, path)
        if entry is not None and (key or isinstance(entry.value, Scalar)):
            return entry.key.span if key else entry.value.span
        while path and node_at(self.root, path) is None:
            path = path[:-1]
        node = node_at(self.root, path) or self.root
        return opening(node) if isinstance(node, Sequence) else node.span


class Tree:
    """A mapping that is put together key by key; the last value of a key counts."""

    def __init__(self, span: Span) -> None:
        self.span = span
        self._values: dict[str, tuple[Span, Node | Tree]] = {}

    def put(self, path: Iterable[str], value: Node, key: Span) -> None:
        """Set the value at a path; sections on the way stand where the whole does."""
        *steps, last = path
        here = self
        for step in steps:
            known = here._values.get(step)
            if known is None or not isinstance(known[1], Tree):
                old = known[1] if known else None
                if isinstance(old, Scalar):
                    return  # part of something that is unknown as a whole
                before = old if isinstance(old, Mapping) else None
                here._values[step] = (self.span, _opened(before, self.span))
            inner = here._values[step][1]
            assert isinstance(inner, Tree)
            here = inner
        here._values[last] = (key, value)

    def drop(self, path: Iterable[str]) -> None:
        """Take away what stands at a path."""
        *steps, last = path
        here = self
        for step in steps:
            inner = here._values.get(step, (self.span, None))[1]
            if not isinstance(inner, Tree):
                return
            here = inner
        here._values.pop(last, None)

    def node(self) -> Mapping:
        """What was put together."""
        entries = []
        for name, (span, value) in self._values.items():
            built = value.node() if isinstance(value, Tree) else value
            entries.append(Entry(Scalar(span, name, name), built))
        return Mapping(self.span, tuple(entries), True)


def _opened(node: Mapping | None, span: Span) -> Tree:
    """A tree with what a mapping has already."""
    tree = Tree(span)
    for entry in node.entries if node else ():
        tree._values[str(entry.key.value)] = (entry.key.span, entry.value)
    return tree


def text(value: Any, span: Span) -> Scalar:
    """A text that stands for a place in code."""
    return Scalar(span, value, str(value), True)
