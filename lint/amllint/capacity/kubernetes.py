"""Nodes and pods as `kubectl get nodes,pods -A -o json` prints them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from amllint.capacity import conditions
from amllint.capacity.aks_nodes import MOST_PODS
from amllint.capacity.resources import Resources, of_list
from amllint.capacity.scheduling import Node, Pod, Taint, Toleration
from amllint.source.quantities import amount

ENDED: Final = ("Succeeded", "Failed")
"""Phases of pods that hold nothing any more."""


def nodes_of(items: Iterable[dict[str, Any]]) -> list[Node]:
    """The nodes of a list, each with what the pods that are bound to it ask for.

    Pods that have ended hold nothing, those that are being ended still do. Raises `ValueError`,
    which names the object, for amounts that are no quantities or are not there.
    """
    listed = list(items)
    used: dict[str, tuple[Resources, int]] = {}
    for item in listed:
        name = item.get("spec", {}).get("nodeName")
        if item.get("kind") == "Pod" and name and item.get("status", {}).get("phase") not in ENDED:
            amounts, count = used.get(name, (Resources(), 0))
            used[name] = (amounts.plus(_of_pod(item)), count + 1)
    return [_node(item, *used.get(_name(item), (Resources(), 0))) for item in listed if _is(item)]


def pod_of(spec: dict[str, Any]) -> Pod:
    """What a pod's specification asks of a node. Raises `ValueError`."""
    selector = tuple(spec.get("nodeSelector", {}).items())
    return Pod(pod_requests(spec), selector, tuple(map(_toleration, spec.get("tolerations", ()))))


def pod_requests(spec: dict[str, Any]) -> Resources:
    """What a pod asks for in all.

    Containers are added up; an init container counts where it alone asks for more, since it runs
    before them; one with `restartPolicy: Always` runs beside all that follow. The overhead of the
    runtime class is on top. A limit without a request is one. Raises `ValueError`.
    """
    beside = largest = Resources()
    for container in spec.get("initContainers", ()):
        own = _requests(container)
        if container.get("restartPolicy") == "Always":
            beside = beside.plus(own)
            own = Resources()
        largest = largest.most(beside.plus(own))
    total = beside
    for container in spec.get("containers") or ():
        total = total.plus(_requests(container))
    return total.most(largest).plus(of_list(spec.get("overhead") or {}))


def _requests(container: dict[str, Any]) -> Resources:
    given = container.get("resources") or {}
    return of_list({**(given.get("limits") or {}), **(given.get("requests") or {})})


def _of_pod(item: dict[str, Any]) -> Resources:
    try:
        return pod_requests(item["spec"])
    except ValueError as problem:
        raise ValueError(f"pod `{_name(item)}`: {problem}") from None


def _is(item: dict[str, Any]) -> bool:
    return item.get("kind") == "Node"


def _name(item: dict[str, Any]) -> str:
    return str(item["metadata"]["name"])


def _node(item: dict[str, Any], used: Resources, pods: int) -> Node:
    try:
        has, most = _allocatable(item["status"]["allocatable"])
    except ValueError as problem:
        raise ValueError(f"node `{_name(item)}`: {problem}") from None
    return Node(
        _name(item),
        has,
        most,
        used,
        pods,
        tuple(item["metadata"].get("labels", {}).items()),
        _taints(item),
        bool(item.get("spec", {}).get("unschedulable", False)),
    )


def _taints(item: dict[str, Any]) -> tuple[Taint, ...]:
    """The taints of a node, with those of its conditions that an export may lack."""
    listed = item.get("spec", {}).get("taints", ())
    given = tuple(Taint(t["key"], t.get("value", ""), t["effect"]) for t in listed)
    return tuple(dict.fromkeys((*given, *map(Taint, conditions.taints(item)))))


def _allocatable(amounts: dict[str, Any]) -> tuple[Resources, int]:
    """What pods can have of a node, and how many of them it may have."""
    lacking = [name for name in ("cpu", "memory") if amounts.get(name) is None]
    if lacking:
        raise ValueError(f"`allocatable` lacks `{lacking[0]}`")
    return of_list(amounts), int(amount(amounts.get("pods", MOST_PODS)))


def _toleration(given: dict[str, Any]) -> Toleration:
    names = ("key", "operator", "value", "effect")
    return Toleration(**{name: str(given[name]) for name in names if given.get(name)})
