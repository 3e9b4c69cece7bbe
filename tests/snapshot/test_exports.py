"""`amllint snapshot --from-files`: what `az` and `kubectl` print, told by what it looks like."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from amllint.schemas import load_schema
from amllint.snapshot import facts
from amllint.snapshot.facts import KINDS, Kind, Read, Unread
from amllint.snapshot.place_rows import Permission
from tests.cli.commands import Commands, Done

from .asking import ask, facts_of, snapshot_of
from .fake_azure import ACR, AKS, LEAK, ML_REGION, MMS, REGION, SUB_PATH, WS, FakeAzure

CLUSTER = json.loads((Path(__file__).parent / "exported/cluster.json").read_text("utf-8"))
SECRET = "do-not-keep-me"
SIZE = {"resourceType": "virtualMachines", "name": "Standard_D2_v3", "locations": ["x"]}


def take(amllint: Commands, files: dict[str, Any]) -> Done:
    """Run `amllint snapshot` over files of which the values are data or texts."""
    folder = amllint.folder / "exports"
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        text = data if isinstance(data, (str, bytes)) else json.dumps(data)
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return amllint("snapshot", "--from-files", "exports")


def only(done: Done, kind: Kind[Any], of: str = "") -> Any:
    """The value of the one fact that there is."""
    assert done.code == 0, done.err
    snapshot = snapshot_of(done)
    assert list(snapshot.facts) == [(kind.name, of)], done.err
    fact = snapshot.fact(kind, of)
    assert isinstance(fact, Read), fact
    return fact.value


# -- kubectl ----------------------------------------------------------------------------------


def with_secrets(cluster: Any) -> Any:
    """The cluster with what pods of real ones hold."""
    data = json.loads(json.dumps(cluster))
    for item in data["items"]:
        item["metadata"].setdefault("annotations", {})["note"] = SECRET
        if item["kind"] == "Pod":
            for container in item["spec"]["containers"]:
                container["env"] = [{"name": "KEY", "value": SECRET}]
                container["command"] = ["run", SECRET]
            item["spec"]["volumes"] = [{"name": SECRET}]
    return data


def test_a_cluster_is_taken_without_what_pods_hold(amllint: Commands) -> None:
    done = take(amllint, {"cluster.json": with_secrets(CLUSTER)})
    assert done.code == 0, done.err
    assert SECRET not in done.out
    assert "last-applied-configuration" not in done.out
    snapshot = snapshot_of(done)
    assert {name for name, _ in snapshot.facts} == {"nodes", "pods", "instance_types"}
    (node,) = snapshot.fact(facts.NODES).value  # type: ignore[union-attr]
    original = next(i for i in CLUSTER["items"] if i["kind"] == "Node")
    assert node["status"]["allocatable"] == original["status"]["allocatable"]
    assert node["metadata"]["labels"] == original["metadata"]["labels"]


def test_what_schedules_is_kept_of_pods(amllint: Commands) -> None:
    pods = snapshot_of(take(amllint, {"cluster.json": CLUSTER})).fact(facts.PODS).value  # type: ignore[union-attr]
    originals = [i for i in CLUSTER["items"] if i["kind"] == "Pod"]
    assert len(pods) == len(originals)
    for pod, original in zip(pods, originals, strict=True):
        assert pod["spec"].get("nodeName") == original["spec"].get("nodeName")
        assert pod["status"]["phase"] == original["status"]["phase"]
        assert [c.get("resources", {}) for c in pod["spec"]["containers"]] == [
            c.get("resources", {}) for c in original["spec"]["containers"]
        ]
        assert pod["spec"].get("tolerations") == original["spec"].get("tolerations")


def test_init_containers_and_overhead_are_kept(amllint: Commands) -> None:
    spec = {
        "containers": [{"name": "a", "resources": {"requests": {"cpu": "1"}}}],
        "initContainers": [{"name": "b", "restartPolicy": "Always", "env": [{"value": SECRET}]}],
        "overhead": {"cpu": "250m"},
    }
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": spec}
    (kept,) = only(take(amllint, {"p.json": {"kind": "List", "items": [pod]}}), facts.PODS)
    assert kept["spec"]["initContainers"] == [{"name": "b", "restartPolicy": "Always"}]
    assert kept["spec"]["overhead"] == {"cpu": "250m"}


def test_a_list_of_one_kind_says_nothing_of_others(amllint: Commands) -> None:
    nodes = {"kind": "List", "items": [i for i in CLUSTER["items"] if i["kind"] == "Node"]}
    assert len(only(take(amllint, {"nodes.json": nodes}), facts.NODES)) == 1
    nothing = {"apiVersion": "v1", "kind": "PodList", "items": []}
    assert only(take(amllint, {"nodes.json": nothing}), facts.PODS) == ()


def test_part_of_a_list_is_refused(amllint: Commands) -> None:
    part = {**CLUSTER, "metadata": {"continue": "token"}}
    done = take(amllint, {"cluster.json": part})
    assert done.code == 2
    assert "cluster.json: it is the first part of a list alone (`metadata.continue`)" in done.err


# -- az ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "kind", "of"),
    [
        (WS, facts.WORKSPACE, ""),
        (f"{ML_REGION}/vmSizes", facts.VM_SIZES, ""),
        (f"{ML_REGION}/quotas", facts.ML_QUOTAS, ""),
        (f"{SUB_PATH}/providers/Microsoft.Compute/skus", facts.NODE_SIZES, ""),
        (
            f"{SUB_PATH}/providers/Microsoft.Compute/locations/{REGION}/usages",
            facts.COMPUTE_USAGES,
            "",
        ),
        (
            f"{SUB_PATH}/providers/Microsoft.ContainerInstance/locations/{REGION}/capabilities",
            facts.ACI_CAPABILITIES,
            "",
        ),
        (f"{SUB_PATH}/providers", facts.PROVIDERS, ""),
        (f"{WS}/computes", facts.COMPUTES, ""),
        (AKS, facts.AKS_CLUSTER, "churn-aks"),
        (ACR, facts.REGISTRY, ""),
        (f"{WS}/models", facts.MODELS, ""),
        (f"{WS}/environments", facts.ENVIRONMENTS, ""),
        (f"{WS}/environments/serving/versions", facts.ENVIRONMENT_VERSIONS, "serving"),
        (f"{WS}/onlineEndpoints", facts.ONLINE_ENDPOINTS, ""),
        (f"{WS}/onlineEndpoints/churn-ep/deployments", facts.ONLINE_DEPLOYMENTS, "churn-ep"),
        (f"{WS}/batchEndpoints", facts.BATCH_ENDPOINTS, ""),
        (f"{MMS}/services", facts.SERVICES, ""),
    ],
)
def test_what_az_rest_prints_is_what_azure_says(
    amllint: Commands, azure: FakeAzure, path: str, kind: Kind[Any], of: str
) -> None:
    query = {"api-version": "2024-10-01", "$filter": f"location eq '{REGION}'"}
    printed = azure.answer(path, query)
    taken = only(take(amllint, {"anything.json": printed}), kind, of)
    live = snapshot_of(ask(amllint, azure)).fact(kind, of)
    assert isinstance(live, Read)
    assert taken == live.value


def lifted(resource: Any) -> Any:
    """A resource as `az` prints it: what is below `properties` beside the rest."""
    rest = {k: v for k, v in resource.items() if k != "properties"}
    return {**resource["properties"], **rest, "resourceGroup": "churn-rg"}


@pytest.mark.parametrize(
    ("path", "kind", "of"), [(AKS, facts.AKS_CLUSTER, "churn-aks"), (ACR, facts.REGISTRY, "")]
)
def test_what_az_lifts_is_found(
    amllint: Commands, azure: FakeAzure, path: str, kind: Kind[Any], of: str
) -> None:
    resource = azure.answer(path, {"api-version": "1"})
    plain = only(take(amllint, {"x.json": resource}), kind, of)
    assert only(take(amllint, {"x.json": lifted(resource)}), kind, of) == plain
    assert LEAK[12:40] not in take(amllint, {"x.json": lifted(resource)}).out


def test_numbers_that_are_texts_are_numbers(amllint: Commands) -> None:
    """As `az vm list-usage` prints them."""
    row = {
        "currentValue": "4",
        "limit": "10",
        "localName": "Total Regional vCPUs",
        "name": {"localizedValue": "Total Regional vCPUs", "value": "cores"},
        "unit": "Count",
    }
    (usage,) = only(take(amllint, {"usage.json": [row]}), facts.COMPUTE_USAGES)
    assert (usage.name, usage.used, usage.limit) == ("cores", 4, 10)


def test_names_of_the_second_sdk_are_found(amllint: Commands) -> None:
    """As `az ml compute list-sizes` prints them, where it has the numbers."""
    size = {"name": "Standard_DS2_v2", "family": "standardDSv2Family", "gpus": 0}
    size |= {"max_resource_volume_mb": 14336, "memory_gb": 7.0, "v_cp_us": 2}
    (found,) = only(take(amllint, {"sizes.json": [size]}), facts.VM_SIZES)
    assert (found.vcpus, found.memory_gb) == (2, 7.0)


def test_sizes_without_cores_are_unknown(amllint: Commands) -> None:
    """As azure-ai-ml prints them: its own names lose the numbers."""
    size = {"name": "S", "family": "f", "gpus": 0, "max_resource_volume_mb": 14336}
    done = take(amllint, {"sizes.json": [size], "nodes.json": CLUSTER})
    fact = snapshot_of(done).fact(facts.VM_SIZES)
    assert isinstance(fact, Unread)
    assert fact.reason == "sizes.json is not as expected: an item lacks `vCPUs`, a number"


def az_ml(kind: str, name: str, version: str, **more: Any) -> Any:
    """A row of `az ml model list` or `az ml environment list`."""
    path = f"azureml:{WS}/{kind}/{name}/versions/{version}"
    return {"id": path, "name": name, "version": version, "resourceGroup": "rg", **more}


def test_a_list_of_several_models_has_the_latest_of_each(amllint: Commands) -> None:
    rows = [az_ml("models", "churn", "3", type="custom_model"), az_ml("models", "prices", "7")]
    found = only(take(amllint, {"list.json": rows}), facts.MODELS)
    assert [(a.name, a.latest_version) for a in found] == [("churn", "3"), ("prices", "7")]


def test_several_versions_of_a_model_are_all_of_it(amllint: Commands) -> None:
    rows = [az_ml("models", "churn", v, type="custom_model") for v in ("3", "2", "1")]
    found = only(take(amllint, {"churn.json": rows}), facts.MODEL_VERSIONS, "churn")
    assert [(m.version, m.kind) for m in found] == [(v, "custom_model") for v in ("3", "2", "1")]


def test_versions_of_one_model_are_kept_whatever_their_file_is_called(amllint: Commands) -> None:
    rows = [az_ml("models", "churn", v) for v in ("2", "1")]
    done = take(amllint, {"models.json": rows})
    assert [m.version for m in only(done, facts.MODEL_VERSIONS, "churn")] == ["2", "1"]
    more = [*rows, az_ml("models", "prices", "7")]
    done = take(amllint, {"models.json": more})
    told = snapshot_of(done)
    names, versions = told.fact(facts.MODELS), told.fact(facts.MODEL_VERSIONS, "churn")
    assert isinstance(names, Read)
    assert isinstance(versions, Read)
    assert [m.name for m in names.value] == ["churn", "prices"]
    assert [m.version for m in versions.value] == ["2", "1"]


def test_names_of_models_come_with_their_latest_versions(amllint: Commands) -> None:
    """As azure-ai-ml prints a list without a name: no version, and no path."""
    rows = [
        {
            "creation_context": {},
            "id": f"azureml:{WS}/models/{name}",
            "latest_version": version,
            "name": name,
            "properties": {},
            "tags": {},
            "type": "custom_model",
        }
        for name, version in (("churn", "3"), ("prices", "7"))
    ]
    found = only(take(amllint, {"all.json": rows}), facts.MODELS)
    assert [(m.name, m.latest_version) for m in found] == [("churn", "3"), ("prices", "7")]


def test_what_is_not_understood_is_not_passed_over_strictly(amllint: Commands) -> None:
    rows = [az_ml("models", "churn", v) for v in ("2", "1")]
    files = {"churn.json": rows, "notes.json": {"ours": 1}}
    done = take(amllint, files)
    assert done.code == 0
    assert "notes.json: nothing that is known" in done.err
    assert done.err.endswith("1 facts known, 0 unknown; not understood: notes.json\n")
    assert amllint("snapshot", "--from-files", "exports", "--strict").code == 4
    (amllint.folder / "exports/notes.json").unlink()
    assert amllint("snapshot", "--from-files", "exports", "--strict").code == 0


def test_one_version_of_a_model_alone_says_nothing(amllint: Commands) -> None:
    rows = [az_ml("models", "churn", "3")]
    done = take(amllint, {"export.json": rows})
    assert done.code == 2
    assert "whether it lists all models or all versions of `churn` cannot be told" in done.err
    assert "call it models.json or model-churn.json" in done.err
    (amllint.folder / "exports/export.json").unlink()
    assert only(take(amllint, {"models.json": rows}), facts.MODELS)[0].latest_version == "3"


def test_models_of_v1_are_told_apart(amllint: Commands, azure: FakeAzure) -> None:
    printed = azure.answer(f"{MMS}/models", {})["value"]
    found = only(take(amllint, {"models.json": printed}), facts.V1_MODELS)
    assert [(m.name, m.version) for m in found] == [("churn", "1"), ("churn", "2")]


def test_identities_and_ranges_are_found_as_az_spells_them(amllint: Commands) -> None:
    own = {"resource_id": "/subscriptions/s/own", "principal_id": "p", "client_id": "c"}
    identity = {"type": "user_assigned", "user_assigned_identities": [own, {"resource_id": "/o"}]}
    endpoint = {"auth_mode": "key", "identity": identity, "name": "churn-ep", "traffic": {}}
    (found,) = only(take(amllint, {"endpoints.json": [endpoint]}), facts.ONLINE_ENDPOINTS)
    assert found.user_identities == {"/subscriptions/s/own": "p", "/o": None}
    (amllint.folder / "exports/endpoints.json").unlink()
    access = {"authorizedIpRanges": ["192.0.2.0/24"], "enablePrivateClusterPublicFqdn": False}
    pool = {"name": "pool", "vmSize": "Standard_D4s_v3", "count": 3}
    cluster = {"id": AKS, "name": "churn-aks", "agentPoolProfiles": [pool]}
    cluster["apiServerAccessProfile"] = access
    aks = only(take(amllint, {"aks.json": cluster}), facts.AKS_CLUSTER, "churn-aks")
    assert (aks.has_public_fqdn, aks.authorized_ranges) == (False, 1)


def test_endpoints_and_deployments_of_az_ml_are_found(amllint: Commands) -> None:
    endpoint = {
        "auth_mode": "key",
        "id": f"{WS}/onlineEndpoints/churn-ep",
        "kind": "Managed",
        "name": "churn-ep",
        "provisioning_state": "Updating",
        "traffic": {"blue": 100},
    }
    (found,) = only(take(amllint, {"endpoints.json": [endpoint]}), facts.ONLINE_ENDPOINTS)
    assert (found.state, found.traffic, found.auth_mode) == ("Updating", {"blue": 100}, "key")
    (amllint.folder / "exports/endpoints.json").unlink()
    deployment = {
        "endpoint_name": "churn-ep",
        "environment_variables": {"KEY": SECRET},
        "instance_count": 3,
        "instance_type": "Standard_DS3_v2",
        "model": f"azureml:{WS}/models/churn/versions/3",
        "name": "blue",
        "provisioning_state": "Succeeded",
        "request_settings": {"request_timeout_ms": 5000, "max_concurrent_requests_per_instance": 1},
        "type": "managed",
    }
    done = take(amllint, {"deployments.json": [deployment]})
    (blue,) = only(done, facts.ONLINE_DEPLOYMENTS, "churn-ep")
    assert (blue.instance_count, blue.request_timeout_ms, blue.kind) == (3, 5000, "managed")
    assert SECRET not in done.out


@pytest.mark.parametrize("kind", [k for k in KINDS.values() if k.is_list and not k.of])
def test_an_empty_list_is_one_of_what_its_file_is_called(
    amllint: Commands, kind: Kind[Any]
) -> None:
    assert only(take(amllint, {f"{kind.name.replace('_', '-')}.json": []}), kind) == ()


# -- files ------------------------------------------------------------------------------------


def test_a_fact_is_as_old_as_its_file(amllint: Commands) -> None:
    take(amllint, {"cluster.json": CLUSTER})
    os.utime(amllint.folder / "exports/cluster.json", (1_700_000_000, 1_700_000_000))
    done = amllint("snapshot", "--from-files", "exports")
    assert facts_of(done)["nodes"]["read_at"] == "2023-11-14T22:13:20Z"
    assert facts_of(done)["nodes"]["source"] == "cluster.json"
    judge: Any = Draft202012Validator(load_schema("snapshot"))
    assert list(judge.iter_errors(done.data)) == []


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_what_powershell_writes_is_read(amllint: Commands, encoding: str) -> None:
    done = take(amllint, {"cluster.json": json.dumps(CLUSTER).encode(encoding)})
    assert "nodes" in facts_of(done)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "exports has no exports of az or kubectl (*.json)"),
        ({"x.json": {"a": 1}, "y.json": [1, 2], "z.json": "3"}, "exports has no exports of az"),
        ({"x.json": ""}, "x.json:1:1: it is empty; export it again, or remove it"),
        ({"x.json": '[\n{"a": 1,'}, "x.json:2:9: it is broken or cut off"),
        ({"x.json": b"\xff\xfe\x00"}, "x.json cannot be read as text: it is no UTF-16"),
        ({"x.json": b'{"\xff"}'}, "x.json cannot be read as text: byte 0xff is not UTF-8"),
        ({"x.json": "[" * 100_000}, "x.json:1:1: it is nested too deeply"),
        ({"a.json": [SIZE], "b.json": [SIZE]}, "b.json and a.json both tell node_sizes: remove"),
        (
            {"x.json": {"value": [{"a": 1}], "nextLink": "https://x"}},
            "x.json: it is the first page of a list alone (`nextLink`)",
        ),
        (
            {"x.json": {"id": f"{WS}/computes/c", "properties": {"computeType": "AKS"}}},
            "x.json: it is one of several; export the list (computes)",
        ),
    ],
)
def test_files_that_cannot_be_used_are_told(
    amllint: Commands, files: dict[str, Any], said: str
) -> None:
    done = take(amllint, files)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_other_json_is_passed_over_and_told(amllint: Commands) -> None:
    done = take(amllint, {"cluster.json": CLUSTER, "other.json": {"a": 1}})
    assert done.code == 0
    assert "  cluster.json: nodes: 1\n" in done.err
    assert "  other.json: nothing that is known\n" in done.err


def test_a_folder_that_is_not_there_and_a_pipe_are_told(amllint: Commands) -> None:
    assert "cannot read the folder exports" in amllint("snapshot", "--from-files", "exports").err
    (amllint.folder / "exports").mkdir()
    os.mkfifo(amllint.folder / "exports/x.json")
    assert "x.json is no regular file" in amllint("snapshot", "--from-files", "exports").err


def test_files_add_to_what_azure_says(amllint: Commands, azure: FakeAzure) -> None:
    take(amllint, {"cluster.json": CLUSTER, "vm-sizes.json": []})
    found = facts_of(ask(amllint, azure, "--from-files", "exports"))
    assert found["nodes"]["source"] == "cluster.json"
    assert len(found["vm_sizes"]["value"]) == 3


# -- what az ml really writes, and files that do not belong together ----------------------------


@pytest.mark.parametrize(
    ("file", "kind"), [("models.json", facts.MODELS), ("environments.json", facts.ENVIRONMENTS)]
)
@pytest.mark.parametrize("with_id", [True, False])
def test_the_latest_version_is_read_as_az_ml_spells_it(
    file: str, kind: Kind[Any], with_id: bool, amllint: Commands
) -> None:
    path = file.removesuffix(".json")
    rows = [
        {"name": name, "latest version": version, "creation_context": {}}
        | ({"id": f"{WS}/{path}/{name}"} if with_id else {})
        for name, version in (("churn", "4"), ("prices", "7"))
    ]
    value = only(take(amllint, {file: rows}), kind)
    assert [(row.name, row.latest_version) for row in value] == [("churn", "4"), ("prices", "7")]


def test_one_version_of_a_model_is_all_of_it_where_the_file_says_so(amllint: Commands) -> None:
    row = {"name": "churn", "version": "1", "path": "azureml://a", "id": f"{WS}/models/churn"}
    value = only(take(amllint, {"model-churn.json": [row]}), facts.MODEL_VERSIONS, "churn")
    assert [v.version for v in value] == ["1"]


def test_no_roles_are_none(amllint: Commands) -> None:
    assert (
        only(take(amllint, {"role-assignments.json": []}), facts.ROLE_ASSIGNMENTS, "as exported")
        == ()
    )


def test_definitions_are_kept_of_roles_that_somebody_has(amllint: Commands) -> None:
    """`az role definition list` prints hundreds; which are given, assignments say."""
    allowed = {
        "actions": ["*/read"],
        "dataActions": [],
        "notActions": ["a/b"],
        "notDataActions": [],
    }
    path = "/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions"
    listed: list[dict[str, Any]] = [
        {"id": f"{path}/{name}", "name": name, "permissions": [allowed], "roleName": name.title()}
        for name in ("aaaa", "bbbb")
    ]
    given = {"principalId": "p", "roleDefinitionId": f"{path}/BBBB", "scope": "/", "condition": "x"}
    both = snapshot_of(take(amllint, {"defined.json": listed, "given.json": [given]}))
    assert list(both.facts) == [("role_definitions", ""), ("role_assignments", "as exported")]
    (kept,) = both.fact(facts.ROLE_DEFINITIONS).value  # type: ignore[union-attr]
    assert (kept.name, kept.permissions) == ("Bbbb", (Permission(("*/read",), ("a/b",)),))
    (row,) = both.fact(facts.ROLE_ASSIGNMENTS, "as exported").value  # type: ignore[union-attr]
    assert row.is_conditional is True


def test_definitions_are_all_kept_where_nobody_says_who_has_them(amllint: Commands) -> None:
    row = {"id": "/x/aaaa", "roleName": "Aaaa", "permissions": [{"actions": ["*"]}]}
    value = only(take(amllint, {"defined.json": [row]}), facts.ROLE_DEFINITIONS)
    assert [role.name for role in value] == ["Aaaa"]
    broken = take(amllint, {"defined.json": [{**row, "permissions": []}]})
    assert "the role `Aaaa` lacks `permissions`" in broken.err


@pytest.mark.parametrize(
    ("permissions", "said"),
    [([{}], "say nothing"), ([{"actions": "*"}], "`actions` is no list"), ("*", "is no list")],
)
def test_a_role_of_another_shape_is_not_one_that_allows_nothing(
    amllint: Commands, permissions: Any, said: str
) -> None:
    row = {"id": "/x/aaaa", "roleName": "Aaaa", "permissions": permissions}
    done = take(amllint, {"defined.json": [row]})
    assert said in done.err
    assert '"value"' not in done.out


@pytest.mark.parametrize(
    "data",
    [
        {"apiVersion": "v1", "kind": "NodeList", "items": None},
        {"apiVersion": "v1", "kind": "PodList", "items": {}},
        {"apiVersion": "v1", "kind": "PodList", "items": ["x"]},
        {"apiVersion": "v1", "kind": "PodList"},
    ],
)
def test_a_list_without_its_items_is_refused(amllint: Commands, data: Any) -> None:
    done = take(amllint, {"cluster.json": data})
    assert (done.code, done.out) == (2, "")
    assert "cluster.json: its `items` are no list of objects" in done.err


def test_nodes_that_run_nothing_are_not_taken_for_idle(amllint: Commands) -> None:
    nodes = {"kind": "List", "items": [i for i in CLUSTER["items"] if i["kind"] == "Node"]}
    none = {"kind": "PodList", "apiVersion": "v1", "items": []}
    fact = snapshot_of(take(amllint, {"nodes.json": nodes, "pods.json": none})).fact(facts.PODS)
    assert isinstance(fact, Unread)
    assert fact.reason.startswith("pods.json lists no pods, and every node runs some")


@pytest.mark.parametrize("name", ["workspace.json", "registry.json"])
def test_no_workspace_is_none_that_is_meant(amllint: Commands, name: str) -> None:
    done = take(amllint, {name: []})
    assert (done.code, done.out) == (2, "")
    assert f"{name}: it lists none; show the one that is meant" in done.err


def test_no_versions_of_a_model_are_none_of_it(amllint: Commands) -> None:
    assert only(take(amllint, {"model-churn.json": []}), facts.MODEL_VERSIONS, "churn") == ()


def test_what_is_no_json_is_passed_over_and_named(amllint: Commands) -> None:
    folder = amllint.folder / "exports"
    (folder / "more").mkdir(parents=True)
    (folder / ".hidden").write_text("", "utf-8")
    done = take(amllint, {"role-assignments.json": [], "models.txt": "[]", "list.json": ["1", "2"]})
    assert done.code == 0
    assert "models.txt: no file of JSON (*.json)\n" in done.err
    assert "more/: no file of JSON (*.json)\n" in done.err
    assert "list.json: nothing that is known; a list of tags must be called tags-REP" in done.err
    assert ".hidden" not in done.err


def test_exports_of_another_registry_or_region_are_refused(amllint: Commands) -> None:
    workspace = {
        "id": WS,
        "name": "churn-ws",
        "location": REGION,
        "application_insights": "/a",
        "key_vault": "/k",
        "container_registry": ACR,
    }
    kind = "Microsoft.ContainerRegistry/registries"
    registry = {"id": f"{ACR}2", "name": "other", "type": kind}
    done = take(amllint, {"workspace.json": workspace, "acr.json": registry})
    assert done.code == 2
    assert "acr.json is of the registry `other`, the workspace's is" in done.err
    (amllint.folder / "exports/acr.json").unlink()
    size = {"name": "Standard_D2", "resourceType": "virtualMachines", "locations": ["northeurope"]}
    done = take(amllint, {"skus.json": [size]})
    assert done.code == 2
    assert "skus.json is of the region `northeurope`" in done.err


def test_computes_of_az_ml_are_refused_with_what_to_export(amllint: Commands) -> None:
    row = {"name": "aks", "type": "aks", "provisioning_state": "Succeeded", "location": REGION}
    done = take(amllint, {"computes.json": [row]})
    assert done.code == 2
    assert "export the computes by `az rest`" in done.err


@pytest.mark.parametrize(
    ("file", "item", "said"),
    [
        (
            "computes.json",
            {"id": WS.replace("churn-ws", "test-ws") + "/computes/aks", "name": "aks"},
            "computes.json is of the workspace `test-ws`, workspace.json of `churn-ws`",
        ),
        (
            "usages.json",
            {"id": ML_REGION.replace(REGION, "northeurope") + "/usages/a", "name": {"value": "a"}},
            "is of the region `northeurope`, the workspace is in `westeurope`",
        ),
    ],
)
def test_exports_of_two_workspaces_or_regions_are_not_mixed(
    file: str, item: dict[str, Any], said: str, amllint: Commands, azure: FakeAzure
) -> None:
    workspace = azure.answer(WS, {})
    done = take(amllint, {"workspace.json": workspace, file: {"value": [item]}})
    assert done.code == 2
    assert said in done.err


POOLS = {
    "id": "/subscriptions/s/resourceGroups/g/providers/M/managedClusters/a",
    "name": "a",
}


@pytest.mark.parametrize(
    ("name", "item", "said"),
    [
        ("node-sizes.json", {**SIZE, "capabilities": 5}, "`capabilities` is no list"),
        ("node-sizes.json", {**SIZE, "restrictions": 5}, "`restrictions` is no list"),
        ("aks-cluster.json", {**POOLS, "powerState": "Running"}, "`powerState` is no mapping"),
    ],
)
def test_what_is_of_another_shape_is_unknown(
    amllint: Commands, name: str, item: dict[str, Any], said: str
) -> None:
    if name.startswith("aks"):
        item = {**item, "agentPoolProfiles": [], "kubernetesVersion": "1.29"}
        item["type"] = "Microsoft.ContainerService/ManagedClusters"
    data = item if name.startswith("aks") else [item]
    done = take(amllint, {"cluster.json": CLUSTER, name: data})
    assert done.code == 0, done.err
    assert f"unknown: {name} is not as expected: {said}" in done.err


def test_a_capability_without_a_name_is_none(amllint: Commands) -> None:
    done = take(amllint, {"node-sizes.json": [{**SIZE, "capabilities": [{"name": []}]}]})
    assert facts_of(done)["node_sizes"]["value"][0]["name"] == "Standard_D2_v3"
