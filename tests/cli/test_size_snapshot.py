"""`amllint size --snapshot`: how replicas fit onto the cluster as it is, as `check` has it."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from amllint.schemas import load_schema
from amllint.snapshot import facts
from amllint.snapshot.document import render
from amllint.snapshot.place_rows import NodeSize, Restriction
from tests.cli.commands import Commands
from tests.rules.clusters import (
    WORKSPACE,
    Given,
    aks,
    compute,
    computes,
    known,
    kubectl,
    node,
    pod,
    pool,
    pools,
    usages,
)

SCALED = {"is_autoscaled": True, "min_count": 1}
LOAD = ("--request-seconds", "1", "--utilization", "100")


def put(amllint: Commands, *given: Given, **files: Any) -> None:
    """A snapshot of what is given, and files; a mapping is one of JSON."""
    texts = {n: f if isinstance(f, str) else json.dumps(f) for n, f in files.items()}
    named = {name.replace("_", "."): text for name, text in texts.items()}
    amllint.write({"snapshot.json": render(known(*given)), **named})


def size(amllint: Commands, rate: int, *more: str) -> Any:
    """What it says as JSON of so many replicas."""
    found = amllint(
        *("size", "--snapshot", "snapshot.json", "--rps", str(rate), *LOAD, "-o", "json", *more)
    )
    assert found.code in (0, 1), found.err
    Draft202012Validator(load_schema("size")).validate(found.data)
    assert found.data["needed"]["replicas"] == rate
    return found.data


def lines(amllint: Commands, rate: int, *more: str) -> str:
    return amllint("size", "--snapshot", "snapshot.json", "--rps", str(rate), *LOAD, *more).out


def full(cores_used: int = 0, most: int = 5) -> tuple[Given, ...]:
    """Three nodes of 2 cores, two of which another team's server fills, and an autoscaler."""
    return (
        computes(compute("churn")),
        pools("churn", pool("Standard_D2_v3", 3, max_count=most, **SCALED)),
        *kubectl(
            *(node(f"n{i}") for i in range(3)),
            *(pod(f"web-{i}", f"n{i}", "shop", cpu="1500m", memory="1Gi") for i in range(2)),
        ),
        usages(facts.COMPUTE_USAGES, cores=(cores_used, 20), standardDv3Family=(cores_used, 20)),
    )


def test_the_nodes_that_are_there_count_then_those_that_come(amllint: Commands) -> None:
    put(amllint, *full(), deploymentconfig_json=aks(1, 1, 3))
    text = lines(amllint, 3)
    assert "up to 5 nodes of Standard_D2_v3 in `churn` (snapshot of 2026-11-20)" in text
    assert "now 3 nodes take 1 beside what runs there: 2 find no node" in text
    assert "a new Standard_D2_v3 has 1.9 cores and 5.227 GiB for pods" in text
    assert "it takes 1, so 2 nodes more" in text
    assert "the autoscaler may add 2, and the quota has cores for them" in text
    assert "take 3: enough, but an update finds no node for one more" in text
    assert size(amllint, 3)["cluster"] == {
        "name": "churn",
        "source": "snapshot of 2026-11-20",
        "nodes": 3,
        "replicas_now": 1,
        "replicas_in_the_end": 3,
        "autoscaler_may_add": 2,
        "autoscaler_adds": 2,
        "nodes_lacking": 0,
        "quota_has_nodes": 10,
        "is_enough": True,
        "takes_an_update": False,
        "unknown": [],
    }


def test_the_quota_may_have_no_cores_for_what_the_autoscaler_may_add(amllint: Commands) -> None:
    put(amllint, *full(cores_used=17), deploymentconfig_json=aks(1, 1, 4))
    text = lines(amllint, 4)
    assert "the autoscaler may add 2, and the quota has cores for 1 of them" in text
    assert "in the end they take 2: too few, 2 find no node" in text
    assert "that takes 2 nodes beyond those that come, and the quota has cores for 0" in text
    found = size(amllint, 4)["cluster"]
    assert (found["replicas_in_the_end"], found["nodes_lacking"]) == (2, 2)
    assert amllint("size", "--snapshot", "snapshot.json", "--rps", "4", *LOAD).code == 1


