"""What an environment brings with all that its packages depend on, where that is known."""

from __future__ import annotations

import re
from typing import Any

from amllint.artifacts.conda_specs import conda_spec
from amllint.artifacts.environment import Environment
from amllint.artifacts.pins import bounds
from amllint.artifacts.pip_requirements import PipLine, pip_line
from amllint.artifacts.requirements import is_index_option, normalize

ALWAYS = frozenset({"python", "pip", "setuptools", "wheel"})


def brought(
    environment: Environment, names: dict[str, Any], closures: dict[str, list[str]]
) -> frozenset[str] | None:
    """Names of all distributions of an environment; `None` where one may bring what is not known.

    `names` and `closures` are the tables `import-names` and `package-closures`. A pinned
    package is known where older releases bring no more than the table says.
    """
    if not environment.complete:
        return None
    found = set(ALWAYS)
    for requirement in environment.conda:
        spec = conda_spec(requirement)
        if spec is None:
            return None
        name = names["conda"].get(spec.name, normalize(spec.name))
        if name == "python":
            continue
        if name not in closures or (spec.versions and not _is_known(environment, name, names)):
            return None
        found |= _with(name, names, closures)
    for requirement in environment.pip:
        line = pip_line(requirement)
        if line is None:
            if is_index_option(requirement):
                continue
            return None
        more = _of_line(environment, line, names, closures)
        if more is None:
            return None
        found |= more
    return frozenset(found)


def _of_line(
    environment: Environment,
    line: PipLine,
    names: dict[str, Any],
    closures: dict[str, list[str]],
) -> set[str] | None:
    name = line.project
    if name not in closures or (line.versions and not _is_known(environment, name, names)):
        return None
    found = _with(name, names, closures)
    match = re.match(r"\s*\[([^\]]*)\]", line.rest)
    for extra in match.group(1).split(",") if match else ():
        more = names["extras"].get(name, {}).get(extra.strip())
        if more is None:
            return None
        found |= set(more)
    return found


def _with(name: str, names: dict[str, Any], closures: dict[str, list[str]]) -> set[str]:
    return {name, *closures[name], *names["older"].get(name, ())}


def _is_known(environment: Environment, name: str, names: dict[str, Any]) -> bool:
    """Whether any release of a package brings what the table says, or less."""
    first = names["known-from"].get(name)
    if first is None:
        return name in names["stable"]
    pinned = bounds(environment, name)
    since = tuple(int(part) for part in first.split("."))
    return pinned is not None and (pinned.is_open or pinned.is_from(since))
