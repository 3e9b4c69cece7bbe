"""A call waits for a replica for hardly any time, or for longer than it may take.

## What it does
Reports a `maxQueueWaitMs` below 10: a time within which no replica comes free, and which is
mostly meant in seconds. One that is longer than `scoringTimeoutMs`, where both are given, is
advice.

## Why it matters
azureml-core accepts this silently. A call that no replica takes within this time is answered
with 503, so that with next to no waiting two calls at one time are enough for one of them to
fail. A longer wait than the call itself may take keeps callers waiting who have given up.

## Example
```json deploymentconfig.json {4}
{
  "computeType": "aks",
  "numReplicas": 2,
  "maxQueueWaitMs": 5
}
```

## Use instead
```json deploymentconfig.json
{
  "computeType": "aks",
  "numReplicas": 2,
  "maxQueueWaitMs": 5000
}
```

## Sources
- azureml-core 1.61.0, `webservice/aks.py`: executed; 1 is accepted. Its documentation: the
  time in milliseconds until a waiting request gets 503, 500 by default.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.artifacts.deployment_config import (
    AksDeployment,
    AksEndpointDeployment,
    AksUpdate,
    AksVersionUpdate,
)
from amllint.findings.finding import Observation, Related, finding
from amllint.rules.registry import rule

_LEAST_MS: Final = 10


@rule("AML412", "queue-wait", severity="warning", stage="score")
def queue_wait(
    config: AksDeployment | AksEndpointDeployment | AksUpdate | AksVersionUpdate,
) -> Iterator[Observation]:
    """Report a wait that is next to nothing, or beyond the call's own limit."""
    wait = config.number("max_request_wait_time")
    if wait is None or wait.value <= 0:
        return
    name = config.name_of("max_request_wait_time")
    timeout = config.number("scoring_timeout_ms")
    if wait.value < _LEAST_MS:
        yield finding(
            wait.location,
            f"`{name}` is {wait.value}, and it is in milliseconds: whoever calls while all "
            "replicas are busy gets 503; azureml-core accepts this silently",
            help=f"write {int(wait.value * 1000)} for {wait.value} s; the default is 500",
            key="too short",
        )
    elif timeout is not None and timeout.value >= 1000 and wait.value > timeout.value:
        limit = config.name_of("scoring_timeout_ms")
        yield finding(
            wait.location,
            f"`{name}` ({wait.value}) is longer than `{limit}` ({timeout.value}): calls wait "
            "longer for a replica than they may take",
            help=f"lower `{name}`, or raise `{limit}`",
            severity="info",
            related=(Related(timeout.location, "the limit of a call"),),
            key="beyond the timeout",
        )
