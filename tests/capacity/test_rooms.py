"""The room that a service has where it may be there already."""

from __future__ import annotations

import random

from amllint.capacity.facts import Cluster, Replaced
from amllint.capacity.resources import Resources
from amllint.capacity.rooms import rooms
from amllint.capacity.scheduling import Node, placement
from amllint.findings.finding import Location
from amllint.source.text import Span
from tests.capacity.brute_force import cluster as random_cluster

PLACE = Location("snapshot.json", Span(0, 0))


def observed(chance: random.Random, nodes: list[Node], added: list[Node]) -> Cluster:
    """A cluster with services, of which each frees some of what its nodes have."""
    replaced = []
    for number in range(chance.randint(0, 4) if nodes else 0):
        places = chance.sample(range(len(nodes)), chance.randint(0, len(nodes)))
        freed = ((at, freer(chance, nodes[at])) for at in places)
        replaced.append(Replaced(f"s{number}", len(places), tuple(freed)))
    return Cluster(
        PLACE, "", "D2", tuple(nodes), Resources(), tuple(added), replaced=tuple(replaced)
    )


def freer(chance: random.Random, node: Node) -> Node:
    used = Resources(*(chance.randint(0, amount) for amount in node.used))
    return node._replace(used=used, pods=chance.randint(0, node.pods))


def test_it_is_what_looking_at_every_node_for_each_service_says() -> None:
    chance, differing = random.Random(20261127), 0
    for _ in range(1500):
        pod, nodes, _ = random_cluster(chance)
        _, added, _ = random_cluster(chance)
        if not any(pod.requests):
            continue
        where = observed(chance, nodes, added)
        beside = placement(pod, where.all_nodes, 1).room
        ends = []
        for service in where.replaced:
            freed = dict(service.freed)
            left = [freed.get(at, node) for at, node in enumerate(where.nodes)]
            ends.append(placement(pod, [*left, *added], 1).room)
        found, most = rooms(pod, where), max(ends, default=0)
        assert found[:2] == (beside, max(most, beside))
        first = where.replaced[ends.index(most)] if most > beside else None
        assert found.replaced is first
        differing += first is not None
    assert differing > 100
