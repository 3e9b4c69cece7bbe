"""What a trial measured, for `--save`: seconds and memory, as the capacity rules want them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

VERSION: Final = 1
_MIB: Final = 1024 * 1024


class Latency(NamedTuple):
    """Seconds of calls: percentiles are the smallest value that so many calls do not exceed."""

    p50: float
    p95: float
    most: float
    mean: float
    calls: int


def latency(seconds: Sequence[float]) -> Latency | None:
    """The latency of calls, `None` for none."""
    if not seconds:
        return None
    ordered = sorted(seconds)
    mean = math.fsum(ordered) / len(ordered)
    return Latency(rank(ordered, 0.5), rank(ordered, 0.95), ordered[-1], mean, len(ordered))


def rank(ordered: Sequence[float], share: float) -> float:
    """The nearest-rank percentile of sorted values."""
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)]


def mib(size: int | None) -> float | None:
    """Bytes in MiB, one digit."""
    return None if size is None else round(size / _MIB, 1)


def document(
    script: str, calls: Latency | None, start_seconds: float, peak: int | None, versions: Any
) -> dict[str, Any]:
    """The document of `measurements.schema.json`."""
    per_call = None
    if calls is not None:
        per_call = {
            "p50": round(calls.p50, 6),
            "p95": round(calls.p95, 6),
            "max": round(calls.most, 6),
            "mean": round(calls.mean, 6),
        }
    return {
        "version": VERSION,
        "script": script,
        "requests": calls.calls if calls else 0,
        "seconds_per_request": per_call,
        "start_seconds": round(start_seconds, 3),
        "memory_mib": mib(peak),
        "measured_with": versions,
    }
