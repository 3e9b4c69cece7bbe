"""Each replica is given several calls at once, and answers them one by one.

## What it does
Reports a `maxConcurrentRequestsPerContainer` other than 1. Advice.

## Why it matters
The inference server has one worker by default, which answers one call at a time. With more
than one call for each container the rest waits inside the container, where the queue time
does not count and the autoscaler sees no need for another replica. Documentation asks to
leave it at 1 unless support says otherwise; with a `WORKER_COUNT` to match it can be right.

## Example
```json deploymentconfig.json {7} persona=pedantic
{
  "computeType": "aks",
  "containerResourceRequirements": {"cpu": 1, "memoryInGB": 2},
  "numReplicas": 2,
  "scoringTimeoutMs": 60000,
  "livenessProbeRequirements": {"initialDelaySeconds": 310, "failureThreshold": 3},
  "maxConcurrentRequestsPerContainer": 4
}
```

## Use instead
```json deploymentconfig.json
{
  "computeType": "aks",
  "containerResourceRequirements": {"cpu": 1, "memoryInGB": 2},
  "numReplicas": 2,
  "scoringTimeoutMs": 60000,
  "livenessProbeRequirements": {"initialDelaySeconds": 310, "failureThreshold": 3},
  "maxConcurrentRequestsPerContainer": 1
}
```

## Sources
- azureml-core 1.61.0, the documentation of `replica_max_concurrent_requests`: not to be
  changed unless support or the service's team asks for it.
- azureml-inference-server-http 1.5.1, `constants.py`: `WORKER_COUNT` is 1 by default.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.deployment_config import (
    AksDeployment,
    AksEndpointDeployment,
    AksUpdate,
    AksVersionUpdate,
)
from amllint.artifacts.fields import Absent
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule
from amllint.units import DeploymentUnit


@rule("AML411", "concurrency-per-replica", severity="info", stage="score")
def concurrency_per_replica(
    config: AksDeployment | AksEndpointDeployment | AksUpdate | AksVersionUpdate,
    unit: DeploymentUnit,
) -> Iterator[Observation]:
    """Report more than one call at a time, unless the environment sets a number of workers."""
    concurrent = config.number("replica_max_concurrent_requests")
    if concurrent is None or concurrent.value <= 1 or _has_workers(unit):
        return
    yield finding(
        concurrent.location,
        f"`{config.name_of('replica_max_concurrent_requests')}` is {concurrent.value}; the "
        "server answers one call at a time, and the others wait in the container unseen by the "
        "autoscaler",
        help="leave it at 1, or set `WORKER_COUNT` in the environment to match",
        key="concurrency",
    )


def _has_workers(unit: DeploymentUnit) -> bool:
    if unit.inference_config is None:
        return False
    workers = unit.inference_config.environment_variables.field("WORKER_COUNT")
    return not isinstance(workers, Absent)
