"""How many replicas fit: as kube-scheduler decided, and as trying every way says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from amllint.capacity.kubernetes import nodes_of, pod_of, pod_requests
from amllint.capacity.resources import Resources, of_list, resources
from amllint.capacity.scheduling import Node, Pod, Taint, Toleration, placement
from tests.capacity.brute_force import disagreements

HERE = Path(__file__).resolve().parent
RECORDED = HERE.parents[2] / "shared/facts/fixtures/scheduler-verdicts.json"
"""What `kubectl` printed of the same cases; the cases beside this file were made of it."""
CASES = json.loads((HERE / "scheduler_verdicts.json").read_text("utf-8"))["cases"]


def node(given: dict[str, Any], number: int) -> Node:
    pods, cpu, memory, gpus = given.get("holds", (0, 0, 0, 0))
    return Node(
        str(number),
        of_list(given)._replace(gpus=given.get("gpus", 0)),
        given["pods"],
        of_list({"cpu": cpu, "memory": memory})._replace(gpus=gpus),
        pods,
        tuple(given.get("labels", {}).items()),
        tuple(Taint(*taint) for taint in given.get("taints", ())),
        given.get("cordoned", False),
    )


def pod(given: dict[str, Any]) -> Pod:
    tolerations = tuple(Toleration(*t) for t in given.get("tolerations", ()))
    amounts = of_list(given)._replace(gpus=given.get("gpus", 0))
    return Pod(amounts, tuple(given.get("selector", {}).items()), tolerations)


@pytest.mark.parametrize("case", CASES, ids=lambda c: "-".join(c["about"]))
def test_as_many_replicas_fit_as_the_scheduler_bound(case: dict[str, Any]) -> None:
    nodes = [node(given, number) for number, given in enumerate(case["nodes"])]
    asked = pod(case["pod"])
    old = placement(asked, nodes, case["replicas"], refuses_overcommitted=True)
    assert old.placed == case["bound"]
    # Later versions do not look at what a pod does not ask for.
    new = placement(asked, nodes, case["replicas"])
    assert (new.placed > case["bound"]) == case.get("overcommitted", False)


@pytest.mark.parametrize(
    "case", [c for c in CASES if "refusals" in c], ids=lambda c: "-".join(c["about"])
)
def test_what_keeps_the_next_replica_off_is_what_the_scheduler_said(case: dict[str, Any]) -> None:
    nodes = [node(given, number) for number, given in enumerate(case["nodes"])]
    found = placement(pod(case["pod"]), nodes, case["replicas"], refuses_overcommitted=True)
    assert dict(found.refusals) == case["refusals"]


WORDS = {
    "Insufficient cpu": "too little CPU",
    "Insufficient memory": "too little memory",
    "Insufficient nvidia.com/gpu": "too few GPUs",
    "Too many pods": "no more pods",
    "node(s) didn't match Pod's node affinity": "without the labels of the node selector",
    "node(s) were unschedulable": "unschedulable",
}


def reasons(message: str) -> dict[str, int]:
    """What the scheduler says of the nodes, in our words."""
    found: dict[str, int] = {}
    for part in re.split(r", (?=\d)", message.partition(": ")[2].rstrip(".")):
        count, _, said = part.partition(" ")
        taint = re.match(r"node\(s\) had taint \{([^:]+):", said)
        word = f"tainted {taint[1]}" if taint else WORDS[said]
        found[word] = found.get(word, 0) + int(count)
    return found


STRICTER = {"condition-without-taint", "default-toleration"}
"""Where nothing had made a taint of a node's condition: the scheduler alone does not see it."""


def without_conditions(item: dict[str, Any]) -> dict[str, Any]:
    return {**item, "status": {k: v for k, v in item["status"].items() if k != "conditions"}}


@pytest.mark.skipif(not RECORDED.exists(), reason="the recorded lists are not here")
def test_lists_as_kubectl_prints_them_give_the_same_verdicts() -> None:
    recorded = json.loads(RECORDED.read_text("utf-8"))["cases"]
    assert len(recorded) == len(CASES) == 120
    for case in recorded:
        spec = case["replica"]["spec"]
        if "overhead" in case["replica"]["stored_spec"]:
            spec["overhead"] = case["replica"]["stored_spec"]["overhead"]  # of its runtime class
        asked, items = pod_of(spec), case["cluster"]["items"]
        if STRICTER & set(case["tags"]):
            assert placement(asked, nodes_of(items), case["replicas"]).room == 0, case["id"]
            items = [without_conditions(item) for item in items]
        nodes = nodes_of(items)
        found = placement(asked, nodes, case["replicas"], refuses_overcommitted=True)
        assert found.placed == case["observed"]["bound"], case["id"]
        assert placement(asked, nodes, 1).room == case["upper_bound"]["replicas"], case["id"]
        if case["observed"]["message"] and "version-dependent" not in case["tags"]:
            assert reasons(case["observed"]["message"]) == dict(found.refusals), case["id"]


