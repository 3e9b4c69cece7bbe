"""Gives deployment units the load that the configuration declares for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from amllint.config import Settings
from amllint.units import DeploymentUnit, Linker


def with_traffic(
    units: Iterable[DeploymentUnit], settings: Settings, linker: Linker
) -> list[DeploymentUnit]:
    """The units, each with its declaration's load, or with that of every deployment."""
    everywhere = settings.target.traffic
    if everywhere is None and not any(d.traffic for d in settings.deployments):
        return list(units)
    return [_loaded(unit, settings, linker) for unit in units]


def _loaded(unit: DeploymentUnit, settings: Settings, linker: Linker) -> DeploymentUnit:
    declared = unit.declaration.traffic if unit.declaration is not None else None
    traffic = declared or settings.target.traffic
    if traffic is None:
        return unit
    script = linker.absolute(unit.script.path) if unit.script is not None else None
    return replace(unit, traffic=traffic.of(script))
