"""The service runs with a tenth of a core and half a gigabyte, the defaults.

## What it does
Reports, for AKS, AksEndpoint and ACI, a configuration that gives neither `cpu` nor
`memoryInGB`, or only one of them. Advice. A `cpuLimit` or `memoryInGBLimit` of zero or less,
where there is no request to compare it with, is a warning.

## Why it matters
Nothing would have told. 0.1 cores and 0.5 GB are less than most models need: imports alone
take minutes, the liveness probe restarts the container, or it is killed when it loads the
model (exit code 137). A limit of zero is taken as it stands, and no container fits in it.

## Example
```json deploymentconfig.json {2} persona=pedantic
{
  "computeType": "aks",
  "numReplicas": 2,
  "scoringTimeoutMs": 60000,
  "livenessProbeRequirements": {"initialDelaySeconds": 310, "failureThreshold": 3}
}
```

## Use instead
```json deploymentconfig.json
{
  "computeType": "aks",
  "containerResourceRequirements": {"cpu": 1, "memoryInGB": 2},
  "numReplicas": 2,
  "scoringTimeoutMs": 60000,
  "livenessProbeRequirements": {"initialDelaySeconds": 310, "failureThreshold": 3}
}
```

## Sources
- azureml-core 1.61.0, `webservice/aks.py` and `aci.py`: executed; what is not given is sent
  as null, and a limit is compared only with a request that is given. The defaults stand in
  its documentation.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.deployment_config import (
    AciDeployment,
    AksDeployment,
    AksEndpointDeployment,
)
from amllint.artifacts.fields import Absent
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule

_DEFAULTS = {"cpu_cores": "0.1 cores", "memory_gb": "0.5 GB"}
_MISPLACED = ("cpu", "cpuCores", "memoryInGB")
"""What people write at the top, where nothing reads it."""


@rule("AML415", "default-resources", severity="info", stage="start")
def default_resources(
    config: AksDeployment | AksEndpointDeployment | AciDeployment,
) -> Iterator[Observation]:
    """Report requests that are not given, and limits that are nothing."""
    fields = {name: config.argument(name) for name in _DEFAULTS}
    absent = [name for name, field in fields.items() if isinstance(field, Absent)]
    if config.section.document.language == "aml-deploy":
        absent = []  # the action takes what the registered model asks for
    if any(config.unread(key) for key in _MISPLACED):
        absent = []  # told of as keys that nothing reads
    if absent and not config.is_misshapen(*config.key_path("cpu_cores")[:-1]):
        shown = " and ".join(f"`{config.name_of(name)}`" for name in absent)
        amounts = " and ".join(_DEFAULTS[name] for name in absent)
        yield finding(
            config.place if len(absent) > 1 else fields[absent[0]].location,
            f"{shown} {'are' if len(absent) > 1 else 'is'} not given: each replica gets {amounts}",
            help="give what the model needs once it is loaded",
            key="defaults",
        )
    for request, limit in (("cpu_cores", "cpu_cores_limit"), ("memory_gb", "memory_gb_limit")):
        most = config.number(limit)
        if config.limits_checked or not isinstance(fields[request], Absent):
            continue
        if most is not None and most.value <= 0:
            yield finding(
                most.location,
                f"`{config.name_of(limit)}` is {most.value}; azureml-core accepts this silently, "
                "and no container can run in it",
                help="raise it above what the container needs, or leave it out",
                severity="warning",
                stage="schedule",
                key=limit,
            )
