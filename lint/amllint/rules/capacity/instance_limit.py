"""More instances than a managed deployment can have.

## What it does
Reports a managed online deployment whose `instance_count` is above 50, the documented limit. A
subscription can be granted more, so that it is a warning.

## Why it matters
The deployment is refused when it is submitted. The reserve of a fifth for upgrades does not count
here; it does in the [quota](quota-exceeded.md).

## Example
```yaml deployment.yml {6}
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: churn
model: azureml:churn:3
instance_type: Standard_DS3_v2
instance_count: 60
```

## Use instead
```yaml deployment.yml
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: churn
model: azureml:churn:3
instance_type: Standard_DS5_v2
instance_count: 15
```

## Sources
- Azure ML, Manage and increase quotas: 50 instances a managed online deployment, with exceptions on
  request.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.fields import Known
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule

MOST_INSTANCES: Final = 50


@rule("AML512", "instance-limit", severity="warning", stage="submit")
def instance_limit(reference: DeploymentReference) -> Iterator[Observation]:
    """Report a number of instances above the limit."""
    count = reference.instance_count if reference.is_managed else None
    value = count.value if isinstance(count, Known) else None
    if isinstance(value, int) and not isinstance(value, bool) and value > MOST_INSTANCES:
        assert isinstance(count, Known)
        yield finding(
            count.location,
            f"`instance_count` is {value}, and a managed deployment has at most {MOST_INSTANCES}, "
            "unless the subscription was granted more: it is refused",
            help="take fewer and larger machines, or spread the load over several deployments",
            key="instances",
        )
