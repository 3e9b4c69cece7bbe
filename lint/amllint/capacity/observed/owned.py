"""Which of the nodes and pods that `kubectl` printed are those of a cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from amllint.capacity.facts import Missing
from amllint.capacity.observed.computes import Attached, clusters
from amllint.capacity.observed.nodes import Item, Seen, Services, are_of, seen
from amllint.capacity.observed.told import dated, missing, unread
from amllint.capacity.scheduling import Node
from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot
from amllint.snapshot.facts import OWNER_LABEL, Read
from amllint.snapshot.shapes.items import below, own

_SYSTEM: Final = "kube-system"
"""The namespace of which every cluster of AKS has pods on its nodes."""


class Owned(NamedTuple):
    """The nodes of a cluster. `source` says from where they are known.

    `are_pods_known` says that all that runs on them is counted in, `are_all` that the snapshot has
    no node of another cluster.
    """

    seen: Seen
    source: str
    are_pods_known: bool
    are_all: bool


class LeftOut(NamedTuple):
    """That nodes are not known, or not whose they are; `note` says so of those that are there."""

    why: Missing
    note: str = ""


def owned(snapshot: Snapshot, target: Attached, services: Services) -> Owned | LeftOut:
    """The nodes of a cluster as `kubectl` has them, with the pods of `services` told apart."""
    fact, pods = snapshot.fact(facts.NODES), snapshot.fact(facts.PODS)
    if not isinstance(fact, Read):
        return LeftOut(unread(fact, facts.NODES))
    listed = pods.value if isinstance(pods, Read) else None
    found: list[Owned] = []
    try:
        for nodes in by_owner(fact.value):
            bound = _bound(nodes, fact.value, listed)
            candidate = seen(nodes, bound or (), services)
            if _belong(snapshot, candidate.nodes, target):
                are_all = len(nodes) == len(fact.value)
                found.append(Owned(candidate, dated(fact), bound is not None, are_all))
    except ValueError as problem:
        why = missing(f"{facts.NODES.name}: {problem}")
        return LeftOut(why, f"the nodes of kubectl cannot be read: {problem}")
    if len(found) == 1:
        return found[0]
    why = missing(f"whether the nodes of kubectl are those of {target.shown} cannot be told")
    return LeftOut(why, "the nodes of kubectl may be of another")


def by_owner(nodes: Iterable[Item]) -> list[list[Item]]:
    """Nodes by the cluster that their labels name; all together where they name no two.

    Where they do, those that name none may be of any, and are left out.
    """
    listed, found = list(nodes), dict[str, list[Item]]()
    for node in listed:
        owner = own(below(node, "metadata", "labels"), OWNER_LABEL) or ""
        found.setdefault(owner.lower(), []).append(node)
    told = [own_nodes for owner, own_nodes in found.items() if owner]
    return told if len(told) > 1 else [listed]


def _bound(
    nodes: list[Item], every: tuple[Item, ...], pods: tuple[Item, ...] | None
) -> tuple[Item, ...] | None:
    """The pods but for those on nodes of other clusters; `None` where those here are not known.

    They are not where all are on other nodes, and where those of other clusters are listed, but
    none of what runs on every node.
    """
    if pods is None:
        return None
    here = set(_names(nodes))
    elsewhere = set(_names(every)) - here
    listed = [pod for pod in pods if _node(pod) not in elsewhere]
    on_own = [pod for pod in listed if _node(pod) in here]
    if not on_own and any(map(_node, pods)):
        return None
    spaces = {own(below(pod, "metadata"), "namespace") for pod in on_own}
    return None if elsewhere and _SYSTEM not in spaces else tuple(listed)


def _names(nodes: Iterable[Item]) -> Iterator[str]:
    for node in nodes:
        yield str(below(node, "metadata").get("name"))


def _node(pod: Item) -> Any:
    return below(pod, "spec").get("nodeName")


def _belong(snapshot: Snapshot, nodes: tuple[Node, ...], target: Attached) -> bool:
    """Whether nodes are those of a cluster: by what they say, or as there is no other."""
    verdicts = {
        other.id: are_of(nodes, other.group, other.own_name, other.pool_sizes)
        for other in clusters(snapshot, target)
    }
    told = verdicts.pop(target.id)
    return told is True or (told is None and all(other is False for other in verdicts.values()))
