"""The autoscaler's target is a fraction or above 100, and not a percentage.

## What it does
Reports a `targetUtilization` between 0 and 1, or above 100, of a configuration that has
autoscaling on. Where autoscaling is off, the value is refused as such (autoscale-conflict).

## Why it matters
azureml-core accepts this silently: it only asks for a number above zero. The service reads a
percentage: 0.7 is less than one percent, not seventy, and asks for more than a hundred
replicas for each busy one; above 100 percent no replica is ever busy.

## Example
```json deploymentconfig.json {7}
{
  "computeType": "aks",
  "autoScaler": {
    "autoscaleEnabled": true,
    "minReplicas": 1,
    "maxReplicas": 4,
    "targetUtilization": 0.7
  }
}
```

## Use instead
```json deploymentconfig.json
{
  "computeType": "aks",
  "autoScaler": {
    "autoscaleEnabled": true,
    "minReplicas": 1,
    "maxReplicas": 4,
    "targetUtilization": 70
  }
}
```

## Fix safety
Unsafe: the fix turns a fraction into the percentage it most likely means, which changes how
many replicas are running. Values above 100 have no fix.

## Sources
- azureml-core 1.61.0, `webservice/aks.py`: executed; 0.7 and 101 are accepted.
- The key table of v1 AKS deployment configurations: a whole percentage, 70 by default.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.deployment_config import (
    AksDeployment,
    AksEndpointDeployment,
    AksUpdate,
    AksVersionUpdate,
)
from amllint.findings.finding import Edit, Fix, Observation, finding
from amllint.rules.registry import rule


@rule("AML405", "target-utilization-range", severity="warning", stage="operate", fix="unsafe")
def target_utilization_range(
    config: AksDeployment | AksEndpointDeployment | AksUpdate | AksVersionUpdate,
) -> Iterator[Observation]:
    """Report a target that is no percentage."""
    target = config.number("autoscale_target_utilization")
    if target is None or not config.given("autoscale_enabled"):
        return
    name = config.name_of("autoscale_target_utilization")
    value, place = target.value, target.location
    if 0 < value < 1:
        meant = round(value * 100)
        edit = Edit(place.path, place.span, str(meant), place.cell)
        yield finding(
            place,
            f"`{name}` is {value}, and it is a percentage: as written, less than one in a "
            "hundred replicas is to be busy; azureml-core accepts this silently",
            help=f"write {meant} for {meant} %",
            fix=Fix("unsafe", f"write {meant}", (edit,)) if 1 <= meant <= 100 else None,
            key="fraction",
        )
    elif value > 100:
        yield finding(
            place,
            f"`{name}` is {value} percent, and replicas are never more than 100 % busy; "
            "azureml-core accepts this silently",
            help="write at most 100; 70 is the default and leaves room for a rise of the load",
            key="above 100",
        )
