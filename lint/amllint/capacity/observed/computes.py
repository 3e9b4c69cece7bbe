"""Which compute a deployment goes to, and which cluster is behind it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from amllint.capacity.facts import NOBODY, Missing
from amllint.capacity.observed.told import missing, unread
from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot
from amllint.snapshot.facts import Read, Unread
from amllint.snapshot.place_rows import AksCluster, Compute
from amllint.snapshot.shapes.items import part_of_id
from amllint.source.names import last_of_id

_MANAGED: Final = "/managedclusters/"


class Attached(NamedTuple):
    """A cluster: its id in lower case, its group, what deployments call it, and what is known.

    `own_name` is what AKS calls it. `why` says why AKS's own word is missing. `compute` is missing
    where the computes could not be read and the snapshot has one cluster alone.
    """

    id: str
    group: str
    name: str
    own_name: str = ""
    compute: Compute | None = None
    aks: AksCluster | None = None
    computes: Read[Any] | None = None
    why: Missing = NOBODY

    @property
    def shown(self) -> str:
        """What reasons call it."""
        return f"`{self.name}`" if self.name else "the cluster"

    @property
    def pool_sizes(self) -> dict[str, str] | None:
        """The sizes of its node pools by their names."""
        if self.aks is None:
            return None
        return {pool.name: pool.vm_size for pool in self.aks.node_pools}


def attached(snapshot: Snapshot, kind: str, name: str | None) -> Attached | Missing:
    """The cluster behind the compute of a name, or behind the only one of a type."""
    fact = snapshot.fact(facts.COMPUTES)
    if not isinstance(fact, Read):
        return _alone(snapshot, name) or unread(fact, facts.COMPUTES)
    listed: tuple[Compute, ...] = fact.value
    own = [c for c in listed if c.kind.lower() == kind]
    if name is None:
        if len(own) == 1:
            return _behind(snapshot, own[0], fact)
        if not own:
            return missing(f"the snapshot lists no compute of type {_called(kind)}")
        shown = ", ".join(sorted(compute.name for compute in own))
        return missing(f"nothing says to which compute of {shown} it goes")
    found = next((c for c in listed if c.name.lower() == name.lower()), None)
    if found is None:
        return missing(f"`{name}` is not among the computes of the snapshot")
    if found.kind.lower() != kind:
        return missing(f"`{name}` is a compute of type {found.kind}, not {_called(kind)}")
    return _behind(snapshot, found, fact)


def _called(kind: str) -> str:
    return "AKS" if kind == "aks" else "Kubernetes"


def may_be_aks(compute: Compute) -> bool:
    """Whether the cluster behind a compute may be one of AKS, and not one that Arc connected."""
    return not compute.resource_id or _MANAGED in compute.resource_id.lower()


def aks_called(snapshot: Snapshot, name: str, path: str) -> Read[AksCluster] | Unread:
    """What AKS says of a cluster; one of the same name with another id is another one."""
    known = snapshot.fact(facts.AKS_CLUSTER, name)
    if isinstance(known, Read) and path and _folded(known.value.id) != _folded(path):
        reason = "the snapshot has another cluster of that name"
        return Unread(reason, known.read_at, known.source)
    return known


def _folded(path: str) -> str:
    return path.strip("/").lower()


def _behind(snapshot: Snapshot, compute: Compute, fact: Read[Any]) -> Attached:
    path = compute.resource_id or ""
    group = part_of_id(path, "resourceGroups") or ""
    shown = last_of_id(path) if group else ""
    own = _folded(path) or f"compute {compute.name.lower()}"
    known = aks_called(snapshot, shown, path)
    if isinstance(known, Read):
        return Attached(own, group, compute.name, shown, compute, known.value, fact)
    why = unread(known, facts.AKS_CLUSTER, shown or compute.name)
    return Attached(own, group, compute.name, shown, compute, None, fact, why)


def _alone(snapshot: Snapshot, name: str | None) -> Attached | None:
    """The one cluster that a snapshot knows, where it does not know the computes.

    An export of a cluster was made for this check: another one would have been left out. Where a
    compute is named it may be of another cluster all the same, unless that is called so too.
    """
    known = list(_by_itself(snapshot))
    if name is not None:
        known = [cluster for cluster in known if cluster.name.lower() == name.lower()]
        return known[0] if len(known) == 1 else None
    if len(known) == 1:
        return known[0]
    if not known and isinstance(snapshot.fact(facts.NODES), Read):
        return Attached("", "", "")
    return None


def _by_itself(snapshot: Snapshot) -> Iterator[Attached]:
    for name in snapshot.subjects(facts.AKS_CLUSTER):
        fact = snapshot.fact(facts.AKS_CLUSTER, name)
        if isinstance(fact, Read):
            group = part_of_id(fact.value.id, "resourceGroups") or ""
            name, own = fact.value.name, _folded(fact.value.id)
            yield Attached(own, group, name, name, None, fact.value)


def clusters(snapshot: Snapshot, target: Attached) -> Iterator[Attached]:
    """All clusters that the snapshot knows, each once, the target first."""
    told = {target.id}
    yield target
    for other in (*behind_each(snapshot), *_by_itself(snapshot)):
        if other.id not in told:
            told.add(other.id)
            yield other


def behind_each(snapshot: Snapshot) -> Iterator[Attached]:
    """The clusters behind the computes, as often as they are attached."""
    fact = snapshot.fact(facts.COMPUTES)
    if isinstance(fact, Read):
        yield from (_behind(snapshot, c, fact) for c in fact.value if is_cluster(c))


def is_cluster(compute: Compute) -> bool:
    """Whether a compute is a cluster of Kubernetes."""
    return compute.kind.lower() in ("aks", "kubernetes")
