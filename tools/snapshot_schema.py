"""The JSON Schema of snapshots, made of the types of their rows."""

from __future__ import annotations

import inspect
import json
import types
from dataclasses import MISSING, fields, is_dataclass
from typing import Annotated, Any, Union, get_args, get_origin

from amllint.snapshot.codec import field_types, is_required
from amllint.snapshot.document import SCHEMA_ID, VERSION
from amllint.snapshot.facts import KINDS, Kind

_PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean"}
_TIME = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$"}


def snapshot_schema() -> str:
    """The text of the schema."""
    rows: dict[str, Any] = {}
    facts = [_fact(kind, rows) for kind in KINDS.values()]
    optional = {"type": ["string", "null"]}
    head = {
        "$schema": {"description": "The schema of this format.", "type": "string"},
        "version": {"description": "Version of this format.", "const": VERSION},
        "made_by": {"description": "The amllint that wrote it.", "type": "string"},
        "made_at": {"description": "When it was written, in UTC.", **_TIME},
        "made_from": {
            "description": "Whether it was read from Azure, or from exports of az and kubectl.",
            "enum": ["azure", "files"],
        },
        "subscription": {"description": "Id of the subscription.", **optional},
        "resource_group": {"description": "Name of the resource group.", **optional},
        "workspace": {"description": "Name of the workspace.", **optional},
        "facts": {
            "description": "Each fact once: known, with a value, or unknown, with the reason.",
            "type": "array",
            "items": {"oneOf": facts},
        },
    }
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "amllint snapshot",
        "description": "What amllint snapshot knows of a workspace; it holds no keys or tokens.",
        "type": "object",
        "additionalProperties": False,
        "required": [key for key in head if key != "$schema"],
        "properties": head,
        "$defs": rows,
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _fact(kind: Kind[Any], rows: dict[str, Any]) -> dict[str, Any]:
    row = _shape(kind.row, rows)
    value = {"type": "array", "items": row} if kind.is_list else row
    properties = {
        "fact": {"description": "What is known.", "const": kind.name},
        "read_at": {"description": "When it was read, in UTC.", **_TIME},
        "source": {"description": "What was asked, or the file of an export.", "type": "string"},
        "value": {"description": kind.about, **value},
        "unknown": {"description": "Why it could not be read.", "type": "string", "minLength": 1},
    }
    required = ["fact", "read_at", "source"]
    if kind.of:
        properties["of"] = {"description": f"Of what: {kind.of}.", "type": "string"}
        required.append("of")
    return {
        "description": kind.about,
        "type": "object",
        "additionalProperties": False,
        "required": required,
        "properties": properties,
        "oneOf": [{"required": ["value"]}, {"required": ["unknown"]}],
    }


def _shape(kind: Any, rows: dict[str, Any]) -> dict[str, Any]:
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return {"description": inner[1], **_shape(inner[0], rows)}
    if origin in (Union, types.UnionType):
        return {"anyOf": [_shape(inner[0], rows), {"type": "null"}]}
    if origin is tuple:
        return {"type": "array", "items": _shape(inner[0], rows)}
    if origin is dict:
        return {"type": "object", "additionalProperties": _shape(inner[1], rows)}
    if is_dataclass(kind):
        return _row(kind, rows)
    return {} if kind is Any else {"type": _PLAIN[kind]}


def _row(kind: Any, rows: dict[str, Any]) -> dict[str, Any]:
    if kind.__name__ not in rows:
        rows[kind.__name__] = {}
        hints = field_types(kind)
        properties = {f.name: _shape(hints[f.name], rows) for f in fields(kind)}
        for field in fields(kind):
            if field.default is not MISSING and field.default is not None:
                properties[field.name]["default"] = field.default
        rows[kind.__name__] = {
            "description": " ".join((inspect.getdoc(kind) or "").split()),
            "type": "object",
            "additionalProperties": False,
            "required": [f.name for f in fields(kind) if is_required(f)],
            "properties": properties,
        }
    return {"$ref": f"#/$defs/{kind.__name__}"}
