"""Where the inference server looks for the modules that an entry script imports."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Final

from amllint.artifacts.fields import Absent, Known
from amllint.artifacts.scoring_script import ScoringScript
from amllint.source.repository import below
from amllint.units import DeploymentUnit, Linker

SERVER_MODULES: Final = frozenset(
    {"aml_blueprint", "appinsights_client", "config", "create_app", "entry", "exceptions"}
    | {"input_parsers", "routes", "swagger", "user_script", "utils"}
)
"""Modules of `azureml_inference_server_http/server`, which stands on its path ahead of yours."""


@dataclass(frozen=True, slots=True)
class ServerPath:
    """What is on the path of a server: absolute folders.

    `root` is the folder that ships, `None` where the script ships alone. `beside` is the
    script's own folder: on the path only if it is among `folders`. `script` is the name that
    the script has as a module.
    """

    folders: tuple[str, ...]
    root: str | None
    beside: str
    script: str

    def finds(self, links: Linker, name: str) -> bool:
        """Whether an import of a dotted name gets at least to its first part."""
        first = name.partition(".")[0]
        if self.script == first:
            return True
        if self.root is not None and first == os.path.basename(self.root):
            return True
        return any(_has(links, folder, first) for folder in self.folders)


def server_path(unit: DeploymentUnit, script: ScoringScript, links: Linker) -> ServerPath | None:
    """The path of the server of a unit, `None` where nothing says what ships."""
    artifact = unit.reference or unit.inference_config
    if artifact is None or script.path not in unit.paths:
        return None
    whole = links.absolute(script.file)
    own, file = os.path.split(whole)
    stem = file.removesuffix(".py")
    folder = links.shipped_folder(artifact)
    if folder is not None and not below(whole, folder):
        return None
    if unit.reference is not None:
        # A local endpoint makes the script's folder the server's root; what the cloud does for
        # a script in a sub-folder is not documented: both are taken to be on the path.
        return ServerPath((folder, own), folder, own, stem) if folder else None
    config = unit.inference_config
    assert config is not None
    if folder is not None:
        return ServerPath((folder,), folder, own, stem)
    alone = isinstance(config.source_directory, Absent) and isinstance(config.entry_script, Known)
    return ServerPath((), None, own, stem) if alone else None


def local_file(links: Linker, folder: str, name: str) -> str | None:
    """The file that a dotted module name means if a folder is on the path."""
    path = os.path.join(folder, *name.split("."))
    for candidate in (f"{path}.py", os.path.join(path, "__init__.py")):
        if links.exists(candidate):
            return candidate
    return None


def _has(links: Linker, folder: str, first: str) -> bool:
    path = os.path.join(folder, first)
    return links.exists(f"{path}.py") or links.overlay.is_folder(path)
