"""Which nodes of a cluster take no pods, and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from amllint.capacity.conditions import SHOWN, taints
from amllint.capacity.scheduling import MEMORY_PRESSURE
from amllint.snapshot.facts import KubernetesObject
from amllint.snapshot.shapes.items import below

_VIRTUAL: Final = "virtual-kubelet"
_SYSTEMS: Final = ("kubernetes.io/os", "beta.kubernetes.io/os")
_CORDONED: Final = "cordoned"


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
    """The nodes that take no pods of Azure ML, by their conditions, their taints or a cordon.

    One that is short of memory alone takes pods that ask for some.
    """
    for node in nodes:
        reason = next((word for key, word in _states(node) if key != MEMORY_PRESSURE), None)
        if reason is not None:
            yield UnusableNode(_name(node), reason)


def short_of_memory(nodes: tuple[KubernetesObject, ...]) -> Iterator[str]:
    """The names of nodes that end pods to get memory back, and of which nothing else is told."""
    for node in nodes:
        if [key for key, _ in _states(node)] == [MEMORY_PRESSURE]:
            yield _name(node)


def _states(node: KubernetesObject) -> Iterator[tuple[str, str]]:
    """How a node does, by the key of its taint and in words, the gravest first."""
    spec, found = below(node, "spec"), set(taints(node))
    listed, is_cordoned = spec.get("taints"), spec.get("unschedulable") is True
    for taint in listed if isinstance(listed, list) else ():
        if isinstance(taint, dict) and taint.get("effect") == "NoSchedule":
            found.add(str(taint.get("key")))
    for key, word in SHOWN.items():
        if key in found or (word == _CORDONED and is_cordoned):
            yield key, word


def _name(node: KubernetesObject) -> str:
    return str(below(node, "metadata").get("name", "?"))


def _labels(node: KubernetesObject) -> dict[str, Any]:
    return below(node, "metadata", "labels")
