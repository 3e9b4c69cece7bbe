"""The cluster that a deployment goes to, as a snapshot knows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import Final, NamedTuple

from amllint.capacity.declared import DeclaredCluster
from amllint.capacity.facts import Cluster, InstanceType, Missing, NewNode
from amllint.capacity.observed.computes import Attached, attached, may_be_aks
from amllint.capacity.observed.nodes import (
    POOL_LABELS,
    SIZE_LABELS,
    Seen,
    Services,
    label,
    loaded,
)
from amllint.capacity.observed.owned import LeftOut, owned
from amllint.capacity.observed.pools import MOST_NODES, growth, left_by_quota, nominal, usable
from amllint.capacity.observed.quotas import node_quota
from amllint.capacity.observed.told import dated, missing, place_of, unread, why, workspace_of
from amllint.capacity.overheads import AKS_SIDE_CONTAINERS, KUBERNETES_SIDE_CONTAINERS
from amllint.capacity.resources import Resources
from amllint.capacity.scheduling import Node, as_new, is_sound
from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot
from amllint.snapshot.facts import Read
from amllint.snapshot.place_rows import AksCluster, NodePool

_PURPOSES: Final = {"fastprod": "production", "denseprod": "production", "devtest": "development"}
_MOST_SHOWN: Final = 3


class Wanted(NamedTuple):
    """What is deployed: to a compute of a type, which `compute` names, or `None` where nothing
    does. `services` are the names that its pods may have, `None` where they are not known, and
    `namespace` is where it says that they are.
    """

    kind: str
    compute: str | None
    services: frozenset[str] | None
    namespace: str | None = None

    @property
    def names_no_pool(self) -> bool:
        """Whether its pods go to any pool: those of v1 have no node selector."""
        return self.kind == "aks"


class _Nodes(NamedTuple):
    """Nodes, those that may come, and from where they are known.

    `are_all` says that `kubectl` told of no other cluster.
    """

    nodes: tuple[Node, ...]
    added: tuple[Node, ...]
    source: str
    new: tuple[NewNode, ...]
    seen: Seen | None = None
    is_busy_known: bool = False
    are_all: bool = False


def cluster(
    snapshot: Snapshot, wanted: Wanted, declared: DeclaredCluster | None
) -> Cluster | Missing:
    """The cluster, with its nodes as kubectl, as AKS or as Azure ML tells of them.

    What a declaration says of side containers, and of other pods where those are not known, holds.
    """
    target = attached(snapshot, wanted.kind, wanted.compute)
    if isinstance(target, Missing):
        return target
    used = declared.used if declared is not None else Resources()
    found = _nodes(snapshot, wanted, target, used)
    if isinstance(found, Missing):
        return found
    if not (*found.nodes, *found.added):
        return missing(f"{target.shown} has no node that a service can run on ({found.source})")
    usual = AKS_SIDE_CONTAINERS if wanted.kind == "aks" else KUBERNETES_SIDE_CONTAINERS
    compute, quota = target.compute, node_quota(snapshot)
    purpose = _PURPOSES.get((compute.cluster_purpose or "").lower()) if compute else None
    return Cluster(
        place_of(snapshot),
        found.source,
        _sizes(found),
        found.nodes,
        declared.added_to(usual) if declared is not None else usual,
        found.added,
        purpose or (declared.purpose if declared is not None else None),
        found.is_busy_known or used != Resources(),
        target.name,
        found.seen is not None,
        found.seen.replaced if found.seen is not None else (),
        _types(snapshot, target, found.are_all),
        compute.default_instance_type if compute is not None else None,
        found.is_busy_known,
        _more(target),
        found.new,
        quota if isinstance(quota, Missing) else None,
    )


def _more(target: Attached) -> Missing | None:
    """Why it is not known whether an autoscaler adds nodes: no cluster of AKS tells of itself."""
    is_open = target.compute is None or may_be_aks(target.compute)
    return target.why if target.aks is None and target.why.was_asked and is_open else None


def _sizes(found: _Nodes) -> str:
    named = (label(node, SIZE_LABELS) or node.name for node in (*found.nodes, *found.added))
    sizes = list(dict.fromkeys(named))
    return " and ".join(sizes) if len(sizes) <= _MOST_SHOWN else f"{len(sizes)} sizes"


def _nodes(
    snapshot: Snapshot, wanted: Wanted, target: Attached, used: Resources
) -> _Nodes | Missing:
    """The nodes by the best of three sources."""
    known = _of_kubernetes(snapshot, wanted, target, used)
    if isinstance(known, _Nodes):
        return known
    if target.aks is not None:
        found = _of_pools(snapshot, wanted, target.aks, used)
        if isinstance(found, Missing) or not known.note:
            return found
        return found._replace(source=f"{found.source}; {known.note}")
    compute = target.compute
    if compute is None or not compute.vm_size or not compute.nodes:
        return missing("; ".join(why(m) for m in (target.why, known.why) if m.was_asked))
    pool = NodePool("", compute.vm_size, compute.nodes)
    node = nominal(snapshot, AksCluster("", target.name, ()), pool, used)
    if isinstance(node, Missing):
        return missing(f"{target.shown} is of `{compute.vm_size}`, no size that is known")
    source = f"as Azure ML counts them, {dated(target.computes)}" if target.computes else ""
    new = NewNode(node, 0, left_by_quota(snapshot, pool, node_quota(snapshot)))
    return _Nodes((node,) * min(compute.nodes, MOST_NODES), (), source, (new,))


# -- kubectl --------------------------------------------------------------------------------


def _of_kubernetes(
    snapshot: Snapshot, wanted: Wanted, target: Attached, used: Resources
) -> _Nodes | LeftOut:
    namespace = target.compute.namespace if target.compute is not None else None
    spaces = frozenset(filter(None, (namespace, wanted.namespace)))
    own = owned(snapshot, target, Services(wanted.services, spaces, workspace_of(snapshot)))
    if isinstance(own, LeftOut):
        return own
    found = own.seen if own.are_pods_known else loaded(own.seen, used)
    grown = tuple(_growth_of(snapshot, wanted, found, target))
    added = tuple(chain.from_iterable((new.node,) * more for new, more in grown))
    new = tuple(new for new, _ in grown)
    return _Nodes(found.nodes, added, own.source, new, found, own.are_pods_known, own.are_all)


def _growth_of(
    snapshot: Snapshot, wanted: Wanted, found: Seen, target: Attached
) -> Iterator[tuple[NewNode, int]]:
    """New nodes, like those that are there, and how many may be added; DaemonSets run on each."""
    aks = target.aks
    if aks is None:
        names = dict.fromkeys(label(node, POOL_LABELS) for node in found.nodes)
        alike = (_like(found, name) for name in names)
        yield from ((NewNode(_of_size(node)), 0) for node in alike if node is not None)
        return
    now = Counter(label(node, POOL_LABELS) for node in found.nodes)
    pools = ((pool, now[pool.name]) for pool in usable(aks))
    for grown in growth(snapshot, pools, node_quota(snapshot), is_any_pool=wanted.names_no_pool):
        pool = grown.pool
        node = _like(found, pool.name) or nominal(snapshot, aks, pool, Resources())
        if isinstance(node, Node):
            yield NewNode(_of_size(node), grown.by_autoscaler, grown.by_quota), grown.more


def _of_size(node: Node) -> Node:
    """A node that is called as its size is."""
    return node._replace(name=label(node, SIZE_LABELS) or node.name)


def _like(found: Seen, pool: str | None) -> Node | None:
    """A new node of a pool, by one that is there: a healthy one, if there is any."""
    own = [
        (node, *daemons)
        for node, daemons in zip(found.nodes, found.daemons, strict=True)
        if label(node, POOL_LABELS) == pool
    ]
    if not own:
        return None
    node, used, pods = min(own, key=lambda pair: not is_sound(pair[0]))
    return as_new(node)._replace(used=used, pods=pods)


# -- node pools -----------------------------------------------------------------------------


def _of_pools(
    snapshot: Snapshot, wanted: Wanted, aks: AksCluster, used: Resources
) -> _Nodes | Missing:
    if (aks.power or "").lower() == "stopped":
        return missing(f"cluster `{aks.name}` is stopped")
    nodes: list[Node] = []
    added: list[Node] = []
    new: list[NewNode] = []
    pools = ((pool, pool.count) for pool in usable(aks))
    for grown in growth(snapshot, pools, node_quota(snapshot), is_any_pool=wanted.names_no_pool):
        node = nominal(snapshot, aks, grown.pool, used)
        if isinstance(node, Missing):
            return node
        nodes += [node] * min(grown.pool.count, MOST_NODES)
        added += [node] * grown.more
        new.append(NewNode(node, grown.by_autoscaler, grown.by_quota))
    fact = snapshot.fact(facts.AKS_CLUSTER, aks.name)
    source = dated(fact) if isinstance(fact, Read) else ""
    return _Nodes(tuple(nodes), tuple(added), source, tuple(new))


# -- InstanceTypes --------------------------------------------------------------------------


def _types(
    snapshot: Snapshot, target: Attached, are_own: bool
) -> dict[str, InstanceType] | Missing:
    """The InstanceTypes: those of the compute, or those of the cluster that kubectl asked."""
    compute = target.compute
    listed = compute.instance_types if compute is not None else None
    fact = snapshot.fact(facts.INSTANCE_TYPES)
    if listed is None and are_own and isinstance(fact, Read):
        listed = fact.value
    if listed is None:
        if not isinstance(fact, Read):
            return unread(fact, facts.INSTANCE_TYPES)
        return missing(f"the InstanceTypes of {target.shown} are not known")
    return {
        t.name: InstanceType(t.requests, t.limits, tuple(t.node_selector.items())) for t in listed
    }
