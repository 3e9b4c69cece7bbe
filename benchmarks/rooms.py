"""Measures how the room for a service is found in a large cluster, and checks the bound.

python benchmarks/rooms.py
python benchmarks/rooms.py --services 500 --nodes 100 -n 5 --python .venv-test/bin/python

Any of the services that run in a cluster may be the one that is deployed anew. What amllint does is
held against looking at every node once more for each of them; both run in turns, in one process,
and must say the same. What counts is the median of the ratios within rounds. The exit code is 1 if
the bound does not hold.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from amllint.capacity.facts import Cluster
    from amllint.capacity.rooms import Rooms
    from amllint.capacity.scheduling import Pod

ROOT: Final = Path(__file__).resolve().parent.parent
MOST: Final = 0.1
"""The time that it takes, at most, as a ratio to looking at every node for each service."""
REPLICAS: Final = 3


def main() -> int:
    """Make the cluster, measure in a process that has amllint, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--services", type=int, default=3000)
    parser.add_argument("--nodes", type=int, default=300)
    parser.add_argument("-n", "--rounds", type=int, default=3)
    parser.add_argument("--python", help="an interpreter that amllint's packages are in")
    options = parser.parse_args()
    if options.python:
        rest = [f"--services={options.services}", f"--nodes={options.nodes}"]
        command = [options.python, __file__, *rest, f"-n{options.rounds}"]
        return subprocess.run(command, check=False).returncode
    sys.path.insert(0, str(ROOT / "lint"))
    return measured(options.services, options.nodes, options.rounds)


def measured(services: int, nodes: int, rounds: int) -> int:
    """Measure both ways, and say whether they agree and the bound holds."""
    from amllint.capacity.resources import resources
    from amllint.capacity.rooms import rooms
    from amllint.capacity.scheduling import Pod

    where, pod = cluster(services, nodes), Pod(resources(0.4, 1))
    ways: tuple[Any, ...] = (rooms, each_by_itself)
    times: list[tuple[float, float]] = []
    for _ in range(rounds):
        (own, answer), (plain, expected) = (seconds(way, pod, where) for way in ways)
        if answer != expected:
            print(f"{answer[:2]} is not {expected[:2]}")
            return 1
        times.append((own, plain))
    ratio = statistics.median(own / plain for own, plain in times)
    own, plain = (1000 * statistics.median(column) for column in zip(*times, strict=True))
    print(f"{services} services of {REPLICAS} replicas on {nodes} nodes")
    print(f"{own:.1f} ms, {plain:.1f} ms each by itself: {ratio:.4f}, at most {MOST}")
    return 0 if ratio <= MOST else 1


def cluster(services: int, count: int) -> Cluster:
    """A cluster whose services have their replicas on nodes next to each other."""
    from amllint.capacity.facts import Cluster, Replaced
    from amllint.capacity.resources import Resources, resources
    from amllint.capacity.scheduling import Node
    from amllint.findings.finding import Location
    from amllint.source.text import Span

    has, asked = resources(3.86, 12), resources(0.1, 0.2)
    most = -(-services * REPLICAS // count)
    nodes = tuple(
        Node(f"n{n}", has, 250, asked.times(most), most, (("agentpool", "p"),))
        for n in range(count)
    )
    replaced = []
    for service in range(services):
        places = [(service * REPLICAS + replica) % count for replica in range(REPLICAS)]
        freed = ((at, nodes[at]) for at in dict.fromkeys(places))
        without = ((at, n._replace(used=n.used.minus(asked), pods=n.pods - 1)) for at, n in freed)
        replaced.append(Replaced(f"s{service}", REPLICAS, tuple(without)))
    place = Location("snapshot.json", Span(0, 0))
    return Cluster(place, "", "D4", nodes, Resources(), replaced=tuple(replaced))


def each_by_itself(pod: Pod, where: Cluster) -> Rooms:
    """The room, by looking at every node for each service."""
    from amllint.capacity.rooms import Rooms
    from amllint.capacity.scheduling import placement

    beside = placement(pod, where.all_nodes, 1).room
    best = Rooms(beside, beside)
    for service in where.replaced:
        nodes = list(where.all_nodes)
        for at, node in service.freed:
            nodes[at] = node
        found = placement(pod, nodes, 1).room
        if found > best.in_the_end:
            best = Rooms(beside, found, service)
    return best


def seconds(way: Any, *given: Any) -> tuple[float, Any]:
    """How long something takes on the clock, and what it gives."""
    start = time.perf_counter()
    found = way(*given)
    return time.perf_counter() - start, found


if __name__ == "__main__":
    sys.exit(main())
