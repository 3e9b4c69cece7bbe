"""Which scripts something names: configurations, declarations, and calls in code."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any

from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.inference_config import InferenceConfig
from amllint.artifacts.naming import Naming, naming_calls
from amllint.config import Declaration
from amllint.engine.notebooks import ScriptCell
from amllint.engine.telling import shown
from amllint.findings.finding import Location
from amllint.source.problem import Unreadable
from amllint.units import Linker


def named_in_files(
    linker: Linker, declarations: Iterable[Declaration]
) -> Iterator[tuple[str, Naming, str | None]]:
    """Scripts that configurations and declarations name, each with the folder that ships."""
    for artifacts in list(linker.found.values()):
        for artifact in artifacts:
            for path, purpose in linker.scripts_named(artifact):
                family = artifact.family
                place = _place(artifact)
                place = shown(place, linker.codes) if place else None
                naming = Naming(artifact.path, purpose, family, place)
                yield path, naming, linker.shipped_folder(artifact)
    for declared in declarations:
        if declared.script:
            by = Naming(declared.location.path, "online", None, declared.location)
            yield declared.script, by, None


def named_in_code(
    linker: Linker, paths: Iterable[str], cells: Iterable[ScriptCell]
) -> dict[str, Naming]:
    """Scripts that calls of Azure's SDKs name, in scripts and notebooks among the paths.

    A script that a notebook writes to wherever is known by the notebook's own calls.
    """
    found: dict[str, Naming] = {}
    own: dict[str, list[ScriptCell]] = {}
    for cell in cells:
        own.setdefault(cell.notebook, []).append(cell)
    for path in paths:
        try:
            calls = list(naming_calls(linker.overlay.data(path)))
        except Unreadable:
            continue
        for call in calls:
            naming = Naming(linker.overlay.display(path), call.purpose, call.family)
            steps = (call.folder, call.script) if call.folder else (call.script,)
            target = linker.resolve(naming.by, *steps).path
            name = os.path.basename(call.script)
            written = [c.path for c in own.get(path, ()) if c.name == name and not c.written]
            for script in (*written, *([target] if target else [])):
                found[script] = naming.joined(found[script]) if script in found else naming
    return found


def unwritten(linker: Linker) -> set[str]:
    """The names of scripts that configurations name and that are not there."""
    names: set[str] = set()
    for artifacts in linker.found.values():
        for artifact in artifacts:
            if isinstance(artifact, (InferenceConfig, DeploymentReference)):
                names.update(os.path.basename(p) for p in linker.missing_scripts(artifact))
    return names


def _place(artifact: Any) -> Location | None:
    field = getattr(artifact, "entry_script", None) or getattr(artifact, "scoring_script", None)
    return getattr(field, "location", None)
