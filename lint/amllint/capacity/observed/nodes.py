"""Nodes and pods of a cluster, as a snapshot keeps what `kubectl` printed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from amllint.capacity.facts import Replaced
from amllint.capacity.kubernetes import ENDED, nodes_of, pod_requests
from amllint.capacity.observed.node_labels import names_cluster
from amllint.capacity.resources import Resources
from amllint.capacity.scheduling import Node
from amllint.snapshot.facts import OWNER_LABEL

Item = dict[str, Any]
POOL_LABELS: Final = ("agentpool", "kubernetes.azure.com/agentpool")
SIZE_LABELS: Final = ("node.kubernetes.io/instance-type", "beta.kubernetes.io/instance-type")
_SYSTEM_LABELS: Final = ("kubernetes.io/os", "beta.kubernetes.io/os")
_OF_REPLICA_SET: Final = re.compile(r"(?P<name>.+?)-[a-z0-9]{5,10}(?:-[a-z0-9]{5})")
_FRONT_END: Final = "azureml-fe"
_SPACE: Final = "azureml"
_NOTHING: Final = (Resources(), 0)


class Services(NamedTuple):
    """Which pods an update may replace: those of services of some names, `None` for any service.

    `namespaces` are where they may be, besides the one that Azure ML makes for `workspace`: any
    that it makes for a workspace, where the name of this one is not known.
    """

    names: frozenset[str] | None
    namespaces: frozenset[str] = frozenset()
    workspace: str | None = None

    def are_in(self, namespace: str) -> bool:
        """Whether they may be in a namespace."""
        if namespace in self.namespaces:
            return True
        if self.workspace is None:
            return namespace.startswith(_SPACE)
        return _bare(namespace) == _bare(f"{_SPACE}-{self.workspace}")


class Seen(NamedTuple):
    """Nodes with what runs on them, and the same without the pods of a service.

    `daemons` is what the DaemonSets take of each node, which they take of each new one as well.
    """

    nodes: tuple[Node, ...]
    daemons: tuple[tuple[Resources, int], ...]
    replaced: tuple[Replaced, ...]


def seen(nodes: Iterable[Item], pods: Iterable[Item], services: Services) -> Seen:
    """Nodes of Linux as they are. Raises `ValueError` for what is no list of nodes and pods."""
    try:
        return _seen(list(nodes), list(pods), services)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"a node or pod is not as Kubernetes has them ({error!r})") from None


def _seen(nodes: list[Item], pods: list[Item], services: Services) -> Seen:
    machines = [node for node in nodes if _system(node) != "windows"]
    found = nodes_of([*machines, *pods])
    daemons = [pod for pod in pods if _owner(pod)[0] == "DaemonSet"]
    by_service: dict[tuple[str, str], list[Item]] = {}
    for pod in pods:
        name = _service(pod, services)
        if name is not None:
            by_service.setdefault((_namespace(pod), name), []).append(pod)
    places = {node.name: at for at, node in enumerate(found)}
    replaced = [
        Replaced(name, len(own), _without(own, found, places))
        for (_, name), own in by_service.items()
    ]
    return Seen(tuple(found), _by_node(daemons, found), tuple(replaced))


def loaded(found: Seen, used: Resources) -> Seen:
    """Nodes whose pods are not known, with what is declared to run on each, and on each new one."""
    nodes = tuple(node._replace(used=used) for node in found.nodes)
    return found._replace(nodes=nodes, daemons=((used, 0),) * len(nodes))


def _without(
    pods: list[Item], nodes: list[Node], places: dict[str, int]
) -> tuple[tuple[int, Node], ...]:
    """The nodes that some pods run on as they are once these are gone, with their places."""
    left: dict[int, Node] = {}
    for pod in pods:
        at = places.get(pod["spec"]["nodeName"])
        if at is not None:
            node = left.get(at, nodes[at])
            used = node.used.minus(pod_requests(pod["spec"]))
            left[at] = node._replace(used=used, pods=node.pods - 1)
    return tuple(left.items())


def _by_node(pods: list[Item], nodes: list[Node]) -> tuple[tuple[Resources, int], ...]:
    """What pods ask for on each node in all, and how many there are."""
    found: dict[str, tuple[Resources, int]] = {}
    for pod in pods:
        name = str(pod["spec"].get("nodeName", ""))
        total, count = found.get(name, _NOTHING)
        found[name] = (total.plus(pod_requests(pod["spec"])), count + 1)
    return tuple(found.get(node.name, _NOTHING) for node in nodes)


def _system(node: Item) -> str:
    labels = node["metadata"].get("labels", {})
    return next((str(labels[name]).lower() for name in _SYSTEM_LABELS if name in labels), "")


def _owner(pod: Item) -> tuple[str, str]:
    owners = pod["metadata"].get("ownerReferences") or [{}]
    return str(owners[0].get("kind", "")), str(owners[0].get("name", ""))


def _namespace(pod: Item) -> str:
    return str(pod["metadata"].get("namespace", ""))


def _bare(name: str) -> str:
    """A name without what not every kind of name may have, such as underscores and capitals."""
    return "".join(filter(str.isalnum, name)).lower()


def _service(pod: Item, services: Services) -> str | None:
    """The service of a pod that an update may replace."""
    name = str(pod["metadata"]["name"])
    if not services.are_in(_namespace(pod)):
        return None
    if name.startswith(_FRONT_END) or not pod["spec"].get("nodeName"):
        return None
    if pod.get("status", {}).get("phase") in ENDED:
        return None
    match = _OF_REPLICA_SET.fullmatch(name)
    service = match["name"] if match else None
    if service is None or _owner(pod)[0] not in ("", "ReplicaSet"):
        return None
    return service if services.names is None or service in services.names else None


# -- whose they are -------------------------------------------------------------------------


def label(node: Node, names: tuple[str, ...]) -> str | None:
    """The first of some labels that a node has."""
    labels = dict(node.labels)
    return next((str(labels[name]) for name in names if labels.get(name)), None)


def are_of(
    nodes: Iterable[Node], group: str, name: str, sizes: dict[str, str] | None
) -> bool | None:
    """Whether nodes are those of a cluster, `None` where that cannot be told.

    `sizes` are the sizes of its node pools by their names, `None` where they are not known. The
    resource group of nodes has another name where the cluster was made with one.
    """
    listed = list(nodes)
    told = [found for node in listed if (found := label(node, (OWNER_LABEL,))) is not None]
    if told and all(names_cluster(found, group, name) for found in told):
        return True
    if any(found.lower().startswith("mc_") for found in told):
        return False
    for node in listed:
        pool, size = label(node, POOL_LABELS), label(node, SIZE_LABELS)
        if sizes is None or pool is None:
            continue
        if pool not in sizes or (size and sizes[pool].lower() != size.lower()):
            return False
    return None
