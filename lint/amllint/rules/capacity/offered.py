"""What a snapshot says of the sizes of machines that a region has."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from amllint.analysis.sdk_calls import SdkCall
from amllint.artifacts.deploy_code import DeployCode
from amllint.artifacts.fields import Absent, Known
from amllint.capacity.observed.told import dated
from amllint.capacity.vm_sizes import family_key
from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot
from amllint.snapshot.facts import Kind, Read, Unread
from amllint.source.names import region_key

FPGA: Final = "standard_pb"
"""How the names of sizes with FPGAs begin, and of their families."""
_REFUSED: Final = {
    "notavailableforsubscription": "not offered to the subscription there",
    "quotaid": "not offered to subscriptions of its kind there",
}


class Catalogue(NamedTuple):
    """The sizes that a region has: rows by their names in lower case, and the region and source."""

    rows: dict[str, Any]
    region: str
    source: str

    def has(self, name: str) -> bool:
        """Whether the region has a size."""
        return name.lower() in self.rows


def catalogue(snapshot: Snapshot | None, kind: Kind[Any]) -> Catalogue | Unread:
    """The sizes of Azure ML (`VM_SIZES`) or of virtual machines (`NODE_SIZES`) in the region."""
    if snapshot is None:
        return Unread("there is no snapshot", "", "")
    fact, workspace = snapshot.fact(kind), snapshot.fact(facts.WORKSPACE)
    if not isinstance(fact, Read):
        return fact
    if not fact.value:
        return Unread("the list has no size at all", fact.read_at, fact.source)
    region = workspace.value.location if isinstance(workspace, Read) else "its region"
    return Catalogue({row.name.lower(): row for row in fact.value}, region, dated(fact))


def is_elsewhere(code: DeployCode, call: SdkCall, snapshot: Snapshot) -> bool:
    """Whether a cluster is, or may be, made in another region than the one that is known."""
    place, workspace = code.argument(call, "location"), snapshot.fact(facts.WORKSPACE)
    if isinstance(place, Absent):
        return False
    known = workspace.value.location if isinstance(workspace, Read) else None
    given = place.value if isinstance(place, Known) else None
    return known is None or region_key(str(given)) != region_key(known)


def refusal(row: Any, region: str) -> str | None:
    """Why the subscription cannot have a size in the region; zones alone keep no cluster off."""
    for restriction in row.restrictions:
        places = {region_key(place) for place in restriction.locations}
        here = not places or region == "its region" or region_key(region) in places
        if restriction.kind.lower() == "location" and here:
            return _REFUSED.get((restriction.reason or "").lower(), "restricted there")
    return None


def has_fpga_quota(code: DeployCode, call: SdkCall, snapshot: Snapshot | None) -> bool | None:
    """Whether any quota for FPGAs was granted, `None` where that is not known."""
    fact = snapshot.fact(facts.COMPUTE_USAGES) if snapshot is not None else None
    if snapshot is None or not isinstance(fact, Read) or is_elsewhere(code, call, snapshot):
        return None
    if not fact.value:
        return None
    families = [u for u in fact.value if family_key(u.name).startswith(family_key(FPGA))]
    return any(usage.limit is None or usage.limit > 0 for usage in families)
