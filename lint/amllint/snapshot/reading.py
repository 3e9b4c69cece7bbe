"""Reads the file of a snapshot: all of it, or an error that says where it breaks."""

from __future__ import annotations

import json
from typing import Any, Final

from amllint.snapshot.codec import Misread, decode, listed
from amllint.snapshot.document import VERSION, Snapshot, moment
from amllint.snapshot.facts import KINDS, Kind, Read, Unread
from amllint.source import json as located
from amllint.source.documents import Document
from amllint.source.nodes import Path
from amllint.source.overlay import Overlay
from amllint.source.problem import Malformed, Refused, Unreadable
from amllint.source.text import SourceText

_ROWS: Final = tuple[dict[str, Any], ...]
_AGAIN: Final = "; `amllint snapshot` writes such a file"


class NoSnapshot(Refused):
    """A file cannot be used as a snapshot; `str()` says where, why, and what to do."""


def read(path: str, overlay: Overlay) -> Snapshot:
    """The snapshot in a file. Raises `NoSnapshot`: what cannot be read is never nothing."""
    try:
        source = overlay.text(path)
    except Unreadable as problem:
        shown = f"{problem.path}:1:1: the snapshot {problem.message}"
        raise NoSnapshot(shown + (_AGAIN if problem.reason == "missing" else "")) from None
    return parse(source)


def parse(source: SourceText) -> Snapshot:
    """The snapshot in a text. Raises `NoSnapshot`."""
    try:
        data = json.loads(source.text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise NoSnapshot(_broken(source, error)) from None
    try:
        return _snapshot(data, source.path)
    except Misread as problem:
        raise NoSnapshot(f"{_place(source, problem.path)}: {problem.message}{_AGAIN}") from None


def _snapshot(data: Any, shown: str) -> Snapshot:
    if not isinstance(data, dict) or "version" not in data or "facts" not in data:
        raise Misread((), "this is no snapshot: `version` and `facts` are missing")
    _check_version(data["version"])
    names = (_name(data, "subscription"), _name(data, "resource_group"), _name(data, "workspace"))
    facts: dict[tuple[str, str], Read[Any] | Unread] = {}
    for at, row in enumerate(decode(_ROWS, data["facts"], ("facts",))):
        path = ("facts", at)
        key = _text(row, "fact", path), _text({"of": "", **row}, "of", path)
        if key in facts:
            raise Misread(path, f"`{' of '.join(filter(None, key))}` is there twice")
        if key[0] in KINDS:
            facts[key] = _fact(KINDS[key[0]], row, path)
    made_by, made_from = _text(data, "made_by", ()), _text(data, "made_from", ())
    made_at = _time(data, "made_at", ())
    return Snapshot(made_at, made_by, made_from, *names, facts=facts, path=shown)


def _check_version(version: Any) -> None:
    if version == VERSION and not isinstance(version, bool):
        return
    if isinstance(version, int) and version > VERSION:
        hint = "update amllint, which knows none after"
        raise Misread(("version",), f"the snapshot is of version {version}: {hint} {VERSION}")
    shown = json.dumps(version)[:40]
    raise Misread(("version",), f"`{shown}` is no version of a snapshot; known: {VERSION}")


def _name(data: dict[str, Any], key: str) -> str | None:
    value: str | None = decode(str | None, data.get(key), (key,))
    return value


def _text(row: dict[str, Any], key: str, path: Path) -> str:
    if key not in row:
        raise Misread(path, f"`{key}` is missing")
    value: str = decode(str, row[key], (*path, key))
    return value


def _fact(kind: Kind[Any], row: dict[str, Any], path: Path) -> Read[Any] | Unread:
    source, read_at = _text(row, "source", path), _time(row, "read_at", path)
    if ("value" in row) is ("unknown" in row):
        raise Misread(path, f"`{kind.name}` needs `value` or `unknown`, and not both")
    if "unknown" in row:
        return Unread(_text(row, "unknown", path), read_at, source)
    at: Path = (*path, "value")
    if not kind.is_list:
        return Read(decode(kind.row, row["value"], at), read_at, source)
    rows = listed(row["value"], at)
    return Read(tuple(decode(kind.row, r, (*at, n)) for n, r in enumerate(rows)), read_at, source)


def _time(row: dict[str, Any], key: str, path: Path) -> str:
    text = _text(row, key, path)
    try:
        moment(text)
    except ValueError as error:
        raise Misread((*path, key), str(error)) from None
    return text


def _no_constant(name: str) -> Any:
    raise ValueError(f"`{name}` is no number of JSON")


# -- places ---------------------------------------------------------------------------------


def _broken(source: SourceText, error: Exception) -> str:
    """Where and why the text is no JSON, in the words of our own reader where it agrees."""
    try:
        located.parse(source)
    except Malformed as problem:
        line, column = source.position(problem.span.start)
        return f"{source.path}:{line}:{column}: the snapshot is no JSON: {problem.message}{_AGAIN}"
    except Unreadable as problem:
        return f"{source.path}:1:1: the snapshot {problem.message}{_AGAIN}"
    position = getattr(error, "pos", 0)
    line, column = source.position(position)
    return f"{source.path}:{line}:{column}: the snapshot is no JSON: {error}{_AGAIN}"


def _place(source: SourceText, path: Path) -> str:
    try:
        root = located.parse(source)
    except (Malformed, Unreadable):
        return f"{source.path}:1:1"
    span = Document(source, root, "json").span_at(path)
    line, column = source.position(span.start)
    return f"{source.path}:{line}:{column}"