def test_without_an_autoscaler_the_nodes_that_lack_are_counted(amllint: Commands) -> None:
    given = [g for g in full() if g[0] is not facts.AKS_CLUSTER]
    still = pools("churn", pool("Standard_D2_v3", 3))
    put(amllint, *given, still, deploymentconfig_json=aks(1, 1, 3))
    text = lines(amllint, 3)
    assert "it takes 1, so 2 nodes more" in text
    assert "the autoscaler adds none" in text
    assert "that takes 2 nodes beyond those that come, and the quota has cores for them" in text


def test_the_pods_of_the_service_make_room(amllint: Commands) -> None:
    own = [pod(f"churn-6fbf7c6dcb-{s}", "n0", "azureml-prod", cpu="1") for s in ("aaaaa", "bbbbb")]
    put(
        amllint,
        computes(compute("churn")),
        pools("churn", pool("Standard_D2_v3", 1)),
        *kubectl(node("n0", "3"), *own),
        deploymentconfig_json=aks(1, 1, 2),
    )
    assert "now 1 node takes 2 in the place of the 2 of `churn`" in lines(amllint, 2)
    # A load that stands in no file is one of a new service.
    (amllint.folder / "deploymentconfig.json").unlink()
    text = lines(amllint, 2, "--cpu", "1", "--memory-gb", "1")
    assert "now 1 node takes 0 beside what runs there: 2 find no node" in text


def test_what_counts_first_is_that_of_check(amllint: Commands) -> None:
    own = "nodes = 9\nnode-size = 'Standard_D4s_v3'\n"
    put(amllint, *full(), deploymentconfig_json=aks(1, 1, 3))
    amllint.write({"amllint.toml": f"[target.cluster]\n{own}"})
    assert size(amllint, 3)["cluster"]["source"] == "snapshot of 2026-11-20"
    head = "[[deployment]]\nname = 'a'\ndeployment-config = 'deploymentconfig.json'\n\n"
    amllint.write({"amllint.toml": f"{head}[deployment.cluster]\n{own}"})
    assert size(amllint, 3)["cluster"]["source"] == "declared"
    amllint.write({"amllint.toml": f"[target.cluster]\n{own}"})
    put(amllint, deploymentconfig_json=aks(1, 1, 3))
    assert size(amllint, 3)["cluster"]["source"] == "declared"


def test_what_azure_ml_adds_is_as_declared(amllint: Commands) -> None:
    put(amllint, *full(), deploymentconfig_json=aks(1, 1, 1))
    amllint.write({"amllint.toml": "[target.cluster]\nside-container-cores = 0.5\n"})
    assert "1 + 0.5 = 1.5 cores" in lines(amllint, 1)


@pytest.mark.parametrize(
    ("left_out", "said"),
    [
        (facts.COMPUTES, None),
        (facts.PODS, "not known: what else runs on the nodes"),
        (facts.AKS_CLUSTER, "not known: whether nodes are added: aks_cluster of churn: not in the"),
        (facts.COMPUTE_USAGES, "not known: whether the quota has cores for them: compute_usages"),
    ],
)
def test_facts_that_are_missing_are_named(
    left_out: Any, said: str | None, amllint: Commands
) -> None:
    put(amllint, *(g for g in full() if g[0] is not left_out), deploymentconfig_json=aks(1, 1, 4))
    text, found = lines(amllint, 4), size(amllint, 4)["cluster"]
    assert said is None or said in text
    assert (found["unknown"] == []) == (said is None)
    assert said is None or any(said.partition(": ")[2].startswith(u[:30]) for u in found["unknown"])


def test_a_cluster_that_is_not_known_is_told_with_the_reason(amllint: Commands) -> None:
    put(amllint, WORKSPACE, deploymentconfig_json=aks(1, 1, 2))
    assert "cluster    not known: computes: not in the snapshot: run `az rest" in lines(amllint, 2)
    data = size(amllint, 2)
    assert data["cluster"] is None
    assert data["cluster_unknown"].startswith("not known: computes: ")
    two = computes(compute("one"), compute("two"))
    put(amllint, two, deploymentconfig_json=aks(1, 1, 2))
    assert "nothing says to which compute of one, two it goes" in lines(amllint, 2)
    named = aks(1, 1, 2, computeTargetName="one")
    put(amllint, two, pools("one", pool("Standard_D2_v3", 3)), deploymentconfig_json=named)
    assert "3 nodes of Standard_D2_v3 in `one` (snapshot of" in lines(amllint, 2)


