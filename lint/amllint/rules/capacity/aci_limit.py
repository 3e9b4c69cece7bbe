"""The container group is larger than ACI makes them.

## What it does
Reports an ACI configuration whose `cpu` and `memoryInGB`, with the 0.2 cores and 1 GB of the side
containers that Azure ML adds, exceed what a group can have: 31 cores and 240 GB, or what is
declared of the region under `target.aci`, or what a [snapshot](../snapshot.md) says of it. More
than 48 GB is a warning, and more than 4 cores or 16 GB advice.

## Why it matters
The deployment is refused: `Resource requested: '2.2' CPU '3' GB memory (including additional CPU
and memory overhead for necessary Azure Machine Learning services) exceeded resource limitation`.
What a region gives differs and changes, and large groups are where it has none left.

## Example
```json deploymentconfig.json {3}
{
  "computeType": "aci",
  "containerResourceRequirements": {"cpu": 4, "memoryInGB": 8}
}
```
```toml amllint.toml
[target.aci]
cpu = 4
memory-gb = 16
```

## Use instead
```json deploymentconfig.json
{
  "computeType": "aci",
  "containerResourceRequirements": {"cpu": 3.8, "memoryInGB": 8}
}
```
```toml amllint.toml
[target.aci]
cpu = 4
memory-gb = 16
```

## Sources
- MicrosoftDocs/azure-docs#54582, microsoft/PowerApps-Samples#332: 2 cores and 2 GB are counted as
  2.2 and 3; the message.
- Azure Container Instances, Resource availability and quotas: 31 vCPU and 240 GB a group; above 4
  vCPU and 16 GB a region may have no room.
- Azure ML, Deploy a model to Azure Container Instances (v1): under 48 GB of memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from amllint.artifacts.deployment_config import AciDeployment
from amllint.capacity.facts import GroupLimit, Missing
from amllint.capacity.overheads import ACI_SIDE_CONTAINERS, with_side_containers
from amllint.findings.finding import (
    Location,
    Observation,
    Related,
    Severity,
    Unchecked,
    finding,
)
from amllint.rules.capacity.configured import request_of
from amllint.rules.registry import rule
from amllint.units import DeploymentUnit


class _Bound(NamedTuple):
    """A limit in cores and GB, what it is, and what comes of more."""

    cores: float | None
    memory_gb: float | None
    severity: Severity
    what: str
    place: Location | None = None


_DOCUMENTED: Final = (
    _Bound(31, 240, "error", "a container group has at most {most}: it is refused"),
    _Bound(None, 48, "warning", "Azure ML documents {most} as the most for services on ACI"),
    _Bound(4, 16, "info", "above {most} a region may have no room"),
)


@rule("AML507", "aci-limit", severity="error", stage="schedule")
def aci_limit(config: AciDeployment, unit: DeploymentUnit) -> Iterator[Observation | Unchecked]:
    """Report the first limit that the group exceeds."""
    request = None if config.is_change else request_of(config)
    if request is None:
        return
    if isinstance(unit.facts.aci, Missing) and unit.facts.aci.was_asked:
        yield Unchecked(config.place, "aci", unit.facts.aci.reason)
    group = with_side_containers(request.own, ACI_SIDE_CONTAINERS)
    for bound in (*_of_region(unit.facts.aci), *_DOCUMENTED):
        for name, has, most, noun in (
            ("cpu_cores", group.cores, bound.cores, "cores"),
            ("memory_gb", group.memory_gib, bound.memory_gb, "GB"),
        ):
            if most is None or has <= most:
                continue
            field, added = config.number(name), ACI_SIDE_CONTAINERS
            extra = added.cores if name == "cpu_cores" else added.memory_gib
            yield finding(
                field.location if field is not None else config.place,
                f"the group has {_amount(has, noun)} with the {extra:g} of Azure ML's side "
                "containers; " + bound.what.format(most=_amount(most, noun)),
                help=f"lower `{config.name_of(name)}` to {most - extra:g} or less, or take AKS",
                severity=bound.severity,
                related=(Related(bound.place, "the region"),) if bound.place else (),
                key=name,
            )
            return


def _amount(value: float, noun: str) -> str:
    return f"{value:g} {'core' if value == 1 and noun == 'cores' else noun}"


def _of_region(limit: GroupLimit | Missing) -> tuple[_Bound, ...]:
    if isinstance(limit, Missing):
        return ()
    what = f"{{most}} is the most that a group gets in the region ({limit.source}): it is refused"
    return (_Bound(limit.cores, limit.memory_gb, "error", what, limit.location),)
