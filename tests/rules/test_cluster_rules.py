"""Rules that hold a deployment against a declared cluster, quota, region and model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from amllint.config import ConfigError, load
from amllint.engine.check import Report, check
from amllint.source.overlay import Overlay
from tests.checking import write

RULES = ("AML501", "AML502", "AML503", "AML504", "AML507", "AML508", "AML509", "AML510")
RULES += ("AML512", "AML513")
D2 = 'node-size = "Standard_D2_v3"'
GPU = 'node-size = "Standard_NC4as_T4_v3"'


def report(folder: Path, toml: str, **files: str) -> Report:
    head = f"persona = 'pedantic'\nselect = {json.dumps(RULES)}\ntoday = 2026-11-27\n"
    write(folder, {"amllint.toml": head + toml, **files})
    overlay = Overlay(cwd=str(folder))
    return check(["."], load(str(folder / "amllint.toml"), overlay), overlay)


def said(folder: Path, config: dict[str, Any], toml: str, **files: str) -> list[str]:
    given = {"deploymentconfig.json": json.dumps(config), **files}
    return [f"{f.name} {f.severity}" for f in report(folder, toml, **given).findings]


def aks(cpu: float = 1, memory: float = 2, replicas: int = 2, **keys: Any) -> dict[str, Any]:
    amounts = {"cpu": cpu, "memoryInGB": memory}
    number = {} if "autoScaler" in keys else {"numReplicas": replicas}
    return {"computeType": "aks", "containerResourceRequirements": amounts, **number, **keys}


def scaled(least: int, most: int) -> dict[str, Any]:
    return {"autoscaleEnabled": True, "minReplicas": least, "maxReplicas": most}


def cluster(keys: str) -> str:
    return "[target.cluster]\n" + keys.replace("; ", "\n") + "\n"


LARGER, FIT, MISSING, IDLE = (
    "pod-larger-than-node",
    "replicas-do-not-fit",
    "gpu-nodes-missing",
    "gpu-nodes-idle",
)
CLUSTERS: list[tuple[dict[str, Any], str, list[str]]] = [
    # A node of two cores has 1.9, of which 0.1 are for the side containers.
    (aks(cpu=1.8), f"{D2}; nodes = 3", []),
    (aks(cpu=1.801), f"{D2}; nodes = 3", [f"{LARGER} error"]),
    (aks(cpu=1.9), f"{D2}; nodes = 3; side-container-cores = 0", []),
    # 8 GiB: 5599 MiB before 1.29, 7442 from then on with 30 pods, 5942 with 110.
    (aks(memory=4.8), f'{D2}; nodes = 3; kubernetes-version = "1.28"', []),
    (aks(memory=4.9), f'{D2}; nodes = 3; kubernetes-version = "1.28"', [f"{LARGER} error"]),
    (aks(memory=6.6), f'{D2}; nodes = 3; kubernetes-version = "1.29"', []),
    (
        aks(memory=6.6),
        f'{D2}; nodes = 3; kubernetes-version = "1.29"; max-pods = 110',
        [f"{LARGER} error"],
    ),
    # Where neither is known, what is told holds for all of them.
    (aks(memory=6.6), f"{D2}; nodes = 3", []),
    (aks(memory=6.7), f"{D2}; nodes = 3", [f"{LARGER} error"]),
    (aks(memory=6.7), f"{D2}; nodes = 3; side-container-memory-gb = 0.5", []),
    # One replica a node; an update takes one more.
    (aks(replicas=2), f"{D2}; nodes = 3", []),
    (aks(replicas=3), f"{D2}; nodes = 3", [f"{FIT} warning"]),
    (aks(replicas=4), f"{D2}; nodes = 3", [f"{FIT} error"]),
    (aks(replicas=4), f"{D2}; nodes = 3; max-nodes = 5", []),
    (aks(cpu=0.8, replicas=5), f"{D2}; nodes = 3", []),
    # What else runs on each node.
    (aks(cpu=0.8, replicas=4), f"{D2}; nodes = 3; used-cores-per-node = 0.2", [f"{FIT} error"]),
    (aks(replicas=4), f"{D2}; nodes = 6; used-memory-gib-per-node = 4.6", []),
    (aks(replicas=4), f"{D2}; nodes = 6; used-memory-gib-per-node = 4.7", [f"{FIT} error"]),
    # The autoscaler's fewest, and its most.
    (aks(autoScaler=scaled(1, 3)), f"{D2}; nodes = 3", []),
    (aks(autoScaler=scaled(1, 4)), f"{D2}; nodes = 3", [f"{FIT} warning"]),
    (aks(autoScaler=scaled(4, 9)), f"{D2}; nodes = 3", [f"{FIT} error"]),
    # No more pods than a node may have.
    (aks(cpu=0.01, memory=0.01, replicas=5), f"{D2}; nodes = 3; max-pods = 1", [f"{FIT} error"]),
    # GPUs.
    (aks(gpuCores=1), f"{D2}; nodes = 9", [f"{MISSING} error"]),
    (aks(gpuCores=2), f"{GPU}; nodes = 9", [f"{MISSING} error"]),
    (aks(gpuCores=1, replicas=3), f"{GPU}; nodes = 2", [f"{MISSING} error"]),
    (aks(gpuCores=1, replicas=2), f"{GPU}; nodes = 2", []),
    (aks(gpuCores=1, autoScaler=scaled(1, 3)), f"{GPU}; nodes = 2", [f"{MISSING} warning"]),
    (aks(gpuCores=1, autoScaler=scaled(1, 3)), f"{GPU}; nodes = 1; max-nodes = 3", []),
    (aks(gpuCores=0.5), f"{D2}; nodes = 9", []),
    (aks(), f"{GPU}; nodes = 2", [f"{IDLE} warning"]),
    (aks(gpuCores=0), f"{GPU}; nodes = 2", [f"{IDLE} warning"]),
    (aks(gpuCores="__G__"), f"{GPU}; nodes = 2", []),
    # What is not known is not held against it, nor is what another compute runs.
    (aks(cpu="__C__"), f"{D2}; nodes = 3", []),  # type: ignore[arg-type]
    (aks(replicas="__N__"), f"{D2}; nodes = 3", []),  # type: ignore[arg-type]
    ({"computeType": "aci", "containerResourceRequirements": {"cpu": 3}}, f"{D2}; nodes = 1", []),
    ({"computeType": "local", "port": 9}, f"{D2}; nodes = 1", []),
    # For production, one replica is told of.
    (aks(replicas=1), f'{D2}; nodes = 3; purpose = "production"', ["single-replica info"]),
    (aks(replicas=1), f'{D2}; nodes = 3; purpose = "development"', []),
    (aks(replicas=2), f'{D2}; nodes = 3; purpose = "production"', []),
]


@pytest.mark.parametrize(("config", "keys", "findings"), CLUSTERS)
def test_a_configuration_is_held_against_the_declared_cluster(
    config: dict[str, Any], keys: str, findings: list[str], tmp_path: Path
) -> None:
    assert said(tmp_path, config, cluster(keys)) == findings


def test_gpus_that_another_configuration_asks_for_are_not_idle(tmp_path: Path) -> None:
    other = json.dumps(aks(gpuCores=1))
    toml = cluster(f"{GPU}; nodes = 2")
    assert said(tmp_path, aks(), toml, **{"gpu/deploymentconfig.json": other}) == []


def test_the_message_says_the_amounts_and_the_help_what_fits(tmp_path: Path) -> None:
    files = {"deploymentconfig.json": json.dumps(aks(cpu=2))}
    (found,) = report(tmp_path, cluster(f"{D2}; nodes = 3"), **files).findings
    assert "asks for 2.1 cores and 2.60 GiB" in found.message
    assert "a node of Standard_D2_v3 has 1.9 cores and 7.27 GiB" in found.message
    assert found.observation.help == "lower `cpu` to 1.8 or less, or take a larger size of nodes"


def test_a_deployment_has_a_cluster_of_its_own(tmp_path: Path) -> None:
    toml = cluster(f"{D2}; nodes = 1") + (
        '[[deployment]]\ndeployment-config = "deploymentconfig.json"\n'
        f"cluster = {{ {D2}, nodes = 9 }}\n"
    )
    assert said(tmp_path, aks(replicas=3), toml) == []


# -- facts that are not there -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        ('node-size = "Standard_Q9"; nodes = 3', "of `Standard_Q9`, no size that is known"),
        ("nodes = 3", "declared without `node-size`"),
        (D2, "declared without `nodes`"),
    ],
)
def test_a_cluster_that_cannot_be_used_leaves_its_rules_unchecked(
    keys: str, reason: str, tmp_path: Path
) -> None:
    files = {"deploymentconfig.json": json.dumps(aks(cpu=99))}
    found = report(tmp_path, cluster(keys), **files)
    assert {(u.fact, u.reason, u.location.path) for u in found.unchecked} == {
        ("cluster", reason, "amllint.toml")
    }
    assert {u.rule for u in found.unchecked} == {LARGER, FIT, MISSING, IDLE}


def test_what_nobody_says_is_told_with_the_rules_that_need_it(tmp_path: Path) -> None:
    files = {"deploymentconfig.json": json.dumps(aks())}
    found = report(tmp_path, "", **files)
    assert found.lacking == {
        "cluster": {LARGER, FIT, MISSING, IDLE},
        "model": {"memory-below-model"},
    }
    assert found.unchecked == []


def test_nobody_misses_what_has_no_bearing_on_a_deployment(tmp_path: Path) -> None:
    toml = "[target.traffic]\nrequests-per-second = 1\n"
    managed = {"deployment.yml": f"{MANAGED}instance_type: Standard_DS3_v2\n"}
    assert "cluster" not in report(tmp_path, toml, **managed).lacking
    text = MANAGED.replace("name: blue", "name: blue\ntype: kubernetes")
    found = report(tmp_path, toml, **{"deployment.yml": text}).lacking
    assert "quota" not in found
    assert found["cluster"] == {LARGER, FIT, MISSING}


def test_it_is_not_told_where_nothing_at_all_is_declared(tmp_path: Path) -> None:
    write(tmp_path, {"deploymentconfig.json": json.dumps(aks())})
    overlay = Overlay(cwd=str(tmp_path))
    from amllint.config import Settings

    assert check(["."], Settings(), overlay).lacking == {}
    assert check(["."], Settings(persona="pedantic"), overlay).lacking != {}


# -- quota ------------------------------------------------------------------------------------

SCHEMA = "https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json"
NAMED = f"$schema: {SCHEMA}\nname: blue\nendpoint_name: e\n"
MANAGED = f"{NAMED}model: azureml:m:1\n"
QUOTAS: list[tuple[str, str, list[str]]] = [
    ("Standard_DS3_v2\ninstance_count: 1", "regional-cores = 8", []),
    ("Standard_DS3_v2\ninstance_count: 1", "regional-cores = 7", ["quota-exceeded error"]),
    ("Standard_DS3_v2", "regional-cores = 7", ["quota-exceeded error"]),
    ("STANDARD_DS3_V2\ninstance_count: 10", "regional-cores = 48", []),
    ("STANDARD_DS3_V2\ninstance_count: 10", "regional-cores = 47", ["quota-exceeded error"]),
    (
        "Standard_DS3_v2\ninstance_count: 1",
        'regional-cores = 99\nfamily-cores = { "standard dsv2 family" = 6 }',
        ["quota-exceeded error"],
    ),
    ("Standard_DS3_v2", 'family-cores = { "standardESv3Family" = 0 }', []),
    # Of some sizes with GPUs nothing is reserved.
    ("Standard_NC24ads_A100_v4\ninstance_count: 3", "regional-cores = 72", []),
    (
        "Standard_NC24ads_A100_v4\ninstance_count: 3",
        "regional-cores = 71",
        ["quota-exceeded error"],
    ),
    # Usage can be above the limit.
    ("Standard_DS3_v2", "regional-cores = -4", ["quota-exceeded error"]),
    ("Standard_DS3_v2\ninstance_count: __N__", "regional-cores = 0", []),
    ("__SIZE__\ninstance_count: 3", "regional-cores = 0", []),
    ("defaultinstancetype\ntype: kubernetes\ninstance_count: 3", "regional-cores = 0", []),
]


@pytest.mark.parametrize(("deployed", "quota", "findings"), QUOTAS)
def test_a_managed_deployment_is_held_against_the_quota(
    deployed: str, quota: str, findings: list[str], tmp_path: Path
) -> None:
    files = {"deployment.yml": f"{MANAGED}instance_type: {deployed}\n"}
    found = report(tmp_path, f"[target.quota]\n{quota}\n", **files).findings
    assert [f"{f.name} {f.severity}" for f in found] == findings


MAKES = (
    "from azureml.core.compute import AksCompute\nc = AksCompute.provisioning_configuration({})\n"
)


@pytest.mark.parametrize(
    ("arguments", "cores", "findings"),
    [
        ("", 12, []),
        ("", 11, ["quota-exceeded"]),
        ("vm_size='Standard_D2_v3', agent_count=4", 8, []),
        ("vm_size='Standard_D2_v3', agent_count=4", 7, ["quota-exceeded"]),
        ("vm_size=size, agent_count=4", 0, []),
        ("vm_size='Standard_D2_v3', agent_count=count", 0, []),
        ("vm_size='Standard_D2v3'", 99, ["unknown-vm-size"]),
        ("vm_size='Standard_NC6'", 99, []),
        ("vm_size='Standard_PB6s'", 99, []),
    ],
)
def test_a_cluster_that_code_makes_is_held_against_the_quota(
    arguments: str, cores: int, findings: list[str], tmp_path: Path
) -> None:
    toml = f"[target.quota]\nregional-cores = {cores}\n"
    found = report(tmp_path, toml, **{"make.py": MAKES.format(arguments)}).findings
    assert [f.name for f in found] == findings


# -- sizes, instances -------------------------------------------------------------------------

SIZES: dict[str, list[str]] = {
    "Standard_DS3_v2": [],
    "standard_ds3_V2": [],
    "Standard_DS3v2": ["unknown-vm-size warning"],
    "Standard_D4s_v5": ["unknown-vm-size warning"],
    "Standard_NC6": ["unknown-vm-size error"],
    "Standard_NC6s_v2": ["unknown-vm-size error"],
    "__SIZE__": [],
    "${{ size }}": [],
    "Standard_DS3_v2\ninstance_count: 50": [],
    "Standard_DS3_v2\ninstance_count: 51": ["instance-limit warning"],
    "anything\ntype: kubernetes\ninstance_count: 51": [],
    "anything\ntype: managed": ["unknown-vm-size warning"],
}


@pytest.mark.parametrize("deployed", SIZES)
def test_sizes_and_numbers_of_managed_deployments(deployed: str, tmp_path: Path) -> None:
    files = {"deployment.yml": f"{MANAGED}instance_type: {deployed}\n"}
    found = report(tmp_path, "", **files).findings
    assert [f"{f.name} {f.severity}" for f in found] == SIZES[deployed]


def test_a_size_that_azure_has_is_not_taken_for_a_misspelling(tmp_path: Path) -> None:
    files = {"deployment.yml": f"{MANAGED}instance_type: Standard_D4s_v5\n"}
    (found,) = report(tmp_path, "", **files).findings
    assert "is not in the documented list" in found.message
    assert "did you mean" not in str(found.observation.help)


def test_a_kubernetes_deployment_by_its_schema_names_an_instance_type(tmp_path: Path) -> None:
    text = MANAGED.replace("managed", "kubernetes") + "instance_type: gpuinstance\n"
    assert report(tmp_path, "", **{"deployment.yml": text}).findings == []


# -- ACI --------------------------------------------------------------------------------------


def aci(cpu: float, memory: float) -> dict[str, Any]:
    amounts = {"cpu": cpu, "memoryInGB": memory}
    return {"computeType": "aci", "containerResourceRequirements": amounts}


GROUPS: list[tuple[dict[str, Any], str, list[str]]] = [
    (aci(3.8, 15), "", []),
    (aci(3.9, 15), "", ["aci-limit info"]),
    (aci(2, 15.1), "", ["aci-limit info"]),
    (aci(2, 47), "", ["aci-limit info"]),
    (aci(2, 47.1), "", ["aci-limit warning"]),
    (aci(30.9, 2), "", ["aci-limit error"]),
    (aci(2, 239.5), "", ["aci-limit error"]),
    (aci(2, 2), "cpu = 2.2\nmemory-gb = 3", []),
    (aci(2, 2), "cpu = 2", ["aci-limit error"]),
    (aci(2, 2), "memory-gb = 2.9", ["aci-limit error"]),
    (aci(6, 2), "cpu = 8", ["aci-limit info"]),
    (aci("__C__", 500), "", []),  # type: ignore[arg-type]
]


@pytest.mark.parametrize(("config", "keys", "findings"), GROUPS)
def test_a_container_group_has_its_limits(
    config: dict[str, Any], keys: str, findings: list[str], tmp_path: Path
) -> None:
    toml = f"[target.aci]\n{keys}\n" if keys else ""
    assert said(tmp_path, config, toml) == findings


# -- models -----------------------------------------------------------------------------------


def model(gib: str, **files: str) -> str:
    return f'[[deployment]]\ndeployment-config = "deploymentconfig.json"\n{gib}\n'


LIMITED = {"cpu": 1, "memoryInGB": 1, "memoryInGBLimit": 2}
MODELS: list[tuple[dict[str, Any], str, list[str]]] = [
    (aks(memory=2), "model-gib = 2", []),
    (aks(memory=2), "model-gib = 2.1", ["memory-below-model info"]),
    (aks(containerResourceRequirements=LIMITED), "model-gib = 2", []),
    (aks(containerResourceRequirements=LIMITED), "model-gib = 2.1", ["memory-below-model warning"]),
    (aci(1, 2), "model-gib = 2.1", ["memory-below-model warning"]),
    ({"computeType": "aci"}, "model-gib = 0.6", ["memory-below-model warning"]),
    ({"computeType": "aks", "numReplicas": 2}, "model-gib = 0.6", ["memory-below-model info"]),
    (aks(memory="__M__"), "model-gib = 9", []),  # type: ignore[arg-type]
]


@pytest.mark.parametrize(("config", "gib", "findings"), MODELS)
def test_memory_is_held_against_the_models(
    config: dict[str, Any], gib: str, findings: list[str], tmp_path: Path
) -> None:
    assert said(tmp_path, config, model(gib)) == findings


def sparse(path: Path, megabytes: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        stream.truncate(megabytes << 20)


def test_the_files_of_a_model_tell_its_size(tmp_path: Path) -> None:
    sparse(tmp_path / "model.pkl", 600)
    toml = model('models = ["model.pkl", "registered:3"]')
    assert said(tmp_path, aci(1, 0.5), toml) == ["memory-below-model warning"]
    assert said(tmp_path, aci(1, 1), toml) == []


def test_of_a_folder_the_heaviest_kind_of_file_counts(tmp_path: Path) -> None:
    for name in ("a.safetensors", "b.safetensors", "flax.bin", "notes.txt"):
        sparse(tmp_path / "m" / name, 400)
    toml = model('models = ["m"]')
    assert said(tmp_path, aci(1, 0.75), toml) == ["memory-below-model warning"]
    assert said(tmp_path, aci(1, 0.8), toml) == []


def test_the_model_of_a_managed_deployment_is_held_against_its_machine(tmp_path: Path) -> None:
    sparse(tmp_path / "model" / "model.onnx", 3600)
    text = f"{NAMED}instance_type: Standard_DS1_v2\nmodel:\n  path: model/model.onnx\n"
    (found,) = report(tmp_path, "", **{"deployment.yml": text}).findings
    assert found.name == "memory-below-model"
    assert "a machine of Standard_DS1_v2 has 3.5 GiB" in found.message
    more = text.replace("DS1", "DS2")
    assert report(tmp_path, "", **{"deployment.yml": more}).findings == []
    both = more + "environment_variables:\n  WORKER_COUNT: 2\n"
    (found,) = report(tmp_path, "", **{"deployment.yml": both}).findings
    assert "loaded by each of 2 workers" in found.message


# -- one replica ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("config", "findings"),
    [
        (aks(replicas=1), ["single-replica info"]),
        (aks(autoScaler=scaled(1, 1)), ["single-replica info"]),
        (aks(autoScaler=scaled(1, 2)), []),
        (aks(replicas=2), []),
        (aci(1, 1), ["single-replica info"]),
    ],
)
def test_one_replica_is_told_of_in_production_alone(
    config: dict[str, Any], findings: list[str], tmp_path: Path
) -> None:
    toml = model('purpose = "{}"')
    assert said(tmp_path, config, toml.format("production")) == findings
    assert said(tmp_path, config, toml.format("staging")) == []
    assert said(tmp_path, config, "") == []


# -- what is declared wrongly -----------------------------------------------------------------

BAD: dict[str, str] = {
    "[target.cluster]\nnodes = 0": "`nodes` must be a whole number from 1 to 5000",
    "[target.cluster]\nnodes = 2.5": "`nodes` must be a whole number from 1 to 5000",
    "[target.cluster]\nnodes = true": "`nodes` must be a whole number from 1 to 5000",
    "[target.cluster]\nnodes = 4\nmax-nodes = 3": "`max-nodes` is 3, below `nodes`, 4",
    "[target.cluster]\nkubernetes-version = 1.29": "must be a version in quotes",
    "[target.cluster]\nkubernetes-version = 'new'": "must be a version in quotes",
    "[target.cluster]\npurpose = 'prod'": "one of production, development",
    "[target.cluster]\nnode_size = 'x'": "did you mean `node-size`?",
    "[target.cluster]\nside-container-cores = -1": "must be a number above 0",
    "[target]\ncluster = 'aks'": "`cluster` must be a table; its keys: node-size, nodes",
    "[target]\ncluser = 'aks'": "did you mean `cluster`?",
    "[target.quota]\nregional-cores = 1.5": "`regional-cores` must be a whole number of cores",
    "[target.quota]\nfamily-cores = 3": "`family-cores` must be a table of family = cores",
    "[target.quota]\nfamily-cores = { DSv2 = '3' }": "`DSv2` must be a whole number of cores",
    "[target.aci]\ncpu = 0": "`cpu` must be a number above 0",
    "[[deployment]]\nmodel-gib = -1": "`model-gib` must be a number above 0",
}


@pytest.mark.parametrize("toml", BAD)
def test_a_declaration_that_cannot_be_used_ends_the_run_with_its_place(
    toml: str, tmp_path: Path
) -> None:
    write(tmp_path, {"amllint.toml": toml})
    with pytest.raises(ConfigError) as caught:
        load(str(tmp_path / "amllint.toml"), Overlay(cwd=str(tmp_path)))
    assert BAD[toml] in str(caught.value)
    line = 1 + toml.count("\n", 0, toml.rindex("\n"))
    assert str(caught.value).startswith(f"amllint.toml:{line + 1}:")
