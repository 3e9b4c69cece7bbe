"""Which compute, and which cluster below it, a deployment goes to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from amllint.artifacts.fields import Field, is_text
from amllint.capacity.observed.computes import aks_called, behind_each, is_cluster, may_be_aks
from amllint.capacity.observed.node_labels import names_cluster
from amllint.findings.finding import Location
from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot
from amllint.snapshot.facts import OWNER_LABEL, Kind, KubernetesObject, Read, Unread
from amllint.snapshot.place_rows import AksCluster, Compute
from amllint.snapshot.shapes.items import below, part_of_id
from amllint.source.names import last_of_id
from amllint.units import DeploymentUnit


class Cluster(NamedTuple):
    """The compute that a deployment uses and, where they are known, its cluster and its nodes.

    `unread` is what the snapshot does not tell of it: a kind of fact, of what, and the fact.
    """

    compute: Compute
    aks: AksCluster | None
    nodes: tuple[KubernetesObject, ...] | None
    unread: tuple[tuple[Kind[Any], str, Unread], ...]


class Target(NamedTuple):
    """The name of a compute, and where it is named."""

    name: str
    location: Location


def named_target(unit: DeploymentUnit) -> Target | None:
    """The target that counts: of the configuration, the call, the command, the declaration."""
    for field in _fields(unit):
        if is_text(field) and field.value:
            return Target(field.value, field.location)
    declared = unit.declaration
    if declared is not None and declared.compute_target:
        return Target(declared.compute_target, declared.place("compute-target"))
    return None


def _fields(unit: DeploymentUnit) -> Iterator[Field[Any]]:
    config, code = unit.deployment_config, unit.code
    if config is not None and "compute_target_name" in config.keys:
        yield config.argument("compute_target_name")
    if unit.command is not None:
        yield unit.command.line.field("compute_target")
    if unit.action is not None:
        yield unit.action.section.field("deployment_compute_target")
    if unit.deploy is not None and code is not None:
        made = code.made(unit.deploy.call, "deployment_target")
        if made is not None and "name" in made.call.given:
            yield code.argument(made.call, "name")


def cluster_of(name: str, computes: tuple[Compute, ...], snapshot: Snapshot) -> Cluster | None:
    """A compute of that name that is a cluster, with what the snapshot knows of it."""
    compute = next((c for c in computes if c.name.lower() == name.lower()), None)
    if compute is None or not is_cluster(compute):
        return None
    unread: list[tuple[Kind[Any], str, Unread]] = []
    aks = _aks(compute, snapshot, unread)
    nodes = _nodes(compute, snapshot, unread)
    return Cluster(compute, aks, nodes, tuple(unread))


def _aks(compute: Compute, snapshot: Snapshot, unread: list[Any]) -> AksCluster | None:
    if not may_be_aks(compute):
        return None
    path = compute.resource_id or ""
    name = last_of_id(path) or compute.name
    fact = aks_called(snapshot, name, path)
    if isinstance(fact, Read):
        return fact.value
    unread.append((facts.AKS_CLUSTER, name, fact))
    return None


def _nodes(
    compute: Compute, snapshot: Snapshot, unread: list[Any]
) -> tuple[KubernetesObject, ...] | None:
    """The nodes that are this cluster's: they say so, or the workspace has no other cluster."""
    fact = snapshot.fact(facts.NODES)
    if not isinstance(fact, Read):
        unread.append((facts.NODES, "", fact))
        return None
    said = list(_clusters(fact.value))
    if len(said) == len(fact.value) and said:
        own = tuple(n for n, of in zip(fact.value, said, strict=True) if _is_of(compute, of))
        if own:
            return own
        problem = "the nodes of the snapshot are another cluster's"
    elif len({label.lower() for label in said}) < 2 and len(set(_ids(snapshot))) == 1:
        return fact.value
    else:
        problem = "the nodes do not say which cluster they are of"
    unread.append((facts.NODES, "", Unread(problem, fact.read_at, fact.source)))
    return None


def _clusters(nodes: tuple[KubernetesObject, ...]) -> Iterator[str]:
    for node in nodes:
        label = below(node, "metadata", "labels").get(OWNER_LABEL)
        if isinstance(label, str):
            yield label


def _is_of(compute: Compute, label: str) -> bool:
    """Whether a label of nodes is that of a compute's cluster."""
    path = compute.resource_id or ""
    return names_cluster(label, part_of_id(path, "resourceGroups") or "", last_of_id(path))


def _ids(snapshot: Snapshot) -> Iterator[str]:
    """The clusters that there are; one may be attached as several computes."""
    return (cluster.id for cluster in behind_each(snapshot))
