"""A snapshot of what `az … -o json` and `kubectl … -o json` have exported into a folder."""

from __future__ import annotations

import datetime
import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final, NamedTuple, TypeAlias

from amllint import __version__
from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot, written
from amllint.snapshot.facts import Kind, Read, Unread
from amllint.snapshot.recognition import Told, told
from amllint.snapshot.shapes.items import Misshapen, part_of_id
from amllint.snapshot.shapes.roles import only_assigned
from amllint.source.export_files import ExportFile, export_files
from amllint.source.problem import Refused

_PROVIDER: Final = r"/providers/microsoft\.machinelearningservices"
_WORKSPACE: Final = re.compile(
    rf"/subscriptions/[^/]+/resourcegroups/[^/]+{_PROVIDER}/workspaces/(?P<name>[^/]+)",
    re.IGNORECASE,
)
_REGION: Final = re.compile(rf"{_PROVIDER}/locations/(?P<region>[^/]+)/", re.IGNORECASE)

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
    origins = _Origins()
    for file in export_files(folder):
        count = 0
        data = _data(file)
        origins.take(file.name, data)
        for kind, of, fact in _facts(file, data):
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
    origins.hold_against(found.get((facts.WORKSPACE.name, "")))
    _leave_out_roles(found)
    now = written(datetime.datetime.now(datetime.timezone.utc))
    made = Snapshot(now, f"amllint {__version__}", "files", *_where(found), found)
    return Taken(made, tuple(passed_over))


def _leave_out_roles(found: Facts) -> None:
    """Keep of the definitions of roles those that somebody has, where it is known who has any."""
    key = (facts.ROLE_DEFINITIONS.name, "")
    defined, kinds = found.get(key), {kind for kind, _ in found}
    if isinstance(defined, Read) and facts.ROLE_ASSIGNMENTS.name in kinds:
        found[key] = replace(defined, value=only_assigned(defined.value, found))


class _Origins:
    """Which workspace and region files are of, by the ids in them, with the first file of each."""

    def __init__(self) -> None:
        self._workspaces: dict[str, tuple[str, str]] = {}
        self._regions: dict[str, tuple[str, str]] = {}

    def take(self, file: str, data: Any) -> None:
        """Take account of a file. Raises `NoExports` for one of another workspace."""
        for whole in _ids(data):
            if match := _WORKSPACE.search(whole):
                self._workspaces.setdefault(match[0].lower(), (match["name"], file))
            if match := _REGION.search(whole):
                self._regions.setdefault(match["region"].lower(), (match["region"], file))
        for what, known in (("workspace", self._workspaces), ("region", self._regions)):
            if len(known) > 1:
                (one, first), (other, second) = list(known.values())[:2]
                raise NoExports(
                    f"{first} is of the {what} `{one}`, {second} of `{other}`: export all of one"
                )

    def hold_against(self, workspace: Read[Any] | Unread | None) -> None:
        """Hold the region against that of the workspace. Raises `NoExports`."""
        location = workspace.value.location if isinstance(workspace, Read) else None
        for region, file in self._regions.values():
            if location and region.lower() != location.lower().replace(" ", ""):
                raise NoExports(
                    f"{file} is of the region `{region}`, the workspace is in `{location}`: export"
                    " it of that region"
                )


def _ids(data: Any) -> Iterator[str]:
    listed = data.get("value", [data]) if isinstance(data, dict) else data
    for item in listed if isinstance(listed, list) else ():
        if isinstance(item, dict) and isinstance(item.get("id"), str):
            yield item["id"]


def _facts(file: ExportFile, data: Any) -> Iterator[tuple[Kind[Any], str, Read[Any] | Unread]]:
    at, stem = written(file.written), os.path.splitext(file.name)[0]
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
