"""How many cores of a quota a deployment or a cluster takes."""

from __future__ import annotations

from typing import Final

from amllint.capacity.facts import OwnCores, Quota
from amllint.capacity.vm_sizes import ManagedSize, VmSize, family_key

UPGRADE_RESERVE_PERCENT: Final = 20
"""What a managed deployment reserves for its own upgrades, in quota alone."""


def reserved_instances(instances: int, is_exempt: bool = False) -> int:
    """Machines whose cores a managed online deployment takes: ceil(1.2 × n), or n.

    Source: Azure ML, "Manage and increase quotas", virtual machine quota allocation for managed
    online endpoints: ten of DS3_v2 take (12) × 4 = 48 cores.
    """
    percent = 100 if is_exempt else 100 + UPGRADE_RESERVE_PERCENT
    return -(-instances * percent // 100)


def managed_cores(size: ManagedSize, instances: int) -> int:
    """Cores of its family's quota that a managed online deployment takes."""
    return reserved_instances(instances, size.is_exempt) * size.vcpus


def cluster_cores(size: VmSize, nodes: int) -> int:
    """Cores of its family's quota, and of the region's, that the nodes of a cluster take."""
    return size.vcpus * nodes


def free_cores(
    family: str, family_free: dict[str, int], regional_free: int | None
) -> tuple[int, str] | None:
    """The cores that are left for sizes of a family, and which quota leaves them.

    `family_free` is by family as it is written, in any case and spacing. `None` where neither says.
    """
    of_family = {family_key(name): (cores, name) for name, cores in family_free.items()}
    found = [of_family[family_key(family)]] if family_key(family) in of_family else []
    if regional_free is not None:
        found.append((regional_free, "the region"))
    return min(found) if found else None


def left_for(family: str, quota: Quota) -> tuple[int, str] | None:
    """The cores that a deployment may take, and which quota leaves them; `None`: not known.

    What it takes already, where it replaces itself, comes back. What the workspace may use counts
    in all, whatever it uses now: how much of the usage is its own is not told.
    """
    own_family, own_cores = quota.own if isinstance(quota.own, OwnCores) else ("", 0)
    families = {
        name: cores + (own_cores if family_key(name) == family_key(own_family) else 0)
        for name, cores in quota.family_cores.items()
    }
    regional = None if quota.regional_cores is None else quota.regional_cores + own_cores
    free = free_cores(family, families, regional)
    for name, cap in quota.workspace_cores.items():
        if family_key(name) == family_key(family) and (free is None or cap < free[0]):
            free = cap, f"{name} in the workspace"
    return free


def is_listed(family: str, quota: Quota) -> bool:
    """Whether the quota tells of a family, or leaves out those that nobody declared."""
    known = {family_key(name) for name in (*quota.family_cores, *quota.unlimited)}
    return not quota.is_whole or family_key(family) in known
