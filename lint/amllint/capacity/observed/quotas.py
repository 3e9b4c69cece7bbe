"""Cores that quotas leave: those of Azure Machine Learning, and those of virtual machines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from amllint.capacity.facts import Missing, OwnCores, Quota
from amllint.capacity.observed.told import dated, missing, place_of, silent, unread
from amllint.capacity.quota import managed_cores
from amllint.capacity.vm_sizes import find_managed_size
from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot
from amllint.snapshot.facts import Read
from amllint.snapshot.place_rows import Usage
from amllint.source.names import same_name

_REGION: Final = "cores"
"""How Microsoft.Compute calls the cores of all families."""


class Deployed(NamedTuple):
    """The names of a deployment and its endpoint; `None` for one that is known only later."""

    endpoint: str | None
    name: str | None


def node_quota(snapshot: Snapshot) -> Quota | Missing:
    """What is left for virtual machines in the region, such as nodes of AKS."""
    fact = snapshot.fact(facts.COMPUTE_USAGES)
    if not isinstance(fact, Read):
        return unread(fact, facts.COMPUTE_USAGES)
    regional = [u for u in fact.value if u.name.lower() == _REGION]
    families, unlimited = _by_family(u for u in fact.value if u.name.lower() != _REGION)
    left = _left(regional)
    place, source = place_of(snapshot), dated(fact)
    workspace = snapshot.fact(facts.WORKSPACE)
    region = workspace.value.location if isinstance(workspace, Read) else None
    return Quota(place, source, left, families, is_whole=True, unlimited=unlimited, region=region)


def managed_quota(snapshot: Snapshot, deployed: Deployed) -> Quota | Missing:
    """What is left for managed deployments, and what the one that is replaced takes of it."""
    fact = snapshot.fact(facts.ML_USAGES)
    if not isinstance(fact, Read):
        return unread(fact, facts.ML_USAGES)
    totals = [u for u in fact.value if u.name.lower().startswith("total")]
    families, unlimited = _by_family(u for u in fact.value if u not in totals)
    place, source = place_of(snapshot), dated(fact)
    regional = _left([u for u in totals if "dedicated" in f"{u.name}{u.label or ''}".lower()])
    caps, own = _caps(snapshot), _own(snapshot, deployed)
    return Quota(place, source, regional, families, caps, own, True, unlimited)


def _by_family(usages: Iterable[Usage]) -> tuple[dict[str, int], frozenset[str]]:
    """Cores that are left by family; and the families without a limit.

    A family may be listed once for the subscription and once for each workspace: what is left in
    one of them counts, so that what is told is too much in any.
    """
    rows: dict[str, list[Usage]] = {}
    for usage in usages:
        rows.setdefault(usage.name, []).append(usage)
    left = {name: _left(found) for name, found in rows.items()}
    limited = {name: cores for name, cores in left.items() if cores is not None}
    return limited, frozenset(left.keys() - limited.keys())


def _left(usages: list[Usage]) -> int | None:
    return max((u.limit - u.used for u in usages if u.limit is not None), default=None)


def _caps(snapshot: Snapshot) -> dict[str, int]:
    """What the workspace may use by family, where that is limited and known."""
    fact, own = snapshot.fact(facts.ML_QUOTAS), (snapshot.workspace or "").lower()
    return {
        cap.name: cap.limit
        for cap in (fact.value if isinstance(fact, Read) else ())
        if cap.limit is not None and cap.workspace is not None and cap.workspace.lower() == own
    }


def _own(snapshot: Snapshot, deployed: Deployed) -> OwnCores | Missing | None:
    """What the deployment that is replaced takes already; `None` where there is none."""
    listed = snapshot.fact(facts.ONLINE_ENDPOINTS)
    if isinstance(listed, Read) and not any(
        deployed.endpoint is None or same_name(deployed.endpoint, endpoint.name)
        for endpoint in listed.value
    ):
        return None
    if deployed.endpoint is None or deployed.name is None:
        return missing("whether it replaces a deployment is not known: its names are not")
    fact = snapshot.fact(facts.ONLINE_DEPLOYMENTS, deployed.endpoint)
    if not isinstance(fact, Read):
        if not isinstance(listed, Read):
            return unread(listed, facts.ONLINE_ENDPOINTS)
        return unread(fact, facts.ONLINE_DEPLOYMENTS, deployed.endpoint)
    found = next((row for row in fact.value if same_name(row.name, deployed.name)), None)
    if found is None:
        return None
    size = find_managed_size(found.instance_type or "")
    if size is None or found.instance_count is None:
        return missing(silent(fact, f"what deployment `{deployed.name}` takes already"))
    return OwnCores(size.family, managed_cores(size, found.instance_count))
