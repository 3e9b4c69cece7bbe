"""What an environment brings with all that its packages depend on, where that is known."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from amllint.artifacts.conda_specs import conda_spec
from amllint.artifacts.environment import Environment
from amllint.artifacts.pins import bounds
from amllint.artifacts.pip_requirements import pip_line
from amllint.artifacts.requirements import is_index_option, normalize

ALWAYS = frozenset({"python", "pip", "setuptools", "wheel"})


class Brought(NamedTuple):
    """The distributions that an environment certainly brings, and what may bring more.

    Of what is listed, `older` are packages whose newest releases alone are known with all that
    they depend on, and `unknown` those of which nothing is known.
    """

    names: frozenset[str]
    older: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def is_all(self) -> bool:
        """Whether nothing else can be there."""
        return not (self.older or self.unknown)


def brought(
    environment: Environment, names: dict[str, Any], closures: dict[str, list[str]]
) -> Brought | None:
    """All distributions that an environment brings; `None` where a line may be any package.

    `names` and `closures` are the tables `import-names` and `package-closures`. A pinned
    package is known where older releases bring no more than the table says.
    """
    listed = _listed(environment, names) if environment.complete else None
    if listed is None:
        return None
    found, older, unknown = set(ALWAYS), [], []
    for package in listed:
        extras = [names["extras"].get(package.name, {}).get(extra) for extra in package.extras]
        found |= _with(package.name, names, closures).union(*filter(None, extras))
        if package.name not in closures or None in extras:
            unknown.append(package.name)
        elif package.pinned and not _is_known(environment, package.name, names):
            older.append(package.name)
    return Brought(frozenset(found), tuple(older), tuple(unknown))


class _Package(NamedTuple):
    """A listed package: its name on the package index, its extras, whether versions are said."""

    name: str
    extras: tuple[str, ...]
    pinned: bool


def _listed(environment: Environment, names: dict[str, Any]) -> list[_Package] | None:
    found = []
    for requirement in environment.conda:
        spec = conda_spec(requirement)
        if spec is None:
            return None
        name = names["conda"].get(spec.name, normalize(spec.name))
        if name != "python":
            found.append(_Package(name, (), bool(spec.versions)))
    for requirement in environment.pip:
        line = pip_line(requirement)
        if line is not None:
            match = re.match(r"\s*\[([^\]]*)\]", line.rest)
            extras = tuple(e.strip() for e in match[1].split(",")) if match else ()
            found.append(_Package(line.project, extras, bool(line.versions)))
        elif not is_index_option(requirement):
            return None
    return found


def _with(name: str, names: dict[str, Any], closures: dict[str, list[str]]) -> set[str]:
    return {name, *closures.get(name, ()), *names["older"].get(name, ())}


def _is_known(environment: Environment, name: str, names: dict[str, Any]) -> bool:
    """Whether any release of a package brings what the table says, or less."""
    first = names["known-from"].get(name)
    if first is None:
        return name in names["stable"]
    pinned = bounds(environment, name)
    since = tuple(int(part) for part in first.split("."))
    return pinned is not None and (pinned.is_open or pinned.is_from(since))
