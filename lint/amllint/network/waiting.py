"""When a request is repeated, and how long to wait before."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Final, Literal, TypeAlias

Verdict: TypeAlias = Literal["limited", "failed", "final"]
"""Limited: refused before anything was done. Failed: it may have been done or not."""

_BUSY: Final = frozenset({500, 502, 503, 504})
_SECONDARY: Final = ("secondary rate limit", "abuse detection")
FIRST_SECONDS: Final = 1.0
MOST_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What an answer means for repeating its request; `seconds` is the wait it asks for."""

    verdict: Verdict
    seconds: float | None = None


def judge(status: int, headers: Mapping[str, str], message: str, now: float) -> Verdicts:
    """What a status, its headers (lower case) and its message ask for; `now` is Unix time."""
    after = _retry_after(headers.get("retry-after", ""), now)
    if status == 429 or (status == 403 and _is_limit(headers, message, after)):
        return Verdicts("limited", _limit_seconds(headers, after, now))
    if status == 503 and after is not None:
        return Verdicts("limited", after)
    return Verdicts("failed", after) if status in _BUSY else Verdicts("final")


def backoff(attempt: int, draw: Callable[[], float] = random.random) -> float:
    """Seconds before the repeat number `attempt` (from 0): doubling, half of it by chance."""
    most = min(MOST_SECONDS, FIRST_SECONDS * 2.0 ** min(attempt, 10))
    return float(most * (0.5 + draw() / 2))


def _is_limit(headers: Mapping[str, str], message: str, after: float | None) -> bool:
    spent = headers.get("x-ratelimit-remaining") == "0"
    return spent or after is not None or any(s in message.lower() for s in _SECONDARY)


def _limit_seconds(headers: Mapping[str, str], after: float | None, now: float) -> float:
    """Retry-After, else the reset of the primary limit, else a minute, as GitHub asks."""
    if after is not None:
        return after
    reset = headers.get("x-ratelimit-reset", "")
    if headers.get("x-ratelimit-remaining") == "0" and reset.isascii() and reset.isdigit():
        return max(0.0, int(reset[:12]) - now) + 1
    return 60.0


def _retry_after(text: str, now: float) -> float | None:
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now) if text else None
    except (ValueError, TypeError, OverflowError):
        return None
