"""What lies below AZUREML_MODEL_DIR once a deployment's models are mounted."""

from __future__ import annotations

import os
from typing import Final, NamedTuple

from amllint.rules.score.deployed_models import DeployedModel
from amllint.source.folders import files_below
from amllint.units import Linker

_NO_MODEL: Final = frozenset({"readme.md", ".gitkeep", ".gitignore", ".amlignore", "license"})


class Layout(NamedTuple):
    """The files below AZUREML_MODEL_DIR, relative to it."""

    files: frozenset[str]
    model: DeployedModel

    @property
    def entry(self) -> str | None:
        """The one file or folder that stands there, which `get_model_path` gives."""
        return os.path.basename(self.model.path) if self.model.path else None

    def holds(self, parts: tuple[str, ...]) -> bool:
        """Whether there is a file or folder at a path."""
        path = "/".join(parts)
        return not path or any(f == path or f.startswith(f"{path}/") for f in self.files)

    def instead_of(self, parts: tuple[str, ...]) -> str | None:
        """The path that is meant, where there is one file or folder of that name elsewhere."""
        wanted = parts[-1].strip().lower()
        found: set[str] = set()
        for file in self.files:
            steps = file.split("/")
            found.update(
                "/".join(steps[: n + 1]) for n, s in enumerate(steps) if s.lower() == wanted
            )
        return next(iter(found)) if len(found) == 1 else None

    def has_kind_of(self, name: str) -> bool:
        """Whether a file with the same extension is there, so that models are not left out."""
        extension = os.path.splitext(name.strip())[1].lower()
        return bool(extension) and any(f.lower().endswith(extension) for f in self.files)


def layout_of(model: DeployedModel, links: Linker) -> Layout | None:
    """The layout with one model: its file, or its folder under the folder's own name.

    `None` where its files are not there to be seen.
    """
    if model.path is None:
        return None
    name = os.path.basename(model.path)
    if links.overlay.exists(model.path):
        return Layout(frozenset({name}), model)
    below = files_below(model.path)
    if below is None or all(os.path.basename(f).lower() in _NO_MODEL for f in below):
        return None
    return Layout(frozenset(f"{name}/{f}" for f in below), model)
