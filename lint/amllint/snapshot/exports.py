"""A snapshot of what `az … -o json` and `kubectl … -o json` have exported into a folder."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeAlias

from amllint import __version__
from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot, written
from amllint.snapshot.facts import Kind, Read, Unread
from amllint.snapshot.recognition import Told, told
from amllint.snapshot.shapes.items import Misshapen, part_of_id
from amllint.source.export_files import ExportFile, export_files
from amllint.source.problem import Refused

Facts: TypeAlias = "dict[tuple[str, str], Read[Any] | Unread]"


class NoExports(Refused):
    """A folder has no exports that can be used; `str()` says why."""


class Taken(NamedTuple):
    """What exports say, and the names of files that are none that is known."""

    snapshot: Snapshot
    unknown_files: tuple[str, ...]


def from_files(folder: str, tell: Callable[[str], None] = lambda text: None) -> Taken:
    """What the exports in a folder say; each fact is as old as its file.

    `tell` is told of each file. Raises `Refused` for what cannot be read or is no JSON, and where
    two files tell the same; what is JSON and no export is passed over, and told.
    """
    found: Facts = {}
    passed_over: list[str] = []
    files: dict[tuple[str, str], str] = {}
    for file in export_files(folder):
        count = 0
        for kind, of, fact in _facts(file):
            key, count = (kind.name, of), count + 1
            if key in found:
                raise NoExports(f"{file.name} and {files[key]} both tell {_shown(key)}: remove one")
            found[key], files[key] = fact, file.name
            tell(f"{file.name}: {_shown(key)}{_amount(kind, fact)}")
        if not count:
            passed_over.append(file.name)
            tell(f"{file.name}: nothing that is known")
    if not found:
        raise NoExports(f"{folder} has no exports of az or kubectl (*.json)")
    now = written(datetime.datetime.now(datetime.timezone.utc))
    made = Snapshot(now, f"amllint {__version__}", "files", *_where(found), found)
    return Taken(made, tuple(passed_over))


def _facts(file: ExportFile) -> Iterator[tuple[Kind[Any], str, Read[Any] | Unread]]:
    at, stem = written(file.written), os.path.splitext(file.name)[0]
    data = _data(file)
    try:
        told_here = told(data, stem)
    except Misshapen as problem:
        raise NoExports(f"{file.name}: {problem}") from None
    for one in told_here:
        yield one.kind, one.of, _fact(one, at, file.name)


def _fact(one: Told, at: str, name: str) -> Read[Any] | Unread:
    try:
        return Read(one.shape(), at, name)
    except Misshapen as problem:
        return Unread(f"{name} is not as expected: {problem}", at, name)


def _data(file: ExportFile) -> Any:
    """The JSON of a file. Raises `NoExports` with the place where it breaks."""
    text = file.source.text
    try:
        return json.loads(text)
    except RecursionError:
        raise NoExports(f"{file.source.path}:1:1: it is nested too deeply") from None
    except json.JSONDecodeError as error:
        where = f"{file.source.path}:{error.lineno}:{error.colno}"
        hint = "it is empty" if not text.strip() else f"it is broken or cut off ({error.msg})"
        raise NoExports(f"{where}: {hint}; export it again, or remove it") from None
    except ValueError as error:
        raise NoExports(f"{file.source.path}:1:1: {error}") from None


def _where(
    found: dict[tuple[str, str], Read[Any] | Unread],
) -> tuple[str | None, str | None, str | None]:
    fact = found.get((facts.WORKSPACE.name, ""))
    if not isinstance(fact, Read):
        return None, None, None
    whole = fact.value.id
    return part_of_id(whole, "subscriptions"), part_of_id(whole, "resourceGroups"), fact.value.name


def _shown(key: tuple[str, str]) -> str:
    return " of ".join(filter(None, key))


def _amount(kind: Kind[Any], fact: Read[Any] | Unread) -> str:
    if isinstance(fact, Unread):
        return f": unknown: {fact.reason}"
    return f": {len(fact.value)}" if kind.is_list else ""
