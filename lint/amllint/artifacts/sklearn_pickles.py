"""Which versions of scikit-learn load what another one pickled: a table that was executed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from amllint.artifacts.pins import Bounds, Version
from amllint.findings.finding import Stage
from amllint.source.pickles.contents import PickleContents
from amllint.source.tables import table_path


class Failure(NamedTuple):
    """What loading or calling a model ends with: the name it is about, and what was seen.

    Without a symptom the name itself is missing.
    """

    name: str
    stage: Stage
    symptom: str | None = None


class _State(NamedTuple):
    name: str
    written: frozenset[str]
    read: frozenset[str]
    failure: Failure


class _Table(NamedTuple):
    versions: tuple[str, ...]
    missing: dict[str, frozenset[str]]
    states: tuple[_State, ...]


def admitted(bounds: Bounds) -> frozenset[str]:
    """The versions, as `1.4`, that an environment can have; none if others than were tried."""
    versions = _table().versions
    first, last = (_numbers(v) for v in (versions[0], versions[-1]))
    if not bounds.is_from(first) or not bounds.is_before((last[0], last[1] + 1)):
        return frozenset()
    return frozenset(v for v in versions if _admits(bounds, _numbers(v)))


def failure(contents: PickleContents, readers: frozenset[str]) -> Failure | None:
    """How a model fails in each of these versions, `None` if it is not known to fail in all."""
    table = _table()
    names = {r.dotted for r in contents.references if r.module.startswith("sklearn")}
    for name in sorted(names & set(table.missing)):
        if readers <= table.missing[name]:
            return Failure(name, "start")
    written = minor(contents.version_of("sklearn"))
    known = (s for s in table.states if s.name in names and written in s.written)
    found = [s.failure for s in known if readers <= s.read]
    return min(found, key=lambda f: (f.stage != "start", f.name), default=None)


def minor(version: str | None) -> str | None:
    """The first two numbers of a version."""
    parts = (version or "").split(".")
    return ".".join(parts[:2]) if len(parts) > 1 else None


def _numbers(version: str) -> Version:
    return tuple(map(int, version.split(".")))


def _admits(bounds: Bounds, version: Version) -> bool:
    return not bounds.is_before(version) and not bounds.is_from((version[0], version[1] + 1))


@cache
def _table() -> _Table:
    import json

    with open(table_path("sklearn-pickles.json"), encoding="utf-8") as stream:
        data = json.load(stream)
    versions = tuple(data["versions"])
    missing = {name: _spread(ranges, versions) for name, ranges in data["missing"].items()}
    return _Table(versions, missing, tuple(_state(row, versions) for row in data["states"]))


def _state(row: dict[str, str], versions: tuple[str, ...]) -> _State:
    stage: Stage = "start" if row["stage"] == "start" else "score"
    written, read = (_spread([row[key]], versions) for key in ("written", "read"))
    return _State(row["name"], written, read, Failure(row["name"], stage, row["symptom"]))


def _spread(ranges: Iterable[str], versions: tuple[str, ...]) -> frozenset[str]:
    """The versions of ranges such as `1.2-1.7`."""
    found: set[str] = set()
    for given in ranges:
        first, _, last = given.partition("-")
        found.update(versions[versions.index(first) : versions.index(last or first) + 1])
    return frozenset(found)
