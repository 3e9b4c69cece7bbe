"""Compares how many replicas fit with trying every way to place them, on small random clusters.

python -m tests.capacity.brute_force --count 10000 --seed 20261127
"""

from __future__ import annotations

import argparse
import itertools
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "lint"))

from amllint.capacity.resources import Resources
from amllint.capacity.scheduling import Node, Pod, Taint, Toleration, placement

EFFECTS = ("NoSchedule", "NoExecute", "PreferNoSchedule")
MOST_REPLICAS = 5


def cluster(chance: random.Random) -> tuple[Pod, list[Node], int]:
    """A pod, at most four nodes, and how many replicas are asked for."""
    amounts = Resources(chance.randint(0, 4), chance.randint(0, 4), chance.choice((0, 0, 1, 2)))
    tolerations = tuple(_toleration(chance) for _ in range(chance.choice((0, 0, 1, 2))))
    selector = chance.choice(((), (), (("zone", "1"),)))
    nodes = [_node(chance, number) for number in range(chance.randint(0, 4))]
    return Pod(amounts, selector, tolerations), nodes, chance.randint(1, MOST_REPLICAS)


def _toleration(chance: random.Random) -> Toleration:
    key, operator = chance.choice(("a", "b", "")), chance.choice(("Exists", "Equal"))
    return Toleration(key, operator, chance.choice(("", "x")), chance.choice(("", *EFFECTS)))


def _node(chance: random.Random, number: int) -> Node:
    has = Resources(chance.randint(0, 9), chance.randint(0, 9), chance.choice((0, 1, 3)))
    used = Resources(*(chance.randint(0, max(a, 1)) for a in has))
    taints = tuple(
        Taint(chance.choice("ab"), chance.choice(("", "x")), chance.choice(EFFECTS))
        for _ in range(chance.choice((0, 0, 0, 1, 2)))
    )
    labels = chance.choice(((), (("zone", "1"),), (("zone", "2"),)))
    pods = chance.randint(0, 3)
    cordoned = chance.random() < 0.1
    return Node(str(number), has, chance.randint(0, 6), used, pods, labels, taints, cordoned)


def most(pod: Pod, nodes: list[Node], replicas: int) -> int:
    """The most replicas of any way to put each of them onto a node or nowhere."""
    best = 0
    for counts in itertools.product(range(replicas + 1), repeat=len(nodes)):
        if best < sum(counts) <= replicas and all(
            map(_holds, itertools.repeat(pod), nodes, counts)
        ):
            best = sum(counts)
    return best


def _holds(pod: Pod, node: Node, count: int) -> bool:
    """Whether a node can have so many: looked at with all of them there."""
    if count == 0:
        return True
    repelling = [t for t in node.taints if t.effect != "PreferNoSchedule"]
    if node.is_cordoned:
        repelling.append(Taint("node.kubernetes.io/unschedulable", "", "NoSchedule"))
    tolerated = all(any(_tolerates(t, taint) for t in pod.tolerations) for taint in repelling)
    selected = set(pod.node_selector) <= set(node.labels)
    together = zip(node.allocatable, node.used, pod.requests, strict=True)
    enough = all(not asked or used + count * asked <= has for has, used, asked in together)
    return tolerated and selected and enough and node.pods + count <= node.max_pods


def _tolerates(toleration: Toleration, taint: Taint) -> bool:
    keys = toleration.key == taint.key or (toleration.key == "" and toleration.operator == "Exists")
    values = toleration.operator == "Exists" or toleration.value == taint.value
    return keys and values and toleration.effect in ("", taint.effect)


def disagreements(count: int, seed: int) -> list[str]:
    """The clusters of a seed for which the two differ."""
    chance = random.Random(seed)
    found = []
    for number in range(count):
        pod, nodes, replicas = cluster(chance)
        told, tried = placement(pod, nodes, replicas).placed, most(pod, nodes, replicas)
        if told != tried:
            found.append(f"{number}: {told} told, {tried} tried: {replicas} of {pod} on {nodes}")
    return found


def main() -> int:
    """Compare, and print each difference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=20261127)
    options = parser.parse_args()
    found = disagreements(options.count, options.seed)
    print("\n".join(found[:20]))
    print(f"{options.count} clusters, seed {options.seed}: {len(found)} differ")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
