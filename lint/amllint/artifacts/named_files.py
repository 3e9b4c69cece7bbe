"""Files that code names: what their paths are, and whether the code may make them itself."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from amllint.analysis.values_of import Values, unknown
from amllint.artifacts.fields import Field, Known, Unknown
from amllint.findings.finding import Location
from amllint.source.nodes import Node, Scalar, to_data
from amllint.source.python import syntax as s
from amllint.source.text import Span

_MOVES: Final = re.compile(r"\bchdir\(|(?m:^[ \t]*%cd\b)")
"""What changes the folder that paths are relative to."""


class NamedFiles:
    """Reads paths off the expressions of one script, or of all cells of a notebook.

    `whole` is all text of the file. `is_there` says whether a path as the code has it leads to
    something.
    """

    def __init__(self, values: Values, whole: str, is_there: Callable[[str], bool]) -> None:
        self._values = values
        self._whole = whole
        self._is_there = is_there

    def node(self, value: s.Expr, beside: Iterable[s.Expr] = ()) -> Node:
        """A path; one that leads nowhere and is used elsewhere may be made by the code.

        Paths `beside` it, of the same call, are only read: to stand there makes nothing.
        """
        node = self._values.node(value)
        if not isinstance(node, Scalar) or node.placeholder:
            return node
        path = node.value
        if not isinstance(path, str) or not path or self._is_there(path):
            return node
        name = os.path.basename(path.rstrip("/\\"))
        if not re.search(r"\w", name):
            return node
        if _MOVES.search(self._whole):
            return unknown(node.span, "a path from where the code goes")
        if self._used_elsewhere(value, name, [b for b in beside if self._is(path, b)]):
            return unknown(node.span, "a path that the code may make")
        return node

    def _used_elsewhere(self, value: s.Expr, name: str, again: list[s.Expr]) -> bool:
        """Whether the text has a file's name, or a variable of its path, once more.

        `again` holds the other expressions that are known to be the same path.
        """
        read = [self._values.names_in(other) for other in again]
        if self._count(name) > 1 + sum(not names for names in read):
            return True
        named = self._values.names_in(value)
        return any(self._count(v) > 2 + sum(v in names for names in read) for v in named)

    def _is(self, path: str, other: s.Expr) -> bool:
        node = self._values.node(other)
        return isinstance(node, Scalar) and not node.placeholder and node.value == path

    def field(self, value: s.Expr | None, at: Callable[[Span], Location]) -> Field[Any] | None:
        """A path as a field, `None` where none is given; `at` makes places of spans."""
        if value is None:
            return None
        found = self.node(value)
        place = at(found.span)
        known = isinstance(found, Scalar) and not found.placeholder
        return Known(to_data(found), place, place) if known else Unknown("not known", place)

    def _count(self, name: str) -> int:
        """How often a name stands in the text; that of a variable, twice to be set and read."""
        return len(re.findall(rf"(?<!\w){re.escape(name)}(?!\w)", self._whole))
