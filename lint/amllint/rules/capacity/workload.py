"""What a deployment to a cluster asks of it: pods, how many, and where each amount stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from amllint.artifacts.deployment_config import AksDeployment, AksEndpointDeployment
from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.fields import Absent, Field, Known, is_text
from amllint.capacity.facts import Cluster, InstanceType, Missing
from amllint.capacity.observed.told import why
from amllint.capacity.replicas import DEFAULT_TARGET_UTILIZATION
from amllint.capacity.resources import GPU, Resources, of_list
from amllint.capacity.scheduling import GPU_TOLERATIONS, Pod, Toleration, service_pod
from amllint.findings.finding import Location, Unchecked
from amllint.rules.capacity.configured import Replicas, replica_counts, request_of

ClusterConfig = AksDeployment | AksEndpointDeployment | DeploymentReference
DEFAULT_TYPE: Final = "defaultinstancetype"
DEFAULT_REQUESTS: Final = {"cpu": "100m", "memory": "2Gi"}
"""What a replica asks for without an instance type.

Source: Azure ML, "Create and manage instance types": the definition of `defaultinstancetype`.
"""
_ML_TAINTS: Final = ("amlarc", "amlarc-workload", "resource-group", "workspace", "compute")
_OF_KUBERNETES: Final = tuple(Toleration(f"ml.azure.com/{key}", "Exists") for key in _ML_TAINTS)
"""Taints that the pods of online deployments tolerate, by "Manage AKS and Azure ML workloads"."""


class Amount(NamedTuple):
    """What an amount is called where it is written, and its place."""

    name: str
    place: Location


class Workload(NamedTuple):
    """The pods of a deployment, with the side containers of Azure ML.

    `cpu`, `memory` and `gpus` say where each amount stands, `replicas` how many there are, `None`
    where that is not known.
    """

    pod: Pod
    cpu: Amount
    memory: Amount
    gpus: Amount
    replicas: Replicas | None
    fewest: Amount | None = None

    @property
    def without_gpus(self) -> Pod:
        """The pods as if no GPU were asked for: that is told of by itself."""
        return self.pod._replace(requests=self.pod.requests._replace(gpus=0))

    @property
    def gpus_alone(self) -> Pod:
        """The pods as if they asked for GPUs alone."""
        return self.pod._replace(requests=Resources(gpus=self.pod.requests.gpus))


def workload_of(config: ClusterConfig, cluster: Cluster) -> Workload | Unchecked | None:
    """What a deployment asks for; `None` where that is only known later, or is refused anyway."""
    if isinstance(config, DeploymentReference):
        return _of_kubernetes(config, cluster) if config.is_kubernetes else None
    request = None if config.is_change else request_of(config)
    if request is None:
        return None
    fields = (config.number("cpu_cores"), config.number("memory_gb"), config.number("gpu_cores"))
    cpu, memory, gpus = (
        Amount(config.name_of(name), field.location if field is not None else request.place)
        for name, field in zip(("cpu_cores", "memory_gb", "gpu_cores"), fields, strict=True)
    )
    least = config.argument("autoscale_min_replicas")
    scaled = config.given("autoscale_enabled") is True
    fewest = None
    if scaled:
        name = config.name_of("autoscale_min_replicas")
        fewest = Amount(name, least.location) if isinstance(least, Known) else None
    pod = service_pod(request.own.plus(cluster.side_containers))
    return Workload(pod, cpu, memory, gpus, replica_counts(config), fewest)


# -- v2 -------------------------------------------------------------------------------------


def _of_kubernetes(reference: DeploymentReference, cluster: Cluster) -> Workload | Unchecked | None:
    given = {kind: dict(_amounts(reference, kind)) for kind in ("limits", "requests")}
    if any(not isinstance(f, (Known, Absent)) for own in given.values() for f in own.values()):
        return None
    kind = _type(reference, cluster, given["requests"])
    if not isinstance(kind, InstanceType):
        return kind
    amounts: dict[str, Any] = {**kind.limits, **_values(given["limits"])}
    amounts |= {**kind.requests, **_values(given["requests"])}
    try:
        own = of_list(amounts)
    except ValueError as problem:
        return _unreadable(reference, given, str(problem))
    place = reference.instance_type.location
    cpu, memory, gpus = (_written(name, given, place) for name in ("cpu", "memory", GPU))
    pod = Pod(
        own.plus(cluster.side_containers),
        kind.node_selector,
        _OF_KUBERNETES + (GPU_TOLERATIONS if own.gpus else ()),
    )
    replicas = _replicas(reference)
    return Workload(pod, cpu, memory, gpus, replicas, _fewest(reference))


def _unreadable(
    reference: DeploymentReference, given: dict[str, dict[str, Field[Any]]], problem: str
) -> Unchecked | None:
    """That amounts of an InstanceType are none; a deployment with such of its own is refused."""
    try:
        of_list({**_values(given["limits"]), **_values(given["requests"])})
    except ValueError:
        return None
    named = reference.instance_type.value if is_text(reference.instance_type) else DEFAULT_TYPE
    return _unknown(reference.instance_type, f"what `{named}` asks for: {problem}", True)


def _amounts(reference: DeploymentReference, kind: str) -> Iterator[tuple[str, Field[Any]]]:
    for name in ("cpu", "memory", GPU):
        yield name, reference.section.field("resources", kind, name)


def _values(fields: dict[str, Field[Any]]) -> dict[str, Any]:
    return {name: field.value for name, field in fields.items() if isinstance(field, Known)}


def _written(name: str, given: dict[str, dict[str, Field[Any]]], place: Location) -> Amount:
    for kind in ("requests", "limits"):
        field = given[kind][name]
        if isinstance(field, Known):
            return Amount(f"resources.{kind}.{name}", field.location)
    return Amount("instance_type", place)


def _type(
    reference: DeploymentReference, cluster: Cluster, requests: dict[str, Field[Any]]
) -> InstanceType | Unchecked | None:
    """The InstanceType that the deployment names, or the one of those that name none."""
    field = reference.instance_type
    if not isinstance(field, (Known, Absent)):
        return None
    named = str(field.value) if isinstance(field, Known) else cluster.default_type or DEFAULT_TYPE
    types = cluster.types
    if not isinstance(types, Missing):
        found = next((t for name, t in types.items() if name.lower() == named.lower()), None)
        if found is not None:
            return found
    if named == DEFAULT_TYPE:
        return InstanceType(dict(DEFAULT_REQUESTS), {})
    if isinstance(types, Missing):
        if all(isinstance(requests[name], Known) for name in ("cpu", "memory")):
            return InstanceType({}, {})  # whichever nodes it is for, it asks for that much
        return _unknown(field, f"what `{named}` asks for: {why(types)}", types.was_asked)
    shown = ", ".join(sorted(types)) or "none"
    return _unknown(field, f"`{named}` is none of those of `{cluster.name}` ({shown})", True)


def _unknown(field: Field[Any], reason: str, was_asked: bool) -> Unchecked | None:
    return Unchecked(field.location, "instance type", f"not known: {reason}") if was_asked else None


def _replicas(reference: DeploymentReference) -> Replicas | None:
    kind = reference.section.field("scale_settings", "type")
    if isinstance(kind, Known) and str(kind.value).lower() == "target_utilization":
        least, most = (_whole(_scaled(reference, n)) for n in ("min_instances", "max_instances"))
        if least is None or most is None or not 1 <= least <= most:
            return None
        place = _scaled(reference, "max_instances").location
        return Replicas(least, most, DEFAULT_TARGET_UTILIZATION, place, "max_instances")
    if not isinstance(kind, (Known, Absent)):
        return None
    count = _whole(reference.instance_count)
    if count is None or count < 1:
        return None
    place = reference.instance_count.location
    return Replicas(count, count, DEFAULT_TARGET_UTILIZATION, place, "instance_count")


def _scaled(reference: DeploymentReference, name: str) -> Field[Any]:
    return reference.section.field("scale_settings", name)


def _fewest(reference: DeploymentReference) -> Amount | None:
    field = _scaled(reference, "min_instances")
    return Amount("min_instances", field.location) if isinstance(field, Known) else None


def _whole(field: Field[Any]) -> int | None:
    if isinstance(field, Absent):
        return 1
    value = field.value if isinstance(field, Known) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None
