"""Which modules an environment brings, where all that is listed in it is known."""

from __future__ import annotations

import os
from typing import Any, Final

from amllint.artifacts.closures import Brought, brought
from amllint.artifacts.docker_environment import DockerEnvironment
from amllint.artifacts.environment import Environment
from amllint.artifacts.fields import Absent, Unknown, value_of
from amllint.artifacts.scoring_script import ScoringScript
from amllint.schemas import load_table
from amllint.units import DeploymentUnit, Linker

_SERVER: Final = "azureml-inference-server-http"


def import_names() -> dict[str, list[str]]:
    """Modules, dotted where several packages share a name, with the distributions of each."""
    names: dict[str, list[str]] = load_table("import-names")["imports"]
    return names


def imported_with(name: str) -> list[str]:
    """The module of a dotted name, and what it imports that its distribution does not bring."""
    modules: dict[str, list[str]] = load_table("import-names")["modules"]
    known = known_module(name, modules)
    return [name, *modules[known]] if known else [name]


def distributions(environment: Environment) -> Brought | None:
    """All distributions of an environment, the server's too; `None` where that is not known.

    Where the server lacks, missing-inference-server speaks.
    """
    closures = load_table("package-closures")["closures"]
    found = brought(environment, load_table("import-names"), closures)
    return found and found._replace(names=found.names | {_SERVER, *closures[_SERVER]})


def known_module(name: str, table: dict[str, Any]) -> str | None:
    """The entry of a table that a dotted name lies in."""
    parts = name.split(".")
    heads = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((head for head in heads if head in table), None)


def is_local(script: ScoringScript, links: Linker, name: str) -> bool:
    """Whether a module of that name ships with the script, or lies beside it."""
    first = name.partition(".")[0]
    if first in script.modules or name in script.modules:
        return True
    beside = os.path.dirname(links.absolute(script.file))
    folders = [f for f in (beside, script.shipped) if f]
    return any(
        links.exists(os.path.join(folder, f"{first}.py"))
        or links.overlay.is_folder(os.path.join(folder, first))
        for folder in folders
    )


def is_made_of_lists(unit: DeploymentUnit) -> bool:
    """Whether the script runs in what the environment lists, and in nothing else."""
    if unit.reference is not None:
        return not isinstance(unit.reference.image, Unknown)
    config = unit.inference_config
    if config is None:
        return False
    if value_of(config.user_managed):
        return isinstance(unit.environment, DockerEnvironment)
    parts = (config.user_managed, config.base_image, config.base_dockerfile)
    if any(isinstance(part, Unknown) for part in parts):
        return False
    # Azure ML adds an environment of its own to what a Dockerfile builds, if one is listed.
    return isinstance(config.base_dockerfile, Absent) or config.lists_packages
