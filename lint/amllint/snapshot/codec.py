"""Rows of a snapshot to JSON and back, by the types that their fields are annotated with."""

from __future__ import annotations

import types
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from amllint.source.nodes import Path

_WORDS = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}


class Misread(ValueError):
    """Data of a snapshot are not what its format says; `path` leads there from the root."""

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(message)
        self.path = path
        self.message = message


@cache
def field_types(row: type) -> dict[str, Any]:
    """The types of a row's fields, with their descriptions."""
    return get_type_hints(row, include_extras=True)


def is_required(field: Field[Any]) -> bool:
    """Whether a row cannot be without a field."""
    return field.default is MISSING and field.default_factory is MISSING


def encode(value: Any) -> Any:
    """A value as JSON has it; fields of rows that have their default are left out."""
    if is_dataclass(value) and not isinstance(value, type):
        shown = [(f.name, getattr(value, f.name)) for f in fields(value) if _says(value, f)]
        return {name: encode(inner) for name, inner in shown}
    if isinstance(value, (tuple, list)):
        return [encode(item) for item in value]
    return {k: encode(v) for k, v in value.items()} if isinstance(value, dict) else value


def _says(row: Any, field: Field[Any]) -> bool:
    if field.default_factory is not MISSING:
        return bool(getattr(row, field.name) != field.default_factory())
    return is_required(field) or getattr(row, field.name) != field.default


def decode(kind: Any, data: Any, path: Path) -> Any:
    """Data as a type has it: a row, `tuple[X, ...]`, `dict[str, X]`, `X | None`, a plain value.

    Raises `Misread`. Keys that a row does not have are passed over: later versions may add some.
    """
    origin = get_origin(kind)
    if origin is Annotated:
        return decode(get_args(kind)[0], data, path)
    if origin in (Union, types.UnionType):
        return None if data is None else decode(get_args(kind)[0], data, path)
    if origin is tuple:
        return tuple(
            decode(get_args(kind)[0], item, (*path, at))
            for at, item in enumerate(listed(data, path))
        )
    if origin is dict:
        given = _of(dict, data, path, "a mapping")
        return {key: decode(get_args(kind)[1], v, (*path, key)) for key, v in given.items()}
    if is_dataclass(kind):
        return _row(kind, data, path)
    return data if kind is Any else _plain(kind, data, path)


def listed(data: Any, path: Path) -> list[Any]:
    """Data that must be a list. Raises `Misread`."""
    found: list[Any] = _of(list, data, path, "a list")
    return found


def _row(kind: Any, data: Any, path: Path) -> Any:
    given = _of(dict, data, path, "a mapping")
    values: dict[str, Any] = {}
    for field in fields(kind):
        if field.name in given:
            wanted = field_types(kind)[field.name]
            values[field.name] = decode(wanted, given[field.name], (*path, field.name))
        elif is_required(field):
            raise Misread(path, f"`{field.name}` is missing")
    return kind(**values)


def _plain(kind: Any, data: Any, path: Path) -> Any:
    accepted: Any = (int, float) if kind is float else kind
    if not isinstance(data, accepted) or (isinstance(data, bool) and kind is not bool):
        raise Misread(path, f"{_WORDS[kind]} is expected here")
    return data


def _of(kind: Any, data: Any, path: Path, word: str) -> Any:
    if not isinstance(data, kind):
        raise Misread(path, f"{word} is expected here")
    return data
