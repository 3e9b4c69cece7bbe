"""A switch is written as text, which counts as on whatever it says.

## What it does
Reports a text where true or false belongs: `authEnabled`, `tokenAuthEnabled`, `sslEnabled`,
`autoscaleEnabled`, `appInsightsEnabled` and `storageEnabled` of a deployment config,
`enableGpu` and `userManagedDependencies` of an inference config. Where a text makes two
settings contradict each other, that is told instead (auth-conflict, autoscale-conflict,
tls-incomplete).

## Why it matters
azureml-core accepts this silently and takes every text but the empty one for true. The text
`"false"` makes it check the configuration as if the switch were on, and is then sent to the
service as it stands.

## Example
```json deploymentconfig.json {3}
{
  "computeType": "aks",
  "appInsightsEnabled": "true",
  "numReplicas": 2
}
```

## Use instead
```json deploymentconfig.json
{
  "computeType": "aks",
  "appInsightsEnabled": true,
  "numReplicas": 2
}
```

## Fix safety
Safe where the text says true, which is what it counts for already: the fix writes true. Unsafe
where it says false: the switch counts as on today and is off afterwards, so that anyone may
call the service, or another image is built. A text that says neither has no fix.

## Sources
- azureml-core 1.61.0, `webservice/aks.py`, `aci.py` and `environment.py`: executed; the
  switches are tested for truth or put through `bool()`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from amllint.artifacts.deployment_config import (
    AciDeployment,
    AciUpdate,
    AksDeployment,
    AksEndpointDeployment,
    AksUpdate,
    AksVersionUpdate,
)
from amllint.artifacts.fields import Known
from amllint.artifacts.inference_config import InferenceConfig
from amllint.findings.finding import Applicability, Edit, Fix, Observation, finding
from amllint.rules.registry import rule

_SAYS: Final = {
    **dict.fromkeys(("true", "yes", "on", "1"), True),
    **dict.fromkeys(("false", "no", "off", "0"), False),
}


@rule("AML404", "truthy-string", severity="warning", stage="submit", fix="safe")
def truthy_string(
    config: AksDeployment
    | AksEndpointDeployment
    | AciDeployment
    | AksUpdate
    | AksVersionUpdate
    | AciUpdate
    | InferenceConfig,
) -> Iterator[Observation]:
    """Report each switch that is a text, unless what follows from it is told elsewhere."""
    for name, field in config.flags():
        if not isinstance(field, Known) or not isinstance(field.value, str) or not field.value:
            continue
        if not isinstance(config, InferenceConfig) and _is_refused(config, name):
            continue
        says = _SAYS.get(field.value.strip().lower())
        wanted = "true or false, without quotes" if says is None else config.spelled(says)
        yield finding(
            field.location,
            f'`{config.name_of(name)}` is the text "{field.value}"; azureml-core accepts this '
            "silently and takes any text for true",
            help=f"write {wanted}",
            fix=_fix(config, field, says),
            key=name,
        )


def _is_refused(config: AksDeployment | AksEndpointDeployment | AciDeployment, name: str) -> bool:
    """Whether azureml-core refuses the configuration because the switch counts as on."""
    if isinstance(config, (AciUpdate, AksVersionUpdate)):
        return False
    if name in ("auth_enabled", "token_auth_enabled"):
        return bool(config.given("auth_enabled") and config.given("token_auth_enabled"))
    if name == "autoscale_enabled":
        return bool(config.given("num_replicas"))
    return name == "ssl_enabled" and not all(map(config.given, AciDeployment.tls_arguments))


def _fix(config: Any, field: Known[str], says: bool | None) -> Fix | None:
    if says is None:
        return None
    place = field.location
    edit = Edit(place.path, place.span, config.spelled(says), place.cell)
    applicability: Applicability = "safe" if says else "unsafe"
    return Fix(applicability, f"write {config.spelled(says)}", (edit,))