def test_a_size_that_is_named_is_one_of_the_region(amllint: Commands) -> None:
    there = NodeSize("Standard_X9", "X", 4, 16.0)
    kept = Restriction("Location", "NotAvailableForSubscription", ("eastus",), ())
    given = (facts.NODE_SIZES, (there, NodeSize("Standard_D2_v3", "D", 2, 8.0, 0, (kept,))))
    put(amllint, WORKSPACE, given)
    pod_of = ("--cpu", "1", "--memory-gb", "1", "--node-size")
    assert "Standard_X9 has 3.86 cores" in lines(amllint, 2, *pod_of, "Standard_X9")
    run = ("size", "--snapshot", "snapshot.json", "--rps", "1", *LOAD, *pod_of)
    done = amllint(*run, "Standard_D4s_v3")
    assert (done.code, done.out) == (2, "")
    assert "no machines of Standard_D4s_v3 in eastus (snapshot of 2026-11-20)" in done.err
    done = amllint(*run, "Standard_D2_v3")
    assert done.code == 2
    assert "Standard_D2_v3 is not offered to the subscription there" in done.err


@pytest.mark.parametrize("text", [None, "{", "{}"])
def test_a_file_that_is_no_snapshot_is_refused(text: str | None, amllint: Commands) -> None:
    amllint.write({"snapshot.json": text} if text else {})
    done = amllint("size", "--snapshot", "snapshot.json", "--rps", "1", *LOAD)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("amllint: snapshot.json:1:")


# -- as check has it --------------------------------------------------------------------------


def invented(chance: random.Random) -> tuple[tuple[Given, ...], float, float]:
    """A cluster with pods of others, or its pools alone, and what a replica asks for."""
    count, most = chance.randint(1, 4), chance.randint(0, 3)
    own = pool("Standard_D4_v3", count, max_count=count + most, **SCALED) if most else None
    given: list[Given] = [
        computes(compute("churn")),
        pools("churn", own or pool("Standard_D4_v3", count)),
    ]
    if chance.random() < 0.7:
        nodes = [node(f"n{i}", "3860m", "13Gi", size="Standard_D4_v3") for i in range(count)]
        others = [
            pod(f"web-{i}", f"n{chance.randrange(count)}", "shop", cpu=f"{chance.randint(1, 9)}00m")
            for i in range(chance.randint(0, 6))
        ]
        services = [
            pod(
                f"svc-6fbf7c6dcb-{s * 5}",
                f"n{chance.randrange(count)}",
                "azureml-prod",
                cpu="1100m",
            )
            for s in "abc"[: chance.choice((0, 0, 2, 3))]
        ]
        given += kubectl(*nodes, *others, *services)
    if chance.random() < 0.7:
        used = chance.randint(0, 20)
        given.append(usages(facts.COMPUTE_USAGES, cores=(used, 20), standardDv3Family=(used, 20)))
    return tuple(given), chance.choice((0.4, 1, 1.9, 3.7, 9)), chance.choice((0.5, 2, 5, 20))


@pytest.mark.parametrize("seed", range(60))
def test_what_size_says_fits_check_is_silent_of(seed: int, amllint: Commands) -> None:
    chance = random.Random(seed)
    given, cores, memory = invented(chance)
    replicas = chance.randint(1, 9)
    put(amllint, *given, deploymentconfig_json=aks(cores, memory, replicas))
    found = size(amllint, replicas)["cluster"]
    select = ("--select", "AML501,AML502", "--isolated", "-o", "json")
    report = amllint.check("--snapshot", "snapshot.json", *select, "deploymentconfig.json").data
    severities = {f["severity"] for f in report["findings"]}
    if not found["is_enough"]:
        assert "error" in severities
    else:
        assert severities == (set() if found["takes_an_update"] else {"warning"})
    told = [f["message"] for f in report["findings"] if f["name"] == "replicas-do-not-fit"]
    assert all(f" {found['replicas_in_the_end']} replica" in message for message in told)
