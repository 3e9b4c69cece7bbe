"""Each fact of a snapshot unknown by itself: the rules that need it say so, and nothing else."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from amllint.artifacts.run_records import UncheckedRule
from amllint.config import Settings
from amllint.engine.check import check
from amllint.findings.finding import Location, Observation
from amllint.rules.meta.unchecked_rule import unchecked_rule
from amllint.snapshot import facts
from amllint.snapshot.asset_rows import Deployment, Endpoint
from amllint.snapshot.commands import absent
from amllint.snapshot.document import Snapshot, render
from amllint.snapshot.facts import KINDS, Kind, Read
from amllint.snapshot.place_rows import (
    GroupCapability,
    InstanceType,
    NodeSize,
    Registry,
    VmSize,
)
from amllint.snapshot.reading import NoSnapshot, parse
from amllint.source.overlay import Overlay
from amllint.source.text import SourceText, Span
from tests.checking import DAY, write
from tests.rules.clusters import (
    AT,
    WORKSPACE,
    Given,
    aks,
    compute,
    computes,
    held,
    known,
    kubectl,
    kubernetes,
    managed,
    node,
    pool,
    pools,
    unchecked,
    usages,
)

PLACE = Location("deploymentconfig.json", Span(0, 0))
REASON = "HTTP 403: AuthorizationFailed"
LARGE = InstanceType("large", {}, {"cpu": "30", "memory": "2Gi"})
COMPUTES = (
    compute("one", "one-aks"),
    compute("two", "two-aks", "Kubernetes"),
    compute("other", "other-aks"),
)
GIVEN: tuple[Given, ...] = (
    WORKSPACE,
    computes(*COMPUTES),
    pools("one-aks", pool("Standard_D2_v3", 3, "first")),
    pools("two-aks", pool("Standard_D4_v3", 3, "second")),
    *kubectl(node("n0", pool="first"), node("n1", pool="first")),
    (facts.INSTANCE_TYPES, (LARGE,)),
    usages(facts.ML_USAGES, standardDSv2Family=(0, 8)),
    usages(facts.COMPUTE_USAGES, cores=(90, 100), standardDSv3Family=(0, 100)),
    (facts.ACI_CAPABILITIES, (GroupCapability("Linux", "None", 1, 1),)),
    (facts.VM_SIZES, (VmSize("Standard_DS3_v2", "DSv2", 4, 14),)),
    (facts.NODE_SIZES, (NodeSize("Standard_D2_v3", "DSv3", 2, 8.0),)),
    (facts.ONLINE_ENDPOINTS, (Endpoint("churn", "Kubernetes", compute="/w/computes/two"),)),
    (facts.ONLINE_DEPLOYMENTS, (Deployment("churn", "green"),), "churn"),
)
MAKES = """\
from azureml.core import Workspace
from azureml.core.compute import AksCompute, ComputeTarget

