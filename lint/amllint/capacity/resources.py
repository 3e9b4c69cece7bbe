"""Amounts of CPU, memory and GPUs, as Kubernetes counts them."""

from __future__ import annotations

import re
from math import ceil
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from fractions import Fraction

MIB: Final = 1 << 20
GIB: Final = 1 << 30
"""A gigabyte of a configuration of Azure ML is taken for this many bytes."""
GPU: Final = "nvidia.com/gpu"

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


def quantity(text: Any) -> Fraction:
    """A quantity of Kubernetes, such as `500m`, `1.5Gi`, `1e9` or `64M`, in its base unit.

    Source: Kubernetes, `resource.Quantity`. Raises `ValueError` for what is none.
    """
    from fractions import Fraction

    shown = str(text).strip()
    match = _QUANTITY.fullmatch(shown)
    if match is None:
        raise ValueError(f"`{shown[:_LONGEST]}` is no quantity")
    return Fraction(match[1]) * Fraction(*_FACTORS[match[2]])


def of_list(amounts: dict[str, Any]) -> Resources:
    """A resource list of Kubernetes (`cpu`, `memory`, `nvidia.com/gpu`).

    Parts of a millicore and of a byte are rounded up, as the scheduler does. Raises `ValueError`.
    """
    cpu, memory, gpus = (quantity(amounts.get(name, 0)) for name in ("cpu", "memory", GPU))
    return Resources(ceil(cpu * 1000), ceil(memory), int(gpus))
