"""Rules of 5xx whose facts a snapshot tells."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from amllint.engine.check import Report
from amllint.snapshot import facts
from amllint.snapshot.commands import absent
from amllint.snapshot.exports import from_files
from amllint.snapshot.place_rows import InstanceType, NodePool
from tests.rules.clusters import (
    Given,
    aks,
    compute,
    computes,
    held,
    known,
    kubectl,
    kubernetes,
    node,
    pod,
    pool,
    pools,
    said,
    unchecked,
    usages,
)

LARGER, FIT, MISSING, IDLE = (
    "pod-larger-than-node",
    "replicas-do-not-fit",
    "gpu-nodes-missing",
    "gpu-nodes-idle",
)
CLUSTER_RULES = {LARGER, FIT, MISSING, IDLE}
D2, D4, GPU = "Standard_D2_v3", "Standard_D4_v3", "Standard_NC4as_T4_v3"


def found(folder: Path, config: Any, *given: Given, toml: str = "") -> list[str]:
    name = "deployment.yml" if isinstance(config, str) else "deploymentconfig.json"
    return said(held(folder, {name: config}, known(*given), toml))


ONE = computes(compute("churn-aks"))
NODE_POOLS: list[tuple[dict[str, Any], tuple[NodePool, ...], list[str]]] = [
    (aks(cpu=1.8), (pool(D2, 3),), []),
    (aks(cpu=1.9), (pool(D2, 3),), [f"{LARGER} error"]),
    (aks(cpu=1.9), (pool(D2, 3), pool(D4, 2, "big")), [f"{FIT} warning"]),
    (aks(cpu=1.9, replicas=1), (pool(D2, 3), pool(D4, 2, "big")), []),
    (aks(replicas=3), (pool(D2, 3),), [f"{FIT} warning"]),
    (aks(replicas=4), (pool(D2, 3),), [f"{FIT} error"]),
    # The autoscaler: what it may add, and none where it is at its limit or off.
    (aks(replicas=4), (pool(D2, 3, is_autoscaled=True, max_count=5),), []),
    (aks(replicas=4), (pool(D2, 3, is_autoscaled=True, max_count=3),), [f"{FIT} error"]),
    (aks(replicas=4), (pool(D2, 3, is_autoscaled=False, max_count=9),), [f"{FIT} error"]),
    (aks(replicas=2), (pool(D2, 0, is_autoscaled=True, max_count=3),), []),
    # Pools that a service cannot run on.
    (aks(), (pool(D2, 3), pool(D4, 9, "win", os_type="Windows")), []),
    (aks(cpu=3), (pool(D2, 3), pool(D4, 9, "win", os_type="Windows")), [f"{LARGER} error"]),
    (aks(cpu=3), (pool(D2, 3), pool(D4, 9, "off", power="Stopped")), [f"{LARGER} error"]),
    (
        aks(cpu=3),
        (pool(D2, 3), pool(D4, 9, "sys", taints=("CriticalAddonsOnly=true:NoSchedule",))),
        [f"{LARGER} error"],
    ),
    (aks(), (pool(D2, 9, taints=("team=other:NoSchedule",)),), [f"{FIT} error"]),
    (aks(), (pool(D2, 9, taints=("team=other:PreferNoSchedule",)),), []),
    # How many pods a node may have.
    (aks(cpu=0.01, memory=0.01, replicas=5), (pool(D2, 3, max_pods=1),), [f"{FIT} error"]),
    # Memory, by the version of the nodes and the number of pods.
    (aks(memory=6.6), (pool(D2, 3, max_pods=30),), []),
    (aks(memory=6.6), (pool(D2, 3, max_pods=110),), [f"{LARGER} error"]),
    (aks(memory=4.9), (pool(D2, 3, kubernetes_version="1.28.9"),), [f"{LARGER} error"]),
    # GPUs.
    (aks(gpuCores=1), (pool(D2, 9),), [f"{MISSING} error"]),
    (aks(gpuCores=1, replicas=1), (pool(D2, 9), pool(GPU, 2, "gpu")), []),
    (aks(gpuCores=1, replicas=3), (pool(D2, 9), pool(GPU, 2, "gpu")), [f"{MISSING} error"]),
    (
        aks(gpuCores=1, replicas=1),
        (pool(D2, 9), pool(GPU, 2, "gpu", taints=("sku=gpu:NoSchedule",))),
        [],
    ),
    # A GPU, and cores that no node has together with one.
    (aks(cpu=6, gpuCores=1), (pool("Standard_D8_v3", 9), pool(GPU, 2, "g")), [f"{LARGER} error"]),
]


@pytest.mark.parametrize(("config", "given", "findings"), NODE_POOLS)
def test_a_configuration_is_held_against_the_node_pools(
    config: dict[str, Any], given: tuple[NodePool, ...], findings: list[str], tmp_path: Path
) -> None:
    assert found(tmp_path, config, ONE, pools("churn-aks", *given)) == findings


def test_messages_name_the_cluster_and_the_day_of_the_snapshot(tmp_path: Path) -> None:
    given = known(ONE, pools("churn-aks", pool(D2, 3)))
    report = held(tmp_path, {"a/deploymentconfig.json": aks(cpu=9)}, given)
    (larger,) = report.findings
    assert "a node of Standard_D2_v3 in `churn-aks` (snapshot of 2026-11-20) has" in larger.message
    report = held(tmp_path, {"a/deploymentconfig.json": aks(replicas=9)}, given)
    (fit,) = report.findings
    assert fit.message == (
        "3 nodes of Standard_D2_v3 in `churn-aks` (snapshot of 2026-11-20) take 3 replicas of 1.1 "
        "cores and 2.60 GiB with nothing else, and `numReplicas` is 9: the others find no node"
    )


def test_messages_tell_one_node_from_several(tmp_path: Path) -> None:
    given = known(ONE, pools("churn-aks", pool(GPU, 1)))
    (fit,) = held(tmp_path, {"deploymentconfig.json": aks(replicas=9)}, given).findings
    assert "1 node of Standard_NC4as_T4_v3 in `churn-aks` (snapshot of" in fit.message
    assert "20) takes " in fit.message
    config = {"deploymentconfig.json": aks(replicas=9, gpuCores=1)}
    assert "20) has GPUs for 1 of the 9" in held(tmp_path, config, given).findings[0].message
    items = kubectl(node("n", cpu="16", memory="64Gi", gpus=1))
    (idle,) = held(tmp_path, {"deploymentconfig.json": aks(replicas=1)}, known(*items)).findings
    assert "20) has 1 GPU, and" in idle.message


# -- kubectl --------------------------------------------------------------------------------

THREE = [node(f"n{number}") for number in range(3)]
BUSY = [pod(f"sys{n}", f"n{n}", cpu="900m", memory="1Gi") for n in range(3)]
OBSERVED: list[tuple[dict[str, Any], list[dict[str, Any]], list[str]]] = [
    (aks(replicas=2), THREE, []),
    (aks(replicas=4), THREE, [f"{FIT} error"]),
    # What other pods ask for is counted; what has ended is not.
    (aks(replicas=2), [*THREE, *BUSY], [f"{FIT} error"]),
    (aks(cpu=0.9, replicas=2), [*THREE, *BUSY], []),
    (aks(), [*THREE, *(pod(f"j{n}", f"n{n}", cpu=1, phase="Succeeded") for n in range(3))], []),
    # Cordoned nodes take nothing, nor do tainted ones.
    (aks(replicas=2), [*THREE[:2], node("n2", cordoned=True)], [f"{FIT} warning"]),
    (aks(replicas=3), [*THREE[:2], node("n2", cordoned=True)], [f"{FIT} error"]),
    (aks(), [node("n0", cordoned=True), node("n1", cordoned=True)], [f"{FIT} error"]),
    (
        aks(replicas=3),
        [*THREE[:2], node("n2", taints=[{"key": "team", "effect": "NoExecute"}])],
        [f"{FIT} error"],
    ),
    # Nor do nodes whose conditions are bad, where an export lacks the taints of these.
    (aks(replicas=2), [*THREE[:2], node("n2", states={"Ready": "False"})], [f"{FIT} warning"]),
    (aks(replicas=3), [*THREE[:2], node("n2", states={"Ready": "Unknown"})], [f"{FIT} error"]),
    (aks(replicas=3), [*THREE[:2], node("n2", states={"DiskPressure": "True"})], [f"{FIT} error"]),
    (aks(replicas=2), [*THREE[:2], node("n2", states={"MemoryPressure": "True"})], []),
    (
        aks(replicas=3),
        [*THREE[:2], node("n2", labels={"kubernetes.io/os": "windows"})],
        [f"{FIT} error"],
    ),
    # Amounts in every spelling.
    (aks(cpu=1.9, memory=1, replicas=1), [node("n", 2, "1.6Gi"), node("m", "2", 1717986919)], []),
    (
        aks(cpu=1.9, memory=1),
        [node("n", "2", "1.5Gi"), node("m", 2, 1717986918)],
        [f"{LARGER} error"],
    ),
    (aks(cpu=0.1, memory=0.1), [node("n", "200m", "128974848000000m"), *THREE], []),
    (
        aks(cpu=1.9, memory=1, replicas=1),
        [node("n", "2", "1717986919000m"), node("m", 2.0, "2e9")],
        [],
    ),
    # Pods a node may have.
    (aks(cpu=0.1, memory=0.1, replicas=4), [node("n", pods="3"), pod("p", "n")], [f"{FIT} error"]),
    (aks(cpu=0.1, memory=0.1, replicas=2), [node("n", pods="4"), pod("p", "n")], []),
]


@pytest.mark.parametrize(("config", "items", "findings"), OBSERVED)
def test_a_configuration_is_held_against_the_nodes_as_kubectl_has_them(
    config: dict[str, Any], items: list[dict[str, Any]], findings: list[str], tmp_path: Path
) -> None:
    given = kubectl(*items)
    assert found(tmp_path, config, ONE, pools("churn-aks", pool(D2, 9)), *given) == findings
    assert found(tmp_path, config, *given) == findings


def test_a_node_that_does_not_say_how_many_pods_it_may_have_takes_some(tmp_path: Path) -> None:
    nodes = [node(f"n{n}") for n in range(3)]
    for given in nodes:
        del given["status"]["allocatable"]["pods"]
    assert found(tmp_path, aks(replicas=2), *kubectl(*nodes)) == []
    assert found(tmp_path, aks(replicas=4), *kubectl(*nodes)) == [f"{FIT} error"]


def test_a_node_pool_grows_by_nodes_with_their_daemon_sets(tmp_path: Path) -> None:
    daemons = [pod(f"d{n}", f"n{n}", owner="DaemonSet", cpu="600m") for n in range(3)]
    others = [pod(f"x{n}", f"n{n}", owner="ReplicaSet", cpu="1200m") for n in range(3)]
    scaled = pools("churn-aks", pool(D2, 3, is_autoscaled=True, max_count=5))
    config = {"deploymentconfig.json": aks(cpu=1, replicas=1)}
    report = held(tmp_path, config, known(ONE, scaled, *kubectl(*THREE, *daemons, *others)))
    assert said(report) == []
    config = {"deploymentconfig.json": aks(cpu=1.3, replicas=1)}
    report = held(tmp_path, config, known(ONE, scaled, *kubectl(*THREE, *daemons, *others)))
    assert said(report) == [f"{FIT} error"]


CONDITIONS = ("unschedulable", "disk-pressure", "not-ready")


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_node_that_is_not_well_shuts_no_node_that_may_come(
    condition: str, tmp_path: Path
) -> None:
    taints = [{"key": f"node.kubernetes.io/{condition}", "effect": "NoSchedule"}]
    ill = node("n0", taints=taints, cordoned=condition == "unschedulable")
    scaled = pools("churn-aks", pool(D2, 1, is_autoscaled=True, max_count=5))
    assert found(tmp_path, aks(replicas=3), ONE, scaled, *kubectl(ill)) == []
    assert found(tmp_path, aks(replicas=5), ONE, scaled, *kubectl(ill)) == [f"{FIT} error"]
    kept = node("n0", taints=[*taints, {"key": "team", "effect": "NoSchedule"}])
    assert found(tmp_path, aks(), ONE, scaled, *kubectl(kept)) == [f"{FIT} error"]


def test_new_nodes_are_like_one_that_is_well(tmp_path: Path) -> None:
    ill = node("n0", taints=[{"key": "cilium-not-ready", "effect": "NoSchedule"}], cordoned=True)
    scaled = pools("churn-aks", pool(D2, 2, is_autoscaled=True, max_count=5))
    assert found(tmp_path, aks(replicas=3), ONE, scaled, *kubectl(ill, node("n1"))) == []


def test_nodes_that_are_there_count_for_the_most_of_a_pool(tmp_path: Path) -> None:
    scaled = pools("churn-aks", pool(D2, 0, is_autoscaled=True, max_count=5))
    given = (ONE, scaled, *kubectl(*THREE))
    assert found(tmp_path, aks(replicas=4), *given) == []
    assert found(tmp_path, aks(replicas=6), *given) == [f"{FIT} error"]


def test_the_quota_limits_what_the_autoscaler_adds(tmp_path: Path) -> None:
    scaled = pools("churn-aks", pool(D2, 2, is_autoscaled=True, max_count=9))
    config = aks(replicas=3)

    def left(**rows: tuple[int, int | None]) -> list[str]:
        return found(tmp_path, config, ONE, scaled, usages(facts.COMPUTE_USAGES, **rows))

    assert left(cores=(10, 14)) == []
    assert left(cores=(10, 13)) == [f"{FIT} warning"]
    assert left(cores=(10, 11)) == [f"{FIT} error"]
    assert left(cores=(0, 100), standardDv3Family=(12, 10)) == [f"{FIT} error"]
    assert left(cores=(0, 100), standardDv3Family=(10, None)) == []


OF_POOL = InstanceType("named", {"agentpool": "gpu"}, {"cpu": "1", "memory": "2Gi"}, {})


def test_pools_of_like_nodes_share_the_quota(tmp_path: Path) -> None:
    cores = usages(facts.COMPUTE_USAGES, cores=(88, 100))
    scaled = {"is_autoscaled": True, "max_count": 9}

    def judged(replicas: int, **other: Any) -> list[str]:
        two = pools("churn-aks", pool(D2, 1, "a", **scaled), pool(D2, 1, "b", **scaled, **other))
        with_pools = found(tmp_path, aks(replicas=replicas), ONE, two, cores)
        nodes = kubectl(*(node(f"n{name}", pool=name) for name in "ab"))
        assert found(tmp_path, aks(replicas=replicas), ONE, two, cores, *nodes) == with_pools
        return with_pools

    # Six more nodes of two cores, for both together.
    assert judged(7) == []
    assert judged(9) == [f"{FIT} error"]
    # Which of two kinds gets the cores is not known.
    assert judged(9, max_pods=30) == []
    # A deployment to Kubernetes may ask for one of them by its name.
    two = pools("churn-aks", pool(D2, 1, "a", **scaled), pool(D2, 1, "gpu", **scaled))
    typed = computes(compute("churn-aks", kind="Kubernetes", instance_types=(OF_POOL,)))
    replicas = "instance_type: named\ninstance_count: 6\n"
    assert found(tmp_path / "v2", kubernetes(replicas), typed, two, cores) == []


def test_what_is_short_is_told_by_the_node_that_has_the_most_of_it(tmp_path: Path) -> None:
    items = kubectl(node("wide", "7800m", "8Gi"), node("deep", "3800m", "16Gi"))
    for config, help in (
        (aks(cpu=2, memory=20), "lower `memoryInGB` to 15.3 or less, or take a larger size"),
        (aks(cpu=5, memory=20), "lower `memoryInGB` to 7.3 or less, or take a larger size"),
        (aks(cpu=9, memory=12), "lower `cpu` to 3.7 or less, or take a larger size"),
        (aks(cpu=9, memory=4), "lower `cpu` to 7.7 or less, or take a larger size"),
    ):
        report = held(tmp_path, {"deploymentconfig.json": config}, known(*items))
        assert (report.findings[0].observation.help or "").startswith(help)


# -- a service that is there already ---------------------------------------------------------


def replicas_of(service: str, count: int, space: str = "azureml-prod") -> list[dict[str, Any]]:
    names = [f"{service}-6fbf7c6dcb-{n:05d}" for n in range(count)]
    return [pod(name, f"n{n}", space, cpu="1100m", memory="2Gi") for n, name in enumerate(names)]


def deployed(folder: Path, items: list[dict[str, Any]], named: str, replicas: int) -> list[str]:
    line = f"az ml model deploy -n {named} -m churn:3 --ic ic.json --dc dc.json\n"
    inference = {"entryScript": "score.py", "runtime": "python", "condaFile": "conda.yml"}
    files = {"deploy.sh": line, "ic.json": inference, "dc.json": aks(replicas=replicas)}
    report = held(folder, {**files, "conda.yml": "", "score.py": ""}, known(*kubectl(*items)))
    return [name for name in said(report) if name.split()[0] in CLUSTER_RULES]


def test_an_update_takes_the_place_of_its_own_pods(tmp_path: Path) -> None:
    three = [*THREE, *replicas_of("churn", 2)]
    assert deployed(tmp_path, three, "churn", 2) == []
    assert deployed(tmp_path, three, "churn", 3) == []
    assert deployed(tmp_path, three, "churn", 4) == [f"{FIT} error"]
    full = [*THREE, *replicas_of("churn", 3)]
    assert deployed(tmp_path, full, "churn", 3) == [f"{FIT} warning"]


def test_an_update_to_fewer_replicas_ends_old_ones_first(tmp_path: Path) -> None:
    full = [*THREE, *replicas_of("churn", 3)]
    assert deployed(tmp_path, full, "churn", 2) == []


def test_pods_are_in_the_namespace_that_the_configuration_names(tmp_path: Path) -> None:
    full = [*THREE, *replicas_of("churn", 3, "serving")]
    assert found(tmp_path, aks(replicas=3, namespace="serving"), *kubectl(*full)) == [
        f"{FIT} warning"
    ]
    assert found(tmp_path, aks(replicas=3, namespace="shop"), *kubectl(*full)) == [f"{FIT} error"]


def test_a_namespace_that_is_known_later_leaves_its_rules_unchecked(tmp_path: Path) -> None:
    config = {"deploymentconfig.json": aks(replicas=9, namespace="__SPACE__")}
    report = held(tmp_path, config, known(*kubectl(*THREE)))
    assert said(report) == []
    assert unchecked(report) == CLUSTER_RULES
    # Where no pods are known it makes no difference.
    report = held(tmp_path, config, known(ONE, pools("churn-aks", pool(D2, 3))))
    assert said(report) == [f"{FIT} error"]


def test_pods_of_another_workspace_stay(tmp_path: Path) -> None:
    foreign = replicas_of("churn", 3, "azureml-test")
    assert deployed(tmp_path, [*THREE, *foreign], "churn", 3) == [f"{FIT} error"]
    assert deployed(tmp_path, [*THREE, *replicas_of("churn", 3)], "churn", 3) == [f"{FIT} warning"]


def test_services_of_one_name_in_two_namespaces_are_two(tmp_path: Path) -> None:
    other = replicas_of("churn", 3, "serving")[1:]
    items = kubectl(*THREE, *replicas_of("churn", 1), *other)
    assert found(tmp_path, aks(replicas=3, namespace="serving"), *items) == [f"{FIT} error"]


def test_any_namespace_of_azure_ml_counts_where_the_workspace_is_not_known(tmp_path: Path) -> None:
    given = known(*kubectl(*THREE, *replicas_of("churn", 3, "azureml-test")))
    config = {"deploymentconfig.json": aks(replicas=3)}
    assert said(held(tmp_path, config, replace(given, workspace=None))) == [f"{FIT} warning"]
    for name, findings in (("Te_st", "warning"), ("prod", "error")):
        assert said(held(tmp_path, config, replace(given, workspace=name))) == [f"{FIT} {findings}"]


def test_pods_that_have_ended_give_no_place(tmp_path: Path) -> None:
    names = (f"churn-6fbf7c6dcb-{n:05d}" for n in range(3))
    ended = [pod(x, "n0", "azureml-prod", cpu="1100m", phase="Failed") for x in names]
    assert deployed(tmp_path, [*THREE, *ended], "churn", 4) == [f"{FIT} error"]


def test_the_pods_of_another_service_stay(tmp_path: Path) -> None:
    items = [*THREE, *replicas_of("prices", 2)]
    assert deployed(tmp_path, items, "churn", 2) == [f"{FIT} error"]
    assert deployed(tmp_path, items, "churn", 1) == [f"{FIT} warning"]
    elsewhere = [*THREE, *replicas_of("churn", 2, "shop")]
    assert deployed(tmp_path, elsewhere, "churn", 2) == [f"{FIT} error"]


def test_where_the_service_is_not_named_it_may_be_any_of_those_that_run(tmp_path: Path) -> None:
    items = [*THREE, *replicas_of("churn", 2)]
    assert deployed(tmp_path, items, "$SERVICE", 3) == []
    assert found(tmp_path / "alone", aks(replicas=3), *kubectl(*items)) == []
    assert found(tmp_path / "alone", aks(replicas=4), *kubectl(*items)) == [f"{FIT} error"]


# -- which cluster ---------------------------------------------------------------------------

TWO = computes(compute("dev-aks"), compute("prod-aks"))
SIZES = (pools("dev-aks", pool(D2, 1)), pools("prod-aks", pool(D4, 9, "main")))


def test_the_compute_that_is_named_is_looked_at(tmp_path: Path) -> None:
    config = aks(cpu=3, computeTargetName="prod-aks")
    assert found(tmp_path, config, TWO, *SIZES) == []
    config = aks(cpu=3, computeTargetName="DEV-AKS")
    assert found(tmp_path, config, TWO, *SIZES) == [f"{LARGER} error"]


def test_a_declaration_names_the_compute(tmp_path: Path) -> None:
    toml = '[[deployment]]\ndeployment-config = "deploymentconfig.json"\n'
    toml += 'compute-target = "dev-aks"\n'
    assert found(tmp_path, aks(cpu=3), TWO, *SIZES, toml=toml) == [f"{LARGER} error"]


def test_a_call_names_the_compute(tmp_path: Path) -> None:
    code = """\
