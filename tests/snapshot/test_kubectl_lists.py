"""Lists of `kubectl` in several files, and amounts in them that cannot be read."""

from __future__ import annotations

from typing import Any

import pytest

from amllint.snapshot import facts
from amllint.snapshot.facts import Kind, Read, Unread
from tests.cli.commands import Commands, Done
from tests.rules.clusters import node, pod

from .asking import ask, facts_of, snapshot_of
from .fake_azure import FakeAzure
from .test_exports import take

A, B = {"group": "MC_rg_a_eastus"}, {"group": "MC_rg_b_eastus"}


def listed(*items: dict[str, Any]) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "List", "items": list(items)}


def of(item: dict[str, Any], uid: str) -> dict[str, Any]:
    """An object with what the cluster numbers it by."""
    return {**item, "metadata": {**item["metadata"], "uid": uid}}


def instance_type(cpu: Any, name: str = "small") -> dict[str, Any]:
    spec = {"resources": {"requests": {"cpu": cpu, "nvidia.com/gpu": None}}}
    return {"kind": "InstanceType", "metadata": {"name": name}, "spec": spec}


def names(done: Done, kind: Kind[Any]) -> list[str]:
    assert done.code == 0, done.err
    fact = snapshot_of(done).fact(kind)
    assert isinstance(fact, Read), fact
    return [row["metadata"]["name"] for row in fact.value]


def unknown(done: Done, kind: Kind[Any]) -> str:
    fact = snapshot_of(done).fact(kind)
    assert isinstance(fact, Unread), fact
    return fact.reason


# -- several files ----------------------------------------------------------------------------


def test_pods_of_two_namespaces_are_one_list(amllint: Commands) -> None:
    files = {
        "system.json": listed(pod("dns", "n1")),
        "ml.json": listed(pod("churn-1", "n1", "azureml-prod")),
    }
    done = take(amllint, files)
    assert names(done, facts.PODS) == ["churn-1", "dns"]
    assert facts_of(done)["pods"]["source"] == "ml.json, system.json"


def test_a_list_of_several_files_is_as_old_as_the_oldest(amllint: Commands) -> None:
    import os

    take(amllint, {"a.json": listed(pod("dns", "n1")), "b.json": listed(pod("x", "n1", "ml"))})
    os.utime(amllint.folder / "exports/b.json", (1_700_000_000, 1_700_000_000))
    done = amllint("snapshot", "--from-files", "exports")
    assert facts_of(done)["pods"]["read_at"] == "2023-11-14T22:13:20Z"


def test_an_object_that_two_files_have_is_there_once(amllint: Commands) -> None:
    first, second = of(node("n1"), "1"), node("n2")
    dns = pod("dns", "n1")
    files = {"a.json": listed(first, dns), "b.json": listed(first, dns, dns)}
    done = take(amllint, files)
    assert names(done, facts.NODES) == ["n1"]
    assert names(done, facts.PODS) == ["dns"]
    files["b.json"] = listed(node("n1"))
    assert names(take(amllint, files), facts.NODES) == ["n1"]
    assert names(
        take(amllint, {"a.json": listed(first, second), "b.json": listed(second)}), facts.NODES
    ) == ["n1", "n2"]


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        (node("n1"), node("n1", cordoned=True), "a.json and b.json tell of node `n1` twice"),
        (of(node("n1"), "1"), of(node("n1"), "2"), "a.json and b.json tell of node `n1` twice"),
        (node("n1", **A), node("n1", **B), "a.json and b.json tell of node `n1` twice"),
        (pod("p", "n1"), pod("p", "n1", cpu=1), "tell of pod `kube-system/p` twice, and not the"),
        (of(pod("p", "n1"), "1"), of(pod("p", "n1"), "2"), "tell of pod `kube-system/p` twice"),
        (instance_type(1), instance_type(2), "tell of instancetype `small` twice"),
        (
            node("n1", **A),
            node("n2"),
            "a.json and b.json list different nodes, and `n2` does not say by",
        ),
    ],
)
def test_files_that_do_not_agree_are_refused_with_their_names(
    amllint: Commands, one: dict[str, Any], other: dict[str, Any], said: str
) -> None:
    done = take(amllint, {"a.json": listed(one), "b.json": listed(other)})
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "kubectl get nodes,pods,instancetypes -A" in done.err


def test_one_file_that_tells_of_an_object_twice_is_refused_too(amllint: Commands) -> None:
    done = take(amllint, {"a.json": listed(pod("p", "n1"), pod("p", "n1", cpu=1))})
    assert done.code == 2
    assert "a.json tells of pod `kube-system/p` twice, and not the same" in done.err


def test_nodes_of_two_clusters_that_say_so_are_one_list(amllint: Commands) -> None:
    of_a = listed(node("a1", **A), of(pod("prometheus-0", "a1"), "1"), instance_type(1))
    of_b = listed(node("b1", **B), of(pod("prometheus-0", "b1"), "2"), instance_type(2))
    done = take(amllint, {"a.json": of_a, "b.json": of_b})
    assert names(done, facts.NODES) == ["a1", "b1"]
    assert names(done, facts.PODS) == ["prometheus-0", "prometheus-0"]
    reason = "the InstanceTypes of a.json, b.json do not say of which cluster they are"
    assert unknown(done, facts.INSTANCE_TYPES) == reason


