"""The VM sizes that are known, by the table that ships with amllint.

Sizes appear with every generation of processors: one that is not in the table may exist.
"""

from __future__ import annotations

import difflib
from functools import cache
from typing import Any, Final, NamedTuple

from amllint.source.tables import table_path

TABLE: Final = "vm-sizes.json"
_ENDING: Final = frozenset({"standardncsv3", "standardndsv2"})
"""Families of old GPUs whose end Azure has announced: nothing to start with."""


class VmSize(NamedTuple):
    """A size as Azure names it, the family that its cores count in, and what a machine has."""

    name: str
    family: str
    vcpus: int
    memory_gib: float
    gpus: int


class ManagedSize(NamedTuple):
    """A size that is documented for managed online endpoints.

    `is_exempt`: nothing is reserved of it for upgrades. A part of a GPU counts as one.
    """

    name: str
    family: str
    vcpus: int
    memory_gib: float
    gpus: int
    is_exempt: bool


def find_size(name: str) -> VmSize | None:
    """A size by its name in any case; `None` for one that is not known."""
    return _sizes().get(name.lower())


def find_managed_size(name: str) -> ManagedSize | None:
    """A size of managed online endpoints by its name in any case."""
    return _managed().get(name.lower())


def sizes_with_gpus(gpus: int) -> list[VmSize]:
    """Sizes for computing that have so many GPUs or more, the smallest first.

    Left out are sizes for desktops, of which some have a part of a GPU, and families that end.
    """
    found = (size for size in _sizes().values() if size.gpus >= gpus)
    kept = (
        size
        for size in found
        if size.name.startswith(("Standard_NC", "Standard_ND"))
        and family_key(size.family) not in _ENDING
    )
    return sorted(kept, key=lambda size: (size.gpus, size.vcpus, size.name))


def closest_size(name: str, managed: bool = False) -> str | None:
    """The known size that a misspelt name resembles most."""
    known: dict[str, Any] = dict(_managed() if managed else _sizes())
    given = name.lower()
    if not given.startswith("standard"):
        given = f"standard_{given}"
    close = difflib.get_close_matches(given, known, 1, 0.8)
    return known[close[0]].name if close else None


def family_key(family: str) -> str:
    """A quota family for comparing: Azure's own services spell them in several ways."""
    return family.lower().replace(" ", "").replace("_", "").removesuffix("family")


@cache
def table() -> dict[str, Any]:
    """The table as data, with its `source` and `date`."""
    import json

    with open(table_path(TABLE), encoding="utf-8") as stream:
        data: dict[str, Any] = json.load(stream)
    return data


@cache
def _sizes() -> dict[str, VmSize]:
    return {
        name.lower(): VmSize(name, row["family"], row["vcpus"], row["gib"], row.get("gpus", 0))
        for name, row in table()["sizes"].items()
    }


@cache
def _managed() -> dict[str, ManagedSize]:
    return {
        name.lower(): ManagedSize(
            name,
            row["family"],
            row["vcpus"],
            row["gib"],
            row.get("gpus", 0),
            row.get("exempt", False),
        )
        for name, row in table()["managed"].items()
    }
