"""How many replicas a load takes: the arithmetic of the troubleshooting guides."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

DEFAULT_UTILIZATION: Final = 0.7
SOURCE: Final = "Troubleshooting remote model deployment: 20 × 10 / 0.7 / 1 = 286"


class Load(NamedTuple):
    """A load: requests per second, seconds per request."""

    requests_per_second: float
    seconds: float


def replicas(load: Load, utilization: float = DEFAULT_UTILIZATION, per_replica: int = 1) -> int:
    """ceil(rps × seconds / utilization / requests per container). Source: both guides.

    `utilization` is a fraction above 0; raises `ValueError` for one that is not, and for fewer
    than one request per replica.
    """
    if not 0 < utilization <= 1 or per_replica < 1:
        raise ValueError("utilization is a fraction above 0, a replica takes a request or more")
    busy = load.requests_per_second * load.seconds / utilization / per_replica
    # 0.1 × 3 is a little over 0.3: what is a whole number in decimals is one here.
    return math.ceil(round(busy, 9))


def arithmetic(utilization: float = DEFAULT_UTILIZATION, per_replica: int = 1) -> list[str]:
    """The formula with the numbers of a service in it, and some loads worked out."""
    lines = [
        "replicas = ceil(requests per second × seconds per request "
        f"/ {utilization:g} / {per_replica})",
    ]
    for load in (Load(1, 0.5), Load(5, 1), Load(20, 10)):
        count = replicas(load, utilization, per_replica)
        lines.append(f"{load.requests_per_second:g} × {load.seconds:g} s: {count}")
    return lines
