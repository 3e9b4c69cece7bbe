"""A snapshot of what `az … -o json` and `kubectl … -o json` have exported into a folder."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple, TypeAlias

from amllint import __version__
from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot, written
from amllint.snapshot.facts import KINDS, Kind, Read, Unread
from amllint.snapshot.kubectl_lists import Clash, Listed, Lists, joined
from amllint.snapshot.origins import NoExports, Origins
from amllint.snapshot.recognition import Told, told
from amllint.snapshot.shapes.items import Misshapen, part_of_id
from amllint.snapshot.shapes.roles import only_assigned
from amllint.source.export_files import ExportFile, export_files, other_files

Facts: TypeAlias = "dict[tuple[str, str], Read[Any] | Unread]"


class Taken(NamedTuple):
    """What exports say, and the names of files that are none that is known.

    `registry` is the host of the registry that lists of tags are of, where one says it.
    """

    snapshot: Snapshot
    unknown_files: tuple[str, ...]
    registry: str | None


def from_files(folder: str, tell: Callable[[str], None] = lambda text: None) -> Taken:
    """What the exports in a folder say; each fact is as old as its file.

    `tell` is told of each file. Lists of `kubectl` in several files are made one. Raises `Refused`
    for what cannot be read or is no JSON, and where two files tell the same of anything else, or
    of one object differently; what is JSON and no export is passed over, and told.
    """
    gathered = _Gathered(tell)
    for file in export_files(folder):
        gathered.take(file)
    for name in other_files(folder):
        gathered.pass_over(name, "no file of JSON (*.json)")
    if not gathered.found:
        raise NoExports(f"{folder} has no exports of az or kubectl (*.json)")
    found = gathered.joined()
    _leave_out_roles(found)
    now = written(datetime.datetime.now(datetime.timezone.utc))
    made = Snapshot(now, f"amllint {__version__}", "files", *_where(found), found)
    return Taken(made, tuple(gathered.passed_over), gathered.origins.registry)


class _Gathered:
    """What files tell, one after another."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self.found: Facts = {}
        self.passed_over: list[str] = []
        self._tell = tell
        self._files: dict[tuple[str, str], str] = {}
        self._lists: Lists = {}
        self.origins = Origins()

    def take(self, file: ExportFile) -> None:
        """Take what a file tells. Raises `NoExports`."""
        count, data = 0, _data(file)
        self.origins.take(file.name, data)
        for one, fact in _facts(file, data):
            key, count = (one.kind.name, one.of), count + 1
            if one.objects is not None and isinstance(fact, Read):
                listed = Listed(file.name, fact.read_at, one.objects, fact.value)
                self._lists.setdefault(one.kind.name, []).append(listed)
            elif key in self._files and one.objects is None:
                shown = f"{file.name} and {self._files[key]}"
                raise NoExports(f"{shown} both tell {_shown(key)}: remove one")
            # A list of which one file cannot be read is unknown as a whole.
            if not isinstance(self.found.get(key), Unread):
                self.found[key] = fact
            self._files.setdefault(key, file.name)
            self._tell(f"{file.name}: {_shown(key)}{_amount(one.kind, fact)}")
        if not count:
            self.pass_over(file.name, f"nothing that is known{_hint(data)}")

    def pass_over(self, name: str, why: str) -> None:
        """Keep that a file tells nothing, and say why."""
        self.passed_over.append(name)
        self._tell(f"{name}: {why}")

    def joined(self) -> Facts:
        """All that the files tell. Raises `NoExports` where they are not of one workspace."""
        self.origins.hold_against(
            self.found.get((facts.WORKSPACE.name, "")), self.found.get((facts.REGISTRY.name, ""))
        )
        for name in self._lists:
            if isinstance(self.found[name, ""], Unread):
                continue
            try:
                fact = joined(KINDS[name], self._lists)
            except Clash as problem:
                raise NoExports(str(problem)) from None
            if isinstance(fact, Unread):
                self._tell(f"{fact.source}: {name}{_amount(KINDS[name], fact)}")
            self.found[name, ""] = fact
        return self.found


def _hint(data: Any) -> str:
    """What a file may be that says nothing by itself: tags do not say whose they are."""
    if isinstance(data, list) and data and all(isinstance(item, str) for item in data):
        return "; a list of tags must be called tags-REPOSITORY.json"
    return ""


def _leave_out_roles(found: Facts) -> None:
    """Keep of the definitions of roles those that somebody has, where it is known who has any."""
    key = (facts.ROLE_DEFINITIONS.name, "")
    defined, kinds = found.get(key), {kind for kind, _ in found}
    if isinstance(defined, Read) and facts.ROLE_ASSIGNMENTS.name in kinds:
        found[key] = replace(defined, value=only_assigned(defined.value, found))


def _facts(file: ExportFile, data: Any) -> Iterator[tuple[Told, Read[Any] | Unread]]:
    at, stem = written(file.written), os.path.splitext(file.name)[0]
    try:
        told_here = told(data, stem)
    except Misshapen as problem:
        raise NoExports(f"{file.name}: {problem}") from None
    for one in told_here:
        yield one, _fact(one, at, file.name)


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
