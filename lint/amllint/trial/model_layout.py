"""The folder behind AZUREML_MODEL_DIR, as the platform lays models out in the container."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import Final, NamedTuple

_GIVEN: Final = re.compile(r"(?P<name>[A-Za-z0-9][\w.-]*)(?::(?P<version>\d+))?=(?P<path>.+)")


class Model(NamedTuple):
    """A registered model: its name, its version, and the file or folder that was registered."""

    name: str
    version: int
    path: str


class NoModel(Exception):
    """A model is given that is not there, or twice; the message says which."""


def read_model(given: str) -> Model:
    """`NAME=PATH`, `NAME:VERSION=PATH`, or a path, whose stem is the name. Raises `NoModel`."""
    found = _GIVEN.fullmatch(given)
    path = os.path.realpath(found["path"] if found and not os.path.exists(given) else given)
    if not os.path.exists(path):
        raise NoModel(f"there is no model at {path}")
    if found and not os.path.exists(given):
        return Model(found["name"], int(found["version"] or 1), path)
    return Model(os.path.splitext(os.path.basename(path))[0] or "model", 1, path)


def lay_out(models: Sequence[Model], folder: str) -> str:
    """Lay models out below an empty folder; what AZUREML_MODEL_DIR is then.

    With one model that is `azureml-models/NAME/VERSION`, with several `azureml-models`. In the
    folder of its version a model keeps its own name, be it a file or a folder. Files are links:
    models are large. Raises `NoModel` for two models of one name and version.
    """
    root = os.path.join(folder, "azureml-models")
    for model in models:
        version = os.path.join(root, model.name, str(model.version))
        if os.path.exists(version):
            raise NoModel(f"there are two models {model.name}:{model.version}; give one a version")
        os.makedirs(version)
        _link(model.path, os.path.join(version, os.path.basename(model.path)))
    if len(models) == 1:
        return os.path.join(root, models[0].name, str(models[0].version))
    return root


def _link(source: str, target: str) -> None:
    """Folders are made anew, since searches do not go through links to folders."""
    if not os.path.isdir(source):
        os.symlink(source, target)
        return
    for at, folders, files in os.walk(source):
        here = os.path.normpath(os.path.join(target, os.path.relpath(at, source)))
        os.makedirs(here)
        folders[:] = [f for f in folders if not os.path.islink(os.path.join(at, f))]
        for name in files:
            os.symlink(os.path.join(at, name), os.path.join(here, name))