def test_random_clusters_agree_with_trying_every_way() -> None:
    assert disagreements(1500, 20261127) == []


def test_a_service_of_one_core_and_two_gb_does_not_fit_beside_the_system_of_a_small_node() -> None:
    """A node of 2 cores and 8 GiB, whose other pods leave 0.9 cores and 2.5 GiB."""
    two_cores = Node("d2", Resources(1900, 5352 << 20), 110, resources(1.0, 2.7), 8)
    service = Pod(resources(1.1, 2.6))
    found = placement(service, [two_cores], 1)
    assert found == (0, 0, (("too little CPU", 1), ("too little memory", 1)))
    assert placement(Pod(resources(0.9, 1.0)), [two_cores], 1).placed == 1


# -- what kubectl prints ----------------------------------------------------------------------


def container(**requests: str) -> dict[str, Any]:
    return {"resources": {"requests": requests}}


SPECS: list[tuple[dict[str, Any], tuple[int, int, int]]] = [
    ({"containers": [container(cpu="250m"), container(cpu="0.5")]}, (750, 0, 0)),
    # An init container runs before the others: the larger counts, for each amount of its own.
    (
        {
            "initContainers": [container(cpu="1", memory="64Ki"), container(cpu="900m")],
            "containers": [container(cpu="300m", memory="1Mi"), container(cpu="300m")],
        },
        (1000, 1 << 20, 0),
    ),
    # One that keeps running counts beside the containers and beside what starts after it.
    (
        {
            "initContainers": [
                {**container(cpu="200m"), "restartPolicy": "Always"},
                container(cpu="500m"),
            ],
            "containers": [container(cpu="400m")],
        },
        (700, 0, 0),
    ),
    ({"containers": [container(cpu="1")], "overhead": {"cpu": "250m"}}, (1250, 0, 0)),
    ({"containers": [{"resources": {"limits": {"nvidia.com/gpu": "2"}}}]}, (0, 0, 2)),
    (
        {"containers": [{"resources": {"limits": {"cpu": "2"}, "requests": {"cpu": "1"}}}]},
        (1000, 0, 0),
    ),
    ({"containers": [{"name": "asks-for-nothing"}]}, (0, 0, 0)),
]


@pytest.mark.parametrize(("spec", "amounts"), SPECS)
def test_what_a_pod_asks_for_in_all(spec: dict[str, Any], amounts: tuple[int, int, int]) -> None:
    assert pod_requests(spec) == amounts


def test_pods_that_have_ended_or_have_no_node_hold_nothing() -> None:
    spec = {"containers": [container(cpu="100m")]}
    phases = ("Running", "Pending", "Unknown", "Succeeded", "Failed")
    pods: list[dict[str, Any]] = [
        {"kind": "Pod", "spec": {**spec, "nodeName": "a"}, "status": {"phase": phase}}
        for phase in phases
    ]
    pods += [{"kind": "Pod", "spec": spec, "status": {"phase": "Pending"}}]
    pods += [{"kind": "Pod", "spec": {**spec, "nodeName": "gone"}, "status": {}}]
    amounts = {"cpu": "2", "memory": "4Gi", "pods": "30"}
    a = {"kind": "Node", "metadata": {"name": "a"}, "status": {"allocatable": amounts}}
    (found,) = nodes_of([*pods, a])
    assert (found.used.cpu_millicores, found.pods, found.max_pods) == (300, 3, 30)


CONDITIONS: list[tuple[dict[str, str], str | None]] = [
    ({"Ready": "True", "MemoryPressure": "False", "DiskPressure": "Unknown"}, None),
    ({"Ready": "False"}, "tainted node.kubernetes.io/not-ready"),
    ({"Ready": "Unknown"}, "tainted node.kubernetes.io/unreachable"),
    ({"Ready": "True", "DiskPressure": "True"}, "tainted node.kubernetes.io/disk-pressure"),
    ({"PIDPressure": "True"}, "tainted node.kubernetes.io/pid-pressure"),
    ({"NetworkUnavailable": "True"}, "tainted node.kubernetes.io/network-unavailable"),
    ({"MemoryPressure": "True"}, None),
    ({}, None),
]


