"""Autoscaling and the number of replicas contradict each other.

## What it does
Reports, for AKS and AksEndpoint: autoscaling switched on together with `numReplicas`;
values for the autoscaler without `autoscaleEnabled: true`; autoscaling switched off without
`numReplicas`; a minimum above the maximum. A minimum above 10 without a maximum is a
warning: the service's default maximum is 10.

## Why it matters
azureml-core refuses each of the errors when the configuration is read, and the CLI shows
"Error parsing --deploy-config-file." without the reason.

## Example
```json deploymentconfig.json {4}
{
  "computeType": "aks",
  "autoScaler": {
    "autoscaleEnabled": true,
    "minReplicas": 1,
    "maxReplicas": 4
  },
  "numReplicas": 2
}
```

## Use instead
```json deploymentconfig.json
{
  "computeType": "aks",
  "autoScaler": {
    "autoscaleEnabled": true,
    "minReplicas": 1,
    "maxReplicas": 4
  }
}
```

## Sources
- azureml-core 1.61.0, `webservice/aks.py`: executed for every combination, with the exact
  notion of truth that it applies (`"false"` counts as on).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from amllint.artifacts.deployment_config import (
    AksDeployment,
    AksEndpointDeployment,
    AksLike,
    AksUpdate,
)
from amllint.artifacts.fields import Known, Unknown
from amllint.findings.finding import Observation, Related, Unchecked, finding
from amllint.rules.registry import rule

_DEFAULT_MAX_REPLICAS: Final = 10
_SETTINGS: Final = (
    "autoscale_min_replicas",
    "autoscale_max_replicas",
    "autoscale_refresh_seconds",
    "autoscale_target_utilization",
)


@rule("AML403", "autoscale-conflict", severity="error", stage="submit")
def autoscale_conflict(
    config: AksDeployment | AksEndpointDeployment | AksUpdate,
) -> Iterator[Observation | Unchecked]:
    """Report settings that azureml-core does not take together."""
    section = config.section.data.get("autoScaler") if _is_mapping(config) else None
    if section is not None and not isinstance(section, dict):
        return
    enabled = config.argument("autoscale_enabled")
    if isinstance(enabled, Unknown):
        yield Unchecked(enabled.location, "autoscaleEnabled", enabled.reason)
        return
    if isinstance(enabled, Known) and enabled.value:
        yield from _when_on(config, enabled)
    else:
        yield from _when_off(config, enabled if isinstance(enabled, Known) else None)


def _is_mapping(config: AksLike) -> bool:
    return isinstance(config.section.data, dict)


def _when_on(config: AksLike, enabled: Known[Any]) -> Iterator[Observation]:
    replicas = config.argument("num_replicas")
    if isinstance(replicas, Known) and replicas.value:
        yield finding(
            enabled.location,
            f"autoscaling is on and `numReplicas` is {replicas.value}; azureml-core refuses both",
            help="remove `numReplicas`, or set `autoscaleEnabled` to false",
            related=(Related(replicas.location, "a fixed number of replicas"),),
            key="numReplicas",
        )
    least = config.argument("autoscale_min_replicas")
    most = config.argument("autoscale_max_replicas")
    if not isinstance(least, Known) or not _is_number(least.value) or not least.value:
        return
    if isinstance(most, Known):
        if _is_number(most.value) and most.value and least.value > most.value:
            yield finding(
                least.location,
                f"`minReplicas` ({least.value}) is above `maxReplicas` ({most.value}); "
                "azureml-core refuses this",
                help="lower `minReplicas` or raise `maxReplicas`",
                related=(Related(most.location, "the maximum"),),
                key="minReplicas>maxReplicas",
            )
    elif (
        not isinstance(most, Unknown)
        and not config.is_change
        and least.value > _DEFAULT_MAX_REPLICAS
    ):
        yield finding(
            least.location,
            f"`minReplicas` ({least.value}) is above the default maximum of "
            f"{_DEFAULT_MAX_REPLICAS} replicas; azureml-core accepts this silently",
            help=f"set `maxReplicas` to {least.value} or more",
            severity="warning",
            stage="operate",
            key="minReplicas>10",
        )


def _when_off(config: AksLike, enabled: Known[Any] | None) -> Iterator[Observation]:
    replicas = config.argument("num_replicas")
    given = isinstance(replicas, Unknown) or (
        isinstance(replicas, Known) and (replicas.value or replicas.value == 0)
    )
    if enabled is not None and enabled.value is False and not given:
        yield finding(
            enabled.location,
            "autoscaling is off and `numReplicas` is not given; azureml-core refuses this",
            help="add `numReplicas`",
            key="no numReplicas",
        )
    for name in _SETTINGS:
        value = config.argument(name)
        if isinstance(value, Known) and value.value:
            key = config.key_path(name)[-1]
            yield finding(
                value.location,
                f"`{key}` is given although autoscaling is not switched on; "
                "azureml-core refuses this",
                help="set `autoscaleEnabled` to true, or remove it",
                related=(Related(enabled.location),) if enabled else (),
                key=str(key),
            )


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float))
