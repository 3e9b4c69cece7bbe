"""What a container group of ACI gets in the region of the workspace."""

from __future__ import annotations

from amllint.capacity.facts import GroupLimit, Missing
from amllint.capacity.observed.told import dated, missing, place_of, silent, unread
from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot
from amllint.snapshot.facts import Read
from amllint.source.names import region_key


def group_limit(snapshot: Snapshot, region: str | None, is_private: bool) -> GroupLimit | Missing:
    """The most of a Linux group without GPU. `region` is where it goes to, if that is given.

    Capabilities are those of the workspace's region: of another one nothing is known.
    """
    fact, workspace = snapshot.fact(facts.ACI_CAPABILITIES), snapshot.fact(facts.WORKSPACE)
    if not isinstance(fact, Read):
        return unread(fact, facts.ACI_CAPABILITIES)
    own = workspace.value.location if isinstance(workspace, Read) else None
    if region is not None and (own is None or region_key(region) != region_key(own)):
        return missing(f"the snapshot knows the limits of {own or 'one region'}, not of {region}")
    wanted = "private" if is_private else "public"
    rows = [
        row
        for row in fact.value
        if (row.os_type or "linux").lower() == "linux"
        and (row.gpu or "none").lower() == "none"
        and (row.ip_address_type or wanted).lower() == wanted
    ]
    cores = [row.cpu_cores for row in rows if row.cpu_cores is not None]
    memory = [row.memory_gb for row in rows if row.memory_gb is not None]
    if not cores and not memory:
        return missing(silent(fact, "what a group of Linux gets"))
    source = ", ".join(filter(None, (own, dated(fact))))
    return GroupLimit(place_of(snapshot), source, max(cores, default=None), _most(memory))


def _most(amounts: list[float]) -> float | None:
    return max(amounts, default=None)
