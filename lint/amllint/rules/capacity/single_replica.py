"""A service in production has one replica.

## What it does
Reports a deployment that is declared to be for production (`purpose` of the configuration or of its
`[[tool.amllint.deployment]]`, or of the declared cluster) and that has one replica: `numReplicas:
1`, an autoscaler with `maxReplicas: 1`, ACI, which never has more, or a managed deployment with one
instance. Advice.

## Why it matters
While that one is started, replaced, or its node is updated, nobody answers: calls end in 503. A
second replica takes over.

## Example
```json deploymentconfig.json {3} persona=pedantic
{
  "computeType": "aks",
  "numReplicas": 1,
  "scoringTimeoutMs": 60000,
  "appInsightsEnabled": true,
  "containerResourceRequirements": {"cpu": 1, "memoryInGB": 2},
  "livenessProbeRequirements": {"initialDelaySeconds": 310, "failureThreshold": 3}
}
```
```toml amllint.toml
[[deployment]]
deployment-config = "deploymentconfig.json"
purpose = "production"
```

## Use instead
```json deploymentconfig.json
{
  "computeType": "aks",
  "numReplicas": 2,
  "scoringTimeoutMs": 60000,
  "appInsightsEnabled": true,
  "containerResourceRequirements": {"cpu": 1, "memoryInGB": 2},
  "livenessProbeRequirements": {"initialDelaySeconds": 310, "failureThreshold": 3}
}
```
```toml amllint.toml
[[deployment]]
deployment-config = "deploymentconfig.json"
purpose = "production"
```

## Sources
- Azure ML, Deploy a model to Azure Container Instances (v1): one replica, for tests and not for
  production.
- Azure ML, Online endpoint deployment for real-time inferencing: three instances or more for high
  availability.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.deployment_config import (
    AciDeployment,
    AksDeployment,
    AksEndpointDeployment,
)
from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.fields import Absent, Known
from amllint.capacity.facts import Missing
from amllint.findings.finding import Location, Observation, finding
from amllint.rules.capacity.configured import replica_counts
from amllint.rules.registry import rule
from amllint.units import DeploymentUnit


@rule("AML513", "single-replica", severity="info", stage="operate")
def single_replica(
    config: AksDeployment | AksEndpointDeployment | AciDeployment | DeploymentReference,
    unit: DeploymentUnit,
) -> Iterator[Observation]:
    """Report one replica in production."""
    why = _production(unit)
    found = _single(config) if why is not None else None
    if found is None:
        return
    place, said, help = found
    yield finding(
        place,
        f"{said}, and it is for production ({why}): while that one is replaced, nobody answers",
        help=help,
        key="single replica",
    )


def _production(unit: DeploymentUnit) -> str | None:
    """What declares that it is for production; a guess is not enough."""
    intent, cluster = unit.intent, unit.facts.cluster
    if intent is not None and intent.declared:
        return intent.reason if intent.value == "production" else None
    if isinstance(cluster, Missing) or cluster.purpose != "production":
        return None
    return "so is the cluster" if unit.reference is None else None


def _single(
    config: AksDeployment | AksEndpointDeployment | AciDeployment | DeploymentReference,
) -> tuple[Location, str, str] | None:
    """Where one replica is said, in words, and what to write instead."""
    if isinstance(config, DeploymentReference):
        count = config.instance_count
        one = isinstance(count, Absent) or (isinstance(count, Known) and count.value in (1, "1"))
        if not config.is_managed or not one:
            return None
        return count.location, "it has one instance", "raise `instance_count`"
    if config.is_change:
        return None
    if isinstance(config, AciDeployment):
        return config.place, "a service on ACI has one replica", "deploy it to AKS"
    replicas = replica_counts(config)
    if replicas is None or replicas.most != 1:
        return None
    said = f"`{replicas.name}` is 1"
    return replicas.place, said, "have two or more, on several nodes"
