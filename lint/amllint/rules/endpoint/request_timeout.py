"""A v2 deployment gives a call more time than the endpoint does, or none.

## What it does
Reports a `request_timeout_ms` above 180000 of a managed deployment (300000 with a prompt flow), or
above 300000 of one to Kubernetes, and one that is zero or negative.

## Why it matters
azure-ai-ml sends what stands there, but zero, which it leaves out without a word: the default of
5000 ms then holds. What is above the limit of the endpoint is refused, or the endpoint gives the
call up before.

## Example
```yaml deployment.yml {9}
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: churn
model: azureml:churn:3
environment: azureml:serving:1
instance_type: Standard_DS3_v2
instance_count: 3
request_settings:
  request_timeout_ms: 600000
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
request_settings:
  request_timeout_ms: 180000
```

## Sources
- azure-ai-ml 1.35.2: executed; any number is accepted, and zero is dropped.
- Azure ML, Manage and increase quotas, and the references of both kinds of deployments: 180 s,
  300 s for prompt flows and for Kubernetes. Not seen against a workspace, and so a warning.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.artifacts.deployment_numbers import number
from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule

_MANAGED_MS: Final = 180_000
_OTHER_MS: Final = 300_000


@rule("AML606", "request-timeout", severity="warning", stage="submit")
def request_timeout(reference: DeploymentReference) -> Iterator[Observation]:
    """Report a time that is over the endpoint's, and one that is none."""
    timeout = number(reference, "request_settings", "request_timeout_ms")
    if timeout is None or not (reference.is_managed or reference.is_kubernetes):
        return
    flow = "promptflow" in reference.section.document.source.text
    most = _MANAGED_MS if reference.is_managed and not flow else _OTHER_MS
    kind = "managed" if reference.is_managed else "Kubernetes"
    value = timeout.value
    if value > most:
        said = f"above the {most} ms that a {kind} endpoint keeps a call"
        help = f"write at most {most}; what takes longer is work for a batch endpoint"
    elif value == 0:
        said = "and azure-ai-ml leaves that out: the default of 5000 ms holds"
        help = "write the time of the slowest call, in milliseconds"
    elif value < 0:
        said, help = "below zero", "write the time of the slowest call, in milliseconds"
    else:
        return
    yield finding(
        timeout.field.location, f"`request_timeout_ms` is {value}, {said}", help=help, key="timeout"
    )
