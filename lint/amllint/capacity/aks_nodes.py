"""What AKS leaves of a node for pods: reserved CPU and memory, and what can be allocated.

Source: "Node resource reservations in AKS" (learn.microsoft.com), whose tables and examples these
formulas give; those before 1.29 also give what nodes of 7 and 8 GiB reported to `kubectl describe`.
A real node has a little less than its nominal memory, of which its kernel takes a part: these are
upper bounds.
"""

from __future__ import annotations

from typing import Final

from amllint.capacity.resources import GIB, MIB, Resources

Version = tuple[int, int]
"""A version of Kubernetes, `(1, 29)`."""

NEW_RESERVATION: Final[Version] = (1, 29)
"""The first version with the reservation of memory by the number of pods."""
FEWEST_DEFAULT_MAX_PODS: Final = 30
"""The default of Azure CNI, the smallest of the documented ones, so the least is reserved."""
MOST_PODS: Final = 250
"""More pods than this a node of AKS never takes."""

_CPU: Final = ((1, 60), (2, 40), (4, 20), (float("inf"), 10))
"""Millicores for each core up to this one."""
_MEMORY_SHARES: Final = ((4, 25), (8, 20), (16, 10), (128, 6), (float("inf"), 2))
"""Percent of each GiB up to this one."""
_EVICTION_MIB: Final = 100
_OLD_EVICTION_MIB: Final = 750
_MIB_PER_POD: Final = 20
_MIB_BESIDES: Final = 50


def reserved_cpu_millicores(vcpus: int) -> int:
    """CPU that a node keeps for itself: 60 of the first core, 40 of the second, …"""
    return int(_sum_of_brackets(vcpus, _CPU))


def reserved_memory_mib(
    memory_gib: float, version: Version, max_pods: int = FEWEST_DEFAULT_MAX_PODS
) -> int:
    """Memory that a node keeps for itself and below which it evicts pods, MiB.

    From 1.29: 20 MiB for each pod that it may have and 50 MiB, at most a quarter, and 100 MiB.
    Before: 25 % of the first 4 GiB, 20 % of the next 4, 10 % of the next 8, 6 % of the next 112,
    2 % of the rest, and 750 MiB.
    """
    if version >= NEW_RESERVATION:
        by_pods = _MIB_PER_POD * max_pods + _MIB_BESIDES
        return int(min(by_pods, memory_gib * 1024 / 4)) + _EVICTION_MIB
    percents = _sum_of_brackets(memory_gib, _MEMORY_SHARES)
    return int(round(percents * 1024 / 100, 6)) + _OLD_EVICTION_MIB


def allocatable(
    vcpus: int,
    memory_gib: float,
    gpus: int = 0,
    version: Version | None = None,
    max_pods: int | None = None,
) -> Resources:
    """What pods can ask for in all on an empty node, at most.

    Where the version is not known it is the most that any leaves; likewise for `max_pods`.
    """
    versions = [version] if version is not None else [NEW_RESERVATION, (1, 28)]
    pods = FEWEST_DEFAULT_MAX_PODS if max_pods is None else max_pods
    reserved = min(reserved_memory_mib(memory_gib, each, pods) for each in versions)
    return Resources(
        max(vcpus * 1000 - reserved_cpu_millicores(vcpus), 0),
        max(int(memory_gib * GIB) - reserved * MIB, 0),
        gpus,
    )


def parsed_version(text: str) -> Version | None:
    """`1.28`, `v1.28.5` or `1.28.5-gke.1` as numbers; `None` for what is no version."""
    parts = text.strip().removeprefix("v").split(".")
    if len(parts) < 2 or not all(p.isascii() and p.isdigit() and len(p) < 5 for p in parts[:2]):
        return None
    return int(parts[0]), int(parts[1])


def _sum_of_brackets(amount: float, brackets: tuple[tuple[float, int], ...]) -> float:
    total, lower = 0.0, 0.0
    for upper, share in brackets:
        total += max(min(amount, upper) - lower, 0) * share
        lower = upper
    return total
