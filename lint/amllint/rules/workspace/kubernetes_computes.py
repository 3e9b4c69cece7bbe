"""The Kubernetes compute that a v2 deployment goes to, and the InstanceType that it names there."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import NamedTuple

from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.fields import is_text
from amllint.capacity.observed.told import unchecked
from amllint.findings.finding import Location, Observation, Unchecked, finding
from amllint.rules.workspace.endpoints import endpoint_of, is_elsewhere
from amllint.rules.workspace.registered import called
from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot
from amllint.snapshot.facts import Read
from amllint.snapshot.place_rows import Compute
from amllint.source.names import compute_name
from amllint.units import Linker

DEFAULT_TYPE = "defaultinstancetype"
"""What Azure ML's extension has where nobody defines an InstanceType."""
GONE = frozenset({"failed", "deleting", "canceled"})
"""States of computes that nothing can be deployed to."""


class Named(NamedTuple):
    """The name of a compute, and where it stands."""

    name: str
    location: Location


def kubernetes_target(
    reference: DeploymentReference, links: Linker, snapshot: Snapshot
) -> Iterator[Observation | Unchecked]:
    """What is wrong with the compute behind the endpoint, or with the InstanceType on it."""
    if not reference.is_kubernetes or is_elsewhere(reference, links):
        return
    named = _named(reference, links, snapshot)
    if named is None:
        return
    fact = snapshot.fact(facts.COMPUTES)
    if not isinstance(fact, Read):
        yield unchecked(fact, facts.COMPUTES, named.location)
        return
    known: dict[str, Compute] = {compute.name.lower(): compute for compute in fact.value}
    compute = known.get(named.name.lower())
    said = _of_compute(named.name, compute, known, called(snapshot))
    if said is not None:
        yield finding(named.location, said[0], help=said[1], key="compute")
    elif compute is not None:
        yield from _of_type(reference, compute, snapshot)


def _named(reference: DeploymentReference, links: Linker, snapshot: Snapshot) -> Named | None:
    """The compute of the endpoint, as the workspace has it, or as its one file says."""
    endpoint, field = endpoint_of(reference, snapshot), reference.endpoint_name
    if endpoint is not None:
        return Named(compute_name(endpoint.compute), field.location) if endpoint.compute else None
    files = list(links.endpoints.named(field.value)) if is_text(field) else []
    only = files[0].section.field("compute") if len(files) == 1 else None
    if only is None or not is_text(only):
        return None
    return Named(compute_name(only.value), only.location)


def _of_compute(
    name: str, found: Compute | None, known: dict[str, Compute], workspace: str
) -> tuple[str, str] | None:
    if found is None:
        close = difflib.get_close_matches(name.lower(), known, 1, 0.75)
        hint = f"did you mean `{known[close[0]].name}`?" if close else "attach the cluster first"
        return f"there is no compute `{name}` in {workspace}: the endpoint is refused", hint
    if found.kind.lower() != "kubernetes":
        return (
            f"`{name}` is a compute of type {found.kind}, and this deployment is one to Kubernetes",
            "name a compute of type Kubernetes",
        )
    if (found.state or "").lower() in GONE:
        return (
            f"`{name}` is in the state {found.state}: nothing can be deployed to it",
            "mend or attach it anew, or name another one",
        )
    return None


def _of_type(
    reference: DeploymentReference, compute: Compute, snapshot: Snapshot
) -> Iterator[Observation]:
    field = reference.instance_type
    if not is_text(field) or compute.instance_types is None:
        return
    listed = snapshot.fact(facts.INSTANCE_TYPES)
    of_cluster = listed.value if isinstance(listed, Read) else ()
    names = {t.name.lower(): t.name for t in (*compute.instance_types, *of_cluster)}
    default = (compute.default_instance_type or DEFAULT_TYPE).lower()
    if field.value.lower() in {*names, default, DEFAULT_TYPE}:
        return
    close = difflib.get_close_matches(field.value.lower(), names, 1, 0.75)
    shown = ", ".join(sorted(names.values())) or DEFAULT_TYPE
    yield finding(
        field.location,
        f"there is no InstanceType `{field.value}` on `{compute.name}`: the deployment is refused",
        help=f"did you mean `{names[close[0]]}`?" if close else f"there is {shown}",
        key="instance_type",
    )
