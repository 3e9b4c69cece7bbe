"""A version of an endpoint has a name that is refused.

## What it does
Reports a `versionName` that is not 3 to 32 lower-case letters, digits and dashes, begins
with something else than a letter, or ends with a dash.

## Why it matters
azureml-core refuses it when the configuration is read, and the CLI shows "Error parsing
--deploy-config-file." without the reason. `v1`, the most natural of all names, is one
character too short.

## Example
```json deploymentconfig.json {3}
{
  "computeType": "aksendpoint",
  "versionName": "Blue_2",
  "trafficPercentile": 10,
  "numReplicas": 2
}
```

## Use instead
```json deploymentconfig.json
{
  "computeType": "aksendpoint",
  "versionName": "blue-2",
  "trafficPercentile": 10,
  "numReplicas": 2
}
```

## Fix safety
Safe: the fix writes the name in lower case, with dashes for what is not allowed. The name
that stood there could not be deployed. Where no such name can be made, there is no fix.

## Sources
- azureml-core 1.61.0, `webservice/aks.py` and `_util.py`: executed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from amllint.artifacts.deploy_code import DeployCall
from amllint.artifacts.deployment_config import AksEndpointDeployment
from amllint.artifacts.fields import Known
from amllint.artifacts.service_names import name_problem, name_suggestion
from amllint.findings.finding import Edit, Fix, Observation, finding
from amllint.rules.registry import rule


@rule("AML417", "service-name", severity="error", stage="submit", fix="safe")
def service_name(config: AksEndpointDeployment | DeployCall) -> Iterator[Observation]:
    """Report a name of a service, or of a version, that azureml-core refuses."""
    if isinstance(config, DeployCall):
        field, shown = config.name, "name"
    else:
        field, shown = config.argument("version_name"), config.name_of("version_name")
    if not isinstance(field, Known) or not isinstance(field.value, str) or not field.value:
        return
    problem = name_problem(field.value)
    if problem is None:
        return
    better = name_suggestion(field.value)
    place = field.location
    fix = None
    # Other code may go by the name of a service.
    if better is not None and not isinstance(config, DeployCall):
        edit = Edit(place.path, place.span, json.dumps(better), place.cell)
        fix = Fix("safe", f"name it `{better}`", (edit,))
    yield finding(
        place,
        f"`{shown}` is {json.dumps(field.value, ensure_ascii=False)}, "
        f"which {problem}; azureml-core refuses this",
        help=f"write `{better}`" if better else "write a name such as `blue` or `version-1`",
        fix=fix,
        key="name" if isinstance(config, DeployCall) else "version_name",
    )