@pytest.mark.parametrize(("states", "refusal"), CONDITIONS)
def test_conditions_keep_pods_off_as_the_taints_that_are_made_of_them(
    states: dict[str, str], refusal: str | None
) -> None:
    (ill,) = nodes_of([conditioned(states)])
    asked = Pod(Resources(100))
    found = placement(asked, [ill], 21)
    assert found.room == (0 if refusal else 20)
    assert found.refusals == ((refusal or "too little CPU", 1),)
    # The same with the taints that the control plane has made of them.
    (again,) = nodes_of([conditioned(states, [t._asdict() for t in ill.taints])])
    assert again == ill


def conditioned(
    states: dict[str, str], taints: list[dict[str, str]] | None = None
) -> dict[str, Any]:
    conditions = [{"type": name, "status": status} for name, status in states.items()]
    amounts = {"cpu": "2", "memory": "4Gi", "pods": "30"}
    return {
        "kind": "Node",
        "metadata": {"name": "a"},
        "spec": {"taints": taints or []},
        "status": {"allocatable": amounts, "conditions": conditions},
    }


def test_a_node_that_is_short_of_memory_keeps_off_pods_that_ask_for_nothing() -> None:
    (short,) = nodes_of([conditioned({"MemoryPressure": "True"})])
    assert placement(Pod(Resources()), [short], 1).placed == 0
    assert placement(Pod(Resources(memory_bytes=1)), [short], 1).placed == 1
    evicting = short._replace(
        taints=(Taint("node.kubernetes.io/memory-pressure", "", "NoExecute"),)
    )
    assert placement(Pod(Resources(1)), [evicting], 1).placed == 0


QUANTITIES: dict[str, tuple[int, int]] = {
    "500m": (500, 1),
    "0.0005": (1, 1),
    "1.5Gi": (1610612736000, 1610612736),
    "1e9": (10**12, 10**9),
    "64000k": (64 * 10**9, 64 * 10**6),
    "128974848000m": (128974848000, 128974848),
    "5k": (5 * 10**6, 5000),
}


@pytest.mark.parametrize("text", QUANTITIES)
def test_a_quantity_counts_in_millicores_and_bytes(text: str) -> None:
    cpu, memory = QUANTITIES[text]
    assert of_list({"cpu": text, "memory": text}) == (cpu, memory, 0)


@pytest.mark.parametrize("text", ["", "x", "1/2", "1Q", "1e9999999999", "9" * 50, "--1", "1KiB"])
def test_what_is_no_quantity_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no quantity"):
        of_list({"cpu": text})


D2 = RECORDED.parent / "cluster-d2v3.json"
"""One node of two cores, with the pods of AKS and of Azure ML's front end."""


@pytest.mark.skipif(not D2.exists(), reason="the recorded list is not here")
@pytest.mark.parametrize(("cores", "gib", "placed"), [(0.9, 1.0, 1), (1.1, 2.6, 0)])
def test_the_recorded_small_node_takes_what_the_scheduler_put_there(
    cores: float, gib: float, placed: int
) -> None:
    items = [i for i in json.loads(D2.read_text("utf-8"))["items"] if i["kind"] in ("Node", "Pod")]
    # What waits for a node holds nothing; what the test of the scheduler itself had put there goes.
    others = [i for i in items if not i["metadata"]["name"].startswith("svc")]
    found = placement(Pod(resources(cores, gib)), nodes_of(others), 1)
    assert found.placed == placed


def test_what_a_pod_asks_for_itself_counts_instead_of_its_containers() -> None:
    container = {"resources": {"requests": {"cpu": "100m", "memory": "1Gi"}, "limits": None}}
    spec: dict[str, Any] = {"containers": [container], "overhead": {"cpu": "10m"}}
    assert pod_of(spec).requests == Resources(110, 2**30)
    spec["resources"] = {"requests": {"cpu": "1800m"}}
    assert pod_of(spec).requests == Resources(1810, 2**30)
    spec["resources"] = {"limits": {"memory": "2Gi"}, "requests": None}
    assert pod_of(spec).requests == Resources(110, 2**31)
