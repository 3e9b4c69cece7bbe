"""Which Python an environment has, and until when that one is kept up."""

from __future__ import annotations

import datetime
from functools import cache
from typing import NamedTuple

from amllint.artifacts.environment import Environment
from amllint.artifacts.pins import LAST, Bounds, Version, bounds
from amllint.source.tables import table_path


class PythonRelease(NamedTuple):
    """A minor release: the day of its last security fix, and how far behind it then was.

    `behind` counts the releases from it up to the oldest one that is still kept up; 0 for that
    one and all newer ones.
    """

    python: Version
    ends: datetime.date
    behind: int

    @property
    def name(self) -> str:
        """As people write it, `3.9`."""
        return ".".join(map(str, self.python))


def written_python(environment: Environment) -> Bounds | None:
    """The Python that is written down: what an SDK fills in depends on its own release."""
    python = bounds(environment, "python")
    if python is None:
        return None
    written = python.requirement.source.slice(python.requirement.location.span)
    version = python.requirement.text.strip().lstrip("pythonPYTHON=<>~! ")
    return python if version and version in written else None


def newest_release(python: Bounds, today: datetime.date) -> PythonRelease | None:
    """The newest minor release that is admitted; `None` where later ones are, or it is unknown."""
    if python.below == LAST:
        return None
    return next((r for r in reversed(releases(today)) if _admits(python, r.python)), None)


def releases(today: datetime.date) -> tuple[PythonRelease, ...]:
    """All minor releases, the oldest first, as they stand on a day."""
    rows = _rows()
    kept_up = [number for number, (_, ends) in enumerate(rows) if ends >= today]
    oldest = kept_up[0] if kept_up else len(rows)
    return tuple(
        PythonRelease(python, ends, max(oldest - number, 0))
        for number, (python, ends) in enumerate(rows)
    )


def _admits(python: Bounds, minor: Version) -> bool:
    return not python.is_before(minor) and not python.is_from((minor[0], minor[1] + 1))


@cache
def _rows() -> tuple[tuple[Version, datetime.date], ...]:
    import json

    with open(table_path("python-releases.json"), encoding="utf-8") as stream:
        rows = json.load(stream)["pythons"]
    found = [
        (tuple(map(int, row["python"].split("."))), datetime.date.fromisoformat(row["ends"]))
        for row in rows
    ]
    return tuple(sorted(found))
