"""Whether the pods of a service fit onto the nodes of a cluster, as kube-scheduler counts.

Identical replicas do not get in each other's way but for what they ask for, so how many fit does
not depend on the order of placing: it is the sum of what each node still holds. Left out are
affinity, topology spread, priorities with preemption, host ports and volumes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from amllint.capacity.resources import GPU, Resources

NODE_TAINTS: Final = "node.kubernetes.io/"
"""How the keys of taints begin by which Kubernetes says how a node does."""
UNSCHEDULABLE: Final = f"{NODE_TAINTS}unschedulable"
MEMORY_PRESSURE: Final = f"{NODE_TAINTS}memory-pressure"
_KEEPS_OUT: Final = ("NoSchedule", "NoExecute")
_OF_CONDITIONS: Final = (
    NODE_TAINTS,
    "node.cloudprovider.kubernetes.io/",
    "ToBeDeletedByClusterAutoscaler",
    "DeletionCandidateOfClusterAutoscaler",
)
"""How the keys of taints begin that say how one node does, and not of which kind it is."""


class Taint(NamedTuple):
    """A mark of a node that keeps pods off it, unless they tolerate it."""

    key: str
    value: str = ""
    effect: str = "NoSchedule"


class Toleration(NamedTuple):
    """Which taints a pod tolerates; an empty key with `Exists` is any, an empty effect each."""

    key: str = ""
    operator: str = "Equal"
    value: str = ""
    effect: str = ""

    def tolerates(self, taint: Taint) -> bool:
        """Whether a pod with it may be put on a node with this taint."""
        if self.effect and self.effect != taint.effect:
            return False
        if self.key and self.key != taint.key:
            return False
        if self.operator == "Exists":
            return True
        return bool(self.key) and self.value == taint.value


DEFAULT_TOLERATIONS: Final = (
    Toleration("node.kubernetes.io/not-ready", "Exists", "", "NoExecute"),
    Toleration("node.kubernetes.io/unreachable", "Exists", "", "NoExecute"),
)
"""What the API server adds to every pod."""
_OF_REQUESTS: Final = (Toleration(MEMORY_PRESSURE, "Exists", "", "NoSchedule"),)
"""What it adds to every pod that asks for something, as those of Azure ML do.

Source: kubernetes.io, Taints and Tolerations: a node that is short of memory keeps off pods of the
class BestEffort alone. The plugin that does so, PodTolerationRestriction, is on in AKS since 1.19.
"""


class Node(NamedTuple):
    """A node: what pods can ask for on it, and what those that are there ask for already.

    `max_pods` is how many it may have, `pods` how many are there.
    """

    name: str
    allocatable: Resources
    max_pods: int
    used: Resources = Resources()
    pods: int = 0
    labels: tuple[tuple[str, str], ...] = ()
    taints: tuple[Taint, ...] = ()
    is_cordoned: bool = False


def is_sound(node: Node) -> bool:
    """Whether a node is neither cordoned nor tainted for how it does."""
    return node == as_new(node)


def as_new(node: Node) -> Node:
    """A node as its pool makes them: neither cordoned nor tainted for how this one does."""
    kept = tuple(taint for taint in node.taints if not taint.key.startswith(_OF_CONDITIONS))
    return node._replace(taints=kept, is_cordoned=False)


class Pod(NamedTuple):
    """What a replica asks of a node: amounts, labels that it must have, taints it tolerates."""

    requests: Resources
    node_selector: tuple[tuple[str, str], ...] = ()
    tolerations: tuple[Toleration, ...] = ()


GPU_TOLERATIONS: Final = (Toleration("sku", "Equal", "gpu"), Toleration(GPU, "Exists"))
"""Taints that keep others off nodes with GPUs; what asks for one is taken to tolerate them."""


def service_pod(requests: Resources) -> Pod:
    """A replica of a service of v1, which goes to any pool."""
    return Pod(requests, (), GPU_TOLERATIONS if requests.gpus else ())


def can_take(pod: Pod, node: Node) -> bool:
    """Whether a node that nothing else runs on takes a pod at all."""
    return excluded(pod, node) is None and pod.requests.within(node.allocatable)


class Placement(NamedTuple):
    """How many of the replicas find a node, how many could at most, and what is in the way.

    `refusals` says for how many nodes each reason keeps one more replica off, once these are there.
    """

    placed: int
    room: int
    refusals: tuple[tuple[str, int], ...]


def placement(
    pod: Pod, nodes: Iterable[Node], replicas: int, *, refuses_overcommitted: bool = False
) -> Placement:
    """Put replicas onto nodes. `refuses_overcommitted` see `room`."""
    listed = list(nodes)
    rooms = [room(pod, node, refuses_overcommitted=refuses_overcommitted) for node in listed]
    refusals = Counter(
        reason
        for node, most in zip(listed, rooms, strict=True)
        for reason in (excluded(pod, node), *_lacking(pod, node, most))
        if reason
    )
    return Placement(min(replicas, sum(rooms)), sum(rooms), tuple(sorted(refusals.items())))


def room(pod: Pod, node: Node, *, refuses_overcommitted: bool = False) -> int:
    """How many of a pod a node still takes.

    `refuses_overcommitted` is what kube-scheduler 1.20 does: where the pods of a node ask for more
    of something than there is, it takes none that asks for anything. Later ones look at what a pod
    asks for alone.
    """
    if excluded(pod, node) is not None:
        return 0
    free = node.allocatable.minus(node.used)
    if refuses_overcommitted and any(pod.requests) and min(free) < 0:
        return 0
    by_amount = (has // asked for has, asked in zip(free, pod.requests, strict=True) if asked)
    return max(min([node.max_pods - node.pods, *by_amount]), 0)


def excluded(pod: Pod, node: Node) -> str | None:
    """What keeps a pod off a node, however empty it is; `None` where nothing does."""
    cordon = (Taint(UNSCHEDULABLE),) if node.is_cordoned else ()
    of_requests = _OF_REQUESTS if any(pod.requests) else ()
    tolerations = (*pod.tolerations, *DEFAULT_TOLERATIONS, *of_requests)
    for taint in (*cordon, *node.taints):
        if taint.effect in _KEEPS_OUT and not any(t.tolerates(taint) for t in tolerations):
            return "unschedulable" if taint.key == UNSCHEDULABLE else f"tainted {taint.key}"
    labels = dict(node.labels)
    if any(labels.get(key) != value for key, value in pod.node_selector):
        return "without the labels of the node selector"
    return None


def _lacking(pod: Pod, node: Node, taken: int) -> Iterator[str]:
    """What a node has too little of for one more, once it has taken so many."""
    if excluded(pod, node) is not None:
        return
    free = node.allocatable.minus(node.used).minus(pod.requests.times(taken))
    names = ("too little CPU", "too little memory", "too few GPUs")
    for name, has, asked in zip(names, free, pod.requests, strict=True):
        if asked and has < asked:
            yield name
    if node.pods + taken >= node.max_pods:
        yield "no more pods"
