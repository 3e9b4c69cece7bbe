"""The container has less memory than its model is large.

## What it does
Reports a deployment whose memory is below the size of its models: `memoryInGBLimit` or `memoryInGB`
(0.5 by default) of a v1 configuration, or the memory of a managed deployment's machine. The size is
that of the files that `models` of a `[[tool.amllint.deployment]]` names or a v2 deployment's own
`model.path`, or what `model-gib` declares. With a `WORKER_COUNT`, each worker loads the model. Of a
folder only the heaviest kind of model file counts.

Silent where the memory was [measured](../try.md): memory-below-measured speaks then.

## Why it matters
`init()` loads the model, and a container that holds more than its limit is killed: SIGKILL, exit
code 137, `OOMKilled`, a crash loop. What is loaded is rarely smaller than its file, and more where
the file is compressed or is read whole before it is taken apart.

## Example
```json deploymentconfig.json {4}
{
  "computeType": "aks",
  "numReplicas": 2,
  "containerResourceRequirements": {"cpu": 1, "memoryInGB": 1, "memoryInGBLimit": 2}
}
```
```toml amllint.toml
[[deployment]]
deployment-config = "deploymentconfig.json"
model-gib = 2.5
```

## Use instead
```json deploymentconfig.json
{
  "computeType": "aks",
  "numReplicas": 2,
  "containerResourceRequirements": {"cpu": 1, "memoryInGB": 4, "memoryInGBLimit": 6}
}
```
```toml amllint.toml
[[deployment]]
deployment-config = "deploymentconfig.json"
model-gib = 2.5
```

## Sources
- Kubernetes, Resource Management for Pods and Containers: a container above its limit is killed.
- Troubleshooting remote model deployment: SIGKILL 9 for too little memory.
- azureml-core 1.61.0, `webservice/aks.py`: only `memory_gb_limit` is a limit on AKS.
- azureml-inference-server-http 1.5.1: each worker runs `init()` in a process of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from amllint.artifacts.deployment_config import (
    AciDeployment,
    AksDeployment,
    AksEndpointDeployment,
)
from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.fields import Absent, Known, value_of
from amllint.capacity.facts import ModelSize
from amllint.capacity.vm_sizes import find_size
from amllint.findings.finding import Location, Observation, Related, Severity, finding
from amllint.rules.capacity.configured import DEFAULT_MEMORY_GB
from amllint.rules.registry import rule
from amllint.units import DeploymentUnit


class _Memory(NamedTuple):
    gib: float
    what: str
    place: Location
    severity: Severity


@rule("AML508", "memory-below-model", severity="warning", stage="start")
def memory_below_model(
    config: AksDeployment | AksEndpointDeployment | AciDeployment | DeploymentReference,
    model: ModelSize,
    unit: DeploymentUnit,
) -> Iterator[Observation]:
    """Report memory that the models alone exceed."""
    measured = unit.traffic is not None and unit.traffic.memory_mib is not None
    memory = None if measured else _memory(config)
    workers = _workers(unit)
    if memory is None or workers is None or model.gib * workers <= memory.gib:
        return
    each = f", loaded by each of {workers} workers" if workers > 1 else ""
    ends = (
        "it is killed while it loads them, exit code 137"
        if memory.severity == "warning"
        else "it lives on what the node can spare"
    )
    yield finding(
        memory.place,
        f"the models are {model.gib:.2f} GiB ({model.source}){each}, and {memory.what}: {ends}",
        help=f"give it more than {model.gib * workers:.2f} GB, and what the server needs besides",
        severity=memory.severity,
        related=(Related(model.location, "the models"),),
        key="model",
    )


def _memory(
    config: AksDeployment | AksEndpointDeployment | AciDeployment | DeploymentReference,
) -> _Memory | None:
    if isinstance(config, DeploymentReference):
        return _machine(config)
    if config.is_change:
        return None
    for name in ("memory_gb_limit", "memory_gb"):
        field = config.number(name)
        argument = config.argument(name) if name in config.keys else None
        if argument is None or (isinstance(argument, Absent) and name == "memory_gb_limit"):
            continue
        if field is None and not isinstance(argument, Absent):
            return None
        gib = field.value if field is not None else DEFAULT_MEMORY_GB
        is_limit = name == "memory_gb_limit" or isinstance(config, AciDeployment)
        what = f"`{config.name_of(name)}` is {gib:g}" + ("" if field is not None else " by default")
        place = field.location if field is not None else config.place
        return _Memory(gib, what, place, "warning" if is_limit else "info") if gib > 0 else None
    return None


def _machine(reference: DeploymentReference) -> _Memory | None:
    field = reference.instance_type
    if not reference.is_managed or not isinstance(field, Known):
        return None
    size = find_size(str(field.value))
    if size is None:
        return None
    what = f"a machine of {size.name} has {size.memory_gib:g} GiB"
    return _Memory(size.memory_gib, what, field.location, "warning")


def _workers(unit: DeploymentUnit) -> int | None:
    """How many processes load the model; `None` where that is not known."""
    holder = unit.inference_config or unit.reference
    field = holder.environment_variables.field("WORKER_COUNT") if holder is not None else None
    if field is None or isinstance(field, Absent):
        return 1
    text = str(value_of(field) or "")
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text[:6]) < 1000 else None
