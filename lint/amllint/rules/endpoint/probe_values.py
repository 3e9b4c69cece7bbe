"""A probe of a v2 deployment has a value below what there can be.

## What it does
Reports values of `liveness_probe` and `readiness_probe` that are below 1, and a `success_threshold`
of the liveness probe that is not 1.

## Why it matters
azure-ai-ml leaves times of zero out without a word, so that their defaults hold, and sends the
rest. Kubernetes, which runs the probes, takes no threshold below 1, and none but 1 for the
successes of a liveness probe.

## Example
```yaml deployment.yml {9}
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: churn
model: azureml:churn:3
environment: azureml:serving:1
instance_type: Standard_DS3_v2
instance_count: 3
liveness_probe:
  failure_threshold: 0
  period: 10
```

## Use instead
```yaml deployment.yml
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: churn
model: azureml:churn:3
environment: azureml:serving:1
instance_type: Standard_DS3_v2
instance_count: 3
liveness_probe:
  failure_threshold: 30
  period: 10
```

## Sources
- azure-ai-ml 1.35.2: executed; any number is accepted, and times of zero are dropped.
- References of the YAML of managed and of Kubernetes online deployments: the minima, and the fixed
  threshold. Not seen against a workspace, and so a warning.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.artifacts.deployment_numbers import PROBES, number
from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule

_TIMES: Final = {"initial_delay": 10, "period": 10, "timeout": 2}
"""Seconds that hold where nothing is sent."""
_THRESHOLDS: Final = ("success_threshold", "failure_threshold")


@rule("AML608", "probe-values", severity="warning", stage="start")
def probe_values(reference: DeploymentReference) -> Iterator[Observation]:
    """Report each value that is none a probe can have."""
    if not (reference.is_managed or reference.is_kubernetes):
        return
    for probe in PROBES:
        for key in (*_TIMES, *_THRESHOLDS):
            given = number(reference, probe, key)
            said = _problem(probe, key, given.value) if given is not None else None
            if given is not None and said is not None:
                yield finding(
                    given.field.location,
                    f"`{key}` of `{probe}` is {given.value}{said}",
                    help="write 1" if key == "success_threshold" else "write 1 or more",
                    key=f"{probe}.{key}",
                )


def _problem(probe: str, key: str, value: int) -> str | None:
    if key in _TIMES and value == 0:
        return f": azure-ai-ml leaves it out, and the default of {_TIMES[key]} s holds"
    if value < 1:
        return ", and the least is 1"
    if (probe, key) == ("liveness_probe", "success_threshold") and value != 1:
        return ", and a liveness probe has 1"
    return None
