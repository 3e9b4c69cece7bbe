"""The scopes around a place, and what they bind: how a name is looked up from there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from amllint.analysis.statements import bound_names, inner_blocks
from amllint.source.python import syntax as s


class Frame(NamedTuple):
    """One scope: what it binds itself, what it declares global, and what kind it is."""

    bound: frozenset[str]
    declared: frozenset[str] = frozenset()
    klass: bool = False
    function: bool = False


class Place(NamedTuple):
    """Where the walk is: the scopes around it, and what holds there."""

    frames: tuple[Frame, ...]
    function: str = "<module>"
    certain: bool = True
    tolerant: bool = False
    handled: bool = False

    def maybe(self) -> Place:
        return self._replace(certain=False)

    def forgiving(self, on: bool = True) -> Place:
        return self._replace(tolerant=self.tolerant or on)


def is_bound(name: str, frames: tuple[Frame, ...]) -> bool:
    """Whether a scope around a place binds a name; methods do not see their class's names."""
    in_function = False
    for frame in reversed(frames):
        if name in frame.declared:
            return False
        if name in frame.bound and not (frame.klass and in_function):
            return True
        in_function = in_function or frame.function
    return False


def block_names(body: tuple[s.Stmt, ...]) -> Iterator[str]:
    """Names that a block binds, in the blocks below it too."""
    for statement in body:
        yield from (n.id for n in bound_names(statement))
        if isinstance(statement, s.Try):
            yield from (h.name for h in statement.handlers if h.name)
        for block in inner_blocks(statement):
            yield from block_names(block)
