"""`amllint snapshot` against a fake Azure: what it reads, and what it makes of failures."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from amllint.schemas import load_schema
from amllint.snapshot import facts
from amllint.snapshot.facts import KINDS, Read
from amllint.snapshot.place_rows import Permission
from amllint.snapshot.reading import read
from amllint.source.overlay import Overlay
from tests.cli.commands import Commands

from .asking import NAMES, ask, facts_of, snapshot_of
from .fake_azure import ACR, AKS, LEAK, ML_REGION, OWN, STORAGE, TOKEN, WS, FakeAzure, Fault

VALUE = LEAK.partition("=")[2][8:40]


def value(snapshot: Any, kind: Any, of: str = "") -> Any:
    fact = snapshot.fact(kind, of)
    assert isinstance(fact, Read), fact
    return fact.value


def test_a_workspace_is_read_whole(amllint: Commands, azure: FakeAzure) -> None:
    done = ask(amllint, azure)
    assert done.code == 0, done.err
    judge: Any = Draft202012Validator(load_schema("snapshot"))
    assert list(judge.iter_errors(json.loads(done.out))) == []
    found = snapshot_of(done)
    unread = {name for (name, _), fact in found.facts.items() if not isinstance(fact, Read)}
    assert unread == {"nodes", "pods", "instance_types", "aks_cluster"}
    assert {name for name, _ in found.facts} == set(KINDS)
    assert all(with_token for path, with_token in azure.calls if "/own/discovery" not in path)
    assert [t for path, t in azure.calls if "/own/discovery" in path] == [False]


def test_what_is_read_are_the_numbers_of_the_server(amllint: Commands, azure: FakeAzure) -> None:
    found = snapshot_of(ask(amllint, azure))
    state = azure.state
    sizes = value(found, facts.VM_SIZES)
    assert [(s.name, s.family, s.vcpus, s.memory_gb, s.gpus) for s in sizes] == state.sizes
    usages = value(found, facts.ML_USAGES)
    assert [(u.name, u.used, -1 if u.limit is None else u.limit) for u in usages] == state.usages
    cores = value(found, facts.COMPUTE_USAGES)
    assert [(u.name, u.used, u.limit) for u in cores] == state.cores
    caps = [(c.name, c.limit, c.workspace) for c in value(found, facts.ML_QUOTAS)]
    assert caps == [
        ("standardDSv2Family", 16, "churn-ws"),
        ("standardFSv2Family", None, "churn-ws"),
    ]
    node_sizes = value(found, facts.NODE_SIZES)
    assert [(s.name, s.vcpus, s.memory_gib) for s in node_sizes] == [
        ("Standard_D4s_v3", 4, 16.0),
        ("Standard_D64s_v3", 64, 256.0),
    ]
    (barred,) = node_sizes[1].restrictions
    assert (barred.reason, barred.locations) == ("NotAvailableForSubscription", ("westeurope",))
    (group,) = value(found, facts.ACI_CAPABILITIES)
    assert (group.os_type, group.cpu_cores, group.memory_gb) == ("Linux", 4.0, 16.0)


def test_what_is_there_is_read(amllint: Commands, azure: FakeAzure) -> None:
    found = snapshot_of(ask(amllint, azure))
    for name, versions in azure.state.models.items():
        rows = value(found, facts.MODEL_VERSIONS, name)
        assert [(r.name, r.version) for r in rows] == [(name, v) for v in versions]
    v1 = [(m.name, m.version, m.memory_gb) for m in value(found, facts.V1_MODELS)]
    assert v1 == [(n, v, 2.0) for n, versions in azure.state.models.items() for v in versions]
    latest = {a.name: a.latest_version for a in value(found, facts.MODELS)}
    assert latest == {"churn": "3", "prices": "7"}
    assert [e.version for e in value(found, facts.ENVIRONMENT_VERSIONS, "serving")] == ["1", "4"]
    endpoints = value(found, facts.ONLINE_ENDPOINTS)
    assert endpoints[0].traffic == {"blue": 90, "green": 10}
    assert endpoints[0].user_identities == {OWN: "77777777-aaaa-4bbb-8ccc-888888888888"}
    blue, green = value(found, facts.ONLINE_DEPLOYMENTS, "churn-ep")
    assert (blue.endpoint, blue.name, green.name) == ("churn-ep", "blue", "green")
    assert (blue.instance_count, blue.request_timeout_ms, blue.kind) == (2, 65500, "Managed")
    assert value(found, facts.ONLINE_DEPLOYMENTS, "idle-ep") == ()
    (service,) = value(found, facts.SERVICES)
    assert (service.state, service.cpu_cores_limit, service.memory_gb) == ("Unhealthy", 2.0, 1.5)


def test_where_it_can_be_deployed_is_read(amllint: Commands, azure: FakeAzure) -> None:
    found = snapshot_of(ask(amllint, azure))
    aks, kubernetes = value(found, facts.COMPUTES)
    assert (aks.kind, aks.vm_size, aks.nodes, aks.cluster_purpose) == (
        "AKS",
        "Standard_D4s_v3",
        3,
        "FastProd",
    )
    (gpu,) = kubernetes.instance_types
    assert gpu.limits == {"cpu": "4", "memory": "16Gi", "nvidia.com/gpu": "1"}
    assert gpu.node_selector == {"agentpool": "gpu"}
    cluster = value(found, facts.AKS_CLUSTER, "churn-aks")
    (pool,) = cluster.node_pools
    assert (cluster.kubernetes_version, cluster.is_monitored) == ("1.29.4", True)
    assert (pool.max_count, pool.max_pods, pool.taints) == (5, 110, ("sku=cpu:NoSchedule",))
    assert value(found, facts.REGISTRY).has_admin_user is False
    assert set(found.subjects(facts.ROLE_ASSIGNMENTS)) == {WS, ACR, STORAGE, OWN}
    (reader,) = value(found, facts.ROLE_DEFINITIONS)  # nobody has the other one
    assert (reader.name, reader.permissions) == ("Reader", (Permission(("*/read",)),))
    assert (cluster.has_public_fqdn, cluster.authorized_ranges) == (True, 2)
    assert value(found, facts.WORKSPACE).private_endpoints == 1
    assert {p.namespace: p.state for p in value(found, facts.PROVIDERS)} == {
        "Microsoft.MachineLearningServices": "Registered",
        "Microsoft.ContainerInstance": "NotRegistered",
    }


def test_a_cluster_that_is_gone_is_unknown_alone(amllint: Commands, azure: FakeAzure) -> None:
    fact = facts_of(ask(amllint, azure))["aks_cluster churn-aks-2"]
    assert fact["unknown"].startswith("HTTP 404: nothing at ")
    assert fact["source"] == f"GET {AKS}-2"


def test_it_is_written_to_a_file_whole_or_not_at_all(
    amllint: Commands, azure: FakeAzure, tmp_path: Path
) -> None:
    done = ask(amllint, azure, "-o", "snapshot.json")
    assert (done.code, done.out) == (0, "")
    assert done.err.endswith(" 3 unknown\n") or "unknown" in done.err
    first = (tmp_path / "snapshot.json").read_bytes()
    assert read(str(tmp_path / "snapshot.json"), Overlay(str(tmp_path))).workspace == "churn-ws"
    azure.faults = [Fault(WS, status=404)]
    assert ask(amllint, azure, "-o", "snapshot.json").code == 3
    assert (tmp_path / "snapshot.json").read_bytes() == first
    assert [p.name for p in tmp_path.iterdir()] == ["snapshot.json"]


def test_no_secret_is_in_the_file_or_on_stderr(amllint: Commands, azure: FakeAzure) -> None:
    azure.faults = [
        Fault("/quotas", status=403, body={"error": {"message": f"{TOKEN} may not {LEAK}"}}),
        Fault("/usages", kind="next", next=lambda page: f"https://u:{LEAK}@evil.test/?t={TOKEN}"),
    ]
    done = ask(amllint, azure, "-v")
    assert done.code == 0
    for text in (done.out, done.err):
        assert TOKEN not in text
        assert VALUE not in text
    assert "    GET /subscriptions/" in done.err
    assert facts_of(done)["ml_quotas"]["unknown"].startswith("HTTP 403: eyJh****")


def test_progress_is_on_stderr_and_can_be_left_out(amllint: Commands, azure: FakeAzure) -> None:
    done = ask(amllint, azure)
    assert "  vm_sizes: 3\n" in done.err
    assert "  model_versions: 2 of 2\n" in done.err
    assert "  nodes: unknown: Azure does not tell it" in done.err
    assert done.err.splitlines()[-1] == "amllint: standard output: 28 facts known, 4 unknown"
    assert ask(amllint, azure, "-q").err == ""
    assert ask(amllint, azure, "--strict").code == 4


# -- one fact fails ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "HTTP 401: why"),
        (403, "HTTP 403: why"),
        (404, "HTTP 404: why"),
        (409, "HTTP 409: why"),
        (302, "HTTP 302: redirects are not followed"),
    ],
)
def test_a_refused_fact_is_unknown_for_a_reason(
    amllint: Commands, azure: FakeAzure, status: int, said: str
) -> None:
    body = {"error": {"code": "X", "message": "why"}}
    azure.faults = [Fault("/vmSizes", status=status, body=body, headers={"Location": "/own"})]
    done = ask(amllint, azure)
    assert done.code == 0
    found = facts_of(done)
    assert found["vm_sizes"]["unknown"] == said
    assert "value" not in found["vm_sizes"]
    assert "value" in found["ml_usages"]
    assert azure.asked("/vmSizes") == 1


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault("/vmSizes", status=500), "HTTP 500, within 2 s"),
        (
            Fault("/vmSizes", status=429, headers={"Retry-After": "3600"}),
            "HTTP 429; it asks to wait 3600 s, within 2 s",
        ),
        (
            Fault("/vmSizes", kind="broken"),
            "the answer is no valid JSON: it is broken or cut off, within 2 s",
        ),
        (Fault("/vmSizes", kind="cut"), "the answer was cut off"),
        (Fault("/vmSizes", kind="silent"), "no answer"),
        (Fault("/vmSizes", kind="slow-head"), "no answer, within 2 s"),
        (Fault("/vmSizes", kind="slow-body"), "no answer, within 2 s"),
    ],
    ids=lambda x: f"{x.kind} {x.status}" if isinstance(x, Fault) else "",
)
def test_a_fact_that_fails_within_its_time_is_unknown(
    amllint: Commands, azure: FakeAzure, fault: Fault, said: str
) -> None:
    azure.faults = [fault]
    began = time.monotonic()
    done = ask(amllint, azure, "--call-seconds", "2")
    assert time.monotonic() - began < 10
    assert done.code == 0
    assert facts_of(done)["vm_sizes"]["unknown"].startswith(said)
    assert "value" in facts_of(done)["ml_usages"]


def test_what_azure_asks_to_wait_for_is_waited_for(amllint: Commands, azure: FakeAzure) -> None:
    azure.faults = [Fault("/vmSizes", status=429, headers={"Retry-After": "1"}, times=1)]
    began = time.monotonic()
    done = ask(amllint, azure, "-v")
    assert time.monotonic() - began >= 1
    assert "value" in facts_of(done)["vm_sizes"]
    assert "vmSizes: HTTP 429; again in 1.0 s" in done.err


@pytest.mark.parametrize(
    ("follow", "said"),
    [
        (
            lambda page: "https://evil.test/page?api-version=1",
            "its next page is at https://evil.test: the token is not sent there",
        ),
        (
            lambda page: "http://localhost/page",
            "its next page is at http://localhost: the token is not sent there",
        ),
        (
            lambda page: "/relative",
            "its next page is at no URL: the token is not sent there",
        ),
        (
            lambda page: ["x"],
            "its next page is at no URL: the token is not sent there",
        ),
    ],
)
def test_a_next_page_elsewhere_is_refused(
    amllint: Commands, azure: FakeAzure, follow: Any, said: str
) -> None:
    azure.faults = [Fault("/vmSizes", kind="next", next=follow)]
    assert facts_of(ask(amllint, azure))["vm_sizes"]["unknown"] == said


def test_the_token_does_not_follow_a_next_page(
    amllint: Commands, azure: FakeAzure, certificate: Path
) -> None:
    other = FakeAzure()
    with other.serving(certificate):
        azure.faults = [Fault("/vmSizes", kind="next", next=lambda page: f"{other.url}/vmSizes")]
        found = facts_of(ask(amllint, azure))
        azure.faults = [Fault("/own/discovery", status=302, headers={"Location": other.url})]
        ask(amllint, azure)
    assert "the token is not sent there" in found["vm_sizes"]["unknown"]
    assert other.calls == []


def test_services_elsewhere_are_not_asked(amllint: Commands, azure: FakeAzure) -> None:
    azure.faults = [
        Fault("/own/discovery", status=200, body={"modelmanagement": "https://evil.test"})
    ]
    found = facts_of(ask(amllint, azure))
    said = "it leads to https://evil.test: the token is not sent there"
    assert found["services"]["unknown"] == found["v1_models"]["unknown"] == said


def test_pages_without_end_are_given_up(amllint: Commands, azure: FakeAzure) -> None:
    again = f"{azure.url}{ML_REGION}/vmSizes?api-version=2024-10-01&page=1"
    azure.faults = [Fault("/vmSizes", kind="next", next=lambda page: again)]
    found = facts_of(ask(amllint, azure))
    said = "its pages lead back to a page that was read before"
    assert found["vm_sizes"]["unknown"] == said
    assert azure.asked("/vmSizes") == 2


@pytest.mark.parametrize(
    "body", [[], 3, None, {}, {"value": {}}, {"value": [3]}, {"value": [{"name": "x"}]}]
)
def test_an_answer_of_another_shape_is_unknown(
    amllint: Commands, azure: FakeAzure, body: Any
) -> None:
    azure.faults = [Fault("/vmSizes", status=200, body=body)]
    fact = facts_of(ask(amllint, azure))["vm_sizes"]
    assert "value" not in fact
    assert fact["unknown"].startswith(("the answer is no list of items", "the answer is not as"))


@pytest.mark.parametrize("cores", [None, "", "four", True])
def test_a_size_without_cores_is_not_one_with_none(
    amllint: Commands, azure: FakeAzure, cores: Any
) -> None:
    row = {"name": "S", "family": "f", "vCPUs": cores, "memoryGB": 1}
    azure.faults = [Fault("/vmSizes", status=200, body={"value": [row]})]
    fact = facts_of(ask(amllint, azure))["vm_sizes"]
    assert fact["unknown"] == "the answer is not as expected: an item lacks `vCPUs`, a number"


def test_the_time_for_everything_is_kept(amllint: Commands, azure: FakeAzure) -> None:
    azure.faults = [Fault("/models", kind="silent")]
    began = time.monotonic()
    done = ask(amllint, azure, "--seconds", "1.5")
    assert time.monotonic() - began < 8
    found = facts_of(done)
    assert "value" in found["computes"]
    assert found["models"]["unknown"] == "no answer, within the limit of 2 s for everything"
    assert found["providers"]["unknown"].startswith("not asked for: the time was over")


# -- nothing can be read ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "code", "said"),
    [
        (404, 3, "there is no workspace churn-ws to be seen there: HTTP 404: why"),
        (401, 4, "Azure does not accept the token: HTTP 401: why"),
    ],
)
def test_without_a_workspace_there_is_nothing(
    amllint: Commands, azure: FakeAzure, status: int, code: int, said: str
) -> None:
    azure.faults = [Fault(WS, status=status, body={"error": {"message": "why"}})]
    done = ask(amllint, azure)
    assert (done.code, done.out, done.err) == (code, "", f"amllint: {said}\n")
    assert len(azure.calls) == 1


def test_where_everything_is_forbidden_nothing_is_written(
    amllint: Commands, azure: FakeAzure, tmp_path: Path
) -> None:
    azure.faults = [Fault("/", status=403)]
    done = ask(amllint, azure, "-o", "snapshot.json")
    assert done.code == 4
    assert done.err.endswith("amllint: nothing could be read, nothing is written\n")
    assert not (tmp_path / "snapshot.json").exists()


def test_where_only_the_workspace_is_forbidden_the_rest_is_read(
    amllint: Commands, azure: FakeAzure
) -> None:
    azure.faults = [Fault(WS, status=403, times=1)]
    found = facts_of(ask(amllint, azure))
    assert "value" in found["online_endpoints"]
    assert found["vm_sizes"]["unknown"].startswith("the region is not known")


def test_a_server_that_is_not_there_is_told(amllint: Commands, azure: FakeAzure) -> None:
    options = ("--resource-manager", "https://localhost:9", "--call-seconds", "1")
    done = amllint("snapshot", *NAMES, *options)
    assert done.code == 4
    assert "the workspace cannot be read: it cannot be reached" in done.err


def test_a_certificate_that_nobody_trusts_is_told(
    amllint: Commands, azure: FakeAzure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    done = ask(amllint, azure)
    assert done.code == 4
    assert "certificate is not trusted; if a proxy stands between, name its certificate" in done.err
    assert azure.calls == []


@pytest.mark.parametrize("url", ["http://localhost:1", "ftp://x", "x", "https://u:p@x.test", ""])
def test_the_token_goes_nowhere_without_encryption(amllint: Commands, url: str) -> None:
    done = amllint("snapshot", *NAMES, "--resource-manager", url or "://")
    assert done.code == 2
    assert done.out == ""
    assert "u:p" not in done.err


def test_nobody_signed_in_is_told(
    amllint: Commands, azure: FakeAzure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AMLLINT_AZURE_TOKEN")
    monkeypatch.setitem(__import__("sys").modules, "azure.identity", None)
    done = ask(amllint, azure)
    assert done.code == 2
    assert "snapshot needs azure-identity: pip install 'amllint[azure]'" in done.err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "say --subscription, --resource-group and --workspace, or --from-files"),
        (("--workspace", "w"), "--subscription and --resource-group must be given too"),
        ((*NAMES, "-o", "no/such/x.json"), "cannot write no/such/x.json: there is no folder"),
        ((*NAMES, "-o", "."), "cannot write .: it is no regular file"),
        ((*NAMES, "--seconds", "0"), "`0` is no number of seconds above 0, to 86400"),
        ((*NAMES, "--seconds", "nan"), "`nan` is no number of seconds above 0, to 86400"),
    ],
)
def test_a_command_line_that_cannot_be_carried_out_is_told(
    amllint: Commands, options: tuple[str, ...], said: str
) -> None:
    done = amllint("snapshot", *options)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
