"""Modules that the pickles of a model import, and that the environment does not bring."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from typing import Final

from amllint.artifacts.environment import Environment
from amllint.artifacts.model_file import ModelFile
from amllint.artifacts.requirements import normalize
from amllint.artifacts.sure_imports import loaded_modules, sure_imports
from amllint.findings.finding import Observation, Related, finding
from amllint.rules.environment.brought_modules import (
    distributions,
    import_names,
    is_local,
    is_made_of_lists,
    known_module,
)
from amllint.units import DeploymentUnit, Linker

_OLD: Final = frozenset({"__main__", "__builtin__", "copy_reg", "UserDict", "UserList", "sets"})
"""Modules of the standard library that this Python no longer has, and the script itself."""
_MOST_PACKAGES: Final = 40
"""What names more was made to cost time: a model has some five."""
_PLAIN: Final = re.compile(r"[A-Za-z]\w*(?:\.\w+)*")


def lacking_modules(
    file: ModelFile, environment: Environment, unit: DeploymentUnit, links: Linker
) -> Iterator[Observation]:
    """Report the modules that loading a model needs and nothing brings.

    A package that the script imports itself is told by import-not-in-environment.
    """
    modules = {r.module for r in file.contents.references if _PLAIN.fullmatch(r.module)}
    foreign = {m for m in modules if m.partition(".")[0] not in sys.stdlib_module_names | _OLD}
    packages = {module.partition(".")[0] for module in foreign}
    if not foreign or len(packages) > _MOST_PACKAGES or not is_made_of_lists(unit):
        return
    found = distributions(environment)
    if found is None or not found.is_all:
        return
    imported = set(_imported(unit))
    told: set[str] = set()
    for module in sorted(foreign):
        known = known_module(module, import_names())
        first = known or module.partition(".")[0]
        if first in told or first in imported or _ships(unit, links, module):
            continue
        told.add(first)
        if known is not None:
            yield from _lacking(file, environment, known, found.names)
        elif not any(normalize(name) == normalize(first) for name in found.names):
            yield from _left_behind(file, environment, first, links)


def _imported(unit: DeploymentUnit) -> Iterator[str]:
    """What the script certainly imports itself."""
    for sure in sure_imports(unit.script) if unit.script else ():
        yield from loaded_modules(sure.statement, sure.module)


def _ships(unit: DeploymentUnit, links: Linker, module: str) -> bool:
    return unit.script is not None and is_local(unit.script, links, module)


def _lacking(
    file: ModelFile, environment: Environment, name: str, found: frozenset[str]
) -> Iterator[Observation]:
    """A package that the model was trained with, and that is not listed."""
    packages = import_names()[name]
    if not found & set(packages):
        yield finding(
            file.location,
            f"`{file.path}` needs `{name}`, which nothing in {environment.path} brings: loading it "
            "ends with ModuleNotFoundError",
            help=f"add `{packages[0]}` to the pip requirements, in the version of the training",
            related=(Related(environment.place, "listed here"),),
            key=f"module/{file.path}/{name}",
        )


def _left_behind(
    file: ModelFile, environment: Environment, name: str, links: Linker
) -> Iterator[Observation]:
    """A module of the repository that the training had, and that does not ship."""
    ends = (os.path.join(os.sep, f"{name}.py"), os.path.join(os.sep, name, "__init__.py"))
    source = next((path for path in links.repository.files if path.endswith(ends)), None)
    if source is not None:
        shown = links.overlay.display(source)
        yield finding(
            file.location,
            f"`{file.path}` needs the module `{name}`, which does not ship (`{shown}` has that "
            "name): loading it ends with ModuleNotFoundError",
            help=f"put `{name}` into the folder that ships with the script",
            related=(Related(environment.place, "nothing listed here brings it"),),
            key=f"module/{file.path}/{name}",
        )
