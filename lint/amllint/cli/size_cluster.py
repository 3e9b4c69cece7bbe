"""What carries a load: the nodes of a size that is given, or of a cluster as it is known."""

from __future__ import annotations

import argparse
from typing import NamedTuple

from amllint.capacity.aks_nodes import MOST_PODS, allocatable
from amllint.capacity.declared import DeclaredCluster
from amllint.capacity.facts import Cluster, Missing
from amllint.capacity.observed.sizes import machine
from amllint.capacity.overheads import AKS_SIDE_CONTAINERS
from amllint.capacity.resources import Resources
from amllint.capacity.scheduling import Node
from amllint.capacity.vm_sizes import closest_size, find_size
from amllint.config import Settings
from amllint.engine.loads import cluster_of_none
from amllint.rules.capacity.offered import Catalogue, catalogue, refusal
from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot
from amllint.source.problem import Refused
from amllint.units import DeploymentUnit


class Carrier(NamedTuple):
    """A node for replicas, what Azure ML adds to each of these, and the cluster, if it is known.

    `unread` says why a cluster is not known that the snapshot was asked for. `declared` is what
    the node is of, where the configuration says it.
    """

    node: Node | None
    added: Resources = AKS_SIDE_CONTAINERS
    cluster: Cluster | None = None
    unread: str = ""
    declared: DeclaredCluster | None = None


def carrier(
    options: argparse.Namespace,
    settings: Settings,
    unit: DeploymentUnit | None,
    snapshot: Snapshot | None,
) -> Carrier:
    """What carries the load, by what counts first: options, the deployment's own declaration,
    the snapshot, what is declared for all. Raises `Refused` for a size that there is not.
    """
    if options.node_size is not None:
        return Carrier(_named(options.node_size, snapshot))
    own = unit.declaration.cluster if unit is not None and unit.declaration is not None else None
    declared = own or settings.target.cluster
    if snapshot is None:
        return _declared(declared) if declared is not None else Carrier(None)
    fact = unit.facts.cluster if unit is not None else cluster_of_none(settings, snapshot)
    if isinstance(fact, Cluster):
        return Carrier(_roomiest(fact), fact.side_containers, fact)
    rest = _declared(declared) if declared is not None else Carrier(None)
    return rest._replace(unread=fact.reason)


def _declared(declared: DeclaredCluster) -> Carrier:
    node, fact = declared.node(), declared.fact()
    cluster = None if isinstance(fact, Missing) else fact
    return Carrier(node, declared.side_containers, cluster, declared=declared)


def _roomiest(cluster: Cluster) -> Node | None:
    """The node of a cluster that has most for a replica: a new one, where one is known."""
    nodes = [kind.node for kind in cluster.new] or list(cluster.all_nodes)
    return max(nodes, key=lambda node: tuple(node.allocatable.minus(node.used)), default=None)


def _named(name: str, snapshot: Snapshot | None) -> Node:
    """A node of a size, as the region has it where the snapshot knows that. Raises `Refused`."""
    size = machine(snapshot, name) if snapshot is not None else find_size(name)
    if size is None:
        close = closest_size(name)
        hint = f"; did you mean {close}?" if close else ""
        raise Refused(f"{name} is no VM size that is known{hint}")
    _check_offer(name, snapshot)
    has = allocatable(size.vcpus, size.memory_gib, size.gpus)
    return Node(size.name, has, MOST_PODS)


def _check_offer(name: str, snapshot: Snapshot | None) -> None:
    """Raises `Refused` for a size that the region does not have, or not for the subscription."""
    listed = catalogue(snapshot, facts.NODE_SIZES)
    if not isinstance(listed, Catalogue):
        return
    where = f"{listed.region} ({listed.source})"
    if not listed.has(name):
        raise Refused(f"there are no machines of {name} in {where}: take another size")
    why = refusal(listed.rows[name.lower()], listed.region)
    if why is not None:
        raise Refused(f"{name} is {why}: {where}; take another size")
