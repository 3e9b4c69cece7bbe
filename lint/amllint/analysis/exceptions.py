"""Which handlers catch which exceptions."""

from __future__ import annotations

import builtins
from typing import Final

from amllint.analysis.names import Names
from amllint.source.python import syntax as s

_PARENTS: Final = {
    "JSONDecodeError": "ValueError",
    "json.JSONDecodeError": "ValueError",
    "json.decoder.JSONDecodeError": "ValueError",
    "binascii.Error": "ValueError",
    "PIL.UnidentifiedImageError": "OSError",
    "pydantic.ValidationError": "ValueError",
}


def caught_names(handler: s.Handler, names: Names) -> tuple[str, ...] | None:
    """The exception classes a handler names; `None` when it cannot be told. Bare: BaseException."""
    if handler.type is None:
        return ("BaseException",)
    types = handler.type.items if isinstance(handler.type, s.Display) else (handler.type,)
    found: list[str] = []
    for node in types:
        name = names.qualify(node)
        held = names.tuples.get(name or "")
        parts = [names.qualify(item) for item in held.items] if held else [name]
        if None in parts or any(_is_collection(p or "") for p in parts):
            return None
        found.extend(p for p in parts if p is not None)
    return tuple(found)


def _is_collection(name: str) -> bool:
    """Whether a name is written like a constant: a tuple of classes from elsewhere."""
    last = name.rpartition(".")[2]
    return last.isupper() and len(last) > 1


def catches(caught: str, raised: str) -> bool:
    """Whether `except caught` catches an exception of the class `raised`."""
    parents = _ancestry(raised)
    short = caught.rpartition(".")[2]
    known = getattr(builtins, short, None)
    same = known.__name__ if isinstance(known, type) else short
    return caught in parents or short in parents or same in parents


def _ancestry(name: str) -> set[str]:
    names = {name, name.rpartition(".")[2]}
    parent = _PARENTS.get(name)
    found = getattr(builtins, parent or name, None)
    if isinstance(found, type) and issubclass(found, BaseException):
        names |= {c.__name__ for c in found.__mro__}
    else:
        names |= {"Exception", "BaseException"}
    return names


def is_known(name: str) -> bool:
    """Whether the class hierarchy of an exception name is known."""
    found = getattr(builtins, name.removeprefix("builtins."), None)
    return name in _PARENTS or (isinstance(found, type) and issubclass(found, BaseException))
