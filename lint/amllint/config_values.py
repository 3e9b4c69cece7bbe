"""Single values of the configuration: each reader takes its name, and says what it must be."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any, Final

MOST: Final = 1e9
"""Above any load and any time that a person means."""
MOST_NODES: Final = 5000
"""AKS has no larger clusters."""

_GUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def number(name: str, value: Any) -> float:
    """A number above 0. Raises `ValueError`, as all of these do."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not is_number or not 0 < value < MOST:
        raise ValueError(f"`{name}` must be a number above 0 and below {MOST:.0e}")
    return float(value)


def amount(name: str, value: Any) -> float:
    """A number, or none of it."""
    return 0.0 if value == 0 and not isinstance(value, bool) else number(name, value)


def cores(name: str, value: Any) -> int:
    """A number of cores; more may be in use than a limit allows, so that fewer than 0 are left."""
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= MOST:
        raise ValueError(f"`{name}` must be a whole number of cores")
    return value


def count(name: str, value: Any) -> int:
    """A number of nodes or pods."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= MOST_NODES:
        raise ValueError(f"`{name}` must be a whole number from 1 to {MOST_NODES}")
    return value


def version(name: str, value: Any) -> tuple[int, int]:
    """A version of Kubernetes; TOML takes one without quotes for a number."""
    from amllint.capacity.aks_nodes import parsed_version

    found = parsed_version(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f'`{name}` must be a version in quotes, such as "1.29"')
    return found


def day(name: str, value: Any) -> str:
    """A day, as TOML has it or as a text."""
    given = value.isoformat() if isinstance(value, datetime.date) else str(value)
    try:
        return datetime.date.fromisoformat(given).isoformat()
    except ValueError:
        raise ValueError(f"`{name}` must be a day, YYYY-MM-DD") from None


def object_id(name: str, value: Any) -> str:
    """The id of somebody in Entra ID, as role assignments name them."""
    if not isinstance(value, str) or not _GUID.fullmatch(value):
        raise ValueError(
            f"`{name}` must be an object id, such as 00000000-0000-0000-0000-000000000000:"
            " `az ad sp show --id CLIENT_ID --query id` or `az ad signed-in-user show --query id`"
        )
    return value.lower()


VALUES: Final[dict[str, Callable[[str, Any], Any]]] = {
    "number": number,
    "amount": amount,
    "cores": cores,
    "count": count,
    "version": version,
    "day": day,
    "object-id": object_id,
}
"""The readers by the type of the key."""
