"""Which models a deployment has: declared in the configuration, or named by its own file."""

from __future__ import annotations

import os
import re
from typing import Any, Final, NamedTuple

from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.fields import Absent, Field, Known
from amllint.findings.finding import Location
from amllint.units import DeploymentUnit, Linker

_REFERENCE: Final = re.compile(r"^azureml:([\w.-]+)(?::[\w.-]+|@\w+)?$")
_REGISTRY: Final = re.compile(r"^azureml://registries/[^/]+/models/([\w.-]+)(?:/|$)")
_DECLARED: Final = re.compile(r"^(?:azureml:)?([A-Za-z0-9][\w.-]*)(?::\d+|@latest)?$")


class DeployedModel(NamedTuple):
    """A model: its registered name, and where its files lie, as far as that is known.

    `path` is absolute and exists; `shown` is what the file says.
    """

    name: str | None
    path: str | None
    shown: str
    location: Location


def deployed_models(unit: DeploymentUnit, links: Linker) -> tuple[DeployedModel, ...]:
    """The models of a deployment; empty where nothing says which."""
    declaration = unit.declaration
    if declaration is not None and declaration.models:
        return tuple(_declared(declaration.location, t, links) for t in declaration.models)
    if unit.reference is not None:
        return _referenced(unit.reference, links)
    if unit.code is not None and unit.deploy is not None:
        return _passed(unit.code.models(unit.deploy.call))
    return _passed(unit.command.line.models) if unit.command is not None else ()


def _passed(names: tuple[Field[Any], ...] | None) -> tuple[DeployedModel, ...]:
    """The models that a call or a command is given, where the names of all are known."""
    names = names or ()
    if not all(isinstance(n, Known) and isinstance(n.value, str) for n in names):
        return ()
    known = [n for n in names if isinstance(n, Known)]
    return tuple(DeployedModel(n.value, None, n.value, n.location) for n in known)


def _declared(by: Location, text: str, links: Linker) -> DeployedModel:
    """A name, with its version or without, or the path of a local file or folder."""
    folder = os.path.dirname(links.absolute(by.path))
    path = os.path.normpath(os.path.join(folder, text))
    local = path if "/" in text and _is_there(path, links) else None
    match = _DECLARED.match(text)
    # azureml-core registers a local file under its own name, cut to 30 characters.
    name = match.group(1) if match else os.path.basename(path)[:30] if "/" in text else None
    return DeployedModel(name, local, text, by)


def _referenced(reference: DeploymentReference, links: Linker) -> tuple[DeployedModel, ...]:
    model = reference.model
    if not isinstance(model, Known):
        return ()
    if isinstance(model.value, str):
        match = _REFERENCE.match(model.value) or _REGISTRY.match(model.value)
        name = match.group(1) if match else None
        return (DeployedModel(name, None, model.value, model.location),) if name else ()
    name_field, path_field = reference.model_name, reference.model_path
    name = name_field.value if isinstance(name_field, Known) else None
    if isinstance(path_field, Absent) or not isinstance(path_field, Known):
        return ()
    text = path_field.value
    if not isinstance(text, str) or "\0" in text or ":" in text:
        return ()
    folder = os.path.dirname(links.absolute(reference.path))
    path = os.path.normpath(os.path.join(folder, text))
    local = path if _is_there(path, links) else None
    known = name if isinstance(name, str) else None
    return (DeployedModel(known, local, text, path_field.location),)


def _is_there(path: str, links: Linker) -> bool:
    return links.overlay.exists(path) or links.overlay.is_folder(path)
