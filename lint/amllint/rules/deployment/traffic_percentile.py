"""The shares of an endpoint's traffic do not add up.

## What it does
Reports a `trafficPercentile` that is negative or above 100, and as a warning one between 0
and 1, which is most likely meant as a fraction. In code it also follows the versions that
`create_version` and `update_version` give an endpoint, and warns where their shares come to
more than 100 percent together, or where there are more than six of them. Versions that several
files make are not added up: which of the files are run, and in which order, no file says.

## Why it matters
azureml-core refuses what is out of range when the configuration is read, and the CLI shows
"Error parsing --deploy-config-file." without the reason. A fraction it accepts silently, and
the version gets less than one call in a hundred. `update_version` checks nothing at all, and
no call looks at the other versions: only the service does, after minutes.

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
- azureml-core 1.61.0, `webservice/aks.py`: executed; 33.3 is accepted, `create_version` refuses
  what is out of range, and `update_version` sends 110 and -1 as they are.
- Azure ML, "Deploy models to AKS using controlled rollout" (v1): at most six versions, and what
  is not given away goes to the default one. Not seen against a workspace, and so warnings.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from amllint.artifacts.deployment_config import AksEndpointDeployment, AksVersionUpdate
from amllint.artifacts.endpoint_versions import versions_after
from amllint.artifacts.fields import Known
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule
from amllint.units import DeploymentUnit

_MOST_VERSIONS: Final = 6
_ACCEPTS: Final = "azureml-core accepts this silently"


@rule("AML418", "traffic-percentile", severity="error", stage="submit")
def traffic_percentile(
    config: AksEndpointDeployment | AksVersionUpdate, unit: DeploymentUnit
) -> Iterator[Observation]:
    """Report a share of the traffic that is out of range, or that others leave no room for."""
    share = config.number("traffic_percentile")
    wrong = list(_one(config, share)) if share is not None else []
    yield from wrong
    if not wrong:
        yield from _together(config, share, unit)


def _one(config: AksEndpointDeployment, share: Known[Any]) -> Iterator[Observation]:
    name, value = config.name_of("traffic_percentile"), share.value
    if value < 0 or value > 100:
        unchecked = isinstance(config, AksVersionUpdate)
        gist = f"{_ACCEPTS} in `update_version`" if unchecked else "azureml-core refuses this"
        yield finding(
            share.location,
            f"`{name}` is {value}; it must be from 0 to 100 percent; {gist}",
            help="write a percentage; what is not given away goes to the default version",
            severity="warning" if unchecked else None,
            key="range",
        )
    elif 0 < value < 1:
        yield finding(
            share.location,
            f"`{name}` is {value}, and it is a percentage: less than one call in a hundred; "
            f"{_ACCEPTS}",
            help=f"write {value * 100:g} for {value * 100:g} %",
            severity="warning",
            stage="operate",
            key="fraction",
        )


def _together(
    config: AksEndpointDeployment, share: Known[Any] | None, unit: DeploymentUnit
) -> Iterator[Observation]:
    """What the versions of the endpoint come to once this one is made or changed."""
    if unit.code is None or unit.deploy is None:
        return
    versions = versions_after(unit.code, unit.deploy.call) or {}
    total = sum(versions.values())
    if share is not None and share.value > 0 and total > 100:
        each = ", ".join(f"`{name}` {value:g}" for name, value in versions.items() if value)
        yield finding(
            share.location,
            f"the versions of this endpoint get {total:g} percent of the traffic together "
            f"({each}); {_ACCEPTS}, and the service does not",
            help="lower the share of another version first, with `update_version`",
            severity="warning",
            key="sum",
        )
    created = config.call == "AksEndpoint.create_version"
    if created and len(versions) > _MOST_VERSIONS:
        yield finding(
            config.place,
            f"this is version {len(versions)} of an endpoint, which has {_MOST_VERSIONS} at most; "
            f"{_ACCEPTS}, and the service does not",
            help="delete a version first, with `delete_version`",
            severity="warning",
            key="versions",
        )
