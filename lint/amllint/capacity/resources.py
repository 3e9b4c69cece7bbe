"""Amounts of CPU, memory and GPUs, as Kubernetes counts them."""

from __future__ import annotations

from math import ceil
from typing import Any, Final, NamedTuple

from amllint.source.quantities import amount

MIB: Final = 1 << 20
GIB: Final = 1 << 30
"""A gigabyte of a configuration of Azure ML is taken for this many bytes."""
GPU: Final = "nvidia.com/gpu"


class Resources(NamedTuple):
    """What is asked for, or what there is: thousandths of a core, bytes, whole GPUs."""

    cpu_millicores: int = 0
    memory_bytes: int = 0
    gpus: int = 0

    def plus(self, other: Resources) -> Resources:
        """Both together."""
        return Resources(*(a + b for a, b in zip(self, other, strict=True)))

    def minus(self, other: Resources) -> Resources:
        """What the other leaves; negative where it takes more than there is."""
        return Resources(*(a - b for a, b in zip(self, other, strict=True)))

    def most(self, other: Resources) -> Resources:
        """The larger amount of each."""
        return Resources(*map(max, zip(self, other, strict=True)))

    def times(self, count: int) -> Resources:
        """So many of them."""
        return Resources(*(amount * count for amount in self))

    def within(self, other: Resources) -> bool:
        """Whether the other has as much of everything."""
        return all(a <= b for a, b in zip(self, other, strict=True))

    @property
    def memory_gib(self) -> float:
        """The memory in GiB."""
        return self.memory_bytes / GIB

    @property
    def cores(self) -> float:
        """The CPU in cores."""
        return self.cpu_millicores / 1000


def resources(cores: float, memory_gib: float, gpus: int = 0) -> Resources:
    """Amounts as people write them; parts of a millicore and of a byte count as whole ones."""
    # 0.1 of a gigabyte is a little over itself in binary; decimals are meant.
    millicores = ceil(round(cores * 1000, 6))
    return Resources(millicores, ceil(round(memory_gib * GIB, 3)), gpus)


def of_list(amounts: dict[str, Any]) -> Resources:
    """A resource list of Kubernetes (`cpu`, `memory`, `nvidia.com/gpu`).

    Parts of a millicore and of a byte are rounded up, as the scheduler does. Raises `ValueError`.
    """
    cpu, memory, gpus = (amount(amounts.get(name, 0)) for name in ("cpu", "memory", GPU))
    return Resources(ceil(cpu * 1000), ceil(memory), int(gpus))
