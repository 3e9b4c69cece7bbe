"""Which compute, and which cluster below it, a deployment goes to."""

from __future__ import annotations

from typing import Any, NamedTuple

from amllint.artifacts.deployment_config import AksDeployment
from amllint.artifacts.fields import Field, is_text
from amllint.findings.finding import Location
from amllint.units import DeploymentUnit


class Target(NamedTuple):
    """The name of a compute, and where it is named."""

    name: str
    location: Location


def named_target(config: AksDeployment, unit: DeploymentUnit) -> Target | None:
    """The target that counts: that of the configuration, the command line, the declaration."""
    fields: list[Field[Any]] = [config.argument("compute_target_name")]
    if unit.command is not None:
        fields.append(unit.command.line.field("compute_target"))
    for field in fields:
        if is_text(field):
            return Target(field.value, field.location)
    declared = unit.declaration
    if declared is not None and declared.compute_target:
        return Target(declared.compute_target, declared.place("compute-target"))
    return None
