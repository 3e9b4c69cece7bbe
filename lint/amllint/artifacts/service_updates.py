"""Updates of services that are given nothing to change, which azureml-core refuses."""

from __future__ import annotations

from typing import Final

from amllint.analysis.sdk_calls import SdkCall
from amllint.artifacts.deploy_code import DeployCode
from amllint.artifacts.fields import Absent, Known

_UPDATES: Final = frozenset({"AksWebservice.update", "AciWebservice.update", "Webservice.update"})
_COUNT_AS_NONE: Final = frozenset(
    {"image", "autoscale_min_replicas", "autoscale_max_replicas", "autoscale_refresh_seconds"}
    | {"autoscale_target_utilization", "cpu_cores", "memory_gb", "gpu_cores", "num_replicas"}
    | {"scoring_timeout_ms", "replica_max_concurrent_requests", "max_request_wait_time"}
    | {"description", "period_seconds", "initial_delay_seconds", "timeout_seconds", "namespace"}
    | {"success_threshold", "failure_threshold"}
)
"""Arguments of `AksWebservice.update` of which nothing, zero and `""` are the same to it."""


def changes_nothing(code: DeployCode, call: SdkCall) -> bool:
    """Whether a call updates a service and certainly has no argument that is one to it.

    What it drops counts for nothing.
    """
    if call.name not in _UPDATES or call.unknown:
        return False
    if call.rest is not None or call.surplus is not None:
        return False
    return all(_is_none(code, call, name) for name in call.given)


def _is_none(code: DeployCode, call: SdkCall, name: str) -> bool:
    value = code.argument(call, name)
    falsy = isinstance(value, Known) and not value.value and name in _COUNT_AS_NONE
    return isinstance(value, Absent) or (falsy and call.name == "AksWebservice.update")
