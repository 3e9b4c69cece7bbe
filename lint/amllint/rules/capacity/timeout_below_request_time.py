"""Requests take longer than the scoring timeout allows.

## What it does
Reports an AKS configuration whose `scoringTimeoutMs` (60000 by default) is below the time of a
request: `slowest-request-seconds` of the declared `traffic`, or else what 95 of 100 calls stay
below in the [measurements](../try.md) of the script, or else `seconds-per-request`.

## Why it matters
The front end ends a call that takes longer and answers 504, while the replica goes on working at
an answer that nobody waits for. azureml-core accepts the configuration silently.

## Example
```json deploymentconfig.json {4}
{
  "computeType": "aks",
  "numReplicas": 2,
  "scoringTimeoutMs": 5000
}
```
```toml amllint.toml
[target.traffic]
slowest-request-seconds = 12
```

## Use instead
```json deploymentconfig.json
{
  "computeType": "aks",
  "numReplicas": 2,
  "scoringTimeoutMs": 30000
}
```
```toml amllint.toml
[target.traffic]
slowest-request-seconds = 12
```

## Sources
- Troubleshooting remote model deployment, "HTTP status code 504": the default of a minute.
- azureml-core 1.61.0, `webservice/aks.py`: `scoring_timeout_ms`, in milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.artifacts.deployment_config import AksDeployment, AksEndpointDeployment
from amllint.artifacts.fields import Absent
from amllint.findings.finding import Observation, Related, finding
from amllint.rules.registry import rule
from amllint.traffic import Traffic

_DEFAULT_MS: Final = 60_000
_MOST_MS: Final = 300_000


@rule("AML506", "timeout-below-request-time", severity="warning", stage="score")
def timeout_below_request_time(
    config: AksDeployment | AksEndpointDeployment, traffic: Traffic
) -> Iterator[Observation]:
    """Report a timeout that calls outlast."""
    known = ("slowest_request_seconds", "seconds_per_request")
    name = next((n for n in known if getattr(traffic, n) is not None), None)
    if name is None or config.is_change:
        return
    field, argument = config.number("scoring_timeout_ms"), config.argument("scoring_timeout_ms")
    if field is None and not isinstance(argument, Absent):
        return
    timeout_ms = field.value if field is not None else _DEFAULT_MS
    seconds = getattr(traffic, name)
    if timeout_ms <= 0 or seconds * 1000 <= timeout_ms:
        return
    written = config.name_of("scoring_timeout_ms")
    least = int(seconds * 1000) + 1
    yield finding(
        field.location if field is not None else config.place,
        f"calls take {seconds:g} s ({traffic.source_of(name)}), and `{written}` ends them after "
        f"{timeout_ms / 1000:g} s{'' if field is not None else ', its default'} with 504; "
        "azureml-core accepts this silently",
        help=f"write {least} or more"
        if least <= _MOST_MS
        else f"the service takes at most {_MOST_MS}: make the calls shorter, or serve in batches",
        related=(Related(traffic.location, "the load"),),
        key="timeout",
    )
