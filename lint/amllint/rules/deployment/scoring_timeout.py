"""The longest time of a call is one that the service or the server does not keep.

## What it does
Reports a `scoringTimeoutMs` above 300000 or below 1000, and one that is longer than the
`WORKER_TIMEOUT` (in seconds) that the environment of the same deployment sets.

## Why it matters
azureml-core accepts this silently: it only asks for a number above zero. The service takes
at most 300000 ms. Below a second the caller gets 504 for any call that meets a busy machine;
such values are mostly meant in seconds. And a worker that is still at a call after
`WORKER_TIMEOUT` is killed by the server, whatever the caller would have waited for.

## Example
```json deploymentconfig.json {4}
{
  "computeType": "aks",
  "numReplicas": 2,
  "scoringTimeoutMs": 600000
}
```

## Use instead
```json deploymentconfig.json
{
  "computeType": "aks",
  "numReplicas": 2,
  "scoringTimeoutMs": 300000
}
```

## Sources
- azureml-core 1.61.0, `webservice/aks.py`: executed; 1 and 1000000000 are accepted.
- The limit: maintainers in MachineLearningNotebooks#1624, one public thread in which the
  service refused more, and the reference of Kubernetes online deployments, where it is the
  same. Not seen against a workspace, and so a warning.
- azureml-inference-server-http 1.5.1, `constants.py`: `WORKER_TIMEOUT` is gunicorn's
  timeout, 300 s by default.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from amllint.artifacts.deployment_config import (
    AksDeployment,
    AksEndpointDeployment,
    AksUpdate,
    AksVersionUpdate,
)
from amllint.artifacts.fields import Field, Known
from amllint.findings.finding import Observation, Related, finding
from amllint.rules.registry import rule
from amllint.units import DeploymentUnit

_MOST_MS: Final = 300_000
_LEAST_MS: Final = 1_000


@rule("AML410", "scoring-timeout", severity="warning", stage="score")
def scoring_timeout(
    config: AksDeployment | AksEndpointDeployment | AksUpdate | AksVersionUpdate,
    unit: DeploymentUnit,
) -> Iterator[Observation]:
    """Report a timeout out of range, and one that outlasts the server's workers."""
    timeout = config.number("scoring_timeout_ms")
    if timeout is None or timeout.value <= 0:
        return
    name, value = config.name_of("scoring_timeout_ms"), timeout.value
    if value > _MOST_MS:
        yield finding(
            timeout.location,
            f"`{name}` is {value}; azureml-core accepts this silently, and the service takes "
            f"at most {_MOST_MS} ms",
            help=f"write at most {_MOST_MS}; what takes longer is work for a batch endpoint",
            stage="submit",
            key="too long",
        )
    elif value < _LEAST_MS:
        yield finding(
            timeout.location,
            f"`{name}` is {value}, and it is in milliseconds: callers get 504 for every call "
            "that takes longer; azureml-core accepts this silently",
            help=_meant(value),
            key="too short",
        )
    else:
        yield from _outlasts_worker(name, timeout, unit)


def _meant(value: float) -> str:
    seconds = int(value * 1000)
    if _LEAST_MS <= seconds <= _MOST_MS:
        return f"write {seconds} for {value} s; the default is 60000"
    return "write at least the time that the slowest call takes; the default is 60000"


def _outlasts_worker(name: str, timeout: Known[Any], unit: DeploymentUnit) -> Iterator[Observation]:
    if unit.inference_config is None:
        return
    worker = unit.inference_config.environment_variables.field("WORKER_TIMEOUT")
    seconds = _seconds(worker)
    # Zero switches the worker's timeout off.
    if seconds and seconds * 1000 < timeout.value:
        yield finding(
            timeout.location,
            f"`{name}` is {timeout.value} ms, and `WORKER_TIMEOUT` kills the worker after "
            f"{seconds} s; azureml-core accepts this silently",
            help=f"set `WORKER_TIMEOUT` to {-(-int(timeout.value) // 1000)} or more",
            related=(Related(worker.location, "in seconds"),),
            key="WORKER_TIMEOUT",
        )


def _seconds(field: Field[Any]) -> int | None:
    text = str(field.value).strip() if isinstance(field, Known) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
