"""The liveness probe is refused, or restarts a container that is still starting.

## What it does
Reports numbers of `livenessProbeRequirements` that are zero or negative, a
`successThreshold` other than 1, and a probe that restarts a container which does not answer
within 30 seconds of its start. Below a minute, and where `timeoutSeconds` is longer than
`periodSeconds`, it is advice.

Where the start of the script was [measured](../try.md) (`traffic` in amllint's own configuration),
a probe that allows less is an error.

## Why it matters
azureml-core refuses zero, `initialDelaySeconds: 0` among it. The rest it accepts silently:
Kubernetes takes no `successThreshold` but 1 for a liveness probe, and a container that loads
its model for longer than the probe allows is killed and started again, forever
(CrashLoopBackOff, "Liveness probe failed").

## Example
```json deploymentconfig.json {5}
{
  "computeType": "aks",
  "numReplicas": 2,
  "livenessProbeRequirements": {
    "initialDelaySeconds": 0,
    "periodSeconds": 10
  }
}
```

## Use instead
```json deploymentconfig.json
{
  "computeType": "aks",
  "numReplicas": 2,
  "livenessProbeRequirements": {
    "initialDelaySeconds": 310,
    "periodSeconds": 10
  }
}
```

## Sources
- azureml-core 1.61.0, `webservice/aks.py`: executed for each of the five numbers; the
  defaults are 310, 10, 2, 1 and 3.
- Kubernetes, Configure Liveness, Readiness and Startup Probes: the success threshold "must
  be 1 for liveness"; a container is restarted after `failureThreshold` failures in a row.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.artifacts.deployment_config import (
    AksDeployment,
    AksEndpointDeployment,
    AksLike,
    AksUpdate,
)
from amllint.artifacts.fields import Unknown
from amllint.capacity.probes import LivenessProbe
from amllint.findings.finding import Observation, Related, finding
from amllint.rules.registry import rule
from amllint.traffic import Traffic
from amllint.units import DeploymentUnit

_DEFAULTS: Final = {
    "period_seconds": 10,
    "initial_delay_seconds": 310,
    "timeout_seconds": 2,
    "success_threshold": 1,
    "failure_threshold": 3,
}
_SHORT_SECONDS: Final = 30
_BRIEF_SECONDS: Final = 60


@rule("AML413", "liveness-probe", severity="error", stage="submit")
def liveness_probe(
    config: AksDeployment | AksEndpointDeployment | AksUpdate, unit: DeploymentUnit
) -> Iterator[Observation]:
    """Report numbers that are refused, and then what they lead to."""
    refused = list(_refused(config))
    yield from refused
    if refused or any(isinstance(config.argument(name), Unknown) for name in _DEFAULTS):
        return
    yield from _threshold(config)
    if config.is_change:
        return
    yield from _before_the_start(config, unit.traffic) or _too_early(config)
    timeout, period = config.number("timeout_seconds"), config.number("period_seconds")
    if timeout is not None and timeout.value > (period.value if period else 10):
        yield finding(
            timeout.location,
            f"`{config.name_of('timeout_seconds')}` ({timeout.value}) is longer than the time "
            "between two probes",
            help=f"raise `{config.name_of('period_seconds')}`, or lower it",
            severity="info",
            stage="start",
            key="timeout>period",
        )


def _refused(config: AksLike) -> Iterator[Observation]:
    for name, default in _DEFAULTS.items():
        field = config.number(name)
        if field is not None and field.value <= 0:
            yield finding(
                field.location,
                f"`{config.name_of(name)}` is {field.value}; it must be more than 0; "
                "azureml-core refuses this",
                help=f"the default is {default}",
                key=name,
            )


def _threshold(config: AksLike) -> Iterator[Observation]:
    field = config.number("success_threshold")
    if field is not None and field.value != 1:
        yield finding(
            field.location,
            f"`{config.name_of('success_threshold')}` is {field.value}; azureml-core accepts "
            "this silently, and Kubernetes only takes 1 for a liveness probe",
            help="write 1, or leave it out",
            severity="warning",
            stage="schedule",
            key="success_threshold",
        )


def _probe(config: AksLike) -> LivenessProbe:
    known = {name: config.number(name) for name in LivenessProbe._fields}
    return LivenessProbe(**{name: field.value for name, field in known.items() if field})


def _before_the_start(config: AksLike, traffic: Traffic | None) -> list[Observation]:
    """A probe that gives up before a start that was measured has come to its end."""
    probe = _probe(config)
    if traffic is None or traffic.start_seconds is None:
        return []
    if traffic.start_seconds <= probe.start_seconds:
        return []
    delay = config.number("initial_delay_seconds")
    said = finding(
        delay.location if delay else config.place,
        f"the start takes {traffic.start_seconds:g} s ({traffic.source_of('start_seconds')}), and "
        f"a container that does not answer within {probe.start_seconds:g} s is killed and started "
        "again; azureml-core accepts this silently",
        help=f"raise `{config.name_of('initial_delay_seconds')}` above the time of the start",
        stage="start",
        related=(Related(traffic.location, "measured"),),
        key="before the start",
    )
    return [said]


def _too_early(config: AksLike) -> Iterator[Observation]:
    """The time until a container that does not answer is restarted."""
    delay = config.number("initial_delay_seconds")
    if delay is None:
        return
    fields = {name: config.number(name) for name in _DEFAULTS}
    value = {name: field.value if field else _DEFAULTS[name] for name, field in fields.items()}
    if any(number > _BRIEF_SECONDS for number in value.values()):
        return
    lasts = _probe(config).start_seconds
    if lasts < _BRIEF_SECONDS:
        others = (f for n, f in fields.items() if f and n != "initial_delay_seconds")
        yield finding(
            delay.location,
            f"a container that does not answer within {lasts:g} s of its start is killed and "
            "started again, and an `init` that loads a model can take longer; azureml-core "
            "accepts this silently",
            help=f"raise `{config.name_of('initial_delay_seconds')}` above the time that `init` "
            "takes; the default is 310",
            severity="warning" if lasts < _SHORT_SECONDS else "info",
            stage="start",
            related=tuple(Related(field.location) for field in others),
            key="too early",
        )
