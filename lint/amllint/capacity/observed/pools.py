"""Nodes of a cluster by its node pools: what their sizes leave for pods, and what may be added."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from amllint.capacity.aks_nodes import MOST_PODS, allocatable, parsed_version
from amllint.capacity.facts import Missing, Quota
from amllint.capacity.observed.nodes import POOL_LABELS, SIZE_LABELS
from amllint.capacity.observed.sizes import machine
from amllint.capacity.observed.told import missing
from amllint.capacity.quota import free_cores
from amllint.capacity.resources import Resources
from amllint.capacity.scheduling import Node, Taint
from amllint.snapshot.document import Snapshot
from amllint.snapshot.place_rows import AksCluster, NodePool

MOST_NODES: Final = 5000
"""AKS has no larger clusters."""


def usable(cluster: AksCluster) -> Iterator[NodePool]:
    """The pools that a service can run on: nodes of Linux, not stopped."""
    if (cluster.power or "").lower() == "stopped":
        return
    for pool in cluster.node_pools:
        if (pool.os_type or "linux").lower() == "linux" and (pool.power or "").lower() != "stopped":
            yield pool


def nominal(
    snapshot: Snapshot, cluster: AksCluster, pool: NodePool, used: Resources
) -> Node | Missing:
    """A node of a pool as its size says."""
    size = machine(snapshot, pool.vm_size)
    if size is None:
        return missing(f"node pool `{pool.name}` is of `{pool.vm_size}`, no size that is known")
    version = parsed_version(pool.kubernetes_version or cluster.kubernetes_version or "")
    has = allocatable(size.vcpus, size.memory_gib, size.gpus, version, pool.max_pods)
    labels = {
        **dict.fromkeys(POOL_LABELS, pool.name),
        **dict.fromkeys(SIZE_LABELS, pool.vm_size),
        "kubernetes.io/os": "linux",
        "kubernetes.azure.com/mode": (pool.mode or "user").lower(),
        **pool.labels,
    }
    taints = tuple(taint for taint in map(taint_of, pool.taints) if taint is not None)
    most = pool.max_pods or MOST_PODS
    return Node(pool.vm_size, has, most, used, 0, tuple(labels.items()), taints)


def taint_of(text: str) -> Taint | None:
    """A taint as node pools have it, `key=value:effect`; `None` for what is none."""
    named, colon, effect = text.rpartition(":")
    key, _, value = named.partition("=")
    return Taint(key, value, effect) if colon and key else None


class Growth(NamedTuple):
    """How many nodes the autoscaler may add to a pool: as its bounds and the quota allow, as its
    bounds alone do, and as the quota alone does, `None` where that is not known.
    """

    pool: NodePool
    more: int
    by_autoscaler: int
    by_quota: int | None


def growth(
    snapshot: Snapshot,
    pools: Iterable[tuple[NodePool, int]],
    quota: Quota | Missing,
    *,
    is_any_pool: bool,
) -> tuple[Growth, ...]:
    """How many nodes the cluster autoscaler may add to pools of so many, as its quota allows.

    Pools of like nodes share the quota, if `is_any_pool`: what is deployed asks for none by its
    name. Of others it is not known which of them it goes to, so each has all that the quota leaves.
    """
    found: list[Growth] = []
    for pool, now in pools:
        taken = sum(o.more for o in found if is_any_pool and _are_alike(pool, o.pool))
        most, left = _autoscaled(pool, now), left_by_quota(snapshot, pool, quota)
        more = most if left is None else min(most, max(left - taken, 0))
        found.append(Growth(pool, more, most, left))
    return tuple(found)


def _are_alike(pool: NodePool, other: NodePool) -> bool:
    """Whether it makes no difference to a pod which of two pools a node is of."""
    return _kind(pool) == _kind(other)


def _kind(pool: NodePool) -> tuple[object, ...]:
    return pool.vm_size.lower(), frozenset(pool.taints), pool.max_pods, pool.labels


def _autoscaled(pool: NodePool, now: int) -> int:
    """How many nodes the autoscaler may add to a pool of so many, whatever the quota says."""
    if not pool.is_autoscaled or pool.max_count is None:
        return 0
    return max(min(pool.max_count, MOST_NODES) - now, 0)


def left_by_quota(snapshot: Snapshot, pool: NodePool, quota: Quota | Missing) -> int | None:
    """For how many more nodes of a pool the quota has cores, `None` where that is not known."""
    size = machine(snapshot, pool.vm_size)
    if size is None or isinstance(quota, Missing):
        return None
    free = free_cores(size.family, quota.family_cores, quota.regional_cores)
    return max(free[0] // size.vcpus, 0) if free is not None else None
