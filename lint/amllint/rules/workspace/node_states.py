"""Which nodes of a cluster take no pods, and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from amllint.snapshot.facts import KubernetesObject
from amllint.snapshot.shapes.items import below

_PRESSURES: Final = ("MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable")
_VIRTUAL: Final = "virtual-kubelet"
_SYSTEMS: Final = ("kubernetes.io/os", "beta.kubernetes.io/os")


class UnusableNode(NamedTuple):
    """A node that takes no pods, and the reason in the words of Kubernetes."""

    name: str
    reason: str


def real_nodes(nodes: tuple[KubernetesObject, ...]) -> tuple[KubernetesObject, ...]:
    """Nodes without virtual ones and those of Windows: no service of Azure ML runs on them."""
    return tuple(n for n in nodes if _labels(n).get("type") != _VIRTUAL and not _is_windows(n))


def _is_windows(node: KubernetesObject) -> bool:
    return any(str(_labels(node).get(name)).lower() == "windows" for name in _SYSTEMS)


def unusable(nodes: tuple[KubernetesObject, ...]) -> Iterator[UnusableNode]:
    """The nodes that take no pods.

    Source: kubernetes.io, Node status and Taints and Tolerations: the control plane taints nodes
    with such conditions, and cordoned ones, with `NoSchedule`.
    """
    for node in nodes:
        reason = _reason(node)
        if reason is not None:
            yield UnusableNode(str(below(node, "metadata").get("name", "?")), reason)


def _reason(node: KubernetesObject) -> str | None:
    states = {str(c.get("type")): c.get("status") for c in _conditions(node)}
    if states.get("Ready", "True") != "True":
        return "NotReady"
    pressure = next((p for p in _PRESSURES if states.get(p) == "True"), None)
    if pressure is not None:
        return pressure
    return "cordoned" if below(node, "spec").get("unschedulable") is True else None


def _conditions(node: KubernetesObject) -> list[dict[str, Any]]:
    listed = below(node, "status").get("conditions")
    return [c for c in listed if isinstance(c, dict)] if isinstance(listed, list) else []


def _labels(node: KubernetesObject) -> dict[str, Any]:
    return below(node, "metadata", "labels")
