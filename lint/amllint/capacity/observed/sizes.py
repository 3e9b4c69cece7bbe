"""Sizes of machines: as the region has them, and else as the table that ships with amllint."""

from __future__ import annotations

from typing import Final

from amllint.capacity.vm_sizes import VmSize, find_size
from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot
from amllint.snapshot.facts import Read
from amllint.snapshot.place_rows import NodeSize

_MOST_CORES: Final = 10_000
_MOST_GIB: Final = 1_000_000
"""More than any machine has."""


def machine(snapshot: Snapshot, name: str) -> VmSize | None:
    """A size of virtual machines by its name in any case; `None` for one that neither knows."""
    known, fact = find_size(name), snapshot.fact(facts.NODE_SIZES)
    for size in fact.value if isinstance(fact, Read) else ():
        if size.name.lower() != name.lower() or not _is_whole(size):
            continue
        assert size.vcpus is not None
        assert size.memory_gib is not None
        family = size.family or (known.family if known is not None else "")
        return VmSize(size.name, family, size.vcpus, size.memory_gib, size.gpus)
    return known


def _is_whole(size: NodeSize) -> bool:
    """Whether cores and memory are told, as amounts that a machine can have."""
    cores, memory = size.vcpus or 0, size.memory_gib or 0
    return 0 < cores <= _MOST_CORES and 0 < memory <= _MOST_GIB and 0 <= size.gpus <= _MOST_CORES
