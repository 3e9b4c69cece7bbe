"""How many replicas of a service a cluster takes, where it may be there already."""

from __future__ import annotations

from typing import Final, NamedTuple

from amllint.capacity.facts import Cluster, Replaced
from amllint.capacity.scheduling import Pod, room

SURGE: Final = 1
"""Replicas that an update starts before it ends one, as Azure ML's own have `maxSurge: 1`."""


class Rooms(NamedTuple):
    """How many replicas fit beside all that runs, and how many in the end.

    They differ where the service is there already: its pods go as the new ones come. `replaced` is
    that service, `None` where it makes no difference.
    """

    beside: int
    in_the_end: int
    replaced: Replaced | None = None

    def lacks_surge(self, replicas: float) -> bool:
        """Whether there is no room for the replica that an update starts beside all the old ones.

        Where it makes them fewer, old ones go first.
        """
        if self.replaced is not None:
            return self.beside < SURGE and self.replaced.pods <= replicas
        return self.in_the_end < replicas + SURGE


def rooms(pod: Pod, cluster: Cluster) -> Rooms:
    """The room for the replicas of a service.

    Where it is not known which of the services that run there is deployed anew, it is the one that
    leaves the most room.
    """
    each = [room(pod, node) for node in cluster.nodes]
    beside = sum(each) + sum(room(pod, node) for node in cluster.added)
    best = Rooms(beside, beside)
    for service in cluster.replaced:
        # Nodes that it does not run on take as many with it as without it.
        more = sum(room(pod, node) - each[at] for at, node in service.freed)
        if beside + more > best.in_the_end:
            best = Rooms(beside, beside + more, service)
    return best


def beside(cluster: Cluster, found: Rooms) -> str:
    """Beside what else replicas are put onto the nodes, for messages."""
    if found.replaced is not None:
        return f"in the place of the {found.replaced.pods} of `{found.replaced.service}`"
    if not cluster.is_busy_known:
        return "with nothing else"
    known = "runs there" if cluster.are_pods_known else "is declared to run there"
    return f"beside what {known}"
