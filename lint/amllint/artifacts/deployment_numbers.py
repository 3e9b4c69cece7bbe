"""Whole numbers in v2 deployments, as azure-ai-ml reads them."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.fields import Field, Known

_PROBE: Final = ("initial_delay", "period", "timeout", "success_threshold", "failure_threshold")
PROBES: Final = ("liveness_probe", "readiness_probe")
NUMBERS: Final = (
    ("instance_count",),
    ("request_settings", "request_timeout_ms"),
    ("request_settings", "max_concurrent_requests_per_instance"),
    ("request_settings", "max_queue_wait_ms"),
    *((probe, key) for probe in PROBES for key in _PROBE),
)
"""The keys of online deployments whose values are whole numbers."""


class Number(NamedTuple):
    """A whole number that stands in a file, as a number or as a text that is taken for one."""

    value: int
    field: Known[Any]


def number(reference: DeploymentReference, *path: str) -> Number | None:
    """The number at a path of keys; `None` where there is none, or none that is taken."""
    field = field_at(reference, *path)
    value = whole(field.value) if isinstance(field, Known) else None
    return Number(value, field) if isinstance(field, Known) and value is not None else None


def field_at(reference: DeploymentReference, *path: str) -> Field[Any]:
    """What stands at a path of keys of a deployment."""
    return reference.section.field(*reference.base, *path)


def whole(value: Any) -> int | None:
    """What azure-ai-ml makes of a value where it wants a whole number; `None` if it refuses it.

    Source: azure-ai-ml 1.35.2, executed: texts of whole numbers and fractions are taken, the
    latter without what is behind the point; switches, lists and other texts are refused.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        return int(value)
    except (ValueError, OverflowError):
        return None
