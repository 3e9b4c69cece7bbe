"""Rows about roles: who has them, and what they allow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from amllint.snapshot.facts import ROLE_ASSIGNMENTS, Read, Unread
from amllint.snapshot.place_rows import Permission, RoleAssignment, RoleDefinition
from amllint.snapshot.shapes.items import (
    Item,
    Misshapen,
    items,
    needed,
    rows,
    text,
    texts,
    value,
)
from amllint.source.names import last_of_id

_PARTS: Final = ("actions", "notActions", "dataActions", "notDataActions")


def role_assignments(data: Any) -> tuple[RoleAssignment, ...]:
    """Roles that somebody has. Raises `Misshapen`."""
    return tuple(
        RoleAssignment(
            needed(item, "principalId"),
            needed(item, "roleDefinitionId"),
            needed(item, "scope"),
            text(item, "principalType"),
            True if text(item, "condition") else None,
        )
        for item in rows(data)
    )


def role_definitions(data: Any) -> tuple[RoleDefinition, ...]:
    """What roles allow. Raises `Misshapen`: one without permissions is not one that allows none."""
    return tuple(
        RoleDefinition(needed(item, "id"), needed(item, "roleName"), _permissions(item))
        for item in rows(data)
    )


def _permissions(item: Item) -> tuple[Permission, ...]:
    listed = items(item, "permissions")
    if not listed or not all(isinstance(row, dict) for row in listed):
        raise Misshapen(f"the role `{text(item, 'roleName')}` lacks `permissions`")
    if not all(any(value(row, part) is not None for part in _PARTS) for row in listed):
        raise Misshapen(f"`permissions` of the role `{text(item, 'roleName')}` say nothing")
    return tuple(Permission(*(texts(items(row, part)) for part in _PARTS)) for row in listed)


def only_assigned(
    definitions: Iterable[RoleDefinition], found: Mapping[tuple[str, str], Read[Any] | Unread]
) -> tuple[RoleDefinition, ...]:
    """Definitions of roles that somebody has, by all facts: Azure has hundreds more."""
    listed = [fact for (kind, _), fact in found.items() if kind == ROLE_ASSIGNMENTS.name]
    rows_read = (row for fact in listed if isinstance(fact, Read) for row in fact.value)
    wanted = {last_of_id(row.role_definition_id.lower()) for row in rows_read}
    return tuple(row for row in definitions if last_of_id(row.id.lower()) in wanted)
