"""Whether version clauses leave any version over."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from packaging.version import Version

_CLAUSE: Final = re.compile(r"(===|==|~=|>=|<=|<|>|=)\s*v?([^\s*,]+?)(\.?\*)?$")


class _End(NamedTuple):
    version: Version
    inclusive: bool
    clause: str


def contradiction(versions: str, conda: bool = False) -> tuple[str, str] | None:
    """Two clauses of a version specification that no version meets; `None` if there are none.

    Clauses that cannot be read are passed over; of conda's alternatives nothing is said.
    """
    if "|" in versions or "," not in versions:
        return None
    lows: list[_End] = []
    highs: list[_End] = []
    for clause in (c.strip() for c in versions.split(",")):
        low, high = _ends(clause, conda)
        lows += [low] if low else []
        highs += [high] if high else []
    pairs = ((low, high) for low in lows for high in highs)
    return next(((low.clause, high.clause) for low, high in pairs if _apart(low, high)), None)


def _apart(low: _End, high: _End) -> bool:
    met = low.inclusive and high.inclusive
    return low.version > high.version or (low.version == high.version and not met)


def _ends(clause: str, conda: bool) -> tuple[_End | None, _End | None]:
    """The lowest and the highest version of a clause."""
    from packaging.version import InvalidVersion, Version

    match = _CLAUSE.match(clause)
    if match is None:
        return None, None
    operator, text, star = match.groups()
    try:
        version = Version(text)
    except InvalidVersion:
        return None, None
    low, high = _End(version, True, clause), _End(version, True, clause)
    if operator == "<" or (operator == ">" and not star):
        low, high = low._replace(inclusive=False), high._replace(inclusive=False)
    if operator in (">", ">="):
        return low, None
    if operator in ("<", "<="):
        return None, high
    if operator == "~=" or star or (conda and operator == "="):
        release = version.release[:-1] if operator == "~=" else version.release
        if not release:
            return low, None
        above = Version(".".join(map(str, (*release[:-1], release[-1] + 1)))) if release else None
        return low, _End(above, False, clause) if above else None
    return low, high
