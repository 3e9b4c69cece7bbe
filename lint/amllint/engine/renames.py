"""Which new file is an old one under another name."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from typing import Final

_ENOUGH: Final = 0.5
"""The share of lines that both have, as in git."""
_MAX_PAIRS: Final = 10_000


def renames(gone: Mapping[str, bytes], added: Mapping[str, bytes]) -> dict[str, str]:
    """Old paths by new ones: equal contents first, then the most alike of one extension.

    Each old file is found again once at most. Where there are too many to compare, only
    equal contents count.
    """
    found: dict[str, str] = {}
    free = dict(gone)
    equal: dict[bytes, list[str]] = {}
    for path in sorted(gone, reverse=True):
        equal.setdefault(_unix(gone[path]), []).append(path)
    for path in sorted(added):
        old = equal.get(_unix(added[path])) if added[path] else None
        if old:
            found[path] = old.pop()
            del free[found[path]]
    left = {p: Counter(_lines(d)) for p, d in added.items() if p not in found}
    if len(left) * len(free) <= _MAX_PAIRS:
        _by_likeness(found, {p: Counter(_lines(d)) for p, d in free.items()}, left)
    return found


def _by_likeness(
    found: dict[str, str], gone: dict[str, Counter[bytes]], added: dict[str, Counter[bytes]]
) -> None:
    pairs = [
        (-likeness, new, old)
        for new, now in added.items()
        for old, then in gone.items()
        if _extension(new) == _extension(old) and (likeness := _likeness(then, now)) >= _ENOUGH
    ]
    for _, new, old in sorted(pairs):
        if new not in found and old not in found.values():
            found[new] = old


def _likeness(one: Counter[bytes], other: Counter[bytes]) -> float:
    most = max(one.total(), other.total())
    return (one & other).total() / most if most else 0.0


def _lines(data: bytes) -> list[bytes]:
    return [line for line in _unix(data).split(b"\n") if line.strip()]


def _unix(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n")


def _extension(path: str) -> str:
    return os.path.splitext(path)[1].lower()
