"""Places: what a path begins with and what follows, and how two are put together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, NamedTuple, TypeAlias

from amllint.source.python import syntax as s
from amllint.source.text import Span

MODEL_DIR: Final = "AZUREML_MODEL_DIR"
HOLE: Final = "\ufffc"
"""Stands in a text for what is not known."""

Base: TypeAlias = Literal["literal", "model-dir", "get-model-path", "script", "none", "unknown"]
"""`none` is no path at all (`None`, a number); `script` the folder of the script itself."""


class Place(NamedTuple):
    """One thing that a path expression can be: what it begins with, and what follows.

    `text` is as written, with `HOLE` for what is not known. `span` is where the base stands:
    the literal, the look-up of the variable, the call; `opened` says that it is the open file.
    """

    base: Base
    text: str
    span: Span
    opened: bool = False

    @property
    def is_absolute(self) -> bool:
        """Whether a literal begins at the root of the file system."""
        return self.base == "literal" and self.text.startswith("/")

    @property
    def is_known(self) -> bool:
        """Whether nothing in it is unknown."""
        return self.base not in ("unknown", "none") and not _is_open(self.text)

    @property
    def parts(self) -> tuple[str, ...]:
        """The names between the slashes, `.` and `..` resolved; a leading `..` stays."""
        found: list[str] = []
        for part in self.text.split("/"):
            if part == ".." and found and found[-1] != "..":
                found.pop()
            elif part not in ("", "."):
                found.append(part)
        return tuple(found)


def _is_open(text: str) -> bool:
    return HOLE in text or any(c in text for c in "*?[{$\n") or "://" in text


MOST: Final = 6
"""More possibilities than these count as unknown."""


def unknown_at(node: s.Syntax | Place) -> Place:
    return Place("unknown", HOLE, node.span)


def environment_variable(key: s.Constant, span: Span) -> Place:
    return Place("model-dir", "", span) if key.value == MODEL_DIR else Place("unknown", HOLE, span)


def asks_for_model_dir(test: s.Syntax) -> bool:
    return any(isinstance(n, s.Constant) and n.value == MODEL_DIR for n in s.walk(test))


def preferred(found: list[Place]) -> list[Place]:
    """Of several, the ones below the model folder: the others are for where it is not set."""
    return [p for p in found if p.base == "model-dir"] or found


def each(found: list[Place], change: Callable[[Place], Place]) -> list[Place]:
    return [change(place) for place in found]


def combine(
    left: list[Place], right: list[Place], join: Callable[[Place, Place], Place]
) -> list[Place]:
    pairs = [join(a, b) for a in left for b in right]
    return pairs if len(pairs) <= MOST * 2 else [unknown_at(left[0])]


def joined(left: Place, right: Place) -> Place:
    """`os.path.join`: what begins at a root of its own replaces what is ahead of it."""
    if right.base in ("model-dir", "get-model-path", "script") or right.is_absolute:
        return right
    text = right.text if right.base == "literal" else HOLE
    if left.base in ("none", "unknown"):
        return unknown_at(left)
    return left._replace(text=f"{left.text.rstrip('/')}/{text}" if left.text else f"./{text}")


def concatenated(left: Place, right: Place) -> Place:
    """`a + b`: a base behind an empty text stays a base."""
    if left.base == "literal" and not left.text.strip("./") and right.base != "literal":
        return right
    if left.base in ("none", "unknown"):
        return unknown_at(left)
    return left._replace(text=left.text + (right.text if right.base == "literal" else HOLE))


def parent_of(place: Place) -> Place:
    if place.base == "script" and place.text == "<script>":
        return place._replace(text="")
    if place.base in ("unknown", "none", "get-model-path"):
        return unknown_at(place)
    return place._replace(text=f"{place.text}/.." if place.text else "..")
