"""The deployment config has a value that azureml-core refuses.

## What it does
Judges a v1 deployment config by the schema of its `computeType`, which `amllint schema
deploymentconfig` prints: a missing or unknown compute type, text where a number belongs,
numbers that are not positive, sections that are null, limits below requests. What is refused
because of two settings together, and of names and probes, is told by rules of their own.
Exactly what azureml-core refuses is reported, and nothing that it takes.

In code the values of `update` and `create_version` are judged as those of a new service. What
`update_version` is given azureml-core does not check; the same values are warnings there.

## Why it matters
`az ml model deploy` answers each of these with the same words, "Error parsing
--deploy-config-file.", and keeps the reason to itself.

## Example
```json deploymentconfig.json {5}
{
  "computeType": "aks",
  "containerResourceRequirements": {
    "cpu": 0.5,
    "memoryInGB": "1.0"
  },
  "numReplicas": 2
}
```

## Use instead
```json deploymentconfig.json
{
  "computeType": "aks",
  "containerResourceRequirements": {
    "cpu": 0.5,
    "memoryInGB": 1.0
  },
  "numReplicas": 2
}
```

## Fix safety
Safe: the fix takes the quotes off a number that azureml-core takes. The text that stood there was
refused. Nothing else is fixed.

## Sources
- azureml-core 1.61.0, `webservice/aks.py`, `aci.py`, `local.py` and the file reader in
  `_util.py`: executed for every key; thousands of generated files agree. `update`,
  `create_version` and `update_version`: executed up to what they send.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from amllint.artifacts.action_config import ActionConfig
from amllint.artifacts.deployment_config import (
    AciDeployment,
    AksDeployment,
    AksEndpointDeployment,
    AksLike,
    AksUpdate,
    AksVersionUpdate,
    LocalDeployment,
    UnknownDeployment,
)
from amllint.artifacts.fields import Known, value_of
from amllint.findings.finding import Observation, Unchecked, finding
from amllint.rules.registry import rule
from amllint.rules.schema_findings import schema_findings

_UNCHECKED: Final = "azureml-core accepts this silently in `update_version`"


@rule("AML401", "deployment-config-schema", severity="error", stage="submit", fix="safe")
def deployment_config_schema(
    config: ActionConfig
    | AksDeployment
    | AksEndpointDeployment
    | AksUpdate
    | AksVersionUpdate
    | AciDeployment
    | LocalDeployment
    | UnknownDeployment,
) -> Iterator[Observation | Unchecked]:
    """Report what azureml-core would refuse, each at its value."""
    if isinstance(config, ActionConfig):
        refuser = "the action refuses this"
        yield from schema_findings(config.section, "aml-deploy", None, refuser=refuser)
        return
    if isinstance(config, AksVersionUpdate):
        yield from _unchecked(config)
        return
    definition = config.compute_type or None
    yield from schema_findings(
        config.section, "deploymentconfig", None, definition, placeholders=True, numbers=True
    )
    if isinstance(config, (AksDeployment, AksEndpointDeployment)):
        yield from _limit(config, "cpu_cores", "cpu_cores_limit")
        yield from _limit(config, "memory_gb", "memory_gb_limit")
    if isinstance(config, LocalDeployment):
        yield from _port(config)


def _unchecked(config: AksVersionUpdate) -> Iterator[Observation]:
    """What is refused elsewhere, where azureml-core checks nothing: it leaves zeros out."""
    for said in schema_findings(
        config.section, "deploymentconfig", None, config.compute_type, refuser=_UNCHECKED
    ):
        if isinstance(said, Observation):
            yield replace(said, severity="warning", stage="operate")


def _limit(config: AksLike, request: str, limit: str) -> Iterator[Observation]:
    """A limit below its request; azureml-core compares them only where both are given."""
    wanted, most = config.argument(request), config.argument(limit)
    number = config.number(limit)
    if number is not None and number.value <= 0 and config.limits_checked:
        yield finding(
            number.location,
            f"`{config.name_of(limit)}` is {number.value}; it must be more than 0; "
            "azureml-core refuses this",
            help="raise it above what the container needs, or leave it out",
            key=limit,
        )
        return
    if not (isinstance(wanted, Known) and isinstance(most, Known)):
        return
    if _is_number(wanted.value) and _is_number(most.value) and most.value < wanted.value:
        names = [config.key_path(name)[-1] for name in (request, limit)]
        yield finding(
            most.location,
            f"`{names[1]}` ({most.value}) is below `{names[0]}` ({wanted.value}); "
            "azureml-core refuses this",
            help=f"raise it to {wanted.value} or more, or leave it out",
            key=limit,
        )


def _port(config: LocalDeployment) -> Iterator[Observation]:
    """`8890.0` is an integer to JSON Schema and none to azureml-core."""
    port = config.argument("port")
    value = value_of(port)
    if isinstance(port, Known) and isinstance(value, float) and value.is_integer() and value:
        yield finding(
            port.location,
            f"`port` is `{value}`; it must be a whole number; azureml-core refuses this",
            help=f"write {int(value)}",
            key="port",
        )


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float))
