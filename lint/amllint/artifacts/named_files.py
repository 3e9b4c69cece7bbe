"""Files that code names: what their paths are, and whether the code may make them itself."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import Any

from amllint.analysis.values_of import Values, unknown
from amllint.artifacts.fields import Field, Known, Unknown
from amllint.findings.finding import Location
from amllint.source.nodes import Node, Scalar, to_data
from amllint.source.python import syntax as s
from amllint.source.text import Span


class NamedFiles:
    """Reads paths off the expressions of one script, or of all cells of a notebook.

    `whole` is all text of the file. `is_there` says whether a path as the code has it leads to
    something.
    """

    def __init__(self, values: Values, whole: str, is_there: Callable[[str], bool]) -> None:
        self._values = values
        self._whole = whole
        self._is_there = is_there

    def node(self, value: s.Expr) -> Node:
        """A path; one that leads nowhere and is used elsewhere may be made by the code."""
        node = self._values.node(value)
        if not isinstance(node, Scalar) or node.placeholder:
            return node
        path = node.value
        if not isinstance(path, str) or not path or self._is_there(path):
            return node
        name = os.path.basename(path.rstrip("/\\"))
        if not re.search(r"\w", name):
            return node
        named = self._values.names_in(value)
        if self._count(name) > 1 or any(self._count(v) > 2 for v in named):
            return unknown(node.span, "a path that the code may make")
        return node

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
