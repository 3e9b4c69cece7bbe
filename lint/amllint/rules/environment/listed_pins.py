"""What pip is asked for by its versions, ready to be held against the releases that there are."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from amllint.artifacts.environment import Environment
from amllint.artifacts.pins import Bounds, bounds
from amllint.artifacts.pip_requirements import PipLine, parsed, pip_line
from amllint.artifacts.python_releases import written_python
from amllint.artifacts.requirements import is_index_option
from amllint.schemas import load_table

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet
    from packaging.version import Version

    from amllint.artifacts.releases import Release, Resolution

_RESOLVES: Final = (20, 3)
"""The first pip that refuses requirements which exclude each other."""
_FIRST_PYTHON: Final = (3, 6)
"""The first Python for which conda has such a pip."""


class ListedPins(NamedTuple):
    """Lines of packages by their names, what they ask for, the Python where it is written down.

    `refused` says whether the pip that installs them refuses what excludes each other.
    """

    lines: dict[str, PipLine]
    resolution: Resolution
    python: Bounds | None
    refused: bool


def listed_pins(environment: Environment) -> ListedPins | None:
    """The pins of an environment; `None` where there are none, or not all lines can be read."""
    lines = _lines(environment)
    return _pins(environment, lines) if any(line.versions for line in lines.values()) else None


def brings(environment: Environment, project: str) -> bool:
    """Whether a package comes with one of those that pip is asked for, as far as is known."""
    from packaging.specifiers import SpecifierSet

    pins = _pins(environment, _lines(environment))
    any_version = dict.fromkeys(pins.lines, SpecifierSet())
    whole = {**any_version, **pins.resolution.listed}
    return replace(pins.resolution, listed=whole).brings(project)


def _pins(environment: Environment, lines: dict[str, PipLine]) -> ListedPins:
    from amllint.artifacts.releases import Resolution

    python = written_python(environment)
    listed = {project: found for project, line in lines.items() if (found := _specifier(line))}
    public = not any(map(is_index_option, environment.pip))
    resolution = Resolution(_releases, _prereleases, listed, _one_python(python), public)
    return ListedPins(lines, resolution, python, _refuses(environment, python))


@cache
def _releases(project: str) -> tuple[Release, ...]:
    from amllint.artifacts.releases import releases_of

    return releases_of(load_table("released-packages")["packages"].get(project))


@cache
def _prereleases(project: str) -> tuple[Version, ...] | None:
    from amllint.artifacts.releases import prereleases_of

    return prereleases_of(load_table("released-packages")["packages"].get(project))


def newest_release(environment: Environment, project: str) -> tuple[Version, bool] | None:
    """The newest release of a package for the Python, and whether it is that for all Pythons.

    `None` where no one Python is written down, or no release for it is known.
    """
    python = _one_python(written_python(environment))
    if python is None:
        return None
    from amllint.artifacts.releases import Resolution

    newest = Resolution(_releases, _prereleases, {}, python).newest(project)
    return (newest, newest == _releases(project)[0].version) if newest else None


def is_without_wheel(environment: Environment, project: str, version: str) -> bool:
    """Whether a release has no wheel for the Python that is written down, as far as is known."""
    python = _one_python(written_python(environment))
    from packaging.version import InvalidVersion, Version

    try:
        sought = Version(version)
    except InvalidVersion:
        return False
    release = next((r for r in _releases(project) if r.version == sought), None)
    if python is None or release is None:
        return False
    known = release.built if release.wheels is None else release.wheels
    return known is not None and ".".join(python.split(".")[:2]) not in known


def refused_packages(environment: Environment) -> frozenset[str]:
    """The packages that no installation comes to: one of two that exclude each other goes."""
    pins = listed_pins(environment)
    if pins is None or not pins.refused:
        return frozenset()
    found = ((project, pins.resolution.obstacle(project)) for project in pins.resolution.listed)
    pairs = ((project, obstacle.listed) for project, obstacle in found if obstacle)
    return frozenset(name for project, other in pairs if other for name in (project, other))


def _lines(environment: Environment) -> dict[str, PipLine]:
    """The lines of packages that are listed once, without a marker."""
    alone = any(r.text.strip().startswith("--no-deps") for r in environment.pip)
    if not environment.complete or environment.is_python_env or alone:
        return {}
    lines = [line for line in map(pip_line, environment.pip) if line]
    projects = [line.project for line in lines]
    once = (line for line in lines if projects.count(line.project) == 1)
    return {line.project: line for line in once if ";" not in line.rest}


def _specifier(line: PipLine) -> SpecifierSet | None:
    requirement = parsed(line)
    return requirement.specifier if requirement else None


def _one_python(python: Bounds | None) -> str | None:
    """The Python, if only one minor version is admitted."""
    if python is None or python.is_open:
        return None
    low, below = python.low, python.below
    minor = low[:2]
    if below > (minor[0], minor[1] + 1, 0, 0):
        return None
    exact = below[:3] == low[:3]
    return ".".join(map(str, low[:3] if exact else minor))


def _refuses(environment: Environment, python: Bounds | None) -> bool:
    pip = bounds(environment, "pip")
    if pip is not None and not pip.is_open and pip.is_before(_RESOLVES):
        return False
    return python is None or python.is_open or python.is_from(_FIRST_PYTHON)
