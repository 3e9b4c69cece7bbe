"""The model files of a deployment that lie in the repository."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final

from amllint.artifacts.model_file import ModelFile
from amllint.rules.score.deployed_models import deployed_models
from amllint.source.folders import files_below
from amllint.source.problem import Unreadable
from amllint.units import DeploymentUnit, Linker

_EXTENSIONS: Final = (
    *(".pkl", ".pickle", ".joblib", ".sav", ".dill", ".cloudpickle", ".model"),
    *(".pt", ".pth", ".npy", ".npz"),
)
"""What people call files that hold pickles."""
_MOST_FILES: Final = 12
"""Files of one model that are looked into; a folder with more holds data."""
_MLMODEL: Final = "MLmodel"


def model_files(unit: DeploymentUnit, links: Linker) -> tuple[ModelFile, ...]:
    """The files of the deployed models that may hold pickles, with what they hold.

    Empty where the models do not lie in the repository, or the configuration leaves them out.
    """
    found = [
        (path, model)
        for model in deployed_models(unit, links)
        if model.path is not None
        for path in _paths(model.path, links)
        if links.repository.contains(path) and not links.excluded(path)
    ]
    if not found or len(found) > _MOST_FILES:
        return ()
    said = _said(unit, links)
    return tuple(
        ModelFile(
            links.overlay.display(path),
            links.overlay.pickles(path),
            model.location,
            len(found) == 1 or os.path.basename(path) in said,
        )
        for path, model in found
    )


def mlflow_folder(unit: DeploymentUnit, links: Linker) -> str | None:
    """The folder of the MLflow model that is served without a script, if it lies here."""
    if unit.reference is None or not unit.reference.is_no_code:
        return None
    folders = (model.path for model in deployed_models(unit, links))
    path = next(folders, None)
    return path if path and links.overlay.exists(os.path.join(path, _MLMODEL)) else None


def _paths(path: str, links: Linker) -> Iterator[str]:
    if links.overlay.exists(path):
        if path.lower().endswith(_EXTENSIONS):
            yield path
        return
    for below in sorted(files_below(path) or ()):
        if below.lower().endswith(_EXTENSIONS):
            yield os.path.join(path, *below.split("/"))


def _said(unit: DeploymentUnit, links: Linker) -> str:
    """The text that names the file to load: of the script, of the MLflow model."""
    script = unit.script
    if script is not None:
        modules = (module.source.code for module in script.modules.values())
        return "\n".join((script.source.code, *modules))
    folder = mlflow_folder(unit, links)
    if folder is None:
        return ""
    try:
        return links.overlay.text(os.path.join(folder, _MLMODEL)).text
    except Unreadable:
        return ""
