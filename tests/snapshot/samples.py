"""Rows of every kind, made of the types of their fields."""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass
from typing import Annotated, Any, Union, get_args, get_origin

from amllint.snapshot.codec import field_types, is_required
from amllint.snapshot.document import Snapshot
from amllint.snapshot.facts import KINDS, Read, Unread

AT = "2026-11-27T12:00:00Z"
PLAIN = {str: "text", int: 3, float: 1.5, bool: True}


def sample(kind: Any, bare: bool) -> Any:
    """A value of a type; a `bare` row has nothing but what it cannot be without."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Annotated, Union, types.UnionType):
        return sample(inner[0], bare)
    if origin is tuple:
        return (sample(inner[0], bare),)
    if origin is dict:
        return {"key": sample(inner[1], bare)}
    if is_dataclass(kind):
        wanted = [f for f in fields(kind) if not bare or is_required(f)]
        return kind(**{f.name: sample(field_types(kind)[f.name], bare) for f in wanted})  # type: ignore[operator]
    return "anything" if kind is Any else PLAIN[kind]


def whole(bare: bool = False) -> Snapshot:
    """A snapshot with a fact of each kind, the last of each list being none, and unread ones."""
    facts: dict[tuple[str, str], Any] = {}
    for kind in KINDS.values():
        row = sample(kind.row, bare)
        of = "it" if kind.of else ""
        facts[kind.name, of] = Read((row, row) if kind.is_list else row, AT, "GET /it")
        if kind.of:
            facts[kind.name, "other"] = Unread("HTTP 403: no", AT, "GET /other")
    return Snapshot(AT, "amllint 1", "azure", "sub", "rg", "ws", facts, "snapshot.json")
