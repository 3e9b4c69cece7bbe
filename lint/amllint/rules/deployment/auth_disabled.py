"""Anyone who knows the address can call the service.

## What it does
Reports an AKS service whose `authEnabled` is false and that has no token authentication
instead. On ACI, where no authentication is the default, it is advice, and a warning only
where the deployment has `purpose = "production"`; in what is for development it is advice
everywhere, as in demos and samples.

## Why it matters
Nothing would have told. The scoring address is not secret: it stands in logs, in the clients
and in DNS. Whoever calls it uses the model, and the machines that it runs on.

## Example
```json deploymentconfig.json {3}
{
  "computeType": "aks",
  "authEnabled": false,
  "numReplicas": 2
}
```

## Use instead
```json deploymentconfig.json
{
  "computeType": "aks",
  "authEnabled": true,
  "numReplicas": 2
}
```

## Sources
- azureml-core 1.61.0, `webservice/aks.py` and `aci.py`: executed; key authentication is on
  by default on AKS and off by default on ACI.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.deployment_config import (
    AciDeployment,
    AciUpdate,
    AksDeployment,
    AksEndpointDeployment,
)
from amllint.artifacts.fields import Absent, Known, Unknown
from amllint.findings.finding import Observation, Severity, finding
from amllint.rules.registry import rule
from amllint.units import DeploymentUnit


@rule("AML407", "auth-disabled", severity="warning", stage="operate", hardening="demo")
def auth_disabled(
    config: AksDeployment | AksEndpointDeployment | AciDeployment | AciUpdate,
    unit: DeploymentUnit,
) -> Iterator[Observation]:
    """Report a service without any authentication."""
    keys = config.argument("auth_enabled")
    if config.is_change and isinstance(keys, Absent):
        return
    if isinstance(keys, Unknown) or (isinstance(keys, Known) and keys.value):
        return
    name, on = config.name_of("auth_enabled"), config.spelled(True)
    if isinstance(config, AciDeployment):
        if config.unread("tokenAuthEnabled") is not None:
            return
        why = "is not given, and off by default on ACI" if isinstance(keys, Absent) else "is off"
    else:
        token = config.argument("token_auth_enabled")
        if (
            isinstance(keys, Absent)
            or isinstance(token, Unknown)
            or config.given("token_auth_enabled")
        ):
            return
        why = "is off"
    yield finding(
        keys.location,
        f"`{name}` {why}: anyone who knows the address can call the service; azureml-core "
        "accepts this silently",
        help=f"set `{name}` to {on}; callers then send a key",
        severity=_severity(config, unit),
        key="open",
    )


def _severity(
    config: AksDeployment | AksEndpointDeployment | AciDeployment, unit: DeploymentUnit
) -> Severity:
    use = unit.intent.value if unit.intent is not None else None
    if use == "production":
        return "warning"
    return "info" if isinstance(config, AciDeployment) or use == "development" else "warning"
