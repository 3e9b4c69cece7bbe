"""The declared traffic takes more replicas than the deployment may have.

## What it does
Reports an AKS configuration whose replicas do not carry the load that `traffic` declares in
amllint's own configuration: `requests-per-second`, and the seconds that a request takes, which
can be [measured](../try.md). The replicas that are needed are

    ceil(requests per second × seconds per request / target utilization / requests at once)

with the configuration's `targetUtilization` (70 %) and `maxConcurrentRequestsPerContainer` (1).
It is an error where even replicas that never rest are too few, a warning where more of them are
busy than the target allows, and advice where only the autoscaler's minimum is below it.

## Why it matters
A request that finds every replica busy waits, and is then answered with 503. The autoscaler adds
none beyond `maxReplicas`, and it adds them after the load has come.

## Example
```json deploymentconfig.json {3}
{
  "computeType": "aks",
  "autoScaler": {"autoscaleEnabled": true, "minReplicas": 2, "maxReplicas": 20},
  "scoringTimeoutMs": 60000
}
```
```toml amllint.toml
[target.traffic]
requests-per-second = 20
seconds-per-request = 10
```

## Use instead
```json deploymentconfig.json
{
  "computeType": "aks",
  "autoScaler": {"autoscaleEnabled": true, "minReplicas": 286, "maxReplicas": 300},
  "scoringTimeoutMs": 60000
}
```
```toml amllint.toml
[target.traffic]
requests-per-second = 20
seconds-per-request = 10
```

## Sources
- Troubleshooting remote model deployment, "HTTP status code 503": the formula, and 20 requests
  per second of 10 seconds at 70 %, which take 286 replicas.
- azureml-core 1.61.0, `webservice/aks.py`: the defaults; autoscaling between 1 and 10 replicas.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.deployment_config import AksDeployment, AksEndpointDeployment
from amllint.capacity.replicas import (
    DEFAULT_CONCURRENT_REQUESTS,
    busy_replicas,
    replicas_needed,
)
from amllint.findings.finding import Observation, Related, Unchecked, finding
from amllint.rules.capacity.configured import Replicas, number_of, replica_counts
from amllint.rules.registry import rule
from amllint.traffic import Traffic


@rule("AML505", "replicas-below-traffic", severity="warning", stage="score")
def replicas_below_traffic(
    config: AksDeployment | AksEndpointDeployment, traffic: Traffic
) -> Iterator[Observation | Unchecked]:
    """Report replicas that do not carry the declared load."""
    rate, seconds = traffic.requests_per_second, traffic.seconds_per_request
    if config.is_change or rate is None:
        return
    if seconds is None:
        why = "`traffic` says neither seconds-per-request nor measurements of this script"
        yield Unchecked(traffic.location, "seconds per request", why)
        return
    replicas = replica_counts(config)
    at_once = number_of(config, "replica_max_concurrent_requests", DEFAULT_CONCURRENT_REQUESTS)
    if replicas is None or at_once < 1:
        return
    busy = busy_replicas(rate, seconds, int(at_once))
    needed = replicas_needed(busy, replicas.utilization)
    load = (
        f"{rate:g} requests per second of {seconds:g} s "
        f"({traffic.source_of('seconds_per_request')}) keep {busy:g} replicas busy"
    )
    said = _said(replicas, busy, needed, load)
    if said is None:
        return
    message, severity = said
    yield finding(
        replicas.place,
        message,
        help=f"allow {needed} replicas, which are busy for {replicas.utilization:.0%} of the time"
        + ("" if at_once > 1 else ", or let each take several requests at once if it can"),
        severity=severity,  # type: ignore[arg-type]
        related=(Related(traffic.location, "the load"),),
        key="replicas",
    )


def _said(replicas: Replicas, busy: float, needed: int, load: str) -> tuple[str, str] | None:
    most = f"`{replicas.name}` is {replicas.most:g}"
    if busy > replicas.most:
        return f"{load}, and {most}: the rest of the calls is answered with 503", "error"
    if needed > replicas.most:
        over = f"{busy / replicas.most:.0%} of the time, above {replicas.utilization:.0%}"
        return f"{load}, and {most}: they are busy for {over}", "warning"
    if needed > replicas.least:
        few = f"the autoscaler may go down to {replicas.least:g}"
        return f"{load}, and {few}: calls get 503 until it has gone up to {needed}", "info"
    return None
