"""What a load takes: replicas, amounts and nodes; and what given replicas carry."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from amllint.capacity.aks_nodes import MOST_PODS, allocatable
from amllint.capacity.facts import Cluster
from amllint.capacity.fitting import Fit, fit
from amllint.capacity.overheads import AKS_SIDE_CONTAINERS
from amllint.capacity.replicas import (
    DEFAULT_CONCURRENT_REQUESTS,
    DEFAULT_TARGET_UTILIZATION,
    busy_replicas,
    replicas_needed,
    requests_carried,
    utilization,
)
from amllint.capacity.resources import Resources, resources
from amllint.capacity.rooms import SURGE
from amllint.capacity.scheduling import Node, room, service_pod
from amllint.capacity.vm_sizes import family_key, sizes_with_gpus

MOST_EXAMPLES: Final = 3


class Load(NamedTuple):
    """Requests that arrive, how long each takes, and how replicas are to take them."""

    requests_per_second: float
    seconds_per_request: float
    concurrent_requests: int = DEFAULT_CONCURRENT_REQUESTS
    target_utilization: float = DEFAULT_TARGET_UTILIZATION

    @property
    def busy(self) -> float:
        """Replicas that are at work on average."""
        return busy_replicas(
            self.requests_per_second, self.seconds_per_request, self.concurrent_requests
        )

    @property
    def replicas(self) -> int:
        """Replicas that it takes, of which the target's share is busy; one for next to nothing."""
        return max(replicas_needed(self.busy, self.target_utilization), 1)

    def utilization(self, replicas: int) -> float:
        """The share of so many replicas that it keeps busy."""
        return utilization(self.busy, replicas)

    def carried(self, replicas: float, share: float | None = None) -> float:
        """Requests per second that so many replicas carry, busy for a share of the time."""
        target = self.target_utilization if share is None else share
        return requests_carried(
            replicas, self.seconds_per_request, self.concurrent_requests, target
        )


class Fleet(NamedTuple):
    """Nodes of one kind for replicas of one kind: how many a node takes, and how many nodes."""

    per_node: int
    nodes: int
    nodes_for_update: int


def fleet(pod: Resources, node: Node, replicas: int) -> Fleet | None:
    """The nodes that replicas take; `None` where not even one fits on a node."""
    each = room(service_pod(pod), node)
    if each == 0:
        return None
    return Fleet(each, math.ceil(replicas / each), math.ceil((replicas + SURGE) / each))


@dataclass(frozen=True, slots=True)
class Replicas:
    """The replicas that a configuration allows, and the file that it stands in."""

    path: str
    least: int
    most: int
    is_scaled: bool


@dataclass(frozen=True, slots=True)
class Sizing:
    """A load, and what is known of what is to carry it; `None` is what nothing says.

    `cores`, `memory_gb` and `gpus` are what a container asks for, `added` what Azure ML adds to it
    in the same pod. `node` is a node of the cluster, or of the size that is given, `unread` says
    why the cluster is not known that was asked for. `load_source` is where the load is from.
    """

    load: Load
    load_source: str
    configured: Replicas | None = None
    cores: float | None = None
    memory_gb: float | None = None
    gpus: int = 0
    added: Resources = AKS_SIDE_CONTAINERS
    node: Node | None = None
    cluster: Cluster | None = None
    unread: str = ""

    @property
    def fit(self) -> Fit | None:
        """How the replicas of the load fit onto the cluster."""
        if self.pod is None or self.cluster is None:
            return None
        return fit(service_pod(self.pod), self.cluster, self.load.replicas)

    @property
    def room(self) -> int | None:
        """How many replicas the cluster takes in the end."""
        found = self.fit
        return found.rooms.in_the_end if found is not None else None

    @property
    def is_growth_open(self) -> bool:
        """Whether more nodes may be added than are known of."""
        return self.cluster is not None and self.cluster.more is not None

    @property
    def pod(self) -> Resources | None:
        """What a replica asks of a node in all."""
        if self.cores is None or self.memory_gb is None:
            return None
        return resources(self.cores, self.memory_gb, self.gpus).plus(self.added)

    @property
    def lacking(self) -> tuple[str, ...]:
        """Which amounts of a container nothing says, of `cores` and `memory`."""
        amounts = {"cores": self.cores, "memory": self.memory_gb}
        return tuple(name for name, amount in amounts.items() if amount is None)

    @property
    def is_too_large(self) -> bool:
        """Whether no node takes a replica, whatever the amounts that nothing says."""
        known = resources(self.cores or 0, self.memory_gb or 0, self.gpus)
        least = known.plus(self.added)
        if self.node is None or room(service_pod(least), self.node):
            return False
        # Other pools may have larger nodes than the one that is shown.
        nodes = self.cluster.all_nodes if self.cluster is not None else ()
        return not any(room(service_pod(least), node) for node in nodes)

    @property
    def fleet(self) -> Fleet | None:
        """The nodes for the replicas of the load."""
        if self.pod is None or self.node is None:
            return None
        return fleet(self.pod, self.node, self.load.replicas)

    @property
    def is_placed(self) -> bool:
        """Whether nothing that is known keeps the replicas from finding nodes."""
        if self.pod is None or self.node is None:
            return not self.is_too_large
        found = self.fit
        if found is None:
            return self.fleet is not None
        return found.is_placed or (self.is_growth_open and not self.is_too_large)

    @property
    def lacks_gpus(self) -> bool:
        """Whether a node has fewer GPUs than one replica asks for."""
        return self.node is not None and self.node.allocatable.gpus < self.gpus

    def sizes_with_gpus(self) -> list[str]:
        """Sizes of nodes that take a replica with its GPUs, the smallest of each family."""
        found: dict[str, str] = {}
        for size in sizes_with_gpus(self.gpus) if self.pod is not None else ():
            node = Node(size.name, allocatable(size.vcpus, size.memory_gib, size.gpus), MOST_PODS)
            if self.pod is not None and room(service_pod(self.pod), node):
                found.setdefault(family_key(size.family), size.name)
        return list(found.values())[:MOST_EXAMPLES]

    @property
    def configuration(self) -> dict[str, Any] | None:
        """What to write, by the keys of a deployment configuration for AKS.

        `None` where no node takes a replica: there is nothing to write that would run.
        """
        if self.is_too_large:
            return None
        load, given = self.load, self.configured
        written: dict[str, Any] = {"computeType": "aks"}
        if given is not None and not given.is_scaled:
            written["numReplicas"] = load.replicas
        else:
            written["autoScaler"] = {
                "autoscaleEnabled": True,
                "minReplicas": load.replicas,
                "maxReplicas": max(load.replicas, self._most()),
                "targetUtilization": round(load.target_utilization * 100),
            }
        written["maxConcurrentRequestsPerContainer"] = load.concurrent_requests
        amounts = {"cpu": self.cores, "memoryInGB": self.memory_gb}
        given_amounts = {key: amount for key, amount in amounts.items() if amount is not None}
        if given_amounts:
            written["containerResourceRequirements"] = given_amounts
        return written | ({"gpuCores": self.gpus} if self.gpus else {})

    def _most(self) -> int:
        """The most replicas that are configured and that the cluster takes."""
        given, most = self.configured.most if self.configured is not None else 0, self.room
        return given if most is None or self.is_growth_open else min(given, most)
