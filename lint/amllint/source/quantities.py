"""Quantities of Kubernetes, as its API and its tools write amounts of CPU and memory."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from fractions import Fraction

_FACTORS: Final[dict[str, tuple[int, int]]] = {
    "": (1, 1),
    "n": (1, 10**9),
    "u": (1, 10**6),
    "m": (1, 1000),
    **{unit: (1000**power, 1) for power, unit in enumerate("kMGTPE", 1)},
    **{f"{unit}i": (1024**power, 1) for power, unit in enumerate("KMGTPE", 1)},
}
"""What each unit multiplies by, and divides by."""
_QUANTITY: Final = re.compile(
    r"([+-]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})(?:[eE][+-]?[0-9]{1,2})?)"
    r"([numkMGTPE]?|[KMGTPE]i)"
)
_LONGEST: Final = 40


def quantity(text: Any) -> Fraction:
    """A quantity of Kubernetes, such as `500m`, `1.5Gi`, `1e9` or `64M`, in its base unit.

    Source: Kubernetes, `resource.Quantity`. Raises `ValueError` for what is none.
    """
    return _parsed(str(text).strip())


def amount(text: Any) -> Fraction:
    """A quantity of something that there is, or that is asked for. Raises `ValueError`."""
    found = quantity(text)
    if found < 0:
        raise ValueError(f"`{str(text)[:_LONGEST]}` is below zero")
    return found


@lru_cache(maxsize=1024)
def _parsed(shown: str) -> Fraction:
    """The pods of a large cluster write the same few amounts thousands of times."""
    from fractions import Fraction

    match = _QUANTITY.fullmatch(shown)
    if match is None:
        raise ValueError(f"`{shown[:_LONGEST]}` is no quantity")
    return Fraction(match[1]) * Fraction(*_FACTORS[match[2]])
