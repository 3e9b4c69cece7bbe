"""Kinds of values: what type an expression has, as far as its text says.

A kind is a name (`"ndarray"`, `"dict"`, `"json text"`, see `known_types`) and, for containers
that the script writes out or fills, the kinds of what is in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from amllint.source.text import Span

_DEPTH: Final = 4
_MOST: Final = 24
"""How deep and how wide the parts of a container are followed; answers are smaller."""


class Kind(NamedTuple):
    """A type by name, `""` where it is not known, and the parts of a container."""

    name: str = ""
    parts: tuple[Part, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is known."""
        return bool(self.name)


class Part(NamedTuple):
    """Something in a container: under which key, written where, of what kind.

    `key` is `None` where every item is meant, or one that is not written out.
    """

    key: str | int | None
    at: Span
    kind: Kind


UNKNOWN: Final = Kind()
TEXT: Final = Kind("request text")
"""What the server hands to a `run` without decorators: a `str`."""
NUMPY_NUMBER: Final = Kind("numpy number")
"""A number that JSON does not know, or an array of such."""
_ARRAYS: Final = frozenset({"ndarray", "typed ndarray"})
"""A `typed ndarray` is one whose items are such numbers: of float32, integers, truth values."""
RAW: Final = Kind("raw request")
"""What it hands to one with `@rawhttp`: its own request object."""


def holding(name: str, parts: Iterable[Part]) -> Kind:
    """A container of parts."""
    return Kind(name, tuple(_pruned(p, _DEPTH) for p in parts)[:_MOST])


def _pruned(part: Part, depth: int) -> Part:
    if not part.kind.parts:
        return part
    inner = part.kind.parts if depth > 0 else ()
    kept = tuple(_pruned(p, depth - 1) for p in inner)
    return part._replace(kind=Kind(part.kind.name, kept))


def join_kinds(one: Kind, other: Kind) -> Kind:
    """What a value is that is one of two; `None` beside something leaves the something."""
    if one == other or other.name == "none":
        return one
    if one.name == "none":
        return other
    if one.name != other.name:
        return Kind("ndarray") if {one.name, other.name} == _ARRAYS else UNKNOWN
    here, there = _by_place(one), _by_place(other)
    parts: list[Part] = []
    for place, part in {**here, **there}.items():
        if place in here and place in there:
            parts.append(part._replace(kind=join_kinds(here[place].kind, part.kind)))
        elif part.key is None or not _may_replace(one, other):
            parts.append(part)
    return holding(one.name, parts)


def _by_place(kind: Kind) -> dict[tuple[object, Span | None], Part]:
    return {(p.key, p.at if p.key is None else None): p for p in kind.parts}


def _may_replace(one: Kind, other: Kind) -> bool:
    """Whether something under an unknown key of a dict may stand in for one that is known."""
    return one.name == "dict" and any(p.key is None for p in (*one.parts, *other.parts))


def item(kind: Kind, key: object) -> Kind:
    """What stands under a key, or what every item is where they are all alike."""
    named = [p.kind for p in kind.parts if p.key == key and key is not None]
    if named:
        return named[-1]
    kinds = {p.kind for p in kind.parts}
    alike = len(kinds) == 1 and all(p.key is None for p in kind.parts)
    return kinds.pop() if alike else UNKNOWN


def each(kind: Kind) -> Kind:
    """What every item of a container is, where they are all alike."""
    if kind.name == "typed ndarray" or kind == NUMPY_NUMBER:
        return NUMPY_NUMBER
    kinds = {p.kind for p in kind.parts}
    return kinds.pop() if len(kinds) == 1 and kind.name != "dict" else UNKNOWN


def stored(kind: Kind, key: str | int | None, at: Span, put: Kind) -> Kind:
    """A container once something was put under a key.

    A key that is not written out may be any of those that were there.
    """
    if kind.name not in ("dict", "list"):
        return kind
    if key is None:
        return holding(kind.name, (Part(None, at, put),))
    kept = tuple(p for p in kind.parts if p.key not in (key, None))
    return holding(kind.name, (*kept, Part(key, at, put)))


def appended(kind: Kind, at: Span, put: Kind) -> Kind:
    """A list with one more item."""
    return holding(kind.name, (*kind.parts, Part(None, at, put))) if kind.name == "list" else kind


def leaves(kind: Kind, at: Span) -> Iterator[tuple[Span, str]]:
    """The innermost kinds of a value written at a place, each with its own place."""
    if not kind.parts:
        yield at, kind.name
    for part in kind.parts:
        yield from leaves(part.kind, part.at)
