"""Rows about models, environments, services, endpoints and deployments."""

from __future__ import annotations

import re
from typing import Any, Final

from amllint.snapshot.asset_rows import (
    Asset,
    Deployment,
    Endpoint,
    EnvironmentVersion,
    ModelVersion,
    Service,
)
from amllint.snapshot.shapes.items import (
    Item,
    Misshapen,
    as_number,
    below,
    identities,
    needed,
    number,
    own,
    part_of_id,
    rows,
    said,
    text,
    texts,
    truth,
    value,
    whole,
)

_DURATION: Final = re.compile(
    r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?", re.IGNORECASE
)


def assets(data: Any) -> tuple[Asset, ...]:
    """Names of models or environments, with the latest version of each. Raises `Misshapen`."""
    return tuple(
        Asset(needed(item, "name"), text(item, "latestVersion"), truth(item, "isArchived"))
        for item in rows(data)
    )


def model_versions(data: Any, name: str | None = None) -> tuple[ModelVersion, ...]:
    """Versions of models as ARM or `az ml model` lists them. Raises `Misshapen`."""
    return tuple(
        ModelVersion(
            *_named(item, "models", name),
            kind=text(item, "modelType") or own(item, "type"),
            is_archived=truth(item, "isArchived"),
        )
        for item in rows(data)
    )


def v1_models(data: Any) -> tuple[ModelVersion, ...]:
    """Versions of models as the API of v1 lists them. Raises `Misshapen`."""
    found = []
    for item in rows(data):
        asks = below(item, "resourceRequirements")
        row = ModelVersion(
            needed(item, "name"),
            needed(item, "version"),
            framework=text(item, "framework"),
            framework_version=text(item, "frameworkVersion"),
            cpu_cores=number(asks, "cpu"),
            memory_gb=number(asks, "memoryInGB"),
        )
        found.append(row)
    return tuple(found)


def environment_versions(data: Any, name: str | None = None) -> tuple[EnvironmentVersion, ...]:
    """Versions of environments as ARM or `az ml environment` lists them. Raises `Misshapen`."""
    return tuple(
        EnvironmentVersion(
            *_named(item, "environments", name),
            text(item, "environmentType"),
            text(item, "image"),
            text(item, "osType"),
            truth(item, "isArchived"),
            _is_built(item),
        )
        for item in rows(data)
    )


def _is_built(item: Item) -> bool | None:
    """Whether an environment is more than an image; what names neither says nothing."""
    made = (value(item, "condaFile"), value(item, "build"))
    if any(part is not None for part in made):
        return True
    return False if text(item, "image") else None


def _named(item: Item, kind: str, name: str | None) -> tuple[str, str]:
    """The name and the version: ARM calls the version `name`, and the name stands in the id."""
    whole_id = own(item, "id") or ""
    found = name or part_of_id(whole_id, kind)
    version = part_of_id(whole_id, "versions") or text(item, "version")
    if "version" in item and not found:
        found = own(item, "name")
    if not found or not version:
        raise Misshapen("an item has no name and version")
    return found, version


def services(data: Any) -> tuple[Service, ...]:
    """Web services of v1. Keys, certificates and variables stay out. Raises `Misshapen`."""
    return tuple(map(_service, rows(data)))


def _service(item: Item) -> Service:
    asks = below(item, "containerResourceRequirements")
    request = below(item, "environmentImageRequest")
    return Service(
        needed(item, "name"),
        text(item, "state"),
        needed(item, "computeType"),
        text(item, "computeName"),
        number(asks, "cpu"),
        number(asks, "cpuLimit"),
        number(asks, "memoryInGB"),
        number(asks, "memoryInGBLimit"),
        whole(asks, "gpu"),
        whole(item, "numReplicas"),
        texts(request.get("modelIds")),
        said(item.get("error")),
    )


def endpoints(data: Any) -> tuple[Endpoint, ...]:
    """Endpoints of v2, of ARM or `az ml`. Raises `Misshapen`."""
    return tuple(map(_endpoint, rows(data)))


def _endpoint(item: Item) -> Endpoint:
    identity = below(item, "identity")
    return Endpoint(
        needed(item, "name"),
        own(item, "kind"),
        text(item, "provisioningState"),
        text(item, "authMode"),
        _percents(value(item, "traffic")),
        _percents(value(item, "mirrorTraffic")),
        text(item, "publicNetworkAccess"),
        text(item, "compute"),
        text(identity, "type"),
        text(identity, "principalId"),
        identities(identity),
    )


def _percents(given: Any) -> dict[str, int]:
    shares = given.items() if isinstance(given, dict) else ()
    numbers = ((str(name), as_number(share)) for name, share in shares)
    return {name: int(share) for name, share in numbers if share is not None}


def deployments(data: Any, name: str | None = None) -> tuple[Deployment, ...]:
    """Deployments of online endpoints, of ARM or `az ml`. Raises `Misshapen`.

    What is set for their environment variables stays out.
    """
    return tuple(_deployment(item, name) for item in rows(data))


def _deployment(item: Item, endpoint: str | None) -> Deployment:
    settings = value(item, "requestSettings")
    settings = settings if isinstance(settings, dict) else {}
    parent = endpoint or part_of_id(own(item, "id") or "", "onlineEndpoints")
    parent = parent or own(item, "endpoint_name")
    if parent is None:
        raise Misshapen("a deployment does not say its endpoint")
    scale = value(item, "scaleSettings")
    return Deployment(
        parent,
        needed(item, "name"),
        text(item, "endpointComputeType") or own(item, "type"),
        text(item, "provisioningState"),
        text(item, "instanceType"),
        whole(below(item, "sku"), "capacity") if "sku" in item else whole(item, "instanceCount"),
        _reference(value(item, "model")),
        _reference(value(item, "environmentId", "environment")),
        milliseconds(value(settings, "requestTimeout", "requestTimeoutMs")),
        whole(settings, "maxConcurrentRequestsPerInstance"),
        text(scale, "scaleType", "type") if isinstance(scale, dict) else None,
        text(item, "egressPublicNetworkAccess"),
    )


def _reference(given: Any) -> str | None:
    if isinstance(given, dict):
        return own(given, "id") or own(given, "name")
    return given if isinstance(given, str) and given else None


def milliseconds(given: Any) -> int | None:
    """Milliseconds of a duration (`PT5S`), or of a number that is one of milliseconds."""
    match = _DURATION.fullmatch(given) if isinstance(given, str) else None
    if match is None:
        found = as_number(given)
        return int(found) if found is not None else None
    if not any(match.groups()):
        return None
    days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return round((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000)
