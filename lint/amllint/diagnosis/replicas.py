"""How many replicas loads take, as a diagnosis shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from amllint.capacity.replicas import (
    DEFAULT_CONCURRENT_REQUESTS,
    DEFAULT_MAX_REPLICAS,
    DEFAULT_TARGET_UTILIZATION,
    busy_replicas,
    replicas_needed,
)

SOURCE: Final = "Troubleshooting remote model deployment: 20 × 10 / 0.7 / 1 = 286"


class Load(NamedTuple):
    """A load: requests per second, seconds per request."""

    requests_per_second: float
    seconds: float


def replicas(
    load: Load,
    utilization: float = DEFAULT_TARGET_UTILIZATION,
    per_replica: int = DEFAULT_CONCURRENT_REQUESTS,
) -> int:
    """The replicas that a load takes. Raises `ValueError` for numbers out of range."""
    busy = busy_replicas(load.requests_per_second, load.seconds, per_replica)
    return replicas_needed(busy, utilization)


def arithmetic(settings: Mapping[str, float] | None = None) -> list[str]:
    """The formula with the numbers of a service in it, some loads, and what the service takes.

    `settings` are those of its deployment config, by their keys there; what is not given or of no
    use has its default.
    """
    given = settings or {}
    percent = given.get("targetUtilization", 0)
    known = 1 <= percent <= 100
    utilization = percent / 100 if known else DEFAULT_TARGET_UTILIZATION
    per_replica = max(1, int(given.get("maxConcurrentRequestsPerContainer", 1)))
    lines = [
        "replicas that a load takes = ceil(requests per second × seconds per request "
        "/ utilization / requests that a container takes at once)",
        f"utilization: {utilization:g}, {_from('targetUtilization', known)}; at once: {per_replica}"
        f", {_from('maxConcurrentRequestsPerContainer', per_replica > 1)}",
    ]
    for load in (Load(1, 0.5), Load(5, 1), Load(20, 10)):
        count = replicas(load, utilization, per_replica)
        lines.append(
            f"{load.requests_per_second:g} per second × {load.seconds:g} s "
            f"/ {utilization:g} / {per_replica}: {count} replica{'s' * (count != 1)}"
        )
    return [*lines, *_limit(given, utilization, per_replica), f"source: {SOURCE}"]


def _from(key: str, known: bool) -> str:
    return f"from {key}" if known else f"the default of {key}"


def _limit(given: Mapping[str, float], utilization: float, per_replica: int) -> list[str]:
    """What the replicas of a service take at most, where its config is known."""
    if not given:
        return []
    if "numReplicas" in given:
        most, name, share = given["numReplicas"], "numReplicas", 1.0
    else:
        most = given.get("maxReplicas", DEFAULT_MAX_REPLICAS)
        name, share = "maxReplicas", utilization
    return [
        f"this service has at most {most:g} replicas ({name}): {most:g} × {share:g} × "
        f"{per_replica} = {most * share * per_replica:g} requests at once; that is as many per "
        "second if each takes a second, twice as many if half of one"
    ]
