"""What a role allows, by its definition: that of the snapshot, or one that ships with amllint."""

from __future__ import annotations

import json
from collections.abc import Iterable
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


def fits(pattern: str, action: str) -> bool:
    """Whether a pattern of actions means an action.

    `*` stands for any text, and between two slashes for any number of parts, also for none: then
    both slashes are one. The first place where a piece fits is as good as any later one.
    Source: AzureML Data Scientist has `workspaces/*/write` and leaves `workspaces/write` out of it;
    Managed Identity Operator assigns by `userAssignedIdentities/*/assign/action`.
    """
    text, (before, *pieces) = action.lower(), pattern.lower().split("*")
    if not pieces or not text.startswith(before):
        return text == before
    at = len(before)
    for piece in filter(None, pieces[:-1]):
        at = text.find(piece, at - _shared(before, piece))
        if at < 0:
            return False
        at, before = at + len(piece), piece
    return text.endswith(pieces[-1]) and len(text) - len(pieces[-1]) >= at - _shared(
        before, pieces[-1]
    )


def _shared(before: str, piece: str) -> int:
    """How many characters two pieces with `*` between them may have in common."""
    return int(before.endswith("/") and piece.startswith("/"))


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
