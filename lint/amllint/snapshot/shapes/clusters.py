"""Rows about computes, clusters, and what Kubernetes says of its nodes and pods."""

from __future__ import annotations

from typing import Any, Final

from amllint.snapshot.place_rows import AksCluster, Compute, InstanceType, NodePool
from amllint.snapshot.shapes.amounts import check_node, check_pod, check_resources, check_taints
from amllint.snapshot.shapes.items import (
    Item,
    Misshapen,
    below,
    mapping,
    needed,
    needed_whole,
    own,
    pairs,
    rows,
    said,
    text,
    texts,
    truth,
    value,
    whole,
)


def computes(data: Any) -> tuple[Compute, ...]:
    """Computes of the workspace, as ARM has them; one alone is a list of one.

    Raises `Misshapen`.
    """
    alone = isinstance(data, dict) and "value" not in data
    return tuple(_compute(item) for item in ([data] if alone else rows(data)))


def _compute(item: Item) -> Compute:
    outer = below(item, "properties")
    inner = below(outer, "properties")
    scale = below(inner, "scaleSettings")
    types = inner.get("instanceTypes")
    told = said(outer.get("provisioningErrors"))
    return Compute(
        needed(item, "name"),
        needed(item, "computeType"),
        text(item, "provisioningState"),
        (told,) if told else (),
        text(outer, "computeLocation") or own(item, "location"),
        text(item, "resourceId"),
        truth(item, "isAttachedCompute"),
        text(inner, "agentVmSize", "vmSize"),
        whole(inner, "agentCount") if "agentCount" in inner else whole(scale, "maxNodeCount"),
        text(inner, "clusterPurpose"),
        text(below(inner, "sslConfiguration"), "status"),
        text(inner, "loadBalancerType"),
        text(inner, "namespace"),
        text(inner, "defaultInstanceType"),
        tuple(_instance_type(n, t) for n, t in types.items() if isinstance(t, dict))
        if isinstance(types, dict)
        else None,
    )


def _instance_type(name: str, spec: Item) -> InstanceType:
    given = below(spec, "resources")
    requests, limits = pairs(given.get("requests")), pairs(given.get("limits"))
    return InstanceType(name, pairs(spec.get("nodeSelector")), requests, limits)


def aks_cluster(item: Item) -> AksCluster:
    """A cluster, of ARM or `az aks show`. Raises `Misshapen`."""
    pools = value(item, "agentPoolProfiles")
    addons = value(item, "addonProfiles")
    given = value(item, "apiServerAccessProfile")
    access = given if isinstance(given, dict) else {}
    ranges = value(access, "authorizedIPRanges", "authorizedIpRanges")
    return AksCluster(
        needed(item, "id"),
        needed(item, "name"),
        tuple(_pool(p) for p in rows(pools)),
        text(item, "currentKubernetesVersion", "kubernetesVersion"),
        text(item, "provisioningState"),
        text(mapping(item, "powerState"), "code"),
        truth(access, "enablePrivateCluster"),
        _is_monitored(addons) if isinstance(addons, dict) else None,
        truth(access, "enablePrivateClusterPublicFQDN", "enablePrivateClusterPublicFqdn"),
        len(ranges) if isinstance(ranges, list) else None,
    )


def _is_monitored(addons: Item) -> bool:
    named = {name.lower(): given for name, given in addons.items()}
    return truth(below(named, "omsagent"), "enabled") or False


def _pool(item: Item) -> NodePool:
    return NodePool(
        needed(item, "name"),
        needed(item, "vmSize"),
        needed_whole(item, "count"),
        truth(item, "enableAutoScaling"),
        whole(item, "minCount"),
        whole(item, "maxCount"),
        whole(item, "maxPods"),
        text(item, "mode"),
        text(item, "osType"),
        text(item, "currentOrchestratorVersion", "orchestratorVersion"),
        text(item, "provisioningState"),
        text(below(item, "powerState"), "code"),
        texts(item.get("nodeTaints")),
        pairs(item.get("nodeLabels")),
    )


# -- Kubernetes -----------------------------------------------------------------------------

_NODE_SPEC: Final = ("taints", "unschedulable")
_NODE_STATUS: Final = ("allocatable", "capacity")
_CONTAINER: Final = ("name", "resources", "restartPolicy")
_OWNER: Final = ("kind", "name")
_POD_SPEC: Final = (
    *("nodeName", "nodeSelector", "tolerations", "overhead", "priorityClassName", "resources"),
)


def nodes(items: list[Item]) -> tuple[Item, ...]:
    """The nodes of a list of `kubectl`, what schedules and what is healthy kept.

    Annotations stay out: they hold copies of whole objects. Raises `Misshapen`.
    """
    return tuple(_node(item) for item in items if item.get("kind") == "Node")


def pods(items: list[Item]) -> tuple[Item, ...]:
    """The pods of a list, without environment variables, commands, images and volumes.

    Raises `Misshapen`.
    """
    return tuple(_pod(item) for item in items if item.get("kind") == "Pod")


def instance_types(items: list[Item]) -> tuple[InstanceType, ...]:
    """The InstanceTypes of a list. Raises `Misshapen`."""
    return tuple(_listed_type(item) for item in items if item.get("kind") == "InstanceType")


def _listed_type(item: Item) -> InstanceType:
    name, spec = needed(below(item, "metadata"), "name"), below(item, "spec")
    check_resources(spec.get("resources"), "spec.resources", f"InstanceType `{name}`")
    return _instance_type(name, spec)


def _node(item: Item) -> Item:
    status, name = below(item, "status"), needed(below(item, "metadata"), "name")
    check_node(name, status)
    check_taints(name, below(item, "spec"))
    listed = status.get("conditions")
    conditions = [
        _some(c, ("type", "status", "reason"))
        for c in (listed if isinstance(listed, list) else ())
        if isinstance(c, dict)
    ]
    kept = {**_some(status, _NODE_STATUS), "conditions": conditions}
    version = text(below(status, "nodeInfo"), "kubeletVersion")
    if version:
        kept["nodeInfo"] = {"kubeletVersion": version}
    spec = _some(below(item, "spec"), _NODE_SPEC)
    return {"kind": "Node", "metadata": _metadata(item), "spec": spec, "status": kept}


def _pod(item: Item) -> Item:
    spec, head = below(item, "spec"), below(item, "metadata")
    check_pod("/".join(filter(None, (text(head, "namespace"), needed(head, "name")))), spec)
    kept = _some(spec, _POD_SPEC)
    for key in ("containers", "initContainers"):
        listed = spec.get(key)
        if isinstance(listed, list) and listed:
            kept[key] = [_some(container, _CONTAINER) for container in listed]
    if "containers" not in kept:
        raise Misshapen("a pod lacks `spec.containers`")
    status = _some(below(item, "status"), ("phase",))
    return {"kind": "Pod", "metadata": _metadata(item), "spec": kept, "status": status}


def _metadata(item: Item) -> Item:
    given = below(item, "metadata")
    head: Item = {"name": needed(given, "name")}
    head |= _some(given, ("namespace", "deletionTimestamp"))
    if item.get("kind") == "Node":
        head["labels"] = pairs(given.get("labels"))
    owners = given.get("ownerReferences")
    if isinstance(owners, list) and owners:
        head["ownerReferences"] = [_some(o, _OWNER) for o in owners if isinstance(o, dict)]
    return head


def _some(given: Item, names: tuple[str, ...]) -> Item:
    return {name: given[name] for name in names if given.get(name) not in (None, "", [], {})}
