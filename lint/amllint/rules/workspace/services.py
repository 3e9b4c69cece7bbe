"""What a snapshot knows of the services that deployments name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from amllint.artifacts.action_config import ActionConfig
from amllint.artifacts.command_line import DeployCommand
from amllint.artifacts.deploy_code import DeployCall, DeployCode
from amllint.artifacts.deployment_config import AciDeployment, AksDeployment, LocalDeployment
from amllint.artifacts.fields import Absent, Field, Known
from amllint.findings.finding import Location
from amllint.snapshot.asset_rows import Service

_COMMANDS: Final = re.compile(r"\bml\s+service\s+(?:delete|update|show|list)\b")
BUSY: Final = frozenset({"creating", "updating", "deleting", "scaling", "transitioning"})
"""States in which an operation goes on; another one is refused until it has ended."""

FAILED: Final = frozenset({"failed", "canceled"})
"""States that the last operation left, whatever it was."""


class NewService(NamedTuple):
    """A service that is made by name, and whether it may replace one; `None` where that is open.

    `kind` is its compute type in lower case, `None` where it is not known.
    """

    name: str
    location: Location
    overwrites: bool | None
    kind: str | None


def new_service(
    config: DeployCall | DeployCommand | ActionConfig, code: DeployCode | None
) -> NewService | None:
    """The service that a deployment makes, where its name is known."""
    field: Field[Any] = config.name
    if not isinstance(field, Known) or not isinstance(field.value, str) or not field.value:
        return None
    made = (
        config.deployment_config() if isinstance(config, ActionConfig) else config.deployment_config
    )
    if isinstance(made, LocalDeployment):
        return None
    kinds = {AciDeployment: "aci", AksDeployment: "aks"}
    kind = next((k for t, k in kinds.items() if type(made) is t), None)
    return NewService(field.value, field.location, _overwrites(config, code), kind)


def _overwrites(
    config: DeployCall | DeployCommand | ActionConfig, code: DeployCode | None
) -> bool | None:
    if isinstance(config, DeployCommand):
        words = (word.text(config.line.variables) for word in config.line.call.words)
        return True if "--overwrite" in words else None if config.line.is_open else False
    if isinstance(config, DeployCall):
        given = code.argument(config.call, "overwrite") if code is not None else None
        if isinstance(given, Absent):
            return False
        known = isinstance(given, Known) and isinstance(given.value, bool)
        return bool(given.value) if known and isinstance(given, Known) else None
    return None


def looks_first(config: DeployCall | DeployCommand, code: DeployCode | None) -> bool:
    """Whether a script asks for services, or deletes one, and so may only deploy what is new.

    What becomes of the answer is not followed: such scripts are left alone.
    """
    if isinstance(config, DeployCommand):
        return _COMMANDS.search(config.line.run.source.text) is not None
    return code is None or code.looks_for_services


def existing(name: str, services: tuple[Service, ...]) -> Iterator[Service]:
    """The services of a name: names of services are lower case."""
    return (service for service in services if service.name == name)