from azureml.core import Model, Workspace
from azureml.core.compute import AksCompute
from azureml.core.webservice import AksWebservice

ws = Workspace.from_config()
target = AksCompute(ws, "{}")
config = AksWebservice.deploy_configuration(cpu_cores=3, memory_gb=2, num_replicas=1)
Model.deploy(ws, "churn", [], None, config, target)
"""
    given = known(TWO, *SIZES)
    assert said(held(tmp_path, {"deploy.py": code.format("prod-aks")}, given)) == []
    report = held(tmp_path, {"deploy.py": code.format("dev-aks")}, given)
    assert said(report) == [f"{LARGER} error"]


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        (aks(cpu=9), "nothing says to which compute of dev-aks, prod-aks it goes"),
        (
            aks(cpu=9, computeTargetName="__AKS__"),
            "nothing says to which compute of dev-aks, prod-aks it goes",
        ),
        (
            aks(cpu=9, computeTargetName="old-aks"),
            "`old-aks` is not among the computes of the snapshot",
        ),
    ],
)
def test_where_it_may_be_either_of_two_its_rules_are_unchecked(
    config: dict[str, Any], reason: str, tmp_path: Path
) -> None:
    report = held(tmp_path, {"deploymentconfig.json": config}, known(TWO, *SIZES))
    assert said(report) == []
    assert {(u.fact, u.reason) for u in report.unchecked} == {("cluster", f"not known: {reason}")}
    assert unchecked(report) == CLUSTER_RULES


def test_a_lone_cluster_is_that_of_no_compute_of_another_name(tmp_path: Path) -> None:
    for given in ((pools("churn-aks", pool(D2, 3)),), kubectl(*THREE)):
        config = {"deploymentconfig.json": aks(cpu=9, computeTargetName="huge-aks")}
        report = held(tmp_path, config, known(*given, (facts.COMPUTES, "HTTP 403: no")))
        assert said(report) == []
        assert unchecked(report) == CLUSTER_RULES
        assert {u.reason for u in report.unchecked} == {"not known: computes: HTTP 403: no"}
    named = aks(cpu=9, computeTargetName="Churn-AKS")
    assert found(tmp_path, named, pools("churn-aks", pool(D2, 3))) == [f"{LARGER} error"]
    assert found(tmp_path, aks(cpu=9), pools("churn-aks", pool(D2, 3))) == [f"{LARGER} error"]


def test_nodes_of_kubectl_are_held_to_be_of_the_cluster_that_they_name(tmp_path: Path) -> None:
    config = aks(cpu=3, replicas=1, computeTargetName="prod-aks")
    group = "MC_rg_dev-aks_eastus"
    of_dev = kubectl(*(node(f"n{n}", group=group) for n in range(3)))
    assert found(tmp_path, config, TWO, *SIZES, *of_dev) == []
    config["computeTargetName"] = "dev-aks"
    assert found(tmp_path, config, TWO, *SIZES, *of_dev) == [f"{LARGER} error"]
    report = held(tmp_path, {"deploymentconfig.json": config}, known(TWO, *SIZES, *of_dev))
    assert "in `dev-aks` (snapshot of" in report.findings[0].message


def test_nodes_name_the_cluster_by_what_aks_calls_it(tmp_path: Path) -> None:
    attached = computes(compute("scoring", "prod-aks"), compute("trying", "dev-aks"))
    config = aks(cpu=3, replicas=1, computeTargetName="scoring")
    own = kubectl(*(node(f"n{n}", group="MC_rg_prod-aks_eastus") for n in range(3)))
    assert found(tmp_path, config, attached, *SIZES, *own) == [f"{LARGER} error"]
    other = kubectl(*(node(f"n{n}", group="MC_rg_dev-aks_eastus") for n in range(3)))
    assert found(tmp_path, config, attached, *SIZES, *other) == []
    config = aks(cpu=9, computeTargetName="scoring")
    report = held(tmp_path, {"deploymentconfig.json": config}, known(attached, *SIZES, *other))
    source = "(snapshot of 2026-11-20; the nodes of kubectl may be of another)"
    assert source in report.findings[0].message


PROD, DEV = "MC_rg_prod-aks_eastus", "MC_rg_dev-aks_eastus"


def of_both(prod: int, dev: int) -> list[dict[str, Any]]:
    """Nodes of two clusters, each with pods of the system."""
    nodes = [node(f"p{n}", "1900m", group=PROD) for n in range(prod)]
    nodes += [node(f"d{n}", "1900m", group=DEV) for n in range(dev)]
    return nodes + [pod(f"dns-{n['metadata']['name']}", n["metadata"]["name"]) for n in nodes]


def test_nodes_of_two_clusters_are_told_apart_by_their_labels(tmp_path: Path) -> None:
    both = kubectl(*of_both(3, 1))
    for name, replicas, findings in (
        ("prod-aks", 2, []),
        ("prod-aks", 4, [f"{FIT} error"]),
        ("dev-aks", 2, [f"{FIT} error"]),
    ):
        config = aks(replicas=replicas, computeTargetName=name)
        assert found(tmp_path, config, TWO, *SIZES, *both) == findings
        # Without the sizes, the computes alone are known.
        report = held(tmp_path, {"deploymentconfig.json": config}, known(TWO, *both))
        reasons = [u.reason for u in report.unchecked if u.rule == FIT]
        assert all("whether nodes are added is not known" in reason for reason in reasons)
        assert len(reasons) == len(findings)
    report = held(tmp_path, {"deploymentconfig.json": config}, known(TWO, *SIZES, *both))
    assert report.findings[0].message.startswith("1 node of Standard_D2_v3 in `dev-aks` (snapsh")


def test_pods_of_one_cluster_take_no_room_of_another(tmp_path: Path) -> None:
    items = [*of_both(2, 2), *(pod(f"x{n}", f"d{n}", cpu=1) for n in range(2))]
    config = aks(replicas=1, computeTargetName="prod-aks")
    assert found(tmp_path, config, TWO, *SIZES, *kubectl(*items)) == []
    config = aks(replicas=1, computeTargetName="dev-aks")
    assert found(tmp_path, config, TWO, *SIZES, *kubectl(*items)) == [f"{FIT} error"]


def test_services_of_another_cluster_are_not_replaced(tmp_path: Path) -> None:
    own = [pod("churn-6fbf7c6dcb-00000", "p0", "azureml-prod", cpu="1100m", memory="2Gi")]
    other = [pod(f"churn-6fbf7c6dcb-1000{n}", f"d{n}", "azureml-prod", cpu=1) for n in range(2)]
    config = {"deploymentconfig.json": aks(replicas=2, computeTargetName="prod-aks")}
    items = kubectl(*of_both(1, 2), *own, *other)
    report = held(tmp_path, config, known(TWO, *SIZES, *items))
    assert said(report) == [f"{FIT} error"]
    assert "in the place of the 1 of `churn`" in report.findings[0].message


def test_a_cluster_whose_pods_are_not_among_those_of_another_may_be_busy(tmp_path: Path) -> None:
    pods_of_dev = [item for item in of_both(0, 1) if item["kind"] == "Pod"]
    nodes = [item for item in of_both(2, 1) if item["kind"] == "Node"]
    config = {"deploymentconfig.json": aks(replicas=1, computeTargetName="prod-aks")}
    busy = "what else runs on the nodes is not known; on empty ones the replicas fit"
    for pods in (pods_of_dev, [*pods_of_dev, pod("churn", "p0", "azureml-prod", cpu="1")]):
        report = held(tmp_path, config, known(TWO, *SIZES, *kubectl(*nodes, *pods)))
        assert said(report) == []
        assert {u.reason for u in report.unchecked if u.rule == FIT} == {busy}
    whole = kubectl(*of_both(2, 1))
    assert unchecked(held(tmp_path, config, known(TWO, *SIZES, *whole))) == set()


def test_pods_that_are_all_on_other_nodes_say_nothing_of_these(tmp_path: Path) -> None:
    elsewhere = kubectl(*THREE, pod("dns", "gone"))
    config = {"deploymentconfig.json": aks(replicas=1)}
    given = (ONE, pools("churn-aks", pool(D2, 3)))
    report = held(tmp_path, config, known(*given, *elsewhere))
    assert FIT in unchecked(report)
    report = held(tmp_path, config, known(*given, *kubectl(*THREE, pod("dns", "n0"))))
    assert unchecked(report) == set()


def test_nodes_of_two_clusters_of_which_none_is_meant_are_left_out(tmp_path: Path) -> None:
    config = {"deploymentconfig.json": aks(cpu=9)}
    report = held(tmp_path, config, known(ONE, *kubectl(*of_both(1, 1), node("x"))))
    assert said(report) == []
    assert unchecked(report) == CLUSTER_RULES


def test_instance_types_of_two_clusters_are_those_of_none(tmp_path: Path) -> None:
    typed = computes(compute("churn-k8s", "prod-aks", "Kubernetes"))
    config = {"d.yml": kubernetes("instance_type: large\ninstance_count: 1\n")}
    own, both = (kubectl(*of_both(2, dev)) for dev in (0, 1))
    listed = (facts.INSTANCE_TYPES, TYPES)
    assert said(held(tmp_path, config, known(typed, *SIZES, listed, *own))) == [f"{LARGER} error"]
    report = held(tmp_path, config, known(typed, *SIZES, listed, *both))
    assert said(report) == []
    reason = "not known: what `large` asks for: the InstanceTypes of `churn-k8s` are not known"
    assert {u.reason for u in report.unchecked if u.rule == LARGER} == {reason}


def test_amounts_that_cannot_be_read_are_the_reason_that_is_given(tmp_path: Path) -> None:
    broken = node("n1")
    broken["status"]["allocatable"]["cpu"] = "lots"
    ill = pod("p", "n0")
    ill["spec"]["containers"][0]["resources"] = {"requests": {"memory": "much"}}
    config = {"deploymentconfig.json": aks(cpu=9)}
    lacks = absent("aks_cluster", "churn-aks", "azure")
    for items, reason in (
        (((facts.NODES, (broken,)),), "node `n1`: `lots` is no quantity"),
        (((facts.NODES, (THREE[0],)), (facts.PODS, (ill,))), "pod `p`: `much` is no quantity"),
    ):
        report = held(tmp_path, config, known(ONE, *items))
        assert said(report) == []
        assert {u.reason for u in report.unchecked} == {
            f"not known: aks_cluster of churn-aks: {lacks}; nodes: {reason}"
        }
        report = held(tmp_path, config, known(ONE, pools("churn-aks", pool(D2, 3)), *items))
        assert said(report) == [f"{LARGER} error"]
        source = f"(snapshot of 2026-11-20; the nodes of kubectl cannot be read: {reason})"
        assert source in report.findings[0].message


def test_nodes_without_a_name_are_told_by_their_pools(tmp_path: Path) -> None:
    config = aks(replicas=3, computeTargetName="prod-aks")
    of_prod = kubectl(*(node(f"n{n}", "1900m", pool="main", size=D4) for n in range(2)))
    assert found(tmp_path, config, TWO, *SIZES, *of_prod) == [f"{FIT} error"]
    of_dev = kubectl(*(node(f"n{n}", "1900m") for n in range(2)))
    assert found(tmp_path, config, TWO, *SIZES, *of_dev) == []


def test_nodes_that_may_be_of_either_cluster_are_left_out(tmp_path: Path) -> None:
    alike = (pools("dev-aks", pool(D2, 1)), pools("prod-aks", pool(D2, 9)))
    config = aks(replicas=5, computeTargetName="prod-aks")
    assert found(tmp_path, config, TWO, *alike, *kubectl(*THREE)) == []
    report = held(tmp_path, {"deploymentconfig.json": config}, known(TWO, *kubectl(*THREE)))
    assert said(report) == []
    assert unchecked(report) == CLUSTER_RULES


def test_a_cluster_of_the_same_name_in_another_group_is_another(tmp_path: Path) -> None:
    kind, cluster, name = pools("churn-aks", pool(D2, 1))
    other = (kind, replace(cluster, id=cluster.id.replace("/rg/", "/other/")), name)
    report = held(tmp_path, {"deploymentconfig.json": aks(cpu=9)}, known(ONE, other))
    assert said(report) == []
    assert unchecked(report) == CLUSTER_RULES


def test_a_cluster_whose_name_begins_like_that_of_another_is_another(tmp_path: Path) -> None:
    two = computes(compute("a", vm_size=D4, nodes=9), compute("a_b", vm_size=D4, nodes=9))
    own = kubectl(*(node(f"n{n}", group="MC_rg_a_b_eastus") for n in range(3)))
    config = aks(cpu=3, replicas=1)
    assert found(tmp_path, {**config, "computeTargetName": "a"}, two, *own) == []
    assert found(tmp_path, {**config, "computeTargetName": "a_b"}, two, *own) == [f"{LARGER} error"]


def test_a_label_that_was_cut_names_a_cluster_by_its_beginning(tmp_path: Path) -> None:
    long = "churn-" + "a" * 57
    listed = computes(compute("churn-aks", long), compute("other"))
    nodes = kubectl(node("n1", cpu="900m", group=f"MC_rg_{long}"[:63]))
    config = aks(cpu=1, computeTargetName="churn-aks")
    assert found(tmp_path, config, listed, *nodes) == [f"{LARGER} error"]


def test_two_computes_of_one_cluster_are_one(tmp_path: Path) -> None:
    both = computes(compute("old", "churn-aks"), compute("new", "churn-aks", "Kubernetes"))
    known_pools = pools("churn-aks", pool(D2, 3))
    assert found(tmp_path, aks(replicas=4), both, *kubectl(*THREE), known_pools) == [f"{FIT} error"]


def test_without_node_pools_nodes_are_as_azure_ml_counts_them(tmp_path: Path) -> None:
    given = computes(compute("churn-aks", vm_size=D2, nodes=3))
    unread = (facts.AKS_CLUSTER, "HTTP 403: no", "churn-aks")
    report = held(tmp_path, {"deploymentconfig.json": aks(cpu=5)}, known(given, unread))
    assert said(report) == [f"{LARGER} error"]
    source = "(as Azure ML counts them, snapshot of 2026-11-20)"
    assert source in report.findings[0].message


# -- what is declared ------------------------------------------------------------------------

DECLARED = '[target.cluster]\nnode-size = "Standard_D8_v3"\nnodes = 9\n'
OWN = '[[deployment]]\ndeployment-config = "deploymentconfig.json"\ncluster = {{ {} }}\n'


def test_a_snapshot_counts_before_what_is_declared_for_all(tmp_path: Path) -> None:
    given = (ONE, pools("churn-aks", pool(D2, 3)))
    assert found(tmp_path, aks(cpu=5), *given, toml=DECLARED) == [f"{LARGER} error"]
    assert found(tmp_path, aks(cpu=5), TWO, toml=DECLARED) == []


def test_what_is_declared_for_a_deployment_counts_before_the_snapshot(tmp_path: Path) -> None:
    given = (ONE, pools("churn-aks", pool(D2, 3)))
    own = OWN.format('node-size = "Standard_D8_v3", nodes = 9')
    assert found(tmp_path, aks(cpu=5), *given, toml=own) == []


def test_what_no_snapshot_tells_is_taken_from_the_declaration(tmp_path: Path) -> None:
    given = (ONE, pools("churn-aks", pool(D2, 3)))
    assert found(tmp_path, aks(cpu=1.9), *given, toml=OWN.format("side-container-cores = 0")) == []
    used = "[target.cluster]\nused-cores-per-node = 1\n"
    assert found(tmp_path, aks(replicas=2), *given, toml=used) == [f"{FIT} error"]
    assert found(tmp_path, aks(replicas=2), *kubectl(*THREE), toml=used) == []


def test_what_is_declared_to_run_there_counts_where_pods_are_not_known(tmp_path: Path) -> None:
    nodes = kubectl(*(node(f"n{n}", gpus=1) for n in range(3)))[0]
    unread, scaled = (facts.PODS, "HTTP 403: no"), pool(D2, 3, is_autoscaled=True, max_count=9)
    given = known(ONE, pools("churn-aks", scaled), nodes, unread)
    used = "[target.cluster]\nused-cores-per-node = {}\n"

    def judged(cores: float, **config: int) -> Report:
        files = {"deploymentconfig.json": aks(**config)}
        return held(tmp_path, files, given, used.format(cores))

    report = judged(1.5, gpuCores=1)
    assert said(report) == [f"{FIT} error"]
    assert "beside what is declared to run there" in report.findings[0].message
    assert said(judged(0.5, gpuCores=1)) == []
    # That some cores are taken does not say that no pod has the GPUs.
    report = judged(0.5)
    assert said(report) == []
    assert IDLE in unchecked(report)


# -- Kubernetes ------------------------------------------------------------------------------

TYPES = (
    InstanceType("small", {}, {"cpu": "1", "memory": "2Gi"}, {"cpu": "1", "memory": "2Gi"}),
    InstanceType("large", {}, {"cpu": "3", "memory": "2Gi"}, {"cpu": "3", "memory": "2Gi"}),
    InstanceType("gpu", {"agentpool": "gpu"}, {"cpu": "1"}, {"cpu": "1", "nvidia.com/gpu": "1"}),
)
ARC = computes(compute("churn-k8s", "churn-aks", "Kubernetes", instance_types=TYPES))
REPLICAS = "instance_type: small\ninstance_count: {}\n"
ONLINE: list[tuple[str, tuple[NodePool, ...], list[str]]] = [
    (REPLICAS.format(2), (pool(D2, 3),), []),
    (REPLICAS.format(3), (pool(D2, 3),), [f"{FIT} warning"]),
    (REPLICAS.format(4), (pool(D2, 3),), [f"{FIT} error"]),
    ("instance_type: LARGE\ninstance_count: 1\n", (pool(D2, 3),), [f"{LARGER} error"]),
    ("instance_type: large\ninstance_count: 1\n", (pool(D4, 3),), []),
    # What the deployment asks for itself counts before its type.
    (
        "instance_type: large\nresources:\n  requests:\n    cpu: 500m\n    memory: 1Gi\n",
        (pool(D2, 3),),
        [],
    ),
    (
        "instance_type: small\nresources:\n  requests:\n    cpu: '4'\n    memory: 1Gi\n",
        (pool(D2, 3),),
        [f"{LARGER} error"],
    ),
    # The labels of the type.
    ("instance_type: gpu\n", (pool(D2, 3), pool(GPU, 2, "gpu")), []),
    ("instance_type: gpu\n", (pool(D2, 3),), [f"{MISSING} error"]),
    ("instance_type: gpu\n", (pool(D2, 3), pool(GPU, 2, "other")), [f"{MISSING} error"]),
    # 0.1 cores and 2 GiB where nothing is named.
    ("instance_count: 6\n", (pool(D2, 3),), []),
    ("instance_count: 30\n", (pool(D2, 3),), [f"{FIT} error"]),
    (
        "instance_type: small\nscale_settings:\n  type: target_utilization\n  min_instances: 2\n"
        "  max_instances: 9\n",
        (pool(D2, 3),),
        [f"{FIT} warning"],
    ),
    ("instance_type: '{{TYPE}}'\ninstance_count: 30\n", (pool(D2, 3),), []),
    ("instance_type: small\ninstance_count: '{{N}}'\n", (pool(D2, 3),), []),
    ("instance_type: small\nresources:\n  requests:\n    cpu: lots\n", (pool(D2, 3),), []),
]


@pytest.mark.parametrize(("rest", "given", "findings"), ONLINE)
def test_a_deployment_to_kubernetes_is_held_against_its_cluster(
    rest: str, given: tuple[NodePool, ...], findings: list[str], tmp_path: Path
) -> None:
    assert found(tmp_path, kubernetes(rest), ARC, pools("churn-aks", *given)) == findings


def test_an_instance_type_that_cannot_be_read_leaves_its_rules_unchecked(tmp_path: Path) -> None:
    odd = InstanceType("odd", {}, {"cpu": "lots"}, {})
    typed = computes(compute("churn-k8s", "churn-aks", "Kubernetes", instance_types=(odd,)))
    given = known(typed, pools("churn-aks", pool(D2, 3)))
    report = held(tmp_path, {"d.yml": kubernetes("instance_type: odd\n")}, given)
    assert said(report) == []
    assert {(u.rule, u.reason) for u in report.unchecked} == {
        (LARGER, "not known: what `odd` asks for: `lots` is no quantity")
    }


def test_an_instance_type_that_is_not_there_leaves_its_rules_unchecked(tmp_path: Path) -> None:
    given = known(ARC, pools("churn-aks", pool(D2, 3)))
    report = held(tmp_path, {"d.yml": kubernetes("instance_type: huge\n")}, given)
    assert said(report) == []
    assert {(u.rule, u.fact, u.reason) for u in report.unchecked} == {
        (
            LARGER,
            "instance type",
            "not known: `huge` is none of those of `churn-k8s` (gpu, large, small)",
        )
    }


def test_the_endpoint_says_which_compute_it_is(tmp_path: Path) -> None:
    from amllint.snapshot.asset_rows import Endpoint

    two = computes(
        compute("dev", "dev-aks", "Kubernetes", instance_types=TYPES),
        compute("prod", "prod-aks", "Kubernetes", instance_types=TYPES),
    )
    config, sizes = kubernetes("instance_type: large\n"), SIZES
    for name, findings in (("dev", [f"{LARGER} error"]), ("prod", [])):
        endpoint = Endpoint("churn", "Kubernetes", compute=f"/w/computes/{name}")
        listed = (facts.ONLINE_ENDPOINTS, (endpoint,))
        assert found(tmp_path, config, two, *sizes, listed) == findings
        listed = (facts.ONLINE_ENDPOINTS, (Endpoint("Churn", compute=f"/w/computes/{name}"),))
        assert found(tmp_path, config, two, *sizes, listed) == findings
    schema = "https://azuremlschemas.azureedge.net/latest/kubernetesOnlineEndpoint.schema.json"
    for name, findings in (("dev", [f"{LARGER} error"]), ("prod", [])):
        made = f"$schema: {schema}\nname: churn\nauth_mode: key\ncompute: azureml:{name}\n"
        report = held(tmp_path / name, {"d.yml": config, "e.yml": made}, known(two, *sizes))
        assert said(report) == findings
    report = held(tmp_path, {"d.yml": config}, known(two, *sizes))
    assert said(report) == []
    assert unchecked(report) == CLUSTER_RULES - {IDLE}


def test_a_managed_deployment_has_nothing_to_do_with_clusters(tmp_path: Path) -> None:
    from tests.rules.clusters import managed

    report = held(tmp_path, {"d.yml": managed()}, known(TWO))
    assert unchecked(report) & CLUSTER_RULES == set()


# -- a recorded cluster ----------------------------------------------------------------------

EXPORTED = Path(__file__).resolve().parents[1] / "snapshot" / "exported"


def test_a_recorded_cluster_takes_what_its_scheduler_took(tmp_path: Path) -> None:
    """A node of D2_v3 of which kube-scheduler left the second of two services pending."""
    snapshot = from_files(str(EXPORTED)).snapshot

    def judged(**amounts: float) -> list[str]:
        config = {"deploymentconfig.json": aks(replicas=1, **amounts)}
        return said(held(tmp_path, config, snapshot))

    assert judged(cpu=1, memory=2) == [f"{FIT} error"]
    assert judged(cpu=3, memory=2) == [f"{LARGER} error"]
    # 161 thousandths of a core are left.
    assert judged(cpu=0.061, memory=0.01) == [f"{FIT} warning"]
    assert judged(cpu=0.062, memory=0.01) == [f"{FIT} error"]


@pytest.mark.parametrize(
    ("more", "advice"),
    [
        ({"cordoned": True}, "`kubectl uncordon` those that are cordoned, allow more nodes"),
        ({"taints": [{"key": "team", "effect": "NoSchedule"}]}, "take the taints off nodes"),
        (
            {"states": {"Ready": "False"}},
            "mend those that are not well (`kubectl describe node`), al",
        ),
        ({}, "allow more nodes, take larger ones"),
    ],
)
def test_the_help_speaks_of_nodes_that_are_shut(
    more: dict[str, Any], advice: str, tmp_path: Path
) -> None:
    known_pools = pools("churn-aks", pool(D2, 2))
    snapshot = known(ONE, *kubectl(node("n0"), node("n1", **more)), known_pools)
    report = held(tmp_path, {"deploymentconfig.json": aks(replicas=9)}, snapshot)
    told = next(f.observation for f in report.findings if f.name == FIT)
    assert told.help is not None
    assert told.help.startswith(advice)


# -- what is not known -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("replicas", "given", "open_reason"),
    [
        (1, (pools("churn-aks", pool(D2, 3)),), "what else runs on the nodes is not known"),
        (1, (pools("churn-aks", pool(D2, 3)), *kubectl(*THREE)), None),
        (9, (pools("churn-aks", pool(D2, 3)),), None),
        (9, kubectl(*THREE), "whether nodes are added is not known"),
        (9, (pools("churn-aks", pool(D2, 3)), *kubectl(*THREE)), None),
    ],
)
def test_what_rests_on_what_is_not_known_is_neither_right_nor_wrong(
    replicas: int, given: tuple[Any, ...], open_reason: str | None, tmp_path: Path
) -> None:
    files = {"deploymentconfig.json": aks(replicas=replicas)}
    report = held(tmp_path, files, known(ONE, *given))
    reasons = [record.reason for record in report.unchecked if record.rule == FIT]
    assert bool(reasons) == bool(open_reason)
    assert open_reason is None or open_reason in reasons[0]
    assert said(report) == ([f"{FIT} error"] if replicas == 9 and open_reason is None else [])
