"""Values that are left to defaults, and whose defaults are others in v2.

## What it does
Reports, for AKS, AksEndpoint and ACI, the settings that a v1 configuration does not give and
for which v2 endpoints have another default. Advice, one finding for each configuration.

## Why it matters
SDK and CLI v1 are out of support, and the service moves to a v2 endpoint one day. What was
never written down then changes silently: a call may take 5 s and not 60, a slow container
is probed after 10 s and not 310, one replica is the most and not ten, and a service that was
open asks for a key.

## Example
```json deploymentconfig.json {2} persona=pedantic
{
  "computeType": "aks",
  "containerResourceRequirements": {"cpu": 1, "memoryInGB": 2},
  "numReplicas": 2
}
```

## Use instead
```json deploymentconfig.json
{
  "computeType": "aks",
  "containerResourceRequirements": {"cpu": 1, "memoryInGB": 2},
  "numReplicas": 2,
  "scoringTimeoutMs": 60000,
  "livenessProbeRequirements": {"initialDelaySeconds": 310, "failureThreshold": 3}
}
```

## Sources
- azureml-core 1.61.0, documentation of the arguments, and azure-ai-ml 1.35.2, reference of
  Kubernetes online deployments: the two defaults. Migration guide from v1 endpoints:
  services without authentication become ones with keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.artifacts.deployment_config import (
    AciDeployment,
    AksDeployment,
    AksEndpointDeployment,
)
from amllint.artifacts.fields import Absent
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule

_AKS: Final = {
    "scoring_timeout_ms": "60000 → 5000",
    "initial_delay_seconds": "310 → 10",
    "failure_threshold": "3 → 30",
}
_AUTOSCALED: Final = {"autoscale_max_replicas": "10 → 1"}
_ACI: Final = {"auth_enabled": "off → keys"}


@rule("AML423", "deploy-config-shift", severity="info", stage=None)
def deploy_config_shift(
    config: AksDeployment | AksEndpointDeployment | AciDeployment,
) -> Iterator[Observation]:
    """Report what is not given, with both defaults."""
    if config.section.document.language == "aml-deploy":
        return
    shifts = _ACI if isinstance(config, AciDeployment) else _AKS
    autoscaled = not isinstance(config, AciDeployment) and config.given("autoscale_enabled")
    shifts = shifts | (_AUTOSCALED if autoscaled else {})
    given = {name: config.argument(name) for name in shifts}
    shown = [
        f"`{config.name_of(name)}` ({shifts[name]})"
        for name, field in given.items()
        if isinstance(field, Absent)
    ]
    if shown:
        yield finding(
            config.place,
            f"not given, and with another default in v2: {', '.join(shown)}",
            help="write down the values that the service relies on",
            key="shift",
        )
