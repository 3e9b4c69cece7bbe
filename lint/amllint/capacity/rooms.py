"""How many replicas of a service a cluster takes, where it may be there already."""

from __future__ import annotations

from typing import NamedTuple

from amllint.capacity.facts import Cluster, Replaced
from amllint.capacity.scheduling import Pod, room


class Rooms(NamedTuple):
    """How many replicas fit beside all that runs, and how many in the end.

    They differ where the service is there already: its pods go as the new ones come. `replaced` is
    that service, `None` where it makes no difference.
    """

    beside: int
    in_the_end: int
    replaced: Replaced | None = None


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
