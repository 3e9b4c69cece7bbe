"""What a role allows, by its definition: that of the snapshot, or one that ships with amllint."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, Final

from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot
from amllint.snapshot.facts import Read
from amllint.snapshot.place_rows import Permission, RoleDefinition
from amllint.source.names import last_of_id
from amllint.source.tables import table_path

_TABLE: Final = "built-in-roles.json"


def allows(role: RoleDefinition, action: str, *, is_data: bool = False) -> bool:
    """Whether a role allows an action, on a resource or on what it holds.

    Permissions add up; what one of them leaves out, another may allow. Case does not count.
    Source: learn.microsoft.com, Understand Azure role definitions.
    """
    return any(_permits(row, action, is_data) for row in role.permissions)


def _permits(row: Permission, action: str, is_data: bool) -> bool:
    given = (row.data_actions, row.not_data_actions) if is_data else (row.actions, row.not_actions)
    allowed, left_out = (any(fits(pattern, action) for pattern in some) for some in given)
    return allowed and not left_out


@cache
def fits(pattern: str, action: str) -> bool:
    """Whether a pattern of actions means an action, in time that grows with both alone.

    `*` stands for any text, and between two slashes for any number of parts, also for none.
    Source: AzureML Data Scientist has `workspaces/*/write` and leaves `workspaces/write` out of it;
    Managed Identity Operator assigns by `userAssignedIdentities/*/assign/action`.
    """
    steps = _STEP.findall(re.sub(r"\*+", "*", pattern.lower()))
    reached = _onward({0}, steps)
    for character in action.lower():
        reached = _onward(set(_after(reached, steps, character)), steps)
    return len(steps) in reached


_STEP: Final = re.compile(r"(?<=/)\*/|[\s\S]")
"""A part that may be none, any text, or a character."""


def _after(reached: set[int], steps: list[str], character: str) -> Iterator[int]:
    """The places in a pattern after a character; one within a part is that of the part, negated."""
    for place in reached:
        step = steps[abs(place)] if abs(place) < len(steps) else ""
        if step == "*/":
            yield from (
                -place if place > 0 else place,
                *((abs(place) + 1,) if character == "/" else ()),
            )
        elif step == "*":
            yield place
        elif step == character:
            yield place + 1


def _onward(reached: set[int], steps: list[str]) -> set[int]:
    """The places with those that are reached without a further character."""
    found = set(reached)
    for place in sorted(p for p in reached if p >= 0):
        at = place
        while at < len(steps) and steps[at] in ("*", "*/"):
            at += 1
            found.add(at)
    return found


def definition(role: str, snapshot: Snapshot) -> RoleDefinition | None:
    """What is known of a role by its id; `None` where that is nothing."""
    key = _key(role)
    fact = snapshot.fact(facts.ROLE_DEFINITIONS)
    found = _by_id(fact.value) if isinstance(fact, Read) else {}
    return found.get(key) or _built_in().get(key)


def _by_id(rows: Iterable[RoleDefinition]) -> dict[str, RoleDefinition]:
    return {_key(row.id): row for row in rows}


def _key(role: str) -> str:
    return last_of_id(role).lower()


@cache
def _built_in() -> dict[str, RoleDefinition]:
    with open(table_path(_TABLE), encoding="utf-8") as file:
        rows = json.load(file)["roles"]
    return {key: _shipped(key, row) for key, row in rows.items()}


def _shipped(key: str, row: dict[str, Any]) -> RoleDefinition:
    parts = ("actions", "not_actions", "data_actions", "not_data_actions")
    return RoleDefinition(key, row["name"], (Permission(*(tuple(row.get(p, ())) for p in parts)),))
