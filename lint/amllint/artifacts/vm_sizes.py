"""What the name of an Azure VM size says."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

_SIZE: Final = re.compile(r"^(?:standard|basic)_([a-z]+)(?=\d)", re.IGNORECASE)
_WITHOUT_GPU: Final = frozenset(
    {"a", "b", "bs", "d", "dc", "ds", "e", "ec", "f", "fx", "g", "gs", "h", "hb", "hc", "hx"}
    | {"l", "ls", "m", "fs"}
)
"""Families of sizes; every size with a GPU is of the `N` family."""


def has_gpu(size: str) -> bool | None:
    """Whether machines of a size have a GPU, by its family; `None` where that cannot be told.

    Source: the naming conventions of Azure VM sizes; of the 900 sizes that the price lists name,
    none outside of the `N` families has a GPU.
    """
    match = _SIZE.match(size)
    family = match.group(1).lower() if match else ""
    return False if family in _WITHOUT_GPU else None


_RETIRED: Final = (
    (re.compile(r"(?i)standard_nc\d+r?(?:_promo)?|standard_nc\d+r?s_v2"), date(2023, 8, 31)),
    (re.compile(r"(?i)standard_nd\d+r?s|standard_nv\d+(?:_promo)?"), date(2023, 8, 31)),
    (re.compile(r"(?i)(?:standard|basic)_a\d+|standard_hb60(?:-\d+)?rs"), date(2024, 8, 31)),
)
_CORES_V2: Final = {1: 1, 2: 2, 3: 4, 4: 8, 5: 16, 11: 2, 12: 4, 13: 8, 14: 16, 15: 20}
_NUMBERED: Final = re.compile(r"(?i)standard_[a-z]+(\d+)[a-z]*_v[3-9]")
_OLD: Final = re.compile(r"(?i)standard_ds?(\d+)_v2")


def retired(size: str, today: date) -> date | None:
    """When Azure retired a size, `None` for one that it had not before today.

    Source: "Migration guide for retired VM sizes" of Azure, as of November 2026.
    """
    return next((day for sizes, day in _RETIRED if sizes.fullmatch(size) and day < today), None)


def cores(size: str) -> int | None:
    """How many cores a machine has, by the name of its size; `None` where that does not tell.

    From the third version on, the number in a name is that of the cores.
    """
    old = _OLD.fullmatch(size)
    if old is not None:
        return _CORES_V2.get(int(old[1]))
    match = _NUMBERED.fullmatch(size)
    return int(match[1]) if match else None
