"""A value of a v2 deployment is one that is refused.

## What it does
Reports numbers of an online deployment that azure-ai-ml cannot read as whole numbers:
`instance_count`, those of `request_settings` and of the two probes. Of managed deployments it
reports an `instance_count` below 1, as a warning, and of Kubernetes deployments amounts of
`resources` that are numbers, which must be texts, and `limits` below the `requests`. What a command
gives by `--set` instead is advice.

## Why it matters
`az ml online-deployment create` stops when it reads the file, with a message that names the schema
and little else. The rest it sends: Kubernetes takes no pod that asks for more than its limit, and
a deployment of no instances answers nobody.

## Example
```yaml deployment.yml {7}
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: churn
model: azureml:churn:3
environment: azureml:serving:1
instance_type: Standard_DS3_v2
instance_count: two
```

## Use instead
```yaml deployment.yml
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: churn
model: azureml:churn:3
environment: azureml:serving:1
instance_type: Standard_DS3_v2
instance_count: 2
```

## Sources
- azure-ai-ml 1.35.2: executed with each key; “Not a valid integer”, “Not a valid string”. Zero,
  negative numbers and limits below the requests are accepted.
- Azure ML, Manage InstanceTypes: limits must not be below requests, as in Kubernetes itself.
- Azure ML, Manage and increase quotas: instances of a deployment. That none is refused was not
  seen against a workspace, and so a warning.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

from amllint.artifacts.deployment_numbers import NUMBERS, field_at, number, whole
from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.fields import Known, is_text
from amllint.findings.finding import Observation, Related, finding
from amllint.rules.inference.lost_paths import may_be_set
from amllint.rules.registry import rule
from amllint.source.quantities import quantity
from amllint.units import Linker


@rule("AML601", "endpoint-schema", severity="error", stage="submit")
def endpoint_schema(reference: DeploymentReference, links: Linker) -> Iterator[Observation]:
    """Report what is no whole number, no instances, and limits below requests."""
    if reference.is_job or reference.purpose != "online":
        return
    for path in NUMBERS:
        field = field_at(reference, *path)
        if isinstance(field, Known) and whole(field.value) is None:
            name = ".".join(path)
            yield finding(
                field.location,
                f"`{name}` is `{field.value}`, which is no whole number; azure-ai-ml refuses this",
                help="write a whole number",
                severity="info" if may_be_set(name, links, reference.path) else None,
                key=name,
            )
    yield from _no_instances(reference, links)
    if reference.is_kubernetes:
        yield from _bare_amounts(reference, links)
        yield from _low_limits(reference)


def _no_instances(reference: DeploymentReference, links: Linker) -> Iterator[Observation]:
    count = number(reference, "instance_count") if reference.is_managed else None
    if count is not None and count.value < 1:
        yield finding(
            count.field.location,
            f"`instance_count` is {count.value}: nothing would answer; azure-ai-ml sends it, and "
            "the documentation begins at 1",
            help="write 1 or more; 3 keep it available through upgrades",
            severity="info" if may_be_set("instance_count", links, reference.path) else "warning",
            key="instance_count",
        )


def _bare_amounts(reference: DeploymentReference, links: Linker) -> Iterator[Observation]:
    for kind, name in product(("requests", "limits"), ("cpu", "memory", "nvidia.com/gpu")):
        field = field_at(reference, "resources", kind, name)
        value = field.value if isinstance(field, Known) else None
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            path = f"resources.{kind}.{name}"
            yield finding(
                field.location,
                f"`{path}` is {value}, a number; azure-ai-ml takes a text alone and refuses this",
                help=f'write "{value}", in quotes',
                severity="info" if may_be_set(path, links, reference.path) else None,
                key=path,
            )


def _low_limits(reference: DeploymentReference) -> Iterator[Observation]:
    for name in ("cpu", "memory"):
        asked, limit = (field_at(reference, "resources", k, name) for k in ("requests", "limits"))
        if not is_text(asked) or not is_text(limit):
            continue
        amounts = _amount(asked.value), _amount(limit.value)
        if amounts[0] is not None and amounts[1] is not None and amounts[1] < amounts[0]:
            yield finding(
                limit.location,
                f"the limit of `{name}` is {limit.value}, below the {asked.value} that `requests` "
                "asks for; Kubernetes refuses this",
                help=f"write at least {asked.value}",
                related=(Related(asked.location, "what is asked for"),),
                key=f"limits.{name}",
            )


def _amount(text: str) -> Fraction | None:
    try:
        return quantity(text)
    except ValueError:
        return None
