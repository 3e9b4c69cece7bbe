"""What the files around a script say of its deployment, as far as a trial can use it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from amllint.artifacts.conda import CondaEnvironment
from amllint.artifacts.deployment_config import AksDeployment
from amllint.artifacts.environment import Environment
from amllint.capacity.probes import LivenessProbe
from amllint.config import Declaration, Settings
from amllint.engine.cache import open_cache
from amllint.engine.check import common_folder
from amllint.engine.loading import Loader
from amllint.findings.finding import Location
from amllint.source.overlay import Overlay
from amllint.source.repository import Repository
from amllint.source.text import Span
from amllint.units import DeploymentUnit, Linker

V2_BUDGET: Final = 310
"""Seconds that the default probes of v2 give a start: 10 and 30 times 10."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """The environments linked to a script, the folder that ships, and the probe's patience.

    `start_seconds` are those after which the platform restarts a container that does not answer;
    `probe` says whose probe that is. `settings` are those under which `check` takes the script
    for one that serves, as the trial does; `declared` says that it does so only because the trial
    declares the script, and passes it over by itself.
    """

    settings: Settings
    environments: tuple[Environment, ...]
    folder: str | None
    start_seconds: float
    probe: str
    declared: bool = False


def deployment_of(
    script: str, settings: Settings, overlay: Overlay, repository: Repository
) -> Deployment:
    """What is linked to a script, an absolute path."""
    loader = Loader(overlay, repository, settings, False, None, open_cache())
    loader.request([script])
    linker = loader.load()
    units = [u for u in linker.units(settings.deployments) if _is_of(u, script, linker)]
    linked = {id(u.environment): u.environment for u in units if u.environment}
    seconds, probe = _patience(units)
    if not units:
        settings = _declared(script, settings)
    return Deployment(
        settings,
        tuple(linked.values()),
        _folder(units, script, linker),
        seconds,
        probe,
        declared=not units,
    )


def _declared(script: str, settings: Settings) -> Settings:
    """Settings that declare the script to be deployed."""
    where = Location(script, Span(0, 0))
    declaration = Declaration("try", script, None, None, None, (), None, None, where)
    return replace(settings, deployments=(*settings.deployments, declaration))


def repository_of(script: str, overlay: Overlay) -> Repository:
    """The repository that a script lies in, or its folder."""
    return Repository.around(common_folder([script], overlay.cwd))


def environment_at(path: str, settings: Settings, overlay: Overlay) -> CondaEnvironment | None:
    """The conda environment in a file, `None` where it holds none."""
    repository = repository_of(path, overlay)
    loader = Loader(overlay, repository, settings, False, None, None)
    loader.request([path])
    found = loader.load().found.get(path, ())
    return next((a for a in found if isinstance(a, CondaEnvironment)), None)


def _is_of(unit: DeploymentUnit, script: str, linker: Linker) -> bool:
    return unit.script is not None and linker.absolute(unit.script.path) == script


def _folder(units: Iterable[DeploymentUnit], script: str, linker: Linker) -> str | None:
    """The folder that ships with the script, if the files agree on one that has it."""
    found = set()
    for unit in units:
        for artifact in (unit.reference, unit.inference_config):
            folder = linker.shipped_folder(artifact) if artifact is not None else None
            if folder and os.path.commonpath([folder, script]) == folder:
                found.add(folder)
    return found.pop() if len(found) == 1 else None


def _patience(units: Iterable[DeploymentUnit]) -> tuple[float, str]:
    shortest: tuple[float, str] | None = None
    for config in (u.deployment_config for u in units):
        if isinstance(config, AksDeployment):
            known = {name: config.number(name) for name in LivenessProbe._fields}
            probe = LivenessProbe(**{name: f.value for name, f in known.items() if f})
            seconds = probe.start_seconds
            if shortest is None or seconds < shortest[0]:
                shortest = seconds, f"the liveness probe of {config.path}"
    return shortest or (V2_BUDGET, "the default probes of v2 (10 s and 30 times 10 s)")
