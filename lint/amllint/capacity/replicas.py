"""How many replicas a load takes: the arithmetic of the troubleshooting guides."""

from __future__ import annotations

import math
from typing import Final

DEFAULT_TARGET_UTILIZATION: Final = 0.7
"""The share of its replicas that AKS's autoscaler keeps busy, unless it is told another."""
DEFAULT_CONCURRENT_REQUESTS: Final = 1
"""Requests that a container of AKS works on at once, unless it is told another number."""
DEFAULT_MIN_REPLICAS: Final = 1
DEFAULT_MAX_REPLICAS: Final = 10


def busy_replicas(
    requests_per_second: float, seconds_per_request: float, concurrent_requests: int = 1
) -> float:
    """Replicas that are at work on average: rps × seconds / requests at once (Little's law).

    Raises `ValueError` where a replica takes less than one request.
    """
    if concurrent_requests < 1:
        raise ValueError("a replica takes one request or more")
    # 0.1 × 3 is a little over 0.3: what is a whole number in decimals is one here.
    return round(requests_per_second * seconds_per_request / concurrent_requests, 9)


def replicas_needed(busy: float, target_utilization: float = DEFAULT_TARGET_UTILIZATION) -> int:
    """ceil(busy replicas / target utilization), a share above 0 and at most 1.

    Source: both troubleshooting guides, where 20 × 10 s at 0.7 take 286 replicas. Raises
    `ValueError` for a utilization out of range.
    """
    if not 0 < target_utilization <= 1:
        raise ValueError("utilization is a share above 0 and at most 1")
    return math.ceil(round(busy / target_utilization, 9))


def requests_carried(
    replicas: float,
    seconds_per_request: float,
    concurrent_requests: int = 1,
    target_utilization: float = DEFAULT_TARGET_UTILIZATION,
) -> float:
    """Requests per second that replicas carry while they are busy for the target's share.

    The formula of `replicas_needed`, solved for the rate: replicas × target × requests at once /
    seconds. With a target of 1 it is what they carry at most; beyond it calls get 503.
    """
    if concurrent_requests < 1:
        raise ValueError("a replica takes one request or more")
    return replicas * target_utilization * concurrent_requests / seconds_per_request


def utilization(busy: float, replicas: float) -> float:
    """The share of its replicas that a load keeps busy; above 1 it is more than they carry."""
    return busy / replicas
