"""Which configuration a call of azureml-core makes, or changes."""

from __future__ import annotations

from typing import Final

from amllint.analysis.sdk import sdk
from amllint.analysis.sdk_calls import SdkCall
from amllint.artifacts.deployment_config import (
    AciDeployment,
    AciUpdate,
    AksDeployment,
    AksEndpointDeployment,
    AksUpdate,
    AksVersionUpdate,
    DeploymentConfig,
    LocalDeployment,
)

_MADE: Final[dict[str, type[DeploymentConfig]]] = {
    "AksWebservice.deploy_configuration": AksDeployment,
    "AksEndpoint.deploy_configuration": AksEndpointDeployment,
    "AciWebservice.deploy_configuration": AciDeployment,
    "LocalWebservice.deploy_configuration": LocalDeployment,
}
_CHANGED: Final[dict[str, type[DeploymentConfig]]] = {
    "AksEndpoint.create_version": AksEndpointDeployment,
    "AksEndpoint.update_version": AksVersionUpdate,
    "AksWebservice.update": AksUpdate,
    "AciWebservice.update": AciUpdate,
}
_CHANGED_WHOLE: Final = ("AksWebservice.update", "AciWebservice.update")
_ANY: Final = "Webservice.update"
"""A service of which only `Webservice(...)` is known: what it is given tells which."""
CHANGES: Final = frozenset({*_CHANGED, _ANY})
"""Calls that change a service or a version of it, or add one."""


def service_kind(call: SdkCall) -> type[DeploymentConfig] | None:
    """The kind of configuration that a call stands for, `None` where it stands for none."""
    if call.name == _ANY:
        return _told_by_arguments(set(call.given))
    return _MADE.get(call.name) or _CHANGED.get(call.name)


def _told_by_arguments(given: set[str]) -> type[DeploymentConfig] | None:
    aks, aci = (set(sdk().signatures[name].parameters) for name in _CHANGED_WHOLE)
    if given & (aks - aci):
        return AksUpdate
    return AciUpdate if given & (aci - aks) else None