def test_a_list_of_which_one_file_cannot_be_read_is_unknown(amllint: Commands) -> None:
    broken = {"kind": "Pod", "metadata": {"name": "p"}, "spec": {}}
    for first, second in ((broken, pod("dns", "n1")), (pod("dns", "n1"), broken)):
        files = {"a.json": listed(first), "b.json": listed(second)}
        done = take(amllint, {**files, "nodes.json": listed(node("n1"))})
        assert "is not as expected: a pod lacks `spec.containers`" in unknown(done, facts.PODS)


# -- parts ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spaces", "shown"),
    [
        ((("ml", "ml"),), "a.json has pods of `ml` alone, and others run on the nodes too"),
        ((("ml",), ("shop",)), "a.json, b.json have pods of `ml`, `shop` alone"),
        ((("kube-system",),), None),
        ((("ml", "kube-system"),), None),
        ((("ml",), ("kube-system",)), None),
        ((("ml", "shop"),), None),
        ((("ml",), ("shop", "default")), None),
        (((),), "a.json lists no pods, and every node runs some"),
    ],
)
def test_pods_of_some_namespaces_are_not_taken_for_all(
    amllint: Commands, spaces: tuple[tuple[str, ...], ...], shown: str | None
) -> None:
    files = {
        f"{name}.json": {
            "kind": "PodList",
            "apiVersion": "v1",
            "items": [pod(f"{name}{n}", "n1", space) for n, space in enumerate(own)],
        }
        for name, own in zip("ab", spaces, strict=False)
    }
    done = take(amllint, {**files, "nodes.json": listed(node("n1"))})
    if shown is None:
        assert len(names(done, facts.PODS)) == sum(map(len, spaces))
    else:
        assert unknown(done, facts.PODS).startswith(shown)
        assert f"pods: unknown: {shown}" in done.err


def test_beside_azure_the_reason_of_the_file_counts(amllint: Commands, azure: FakeAzure) -> None:
    take(amllint, {"cluster.json": listed(node("n1"), pod("p", "n1", "ml"))})
    found = facts_of(ask(amllint, azure, "--from-files", "exports"))
    assert found["pods"]["unknown"].startswith("cluster.json has pods of `ml` alone")


# -- amounts ----------------------------------------------------------------------------------


def asking(**changes: Any) -> dict[str, Any]:
    given = pod("p", "n1", "ml")
    return {**given, "spec": {**given["spec"], **changes}}


def requesting(resources: Any, key: str = "containers") -> dict[str, Any]:
    return asking(**{key: [{"name": "c", "resources": resources}]})


@pytest.mark.parametrize(
    ("item", "kind", "reason"),
    [
        (node("n1", cpu="lots"), facts.NODES, "`status.allocatable.cpu` of node `n1` is `lots`"),
        (node("n1", memory="-1"), facts.NODES, "`status.allocatable.memory` of node `n1` is `-1`"),
        (node("n1", pods=[5]), facts.NODES, "`status.allocatable.pods` of node `n1` is `[5]`"),
        (node("n1", gpus=True), facts.NODES, "gpu` of node `n1` is `true`, no amount"),
        (node("n1", cpu=None), facts.NODES, "node `n1` lacks `status.allocatable.cpu`"),
        (node("n1", taints=[{"key": "a"}]), facts.NODES, "a taint of node `n1` lacks its key or"),
        (node("n1", taints=5), facts.NODES, "`spec.taints` of node `n1` is no list"),
        (
            requesting({"requests": {"cpu": "lots"}}),
            facts.PODS,
            "`spec.containers[0].resources.requests.cpu` of pod `ml/p` is `lots`, no amount",
        ),
        (
            requesting({"limits": {"memory": "1GB"}}, "initContainers"),
            facts.PODS,
            "`spec.initContainers[0].resources.limits.memory` of pod `ml/p` is `1GB`",
        ),
        (
            requesting({"requests": 5}),
            facts.PODS,
            "resources.requests` of pod `ml/p` is no mapping",
        ),
        (requesting(5), facts.PODS, "`spec.containers[0].resources` of pod `ml/p` is no mapping"),
        (asking(containers=[5]), facts.PODS, "`spec.containers[0]` of pod `ml/p` is no mapping"),
        (asking(initContainers=5), facts.PODS, "`spec.initContainers` of pod `ml/p` is no list"),
        (asking(overhead={"cpu": {}}), facts.PODS, "`spec.overhead.cpu` of pod `ml/p` is `{}`"),
        (
            instance_type("lots"),
            facts.INSTANCE_TYPES,
            "`spec.resources.requests.cpu` of InstanceType `small` is `lots`, no amount",
        ),
    ],
)
def test_an_amount_that_cannot_be_read_is_told_with_its_object(
    amllint: Commands, item: dict[str, Any], kind: Kind[Any], reason: str
) -> None:
    done = take(amllint, {"cluster.json": listed(item)})
    assert f"{kind.name}: unknown: cluster.json is not as expected: " in done.err
    assert reason in done.err
    assert "nothing could be read" in done.err


def test_amounts_that_can_be_read_are_kept_as_they_are_written(amllint: Commands) -> None:
    done = take(amllint, {"c.json": listed(node("n1", 2, "1.6Gi"), instance_type("500m"))})
    (row,) = snapshot_of(done).fact(facts.NODES).value  # type: ignore[union-attr]
    assert row["status"]["allocatable"] == {"cpu": 2, "memory": "1.6Gi", "pods": "110"}
    (kind,) = snapshot_of(done).fact(facts.INSTANCE_TYPES).value  # type: ignore[union-attr]
    assert kind.requests == {"cpu": "500m"}
