"""Sizes of machines: as the region has them, and else as the table that ships with amllint."""

from __future__ import annotations

from amllint.capacity.vm_sizes import VmSize, find_size
from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot
from amllint.snapshot.facts import Read


def machine(snapshot: Snapshot, name: str) -> VmSize | None:
    """A size of virtual machines by its name in any case; `None` for one that neither knows."""
    known, fact = find_size(name), snapshot.fact(facts.NODE_SIZES)
    for size in fact.value if isinstance(fact, Read) else ():
        if size.name.lower() != name.lower() or size.vcpus is None or size.memory_gib is None:
            continue
        family = size.family or (known.family if known is not None else "")
        return VmSize(size.name, family, size.vcpus, size.memory_gib, size.gpus)
    return known
