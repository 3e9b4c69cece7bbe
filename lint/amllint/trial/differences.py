"""Where the interpreter of a trial is another than the environment of the deployment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from amllint.artifacts.environment import Environment, Requirement
from amllint.artifacts.pins import Bounds, bounds
from amllint.artifacts.requirements import conda_name, normalize, pip_name
from amllint.trial.interpreter import Interpreter


class Difference(NamedTuple):
    """A requirement that the interpreter does not meet; `installed` is `None` for what it lacks."""

    name: str
    wanted: str
    installed: str | None


def differences(environment: Environment, interpreter: Interpreter) -> list[Difference]:
    """The requirements of an environment that an interpreter does not meet.

    Packages of conda are looked for under their names, which for a few are others than pip's;
    those that are not found are left out, for they need not be packages of Python.
    """
    found = []
    for name, requirement, pip in _listed(environment):
        installed = _installed(name, interpreter)
        admitted = bounds(environment, name)
        if installed is None:
            if pip:
                found.append(Difference(name, requirement.text.strip(), None))
        elif admitted is not None and not _admits(admitted, installed):
            found.append(Difference(name, requirement.text.strip(), installed))
    return found


def _listed(environment: Environment) -> Iterator[tuple[str, Requirement, bool]]:
    for requirement in environment.conda:
        name = conda_name(requirement)
        if name:
            yield normalize(name), requirement, False
    for requirement in environment.pip:
        name = pip_name(requirement)
        if name and ";" not in requirement.text:
            yield name, requirement, True


def _installed(name: str, interpreter: Interpreter) -> str | None:
    if name == "python":
        return interpreter.python
    known = {normalize(n): version for n, version in interpreter.distributions.items()}
    return known.get(name)


def _admits(admitted: Bounds, installed: str) -> bool:
    numbers = re.match(r"\d+(?:\.\d+)*", installed)
    if numbers is None:
        return True
    version = tuple(int(n) for n in numbers.group().split("."))
    return not admitted.is_before(version) and not _is_below(admitted, version)


def _is_below(admitted: Bounds, version: tuple[int, ...]) -> bool:
    wide = (version + (0,) * len(admitted.low))[: len(admitted.low)]
    return wide < admitted.low
