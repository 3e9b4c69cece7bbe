"""How many bytes joblib writes for an array, from the object that describes it.

`joblib.numpy_pickle.NumpyArrayWrapper` holds the shape and the type of the elements. Since
joblib 1.2 the bytes are aligned: one byte says how many bytes of padding follow it.
"""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

from amllint.source.pickles.standins import Made

_TYPE: Final = re.compile(r"[<>|=]?([?a-zA-Z])(\d{0,9})")
_WIDER: Final = {"U": 4}
"""Bytes of one unit of an element's length, where that is not one."""
_HOLDS_OBJECTS: Final = 1
"""The flag of a type whose elements are, or hold, objects (`NPY_ITEM_REFCOUNT`)."""
_ITEM_SIZE, _FLAGS = 5, 7


class Payload(NamedTuple):
    """The bytes of an array: how many, if it is not a pickle itself, and if padding leads."""

    bytes: int
    is_pickled: bool
    is_padded: bool


def payload_of(wrapper: Made) -> Payload | None:
    """What follows a description of an array, `None` where that cannot be told."""
    state = wrapper.state
    if not isinstance(state, dict):
        return None
    shape, kind = state.get("shape"), state.get("dtype")
    if not isinstance(shape, tuple) or not isinstance(kind, Made):
        return None
    size = _item_size(kind)
    if size is None or not all(isinstance(n, int) and 0 <= n < 1 << 62 for n in shape):
        return None
    count = 1
    for length in shape[:64]:
        count *= length
    padded = state.get("numpy_array_alignment_bytes") is not None
    return Payload(count * size, size == 0 and _holds_objects(kind), padded)


def _item_size(kind: Made) -> int | None:
    """The bytes of one element; 0 where it is an object."""
    arguments = kind.arguments
    name = arguments[0] if isinstance(arguments, tuple) and arguments else None
    match = _TYPE.fullmatch(name) if isinstance(name, str) else None
    if match is None:
        return None
    if _holds_objects(kind):
        return 0
    whole = _of_state(kind, _ITEM_SIZE)
    if whole is not None and whole > 0:
        return whole
    return int(match.group(2) or 1) * _WIDER.get(match.group(1), 1)


def _holds_objects(kind: Made) -> bool:
    arguments: Any = kind.arguments
    return arguments[0].lstrip("<>|=").startswith("O") or bool(
        (_of_state(kind, _FLAGS) or 0) & _HOLDS_OBJECTS
    )


def _of_state(kind: Made, index: int) -> int | None:
    state = kind.state
    if not isinstance(state, tuple) or len(state) <= index:
        return None
    value = state[index]
    return value if isinstance(value, int) else None
