"""What the conditions of a node say to pods: the taints that Kubernetes makes of them.

kube-scheduler looks at taints alone; the control plane keeps them in step with the conditions
within a second. An export that is old or was made by hand may have one without the other: then
both count.

Source: kubernetes.io, Taints and Tolerations, "Taint Nodes by Condition"; Kubernetes 1.29, the node
lifecycle controller.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from amllint.capacity.scheduling import MEMORY_PRESSURE, NODE_TAINTS, UNSCHEDULABLE
from amllint.snapshot.shapes.items import below

NOT_READY: Final = f"{NODE_TAINTS}not-ready"
UNREACHABLE: Final = f"{NODE_TAINTS}unreachable"
_PRESSURES: Final = {
    "MemoryPressure": MEMORY_PRESSURE,
    "DiskPressure": f"{NODE_TAINTS}disk-pressure",
    "PIDPressure": f"{NODE_TAINTS}pid-pressure",
    "NetworkUnavailable": f"{NODE_TAINTS}network-unavailable",
}
SHOWN: Final = {
    NOT_READY: "NotReady",
    UNREACHABLE: "NotReady",
    **{key: name for name, key in _PRESSURES.items()},
    UNSCHEDULABLE: "cordoned",
}
"""What each of the taints is called, the gravest first."""


def taints(node: dict[str, Any]) -> Iterator[str]:
    """The keys of the taints, all of `NoSchedule`, that the conditions of a node lead to.

    A condition that is not there says nothing.
    """
    listed = below(node, "status").get("conditions")
    conditions = [c for c in listed if isinstance(c, dict)] if isinstance(listed, list) else []
    states = {str(c.get("type")): str(c.get("status")).lower() for c in conditions}
    ready = states.get("Ready", "true")
    if ready != "true":
        yield NOT_READY if ready == "false" else UNREACHABLE
    yield from (key for name, key in _PRESSURES.items() if states.get(name) == "true")