ws = Workspace.from_config()
config = AksCompute.provisioning_configuration(vm_size="Standard_D4s_v3", agent_count=3)
target = ComputeTarget.create(ws, "new", config)
"""
FILES: dict[str, Any] = {
    "aks/deploymentconfig.json": aks(cpu=9, computeTargetName="one"),
    "aci/deploymentconfig.json": {
        "computeType": "aci",
        "containerResourceRequirements": {"cpu": 2, "memoryInGB": 2},
    },
    "managed.yml": managed(),
    "absent.yml": managed("instance_type: Standard_F4s_v2\n").replace("blue", "red"),
    "kubernetes.yml": kubernetes("instance_type: large\n"),
    "make.py": MAKES,
}
ALL = {
    ("aks/deploymentconfig.json", "pod-larger-than-node"),
    ("aci/deploymentconfig.json", "aci-limit"),
    ("managed.yml", "quota-exceeded"),
    ("absent.yml", "vm-size-unavailable"),
    ("make.py", "quota-exceeded"),
    ("make.py", "vm-size-unavailable"),
}
OF_CLUSTER = {"pod-larger-than-node", "replicas-do-not-fit", "gpu-nodes-missing", "gpu-nodes-idle"}
# What is no longer found without a fact, and which rules say that they lack it.
LOST: dict[str, tuple[set[tuple[str, str]], set[str]]] = {
    "computes": (
        {("aks/deploymentconfig.json", "pod-larger-than-node"), ("make.py", "quota-exceeded")},
        {*OF_CLUSTER, "quota-exceeded"},
    ),
    # Of which of the clusters the nodes are, their pools say.
    "aks_cluster": ({("aks/deploymentconfig.json", "pod-larger-than-node")}, OF_CLUSTER),
    "ml_usages": ({("managed.yml", "quota-exceeded")}, {"quota-exceeded"}),
    "compute_usages": ({("make.py", "quota-exceeded")}, {"quota-exceeded"}),
    "aci_capabilities": ({("aci/deploymentconfig.json", "aci-limit")}, {"aci-limit"}),
    "vm_sizes": (
        {("absent.yml", "vm-size-unavailable")},
        {"vm-size-unavailable", "quota-exceeded"},
    ),
    "online_deployments": ({("managed.yml", "quota-exceeded")}, {"quota-exceeded"}),
    "node_sizes": ({("make.py", "vm-size-unavailable")}, {"vm-size-unavailable"}),
}


def look(folder: Path, snapshot: Snapshot) -> tuple[set[tuple[str, str]], set[str]]:
    report = held(folder, FILES, snapshot)
    assert not report.incomplete
    return {(f.location.path, f.name) for f in report.findings}, unchecked(report)


def without(kind: Kind[Any], *more: str) -> Snapshot:
    """The snapshot with every fact of a kind unknown."""
    gone = {kind.name, *more}
    return known(*((k, REASON if k.name in gone else v, *of) for k, v, *of in GIVEN))


def test_all_of_it_known_finds_what_is_wrong_with_each(tmp_path: Path) -> None:
    # The InstanceTypes of kubectl are those of the cluster that its nodes are of, another one.
    assert look(tmp_path, known(*GIVEN)) == (ALL, {"pod-larger-than-node"})


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: str(kind.name))
def test_one_fact_unknown_takes_away_what_rests_on_it_alone(
    kind: Kind[Any], tmp_path: Path
) -> None:
    findings, lacking = look(tmp_path, without(kind))
    lost, told = LOST.get(kind.name, (set(), set()))
    assert findings == ALL - lost
    assert lacking == told | {"pod-larger-than-node"}


def test_without_nodes_and_node_pools_a_cluster_is_unknown_for_both_reasons(
    tmp_path: Path,
) -> None:
    report = held(tmp_path, FILES, without(facts.AKS_CLUSTER, "nodes"))
    assert unchecked(report) == OF_CLUSTER
    reasons = {record.reason for record in report.unchecked}
    assert reasons == {
        f"not known: aks_cluster of {name}-aks: {REASON}; nodes: {REASON}"
        for name in ("one", "two")
    }


def test_a_snapshot_of_nothing_leaves_all_unchecked(tmp_path: Path) -> None:
    findings, lacking = look(tmp_path, known())
    assert findings == set()
    assert lacking == OF_CLUSTER | {"quota-exceeded", "aci-limit", "vm-size-unavailable"}


@pytest.mark.parametrize(
    "broken",
    [
        {"kind": "Node"},
        {"kind": "Node", "metadata": {"name": "n"}, "status": {"allocatable": {"cpu": "much"}}},
        {"kind": "Node", "metadata": {"name": "n"}, "status": {"allocatable": [1]}},
        {"kind": "Node", "metadata": [], "status": {}},
        {
            "kind": "Node",
            "metadata": {"name": "n"},
            "spec": {"taints": ["x"]},
            "status": {"allocatable": {}},
        },
    ],
)
def test_nodes_that_are_none_leave_the_cluster_to_its_pools(
    broken: dict[str, Any], tmp_path: Path
) -> None:
    given = [(k, (broken,) if k is facts.NODES else v, *of) for k, v, *of in GIVEN]
    assert look(tmp_path, known(*given))[0] == ALL
    rest = [g for g in given if g[0] is not facts.AKS_CLUSTER]
    findings, lacking = look(tmp_path, known(*rest))
    assert findings == ALL - {("aks/deploymentconfig.json", "pod-larger-than-node")}
    assert lacking == OF_CLUSTER


ODD = (0, -1, 10**12, 1e999, "", "much", "-3", True, [], {}, [[]], {"name": 1}, None)


def altered(value: Any, chance: random.Random) -> Any:
    """Data of JSON with one value, somewhere in it, that is odd or gone."""
    if isinstance(value, dict) and value and chance.random() < 0.9:
        name = chance.choice(list(value))
        if chance.random() < 0.1:
            return {k: v for k, v in value.items() if k != name}
        return {**value, name: altered(value[name], chance)}
    if isinstance(value, list) and value and chance.random() < 0.9:
        at = chance.randrange(len(value))
        return [*value[:at], altered(value[at], chance), *value[at + 1 :]]
    return chance.choice(ODD)


@pytest.mark.parametrize("seed", range(40))
def test_odd_values_end_in_an_error_or_are_lived_with(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    data = json.loads(render(known(*GIVEN)))
    for _ in range(chance.randint(1, 6)):
        data = {**data, "facts": altered(data["facts"], chance)}
    try:
        text = json.dumps(data).replace("Infinity", "1e999")
        snapshot = parse(SourceText("snapshot.json", text))
    except NoSnapshot:
        return
    write(tmp_path, {n: f if isinstance(f, str) else json.dumps(f) for n, f in FILES.items()})
    report = check(["."], Settings(today=DAY), Overlay(cwd=str(tmp_path)), snapshot=snapshot)
    assert not report.incomplete


def help_of(rule: str, fact: str, reason: str) -> str:
    (told,) = unchecked_rule.check(UncheckedRule(rule, fact, reason, PLACE))
    assert isinstance(told, Observation)
    return told.help or ""


def test_the_help_says_how_a_fact_gets_known() -> None:
    anew = "make the snapshot anew, with what tells it"
    assert help_of("role-missing", "role_assignments of /x", "not known: HTTP 403") == anew
    lacking = f"not known: {absent('nodes', '', 'files')}"
    assert help_of("replicas-do-not-fit", "cluster", lacking) == anew
    assert "filled in" in help_of("replicas-do-not-fit", "cluster", "declared without `nodes`")
    assert "filled in" in help_of("entry-script-missing", "entryScript", "a template placeholder")


def test_what_nobody_exported_and_what_an_export_does_not_say_are_told_apart(
    tmp_path: Path,
) -> None:
    group = {"computeType": "aci", "containerResourceRequirements": {"cpu": 1, "memoryInGB": 1}}
    registry = Read(Registry("/acr", "acr"), AT, "acr.json")
    write(tmp_path, {"deploymentconfig.json": json.dumps(group)})

    def reasons(found: dict[tuple[str, str], Any]) -> set[str]:
        snapshot = Snapshot(AT, "amllint 1", "files", None, None, "prod", found, "snapshot.json")
        settings = Settings(today=DAY, select=("AML707", "AML502", "AML504"))
        report = check(["."], settings, Overlay(cwd=str(tmp_path)), snapshot=snapshot)
        return {f"{u.rule}: {u.reason}" for u in report.unchecked}

    assert reasons({}) >= {
        "registry-pull-denied: not exported: run `az acr show -n $ACR -o json`",
    }
    assert reasons({("registry", ""): registry}) >= {
        "registry-pull-denied: not known: `acr.json` does not say whether it has an admin user"
    }


@pytest.mark.parametrize(
    ("of", "made_from", "said"),
    [
        ("churn", "files", "not exported: run `{} churn -o json` into tags-churn.json"),
        ("a/b", "files", "not exported: run `{} a/b -o json` into tags-a%2Fb.json"),
        ("a/b", "azure", "not in the snapshot: make it with `--image-tags a/b`"),
        ("a b", "files", "not exported: run `{} NAME -o json`"),
    ],
)
def test_tags_that_are_not_known_are_asked_for_by_their_repository(
    of: str, made_from: str, said: str
) -> None:
    command = "az acr repository show-tags -n $ACR --repository"
    assert absent("image_tags", of, made_from) == said.format(command)
