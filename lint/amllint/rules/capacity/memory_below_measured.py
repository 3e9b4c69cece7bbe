"""The container may hold less memory than the server held when it was measured.

## What it does
Reports a v1 configuration whose memory limit is below what `amllint try --save` measured of the
script that it deploys: `memoryInGBLimit` of AKS, or `memoryInGB` (0.5 by default), which is the
limit on ACI, and on AKS what the node is asked for.

## Why it matters
A container that holds more than its limit is killed (exit code 137, `OOMKilled`) and started again:
the deployment does not become healthy, or calls end in 502. Memory beyond what was asked for is
only there while the node has some to spare.

Measured is what all processes of the server held at most, each with the pages that it shares,
which is a little more than the container is charged for; a margin belongs on top all the same.

## Example
```json deploymentconfig.json {4}
{
  "computeType": "aci",
  "containerResourceRequirements": {
    "cpu": 1, "memoryInGB": 1
  }
}
```
```python score.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```
```json measurements.json
{
  "version": 1, "script": "score.py", "requests": 10,
  "seconds_per_request": {"p50": 0.1, "p95": 0.2, "max": 0.3, "mean": 0.1},
  "start_seconds": 12.5, "memory_mib": 1900.0,
  "measured_with": {"amllint": "0.1.0", "server": "1.4.0", "python": "3.10.14"}
}
```
```toml amllint.toml
[target.traffic]
measurements = "measurements.json"
```

## Use instead
```json deploymentconfig.json
{
  "computeType": "aci",
  "containerResourceRequirements": {
    "cpu": 1, "memoryInGB": 2.5
  }
}
```
```python score.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```
```json measurements.json
{
  "version": 1, "script": "score.py", "requests": 10,
  "seconds_per_request": {"p50": 0.1, "p95": 0.2, "max": 0.3, "mean": 0.1},
  "start_seconds": 12.5, "memory_mib": 1900.0,
  "measured_with": {"amllint": "0.1.0", "server": "1.4.0", "python": "3.10.14"}
}
```
```toml amllint.toml
[target.traffic]
measurements = "measurements.json"
```

## Sources
- azureml-core 1.61.0, `webservice/aks.py` and `aci.py`: `memory_gb` and `memory_gb_limit`; only
  the latter is a limit on AKS, and it has no default.
- Kubernetes, Resource Management for Pods and Containers: a container that exceeds its memory
  limit is a candidate for termination.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.artifacts.deployment_config import (
    AciDeployment,
    AksDeployment,
    AksEndpointDeployment,
)
from amllint.artifacts.fields import Absent
from amllint.findings.finding import Location, Observation, Related, finding
from amllint.rules.registry import rule
from amllint.traffic import Traffic

_DEFAULT_GB: Final = 0.5
_MIB_PER_GB: Final = 1024


@rule("AML515", "memory-below-measured", severity="warning", stage="start")
def memory_below_measured(
    config: AksDeployment | AksEndpointDeployment | AciDeployment, traffic: Traffic
) -> Iterator[Observation]:
    """Report memory that the measured server would exceed."""
    if traffic.memory_mib is None or config.is_change:
        return
    held = traffic.memory_mib / _MIB_PER_GB
    for name in ("memory_gb_limit", "memory_gb"):
        given = _gigabytes(config, name)
        if given is None or held <= given[0]:
            continue
        gigabytes, place = given
        is_limit = name == "memory_gb_limit" or isinstance(config, AciDeployment)
        what = "which is its limit" if is_limit else "which is what the node is asked for"
        ends = "it is killed, exit code 137" if is_limit else "it lives on what the node can spare"
        yield finding(
            place,
            f"the server held {held:.2f} GB ({traffic.source_of('memory_mib')}), and "
            f"`{config.name_of(name)}` is {gigabytes:g}, {what}: {ends}; azureml-core accepts "
            "this silently",
            help=f"write more than {held:.2f}",
            severity=None if is_limit else "info",
            related=(Related(traffic.location, "measured"),),
            key=name,
        )
        return


def _gigabytes(
    config: AksDeployment | AksEndpointDeployment | AciDeployment, name: str
) -> tuple[float, Location] | None:
    """What is given for an argument and where; `None` where there is none, or it is not known."""
    field = config.number(name)
    if field is not None:
        return (field.value, field.location) if field.value > 0 else None
    absent = name in config.keys and isinstance(config.argument(name), Absent)
    return (_DEFAULT_GB, config.place) if absent and name == "memory_gb" else None
