"""The newest release of a package for the Python that an environment pins."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from amllint.artifacts.environment import Environment
from amllint.artifacts.python_releases import written_python
from amllint.source.tables import table_path


class Newest(NamedTuple):
    """A release, and the newest one for any Python."""

    version: str
    latest: str

    @property
    def moves(self) -> bool:
        """Whether newer ones will still come for this Python."""
        return self.version == self.latest


def newest_for(environment: Environment, package: str) -> Newest | None:
    """What pip takes of a package where nothing bounds it; `None` where that is not known.

    The Python must be written down, as one minor release.
    """
    python = written_python(environment)
    if python is None or len(python.low) < 2:
        return None
    minor = f"{python.low[0]}.{python.low[1]}"
    if not python.is_before((python.low[0], python.low[1] + 1)):
        return None
    releases: dict[str, str] = _table().get(package, {}).get("newest", {})
    version = releases.get(minor)
    return Newest(version, list(releases.values())[-1]) if version is not None else None


@cache
def _table() -> dict[str, Any]:
    import json

    with open(table_path("newest-releases.json"), encoding="utf-8") as stream:
        table: dict[str, Any] = json.load(stream)["packages"]
    return table
