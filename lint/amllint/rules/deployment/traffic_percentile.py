"""The share of an endpoint's traffic is no percentage.

## What it does
Reports a `trafficPercentile` that is negative or above 100, and as a warning one between 0
and 1, which is most likely meant as a fraction.

## Why it matters
azureml-core refuses what is out of range when the configuration is read, and the CLI shows
"Error parsing --deploy-config-file." without the reason. A fraction it accepts silently, and
the version gets less than one call in a hundred.

## Example
```json deploymentconfig.json {4}
{
  "computeType": "aksendpoint",
  "versionName": "blue",
  "trafficPercentile": 110,
  "numReplicas": 2
}
```

## Use instead
```json deploymentconfig.json
{
  "computeType": "aksendpoint",
  "versionName": "blue",
  "trafficPercentile": 10,
  "numReplicas": 2
}
```

## Sources
- azureml-core 1.61.0, `webservice/aks.py`: executed; 33.3 is accepted.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.deployment_config import AksEndpointDeployment
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule


@rule("AML418", "traffic-percentile", severity="error", stage="submit")
def traffic_percentile(config: AksEndpointDeployment) -> Iterator[Observation]:
    """Report a share of the traffic that is out of range, or a fraction."""
    share = config.number("traffic_percentile")
    if share is None:
        return
    name, value = config.name_of("traffic_percentile"), share.value
    if value < 0 or value > 100:
        yield finding(
            share.location,
            f"`{name}` is {value}; it must be from 0 to 100 percent; azureml-core refuses this",
            help="write a percentage; what is not given away goes to the default version",
            key="range",
        )
    elif 0 < value < 1:
        yield finding(
            share.location,
            f"`{name}` is {value}, and it is a percentage: less than one call in a hundred; "
            "azureml-core accepts this silently",
            help=f"write {value * 100:g} for {value * 100:g} %",
            severity="warning",
            stage="operate",
            key="fraction",
        )
