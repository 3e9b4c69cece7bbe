"""What a snapshot tells of where units are deployed to: which cluster, quota and region."""

from __future__ import annotations

from typing import Any

from amllint.artifacts.deploy_code import MAKES_CLUSTER, DeployCode
from amllint.artifacts.deployment_config import AciDeployment, AksDeployment, AksEndpointDeployment
from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.endpoint_definition import EndpointFiles
from amllint.artifacts.fields import Absent, Field, Known, Unknown
from amllint.capacity.declared import DeclaredCluster
from amllint.capacity.facts import MOOT, Cluster, GroupLimit, Missing, Quota
from amllint.capacity.observed.cluster import Wanted, cluster
from amllint.capacity.observed.groups import group_limit
from amllint.capacity.observed.quotas import Deployed, managed_quota, node_quota
from amllint.capacity.observed.told import missing, unread
from amllint.rules.workspace.targets import named_target
from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot
from amllint.snapshot.facts import Read
from amllint.source.names import compute_name, same_name
from amllint.units import DeploymentUnit


class SnapshotFacts:
    """The facts of a snapshot, unit by unit; equal questions have one answer."""

    def __init__(self, snapshot: Snapshot, endpoints: EndpointFiles) -> None:
        self.snapshot = snapshot
        self.endpoints = endpoints
        self._clusters: dict[tuple[Wanted, DeclaredCluster | None], Cluster | Missing] = {}

    def cluster(self, unit: DeploymentUnit, declared: DeclaredCluster | None) -> Cluster | Missing:
        """The cluster that a unit goes to, `MOOT` for one that goes to none."""
        wanted = _wanted(unit, self.snapshot, self.endpoints)
        if isinstance(wanted, Missing):
            return wanted
        key = (wanted, declared)
        if key not in self._clusters:
            self._clusters[key] = cluster(self.snapshot, wanted, declared)
        return self._clusters[key]

    def cluster_of_none(self, declared: DeclaredCluster | None) -> Cluster | Missing:
        """The only cluster for services of v1, for one that is new and not written down."""
        return cluster(self.snapshot, Wanted("aks", None, frozenset()), declared)

    def quota(self, unit: DeploymentUnit) -> Quota | Missing:
        """The quota that a unit counts against, `MOOT` for one that takes no machines itself."""
        reference, code = unit.reference, unit.code
        if reference is not None and reference.is_managed:
            named = Deployed(_text(reference.endpoint_name), _text(reference.name))
            return managed_quota(self.snapshot, named)
        if code is None or not any(call.name == MAKES_CLUSTER for call in code.calls):
            return MOOT
        there = self.snapshot.fact(facts.COMPUTES)
        if not isinstance(there, Read):
            return unread(there, facts.COMPUTES)
        return node_quota(self.snapshot) if _is_new(code, there) else MOOT

    def aci(self, unit: DeploymentUnit) -> GroupLimit | Missing:
        """The limit of container groups where a unit goes to, `MOOT` for other units."""
        config = unit.deployment_config
        if not isinstance(config, AciDeployment):
            return MOOT
        region, network = config.argument("location"), config.argument("vnet_name")
        if not isinstance(region, (Known, Absent)):
            return missing("the region is only known later")
        private = not isinstance(network, Absent)
        return group_limit(self.snapshot, _text(region), private)


def _text(field: Field[Any]) -> str | None:
    value = field.value if isinstance(field, Known) else None
    return value if isinstance(value, str) and value else None


def _wanted(unit: DeploymentUnit, snapshot: Snapshot, endpoints: EndpointFiles) -> Wanted | Missing:
    config, reference = unit.deployment_config, unit.reference
    if isinstance(config, (AksDeployment, AksEndpointDeployment)) and not config.is_change:
        name, is_endpoint = _service(unit), isinstance(config, AksEndpointDeployment)
        services = frozenset({name}) if name is not None and not is_endpoint else None
        space = _namespace(unit)
        if isinstance(space, Unknown) and isinstance(snapshot.fact(facts.PODS), Read):
            return missing("which pods are its own: its namespace is only known later")
        return Wanted("aks", _target(unit), services, _text(space))
    if reference is not None and reference.is_kubernetes:
        return _of_kubernetes(reference, snapshot, endpoints)
    return MOOT


# -- v1 -------------------------------------------------------------------------------------


def _target(unit: DeploymentUnit) -> str | None:
    """The compute that the configuration, the call, the command line or the declaration names."""
    named = named_target(unit)
    return named.name if named is not None else None


def _namespace(unit: DeploymentUnit) -> Field[Any]:
    """The namespace that the command line or the configuration names."""
    if unit.command is not None:
        given = unit.command.line.field("namespace")
        if not isinstance(given, Absent):
            return given
    assert unit.deployment_config is not None
    return unit.deployment_config.argument("namespace")


def _service(unit: DeploymentUnit) -> str | None:
    """The name of the service that a unit makes, if something says it."""
    for maker in (unit.deploy, unit.command, unit.action):
        if maker is not None:
            return _text(maker.name)
    return None


def _is_new(code: DeployCode, listed: Read[Any]) -> bool:
    """Whether code makes a cluster that the workspace does not have yet.

    Code often looks for the cluster and makes it only if there is none: where its name is not
    known, it is one of those that are there.
    """
    there = {c.name.lower() for c in listed.value}
    creates = [c for c in code.calls if c.name in ("ComputeTarget.create", "AksCompute.create")]
    names = [_text(code.argument(call, "name")) for call in creates]
    known = [name.lower() for name in names if name is not None]
    if len(known) < max(len(names), 1):
        return not there
    return not there.issuperset(known)


# -- v2 -------------------------------------------------------------------------------------


def _of_kubernetes(
    reference: DeploymentReference, snapshot: Snapshot, endpoints: EndpointFiles
) -> Wanted | Missing:
    endpoint, name = _text(reference.endpoint_name), _text(reference.name)
    services = None
    if endpoint is not None and name is not None:
        both = (f"{name}-{endpoint}", f"{endpoint}-{name}")
        services = frozenset(map(str.lower, both))
    named = _compute_of(endpoint, snapshot) or _compute_in_files(endpoint, endpoints)
    return Wanted("kubernetes", named, services)


def _compute_of(endpoint: str | None, snapshot: Snapshot) -> str | None:
    """The compute of an endpoint that is there already."""
    fact = snapshot.fact(facts.ONLINE_ENDPOINTS)
    for row in fact.value if isinstance(fact, Read) else ():
        if same_name(row.name, endpoint) and row.compute:
            return compute_name(row.compute)
    return None


def _compute_in_files(endpoint: str | None, endpoints: EndpointFiles) -> str | None:
    """The compute of an endpoint as a file makes it, if all that may be meant name the same."""
    found = endpoints.named(endpoint) if endpoint is not None else ()
    named = {_text(definition.section.field("compute")) for definition in found}
    only = named.pop() if len(named) == 1 else None
    return compute_name(only) if only is not None else None
