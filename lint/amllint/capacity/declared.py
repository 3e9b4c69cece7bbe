"""Facts of which the configuration is the source: what a declared cluster leaves for pods."""

from __future__ import annotations

from typing import Final, NamedTuple

from amllint.capacity.aks_nodes import MOST_PODS, Version, allocatable
from amllint.capacity.facts import DECLARED, Cluster, Missing, NewNode
from amllint.capacity.overheads import AKS_SIDE_CONTAINERS
from amllint.capacity.resources import Resources, resources
from amllint.capacity.scheduling import Node
from amllint.capacity.vm_sizes import find_size
from amllint.findings.finding import Location


class DeclaredCluster(NamedTuple):
    """The table `cluster`: amounts are for each node, `None` is what is not given."""

    location: Location
    node_size: str | None = None
    nodes: int | None = None
    max_nodes: int | None = None
    kubernetes_version: Version | None = None
    max_pods: int | None = None
    purpose: str | None = None
    used_cores_per_node: float | None = None
    used_memory_gib_per_node: float | None = None
    side_container_cores: float | None = None
    side_container_memory_gb: float | None = None

    def node(self) -> Node | None:
        """A node as its size says, without AKS's part; `None` for a size that is not known."""
        size = find_size(self.node_size) if self.node_size else None
        if size is None:
            return None
        has = allocatable(
            size.vcpus, size.memory_gib, size.gpus, self.kubernetes_version, self.max_pods
        )
        return Node(size.name, has, self.max_pods or MOST_PODS, self.used)

    def fact(self) -> Cluster | Missing:
        """The cluster, of nodes as their size says."""
        node = self.node()
        if node is None:
            why = f"of `{self.node_size}`, no size that is known" if self.node_size else _NO_SIZE
            return Missing(why, True, self.location)
        if self.nodes is None:
            return Missing("declared without `nodes`", True, self.location)
        return Cluster(
            self.location,
            DECLARED,
            node.name,
            (node,) * self.nodes,
            self.side_containers,
            (node,) * max((self.max_nodes or 0) - self.nodes, 0),
            self.purpose,
            self.used != Resources(),
            new=(NewNode(node, max((self.max_nodes or 0) - self.nodes, 0)),),
        )

    @property
    def used(self) -> Resources:
        """What other pods ask for on each node."""
        return resources(self.used_cores_per_node or 0, self.used_memory_gib_per_node or 0)

    @property
    def side_containers(self) -> Resources:
        """What Azure ML adds to each replica of AKS."""
        return self.added_to(AKS_SIDE_CONTAINERS)

    def added_to(self, usual: Resources) -> Resources:
        """What Azure ML adds to each replica, where nothing is declared what is usual."""
        cores, memory = self.side_container_cores, self.side_container_memory_gb
        given = resources(cores or 0, memory or 0)
        return Resources(
            usual.cpu_millicores if cores is None else given.cpu_millicores,
            usual.memory_bytes if memory is None else given.memory_bytes,
        )


_NO_SIZE: Final = "declared without `node-size`"
