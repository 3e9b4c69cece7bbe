"""Looking values up in what Azure answers and what its tools print.

ARM nests under `properties` in camelCase, `az` lifts that to the top, and `az ml` writes its own
snake_case, or words (`latest version`); numbers come as texts from some. Here they are all one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from amllint.findings.secrets import concealed

Item = dict[str, Any]
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_LONGEST: Final = 400


class Misshapen(ValueError):
    """Data that are not what they were asked for as; the message says what is wrong."""


def rows(data: Any, *keys: str) -> list[Item]:
    """The items of a list, bare or below the first of some keys. Raises `Misshapen`."""
    found = data
    if isinstance(data, dict):
        names = (key for key in (*keys, "value") if key in data)
        found = data.get(next(names, ""))
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise Misshapen("it is no list of items")
    return found


def below(item: Item, *path: str) -> Item:
    """The mapping that a path leads to, empty where there is none."""
    inner: Any = item
    for step in path:
        inner = inner.get(step) if isinstance(inner, dict) else None
    return inner if isinstance(inner, dict) else {}


def value(item: Item, *names: str) -> Any:
    """The first value that is there under one of some names, below `properties` or beside it."""
    for name in names:
        for holder in (below(item, "properties"), item):
            for spelled in (name, *(_HUMP.sub(gap, name).lower() for gap in "_ ")):
                if holder.get(spelled) is not None:
                    return holder[spelled]
    return None


def mapping(item: Item, *names: str) -> Item:
    """The mapping under one of some names, empty where there is none. Raises `Misshapen`."""
    found = value(item, *names)
    if found is not None and not isinstance(found, dict):
        raise Misshapen(f"`{names[0]}` is no mapping")
    return found or {}


def items(item: Item, *names: str) -> list[Any]:
    """The list under one of some names, empty where there is none. Raises `Misshapen`."""
    found = value(item, *names)
    if found is not None and not isinstance(found, list):
        raise Misshapen(f"`{names[0]}` is no list")
    return found or []


def text(item: Item, *names: str) -> str | None:
    """A text; a number is one, a structure is none."""
    found = value(item, *names)
    if isinstance(found, bool) or not isinstance(found, (str, int, float)):
        return None
    return str(found) or None


def own(item: Item, name: str) -> str | None:
    """A text of the item itself, whatever stands below `properties`."""
    found = item.get(name)
    return found if isinstance(found, str) and found else None


def identities(identity: Item) -> dict[str, str | None]:
    """Object ids of user-assigned identities by their ids, of ARM (a mapping) or `az ml`."""
    given = value(identity, "userAssignedIdentities")
    if isinstance(given, dict):
        named = {k: v if isinstance(v, dict) else {} for k, v in given.items()}
    else:
        listed = given if isinstance(given, list) else ()
        rows = [row for row in listed if isinstance(row, dict)]
        named = {found: row for row in rows if (found := text(row, "resourceId"))}
    return {str(name): text(row, "principalId") for name, row in named.items()}


def needed(item: Item, *names: str) -> str:
    """A text that an item cannot be without. Raises `Misshapen`."""
    found = (own(item, names[0]) if names[0] in item else None) or text(item, *names)
    if found is None:
        raise Misshapen(f"an item lacks `{names[0]}`")
    return found


def number(item: Item, *names: str) -> float | None:
    """A number, also one that is written as a text."""
    return as_number(value(item, *names))


def whole(item: Item, *names: str) -> int | None:
    """A whole number, also one that is written as a text or as 4.0."""
    found = number(item, *names)
    return int(found) if found is not None and found == int(found) else None


def needed_whole(item: Item, *names: str) -> int:
    """A whole number that an item cannot be without. Raises `Misshapen`."""
    found = whole(item, *names)
    if found is None:
        raise Misshapen(f"an item lacks `{names[0]}`, a number")
    return found


def truth(item: Item, *names: str) -> bool | None:
    """True, false, or not said."""
    found = value(item, *names)
    return found if isinstance(found, bool) else None


def texts(found: Any) -> tuple[str, ...]:
    """The texts of a list."""
    return tuple(t for t in found if isinstance(t, str)) if isinstance(found, list) else ()


def pairs(found: Any) -> dict[str, str]:
    """Texts by name, without what is empty; numbers as they are written."""
    given = found.items() if isinstance(found, dict) else ()
    return {str(k): str(v) for k, v in given if isinstance(v, (str, int, float)) and v != ""}


def said(found: Any) -> str | None:
    """What went wrong, in short and without secrets, whether it came as text or as a structure."""
    told = "; ".join(dict.fromkeys(_messages(found, 0)))
    return concealed(told)[:_LONGEST] or None


def _messages(found: Any, depth: int) -> Iterator[str]:
    if isinstance(found, str):
        yield " ".join(found.split())
    elif isinstance(found, list) and depth < 4:
        for inner in found[:5]:
            yield from _messages(inner, depth + 1)
    elif isinstance(found, dict) and depth < 4:
        parts: Iterable[Any] = (found.get(k) for k in ("error", "message", "details"))
        for inner in parts:
            yield from _messages(inner, depth + 1)


def as_number(found: Any) -> float | None:
    """A number, of a number or a text; `None` for all else."""
    if isinstance(found, bool) or not isinstance(found, (str, int, float)):
        return None
    try:
        given = float(found)
    except (ValueError, OverflowError):
        return None
    return given if abs(given) < 1e15 else None


def part_of_id(found: str, kind: str) -> str | None:
    """The name behind a kind in an id: of `…/onlineEndpoints/ep1/deployments/blue` it is `ep1`."""
    steps = found.split("/")
    lower = [step.lower() for step in steps]
    at = lower.index(kind.lower()) if kind.lower() in lower else -1
    return steps[at + 1] if 0 <= at < len(steps) - 1 else None
