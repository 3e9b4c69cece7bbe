"""How replicas fit onto a cluster as it is: now, with what its autoscaler adds, and beyond that."""

from __future__ import annotations

from typing import NamedTuple

from amllint.capacity.facts import Cluster, NewNode
from amllint.capacity.rooms import Rooms, rooms
from amllint.capacity.scheduling import Pod, room


class Fit(NamedTuple):
    """How many of the replicas find a node.

    `now` is how many the nodes take that are there, `added` how many nodes the autoscaler adds for
    the rest, of which `alike` are of the size of `new`, and `lacking` how many like `new` it would
    take beyond those. `new` is the new node that takes the most, so many as `each` says; `None`
    where none is known.
    """

    replicas: int
    now: int
    rooms: Rooms
    added: int
    lacking: int
    each: int
    new: NewNode | None
    alike: int = 0

    @property
    def is_placed(self) -> bool:
        """Whether all of them find a node in the end."""
        return self.rooms.in_the_end >= self.replicas

    @property
    def lacks_surge(self) -> bool:
        """Whether an update finds no node for the replica that it starts beside them."""
        return self.rooms.lacks_surge(self.replicas)

    @property
    def waiting(self) -> int:
        """How many find no node that is there."""
        return max(self.replicas - self.now, 0)


def fit(pod: Pod, cluster: Cluster, replicas: int) -> Fit:
    """Put replicas onto a cluster; those of the service that they replace make room."""
    found = rooms(pod, cluster)
    come = sorted(((room(pod, node), node.name) for node in cluster.added), reverse=True)
    now = found.in_the_end - sum(takes for takes, _ in come)
    waiting, added = max(replicas - now, 0), list[str]()
    for takes, size in come:
        if waiting <= 0 or not takes:
            break
        waiting -= takes
        added.append(size)
    new = max(cluster.new, key=lambda kind: room(pod, kind.node), default=None)
    each = room(pod, new.node) if new is not None else 0
    lacking = -(-max(waiting, 0) // each) if each else 0
    alike = added.count(new.node.name) if new is not None else 0
    return Fit(replicas, now, found, len(added), lacking, each, new, alike)
