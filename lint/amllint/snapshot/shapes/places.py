"""Rows about the workspace and where it can deploy to."""

from __future__ import annotations

from typing import Any

from amllint.snapshot.place_rows import (
    GroupCapability,
    NodeSize,
    Provider,
    QuotaCap,
    Registry,
    Restriction,
    Usage,
    VmSize,
    Workspace,
)
from amllint.snapshot.shapes.items import (
    Item,
    Misshapen,
    as_number,
    below,
    identities,
    items,
    needed,
    needed_whole,
    number,
    own,
    part_of_id,
    rows,
    text,
    texts,
    truth,
    value,
    whole,
)


def workspace(item: Item) -> Workspace:
    """The workspace, of ARM or of `az ml workspace show`. Raises `Misshapen`."""
    identity = below(item, "identity")
    network = below(item, "properties", "managedNetwork") or below(item, "managed_network")
    links = value(item, "privateEndpointConnections")
    return Workspace(
        needed(item, "id"),
        needed(item, "name"),
        needed(item, "location"),
        text(item, "provisioningState"),
        text(identity, "type"),
        text(identity, "principalId"),
        text(item, "primaryUserAssignedIdentity"),
        text(item, "storageAccount"),
        text(item, "keyVault"),
        text(item, "containerRegistry"),
        text(item, "applicationInsights"),
        text(item, "imageBuildCompute"),
        text(item, "publicNetworkAccess"),
        text(network, "isolationMode"),
        truth(item, "v1LegacyMode", "enableV1Legacy"),
        identities(identity),
        len(links) if isinstance(links, list) else None,
    )


def vm_sizes(data: Any) -> tuple[VmSize, ...]:
    """Sizes of Azure Machine Learning, whichever version of the API lists them.

    A size without its cores is refused, not taken for one with none: azure-ai-ml prints such.
    Raises `Misshapen`.
    """
    return tuple(
        VmSize(
            needed(item, "name"),
            needed(item, "family"),
            needed_whole(item, "vCPUs", "v_cp_us"),
            _needed_number(item, "memoryGB", "memory_gb"),
            whole(item, "gpus") or 0,
            texts(value(item, "supportedComputeTypes"))
            if value(item, "supportedComputeTypes") is not None
            else None,
        )
        for item in rows(data, "amlCompute")
    )


def _needed_number(item: Item, *names: str) -> float:
    found = number(item, *names)
    if found is None:
        raise Misshapen(f"an item lacks `{names[0]}`, a number")
    return found


def node_sizes(data: Any) -> tuple[NodeSize, ...]:
    """Sizes of virtual machines, of Microsoft.Compute/skus or `az vm list-skus`.

    Raises `Misshapen`.
    """
    given = rows(data)
    if given and not any("resourceType" in item for item in given):
        raise Misshapen("an item lacks `resourceType`")
    machines = (i for i in given if str(i.get("resourceType")).lower() == "virtualmachines")
    return tuple(map(_node_size, machines))


def _node_size(item: Item) -> NodeSize:
    listed = items(item, "capabilities")
    has = {text(c, "name"): as_number(c.get("value")) for c in listed if isinstance(c, dict)}
    cores = has.get("vCPUs")
    return NodeSize(
        needed(item, "name"),
        text(item, "family"),
        int(cores) if cores is not None else None,
        has.get("MemoryGB"),
        int(has.get("GPUs") or 0),
        tuple(_restriction(r) for r in items(item, "restrictions") if isinstance(r, dict)),
    )


def _restriction(item: Item) -> Restriction:
    where = below(item, "restrictionInfo")
    kind = text(item, "type") or "Location"
    named = texts(item.get("values")) if kind == "Location" else ()
    locations = texts(where.get("locations")) or named
    return Restriction(kind, text(item, "reasonCode"), locations, texts(where.get("zones")))


def usages(data: Any) -> tuple[Usage, ...]:
    """How much of quotas is used, of any of the providers. Raises `Misshapen`."""
    return tuple(
        Usage(
            needed(below(item, "name"), "value"),
            needed_whole(item, "currentValue"),
            _limit(needed_whole(item, "limit")),
            text(below(item, "name"), "localizedValue"),
        )
        for item in rows(data)
    )


def quota_caps(data: Any) -> tuple[QuotaCap, ...]:
    """What workspaces may use of quotas. Raises `Misshapen`."""
    return tuple(
        QuotaCap(
            needed(below(item, "name"), "value"),
            _limit(needed_whole(item, "limit")),
            part_of_id(own(item, "id") or "", "workspaces"),
        )
        for item in rows(data)
    )


def _limit(given: int) -> int | None:
    return given if given >= 0 else None


def group_capabilities(data: Any) -> tuple[GroupCapability, ...]:
    """What container groups may have. Raises `Misshapen`."""
    found = []
    for item in rows(data):
        most = below(item, "capabilities")
        if not most:
            raise Misshapen("an item lacks `capabilities`")
        row = GroupCapability(
            text(item, "osType"),
            text(item, "gpu"),
            number(most, "maxCpu"),
            number(most, "maxMemoryInGB", "maxMemoryInGb"),
            number(most, "maxGpuCount"),
            text(item, "ipAddressType"),
        )
        found.append(row)
    return tuple(found)


def registry(item: Item) -> Registry:
    """The registry, of ARM or `az acr show`. Raises `Misshapen`."""
    return Registry(
        needed(item, "id"),
        needed(item, "name"),
        text(item, "loginServer"),
        text(below(item, "sku"), "name"),
        truth(item, "adminUserEnabled"),
        text(item, "publicNetworkAccess"),
        text(item, "networkRuleBypassOptions"),
        text(item, "roleAssignmentMode"),
    )


def providers(data: Any) -> tuple[Provider, ...]:
    """Resource providers and whether they are registered. Raises `Misshapen`."""
    return tuple(
        Provider(needed(item, "namespace"), needed(item, "registrationState"))
        for item in rows(data)
    )
