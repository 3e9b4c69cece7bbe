"""What a file of an export holds, by what its items look like."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from amllint.snapshot import facts
from amllint.snapshot.asset_rows import Asset
from amllint.snapshot.facts import KINDS, Kind
from amllint.snapshot.shapes import assets, clusters, places, roles
from amllint.snapshot.shapes.items import Item, Misshapen, below, own, rows, truth, value
from amllint.snapshot.tag_lists import tag_list


class Told(NamedTuple):
    """A fact that a file tells: what kind it is of, of what, and how to get its value.

    `shape` raises `Misshapen`. `objects` are those that `kubectl` printed, one for each row.
    """

    kind: Kind[Any]
    of: str
    shape: Callable[[], Any]
    objects: tuple[Item, ...] | None = None


_KUBERNETES: Final = (
    ("Node", facts.NODES, clusters.nodes),
    ("Pod", facts.PODS, clusters.pods),
    ("InstanceType", facts.INSTANCE_TYPES, clusters.instance_types),
)
_GROUP_USAGE: Final = re.compile(r"(?:dedicated)?containergroups|standard\w*cores", re.IGNORECASE)
"""How Microsoft.ContainerInstance calls what it counts.

Source: REST API, Location, List Usage: its rows have no id.
"""
EVERY_ROLE: Final = "as exported"
"""What roles of an export are of: which scopes it was made for, it does not say."""
_LISTS: Final[tuple[tuple[Kind[Any], Callable[[Item], Any], Callable[[Any], Any]], ...]] = (
    (facts.ROLE_ASSIGNMENTS, lambda i: value(i, "roleDefinitionId"), roles.role_assignments),
    (
        facts.ROLE_DEFINITIONS,
        lambda i: value(i, "roleName") and value(i, "permissions") is not None,
        roles.role_definitions,
    ),
    (
        facts.PROVIDERS,
        lambda i: "namespace" in i and "registrationState" in i,
        places.providers,
    ),
    (
        facts.NODE_SIZES,
        lambda i: "resourceType" in i and "locations" in i,
        places.node_sizes,
    ),
    (
        facts.ACI_CAPABILITIES,
        lambda i: isinstance(below(i, "capabilities").get("maxCpu"), (int, float, str)),
        places.group_capabilities,
    ),
    (facts.ML_QUOTAS, lambda i: _of_ml(i, "quotas"), places.quota_caps),
    (facts.ML_USAGES, lambda i: _of_ml(i, "usages"), places.usages),
    (
        facts.ACI_USAGES,
        lambda i: "currentValue" in i and _is_of_groups(i),
        places.usages,
    ),
    (facts.COMPUTE_USAGES, lambda i: "currentValue" in i and "limit" in i, places.usages),
    (
        facts.VM_SIZES,
        lambda i: value(i, "maxResourceVolumeMB", "max_resource_volume_mb") is not None,
        places.vm_sizes,
    ),
    (
        facts.COMPUTES,
        lambda i: "/computes/" in _id(i) and below(i, "properties").get("computeType"),
        clusters.computes,
    ),
    (
        facts.SERVICES,
        lambda i: "containerResourceRequirements" in i or "deploymentType" in i,
        assets.services,
    ),
    (
        facts.BATCH_ENDPOINTS,
        lambda i: _is_below(i, "batchendpoints") and "deployments" not in _id(i),
        assets.endpoints,
    ),
    (
        facts.ONLINE_ENDPOINTS,
        lambda i: (
            (_is_below(i, "onlineendpoints") and "/deployments/" not in _id(i))
            or ("auth_mode" in i and "traffic" in i)
        ),
        assets.endpoints,
    ),
    (
        facts.V1_MODELS,
        lambda i: "createdTime" in i and "version" in i and ":" in _id(i) and "/" not in _id(i),
        assets.v1_models,
    ),
)
_SINGLE: Final[tuple[tuple[Kind[Any], Callable[[Item], Any], Callable[[Item], Any]], ...]] = (
    (
        facts.WORKSPACE,
        lambda i: (
            _kind(i) == "microsoft.machinelearningservices/workspaces"
            or ("application_insights" in i and "key_vault" in i)
        ),
        places.workspace,
    ),
    (
        facts.REGISTRY,
        lambda i: _kind(i) == "microsoft.containerregistry/registries",
        places.registry,
    ),
)


def told(data: Any, stem: str) -> list[Told]:
    """The facts that the data of a file tell; `stem` is its name, which says what an empty list
    is one of. None where it is no export. Raises `Misshapen` for a part of one.
    """
    if isinstance(data, dict) and ("items" in data or data.get("apiVersion")):
        return list(_kubernetes(data))
    images = tag_list(data, stem)
    if images is not None:
        return [Told(facts.IMAGE_TAGS, images.repository, images.rows)]
    if not isinstance(data, dict) and not (
        isinstance(data, list) and all(isinstance(item, dict) for item in data)
    ):
        return []
    single = isinstance(data, dict) and "value" not in data and "amlCompute" not in data
    if isinstance(data, dict) and data.get("nextLink"):
        raise Misshapen("it is the first page of a list alone (`nextLink`)")
    items: list[Item] = [data] if isinstance(data, dict) and single else rows(data, "amlCompute")
    if not items:
        named = KINDS.get(stem.replace("-", "_").lower())
        if named is facts.ROLE_ASSIGNMENTS:
            return [Told(named, EVERY_ROLE, tuple)]
        if named is facts.WORKSPACE or named is facts.REGISTRY:
            raise Misshapen(f"it lists none; show the one that is meant ({named.name})")
        versions = _versions_of(stem)
        if versions is not None:
            return [Told(*versions, tuple)]
        return [Told(named, "", tuple)] if named is not None and not named.of else []
    return list(_azure(items, single, stem))


_REGISTERED: Final[tuple[tuple[str, Kind[Any], Kind[Any], Callable[[Any], Any]], ...]] = (
    ("models", facts.MODELS, facts.MODEL_VERSIONS, assets.model_versions),
    (
        "environments",
        facts.ENVIRONMENTS,
        facts.ENVIRONMENT_VERSIONS,
        assets.environment_versions,
    ),
)


def _versions_of(stem: str) -> tuple[Kind[Any], str] | None:
    """Of which name a file lists the versions, by what it is called: model-churn, say."""
    for path, _, versions, _ in _REGISTERED:
        prefix = f"{path.removesuffix('s')}-"
        if stem.lower().startswith(prefix) and len(stem) > len(prefix):
            return versions, stem[len(prefix) :]
    return None


def _kubernetes(data: Item) -> Iterator[Told]:
    if below(data, "metadata").get("continue"):
        raise Misshapen("it is the first part of a list alone (`metadata.continue`)")
    kind_told = str(data.get("kind") or "")
    of_list = kind_told.removesuffix("List")
    is_list = "items" in data or kind_told != of_list
    listed = data.get("items") if is_list else [data]
    if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
        raise Misshapen("its `items` are no list of objects")
    items = [{"kind": of_list, **item} for item in listed]
    found = {str(item["kind"]) for item in items} | {of_list}
    for name, kind, shape in _KUBERNETES:
        if name in found:
            own_kind = tuple(item for item in items if item["kind"] == name)
            yield Told(kind, "", _later(shape, list(own_kind)), own_kind)


def _azure(items: list[Item], single: bool, stem: str) -> Iterator[Told]:
    first = items[0]
    if value(first, "agentPoolProfiles") is not None:
        for item in items:
            yield Told(facts.AKS_CLUSTER, str(item.get("name")), _later(clusters.aks_cluster, item))
        return
    for kind, fits, shape in _SINGLE:
        if fits(first):
            if len(items) > 1:
                raise Misshapen(f"it lists several; show the one that is meant ({kind.name})")
            yield Told(kind, "", _later(shape, first))
            return
    below_endpoint = _is_below(first, "onlineendpoints") and "/deployments/" in _id(first)
    if below_endpoint or ("endpoint_name" in first and "instance_type" in first):
        yield from _deployments(items, single)
        return
    for kind, fits, shape in _LISTS:
        if fits(first):
            _refuse_alone(kind, single)
            of = EVERY_ROLE if kind is facts.ROLE_ASSIGNMENTS else ""
            yield Told(kind, of, _later(shape, items))
            return
    if _is_shortened_compute(first):
        raise Misshapen(
            "`az ml compute list` leaves out nodes and instance types: export the computes by"
            " `az rest`, as docs/snapshot.md has it"
        )
    yield from _registered(items, single, stem)


def _is_shortened_compute(item: Item) -> bool:
    kind = str(item.get("type") or "").lower()
    known = ("aks", "amlcompute", "computeinstance", "kubernetes", "virtualmachine")
    return kind in known and "provisioning_state" in item and "properties" not in item


def _deployments(items: list[Item], single: bool) -> Iterator[Told]:
    _refuse_alone(facts.ONLINE_DEPLOYMENTS, single)
    parsed = assets.deployments(items)
    for name in dict.fromkeys(row.endpoint for row in parsed):
        of_it = [row for row in parsed if row.endpoint == name]
        yield Told(facts.ONLINE_DEPLOYMENTS, name, _later(tuple, of_it))


def _registered(items: list[Item], single: bool, stem: str) -> Iterator[Told]:
    """Models and environments: lists of names, or of the versions of one name.

    `az ml model list` without `-n` has each name with its latest version and no others, so that
    only several versions of a name are known to be all of them.
    """
    for path, names, versions, shape in _REGISTERED:
        if not _is_registered(items[0], path, stem):
            continue
        _refuse_alone(names, single)
        if value(items[0], "latestVersion") is not None and "/versions/" not in _id(items[0]):
            yield Told(names, "", _later(assets.assets, items))
            return
        parsed = shape(items)
        yield from _of_names(parsed, names, versions, stem, path)
        return


def _of_names(
    parsed: Any, names: Kind[Any], versions: Kind[Any], stem: str, path: str
) -> Iterator[Told]:
    """What versions tell; `stem` is what the file is called, and says what one alone is."""
    is_all = stem.replace("-", "_") == path
    by_name: dict[str, list[Any]] = {}
    for row in parsed:
        by_name.setdefault(row.name, []).append(row)
    several = {name: of_it for name, of_it in by_name.items() if len(of_it) > 1}
    if len(by_name) > 1 or (is_all and not several):
        yield Told(names, "", _later(_latest, parsed))
    elif not several:
        (name,) = by_name
        if name.lower() not in stem.lower():
            raise Misshapen(
                f"whether it lists all {path} or all versions of `{name}` cannot be told: call it"
                f" {path}.json or {path.removesuffix('s')}-{name}.json"
            )
        several = by_name
    for name, of_it in several.items():
        yield Told(versions, name, _later(tuple, of_it))


def _latest(parsed: Any) -> tuple[Asset, ...]:
    """Names, each with its version where there is but one."""
    versions: dict[str, list[str]] = {}
    for row in parsed:
        versions.setdefault(row.name, []).append(row.version)
    return tuple(Asset(n, v[0] if len(v) == 1 else None) for n, v in versions.items())


def _is_registered(item: Item, path: str, stem: str) -> bool:
    if f"/{path}/" in _id(item):
        return True
    if "name" in item and value(item, "latestVersion") is not None and not _id(item):
        return stem.replace("-", "_") == path
    marks = {"models": ("path", "flavors"), "environments": ("conda_file", "image", "os_type")}
    return "version" in item and "name" in item and any(mark in item for mark in marks[path])


def _refuse_alone(kind: Kind[Any], single: bool) -> None:
    if single:
        raise Misshapen(f"it is one of several; export the list ({kind.name})")


def _later(shape: Callable[[Any], Any], data: Any) -> Callable[[], Any]:
    return lambda: shape(data)


def _id(item: Item) -> str:
    return (own(item, "id") or "").lower()


def _kind(item: Item) -> str:
    return (own(item, "type") or "").lower()


def _is_below(item: Item, kind: str) -> bool:
    return f"/{kind}/" in _id(item)


def _is_of_groups(item: Item) -> bool:
    """Whether a row of usage is one of container instances: most of them have no id."""
    name = own(below(item, "name"), "value") or ""
    return "microsoft.containerinstance" in _id(item) or bool(_GROUP_USAGE.fullmatch(name))


def _of_ml(item: Item, kind: str) -> bool:
    place = f"{_kind(item)} {_id(item)}"
    return (
        "microsoft.machinelearningservices" in place
        and f"/{kind}" in place
        and ("limit" in item or truth(item, "limit") is not None)
    )
