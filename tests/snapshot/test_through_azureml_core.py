"""`amllint snapshot` through azureml-core: the same facts, and the same end for each failure."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from amllint.snapshot.live import azureml_core, azureml_core_process, paging
from amllint.snapshot.live.azureml_core import QUESTIONS
from amllint.snapshot.live.azureml_core_process import Installation
from tests.cli.commands import Commands, Done

from .asking import ask, facts_of
from .fake_azure import LEAK, ML_REGION, MMS, TOKEN, WS, FakeAzure, Fault

pytestmark = [pytest.mark.oracle, pytest.mark.xdist_group("azureml-core")]
VALUE = LEAK.partition("=")[2][8:40]
USAGES, QUOTAS, SIZES = (f"{ML_REGION}/{name}" for name in ("usages", "quotas", "vmSizes"))
MODELS, SERVICES = f"{MMS}/models", f"{MMS}/services"
CALLS = {
    "vm_sizes": "AmlCompute.supported_vmsizes",
    "ml_usages": "AmlCompute.list_usages",
    "ml_quotas": "AmlCompute.list_quotas",
    "computes": "ComputeTarget.list",
    "v1_models": "Model.list",
    "services": "Webservice.list",
}


def by_rest(amllint: Commands, azure: FakeAzure, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The facts where azureml-core is not installed."""
    with monkeypatch.context() as without:
        without.setattr(azureml_core, "installed", lambda: None)
        return facts_of(ask(amllint, azure))


def values(found: dict[str, Any]) -> dict[str, Any]:
    """The values of facts, without when and how they were read."""
    return {
        k: {n: v for n, v in f.items() if n not in ("read_at", "source")} for k, f in found.items()
    }


def compute(name: str, kind: str, inner: Any, **more: Any) -> dict[str, Any]:
    """A compute as the API lists it."""
    properties = {
        "computeType": kind,
        "computeLocation": "westeurope",
        "description": None,
        "createdOn": "2026-01-01T00:00:00Z",
        "modifiedOn": "2026-01-01T00:00:00Z",
        "provisioningState": "Succeeded",
        "provisioningErrors": None,
        "isAttachedCompute": False,
        "resourceId": None,
        "properties": inner,
        **more,
    }
    head = {"id": f"{WS}/computes/{name}", "name": name, "location": "westeurope", "tags": None}
    return {**head, "properties": properties}


# -- the same facts -----------------------------------------------------------------------------


def test_the_facts_are_those_that_arm_tells(
    amllint: Commands, through_core: FakeAzure, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = ask(amllint, through_core)
    found = facts_of(done)
    assert values(found) == values(by_rest(amllint, through_core, monkeypatch))
    assert set(CALLS) == set(QUESTIONS)
    for name, fact in found.items():
        if name in CALLS:
            assert re.fullmatch(r"azureml-core \d[\w.]*: (.*)", fact["source"])[1] == CALLS[name]
        elif fact["source"]:
            assert fact["source"].startswith("GET /"), name
    assert "not through azureml-core" not in done.err


def test_they_are_the_numbers_of_the_server(amllint: Commands, through_core: FakeAzure) -> None:
    found, state = facts_of(ask(amllint, through_core)), through_core.state
    sizes = [
        (r["name"], r["family"], r["vcpus"], r["memory_gb"], r.get("gpus", 0))
        for r in found["vm_sizes"]["value"]
    ]
    assert sizes == state.sizes
    usages = [
        (r["name"], r["used"], -1 if r["limit"] is None else r["limit"])
        for r in found["ml_usages"]["value"]
    ]
    assert usages == state.usages
    models = [(r["name"], r["version"]) for r in found["v1_models"]["value"]]
    assert models == [(name, v) for name, versions in state.models.items() for v in versions]
    (service,) = found["services"]["value"]
    assert (service["cpu_cores_limit"], service["models"]) == (2.0, ["churn:3"])
    aks, kubernetes = found["computes"]["value"]
    assert (aks["vm_size"], aks["nodes"], aks["is_attached"]) == ("Standard_D4s_v3", 3, True)
    assert kubernetes["instance_types"][0]["name"] == "gpu"


def test_what_azureml_core_has_no_class_for_is_told_as_well(
    amllint: Commands, through_core: FakeAzure, monkeypatch: pytest.MonkeyPatch
) -> None:
    scale = {"minNodeCount": 0, "maxNodeCount": 4, "nodeIdleTimeBeforeScaleDown": "PT120S"}
    inner = {"vmSize": "Standard_DS3_v2", "vmPriority": "Dedicated", "scaleSettings": scale}
    types = {"namespace": "ml", "instanceTypes": {}, "defaultInstanceType": None}
    listed = [
        compute("new", "Quantum", {"qubits": 3}),
        compute("cpu", "AmlCompute", {**inner, "subnet": None}),
        compute("k8s", "Kubernetes", types),
    ]
    services = [
        {
            "name": name,
            "computeType": kind,
            "state": "Healthy",
            "description": None,
            "createdTime": "2026-01-01T00:00:00Z",
            "kvTags": {},
            "properties": {},
            "numReplicas": 2,
            "containerResourceRequirements": {"cpu": 1, "memoryInGB": 2, "cpuLimit": 3},
        }
        for name, kind in (("a", "FPGA"), ("b", "AKSENDPOINT2"))
    ]
    through_core.faults = [
        Fault("/computes", status=200, body={"value": listed, "nextLink": None}),
        Fault(SERVICES, status=200, body={"value": services}),
    ]
    done = ask(amllint, through_core)
    found = facts_of(done)
    assert values(found) == values(by_rest(amllint, through_core, monkeypatch))
    assert [r["name"] for r in found["computes"]["value"]] == ["new", "cpu", "k8s"]
    assert found["computes"]["value"][1]["nodes"] == 4
    assert found["computes"]["source"].startswith("azureml-core ")
    assert [r["replicas"] for r in found["services"]["value"]] == [2, 2]


def test_what_it_answers_wrongly_is_read_from_arm(
    amllint: Commands, through_core: FakeAzure
) -> None:
    """A size without a key that it needs, pages that it does not follow, types that it lacks."""
    size = {"name": "S", "family": "f", "vCPUs": 4, "memoryGB": 8, "gpus": 0}
    first = through_core.answer(MODELS, {})
    more = f"{through_core.url}{MODELS}?$skip=2"
    page = {"value": first["value"], "nextLink": more}
    second = {"value": [{**first["value"][0], "version": 9}]}
    kubernetes = compute("k8s", "Kubernetes", {"namespace": "ml"}, isAttachedCompute=True)
    through_core.faults = [
        Fault(SIZES, status=200, body={"amlCompute": [size]}),
        Fault(MODELS, status=200, body=page, times=2),
        Fault(MODELS, status=200, body=second),
        Fault("/computes", status=200, body={"value": [kubernetes]}, times=1),
    ]
    done = ask(amllint, through_core)
    found = facts_of(done)
    assert "  vm_sizes: not through azureml-core: ComputeTargetException\n" in done.err
    assert "  v1_models: not through azureml-core: it did not read all pages\n" in done.err
    assert "  computes: not through azureml-core: its answer lacks `instanceTypes`\n" in done.err
    assert [r["name"] for r in found["vm_sizes"]["value"]] == ["S"]
    assert [r["version"] for r in found["v1_models"]["value"]] == ["1", "2", "9"]
    assert len(found["computes"]["value"]) == 2
    for name in ("vm_sizes", "v1_models", "computes"):
        assert found[name]["source"].startswith("GET /")


# -- failures -----------------------------------------------------------------------------------


def test_what_is_refused_is_unknown_for_the_same_reason(
    amllint: Commands, through_core: FakeAzure
) -> None:
    body = {"error": {"message": "why"}}
    through_core.faults = [
        Fault(USAGES, status=401, body=body),
        Fault(QUOTAS, status=403, body=body),
        Fault(SIZES, status=404, body=body),
        Fault(SERVICES, status=409, body=body),
        Fault(MODELS, status=302, headers={"Location": "https://evil.test"}),
        Fault("/computes", status=403, body=body, times=1),
    ]
    done = ask(amllint, through_core)
    found = facts_of(done)
    assert done.code == 0
    assert found["ml_usages"]["unknown"] == "HTTP 401: why"
    assert found["ml_quotas"]["unknown"] == "HTTP 403: why"
    assert found["vm_sizes"]["unknown"] == "HTTP 404: why"
    assert found["services"]["unknown"] == "HTTP 409: why"
    assert found["v1_models"]["unknown"] == "HTTP 302: redirects are not followed"
    assert found["vm_sizes"]["source"].startswith("GET /"), "the version may be meant"
    assert through_core.asked(SIZES) == 2
    assert len(found["computes"]["value"]) == 2, "ARM has them at another place"
    assert found["computes"]["source"].startswith("GET /")
    assert "/computes: HTTP 403: why\n" in done.err
    assert through_core.asked(USAGES) == through_core.asked(SERVICES) == 1


def test_what_is_busy_is_asked_again_within_its_time(
    amllint: Commands, through_core: FakeAzure
) -> None:
    through_core.faults = [
        Fault(USAGES, status=429, headers={"Retry-After": "1"}, times=1),
        Fault(QUOTAS, status=429, headers={"Retry-After": "3600"}),
        Fault(SIZES, status=500, body={"error": {"message": "boom"}}),
        Fault(SERVICES, kind="broken"),
        Fault(MODELS, kind="cut"),
    ]
    began = time.monotonic()
    done = ask(amllint, through_core, "--call-seconds", "3", "-v")
    assert time.monotonic() - began < 60
    found = facts_of(done)
    assert "usages: HTTP 429; again in 1.0 s" in done.err
    assert "value" in found["ml_usages"]
    assert found["ml_quotas"]["unknown"] == "HTTP 429; it asks to wait 3600 s, within 3 s"
    assert found["vm_sizes"]["unknown"].startswith("HTTP 500: boom")
    assert found["services"]["unknown"].startswith("the answer is no valid JSON")
    assert found["v1_models"]["unknown"].startswith("the answer was cut off")
    assert all(f["source"].startswith("azureml-core") for f in map(found.get, CALLS) if f)


def test_a_slow_server_is_given_up(amllint: Commands, through_core: FakeAzure) -> None:
    through_core.faults = [
        Fault(USAGES, kind="silent"),
        Fault(QUOTAS, kind="slow-head"),
        Fault(SERVICES, kind="slow-body"),
    ]
    began = time.monotonic()
    found = facts_of(ask(amllint, through_core, "--call-seconds", "2"))
    assert time.monotonic() - began < 20
    for name in ("ml_quotas", "services"):
        assert found[name]["unknown"] == "no answer, within 2 s"
    assert found["ml_usages"]["unknown"].startswith("no answer")
    assert found["vm_sizes"]["source"].startswith("azureml-core")


def test_a_next_page_elsewhere_is_refused_and_the_token_stays(
    amllint: Commands, through_core: FakeAzure, certificate: Path
) -> None:
    other = FakeAzure()
    again = f"{through_core.url}{SIZES}?api-version=2020-02-02&page=1"
    with other.serving(certificate):
        through_core.faults = [
            Fault(USAGES, kind="next", next=lambda page: f"{other.url}{USAGES}?api-version=1"),
            Fault(SERVICES, kind="next", next=lambda page: "https://evil.test/x"),
            Fault(SIZES, kind="next", next=lambda page: again),
            Fault(MODELS, kind="next", next=lambda page: f"{other.url}/x?$skipToken=1"),
        ]
        found = facts_of(ask(amllint, through_core))
    elsewhere = "its next page is at https://localhost: the token is not sent there"
    assert found["ml_usages"]["unknown"] == found["v1_models"]["unknown"] == elsewhere
    assert "the token is not sent there" in found["services"]["unknown"]
    assert found["vm_sizes"]["unknown"] == "its pages lead back to a page that was read before"
    assert other.calls == []


def test_endless_pages_are_bounded(
    amllint: Commands, through_core: FakeAzure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "MAX_PAGES", 5)
    more = f"{through_core.url}{USAGES}?api-version=1&page="
    through_core.faults = [Fault(USAGES, kind="next", next=lambda page: f"{more}{page + 1}")]
    fact = facts_of(ask(amllint, through_core))["ml_usages"]
    assert fact["unknown"] == "it has more than 5 pages"
    assert fact["source"].startswith("azureml-core ")
    assert through_core.asked(USAGES) == 5


def test_services_elsewhere_are_not_asked(amllint: Commands, through_core: FakeAzure) -> None:
    evil = {"modelmanagement": "https://evil.test", "api": "https://evil.test"}
    services = {**through_core.answer("/own/discovery", {}), **evil}
    through_core.faults = [Fault("/own/discovery", status=200, body=services)]
    done = ask(amllint, through_core)
    found = facts_of(done)
    assert "/computes: it leads to https://evil.test: the token is not sent there\n" in done.err
    said = "it leads to https://evil.test: the token is not sent there"
    assert found["services"]["unknown"] == found["v1_models"]["unknown"] == said
    assert "value" in found["computes"]


def test_the_time_for_everything_is_kept(amllint: Commands, through_core: FakeAzure) -> None:
    through_core.faults = [Fault("/computes", kind="silent")]
    began = time.monotonic()
    found = facts_of(ask(amllint, through_core, "--seconds", "2.5"))
    assert time.monotonic() - began < 9
    assert found["computes"]["unknown"].endswith("for everything")
    assert found["services"]["unknown"].startswith("where its services are cannot be read: not")


# -- the process --------------------------------------------------------------------------------


def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """A program in the place of a Python that has azureml-core."""
    program = tmp_path / "python"
    program.write_text(f"#!{sys.executable}\n{script}")
    program.chmod(0o755)
    found = Installation(str(program), ())
    monkeypatch.setattr(azureml_core, "installed", lambda: found)
    monkeypatch.setattr(azureml_core, "_START_SECONDS", 1.0)


READY = 'import sys, time\nsys.stdin.readline()\nprint(\'{"ready": "9"}\', flush=True)\n'


@pytest.mark.skipif(sys.platform == "win32", reason="needs programs that are scripts")
@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("raise SystemExit(3)", "it ended"),
        ("import time; time.sleep(60)", "no word from it within 1 s"),
        ("print('Hello', flush=True)\nimport time; time.sleep(60)", "what it says is no message"),
        (READY + "time.sleep(60)", "no word from it within 2 s"),
        (READY + "sys.stdin.readline()", "it ended"),
        (READY + "print('{\"value\": 3}', flush=True)\ntime.sleep(60)", "what it says is no list"),
        (READY + 'print(\'{"failed": "Oops"}\', flush=True)\ntime.sleep(60)', "Oops"),
    ],
)
def test_where_it_does_not_answer_arm_does(
    amllint: Commands,
    azure: FakeAzure,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    script: str,
    said: str,
) -> None:
    plain = values(facts_of(ask(amllint, azure)))
    stand_in(tmp_path, monkeypatch, script)
    began = time.monotonic()
    done = ask(amllint, azure, "--call-seconds", "2")
    assert time.monotonic() - began < 15
    assert f"  computes: not through azureml-core: {said}" in done.err
    assert values(facts_of(done)) == plain


@pytest.mark.skipif(sys.platform == "win32", reason="needs programs that are scripts")
def test_it_is_given_no_token_and_no_settings(
    amllint: Commands, azure: FakeAzure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = tmp_path / "seen.txt"
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "s3cr3t-of-a-principal")
    script = (
        f"import os, sys\nout = open({str(seen)!r}, 'a')\n"
        "out.write(repr([sys.argv, dict(os.environ), os.getcwd()]))\n"
        'out.write(sys.stdin.readline())\nprint(\'{"ready": "9"}\', flush=True)\n'
        "for line in sys.stdin:\n    out.write(line); out.flush()\n"
        f'    print(\'{{"get": "{azure.url}{WS}", "with_token": true}}\', flush=True)\n'
    )
    stand_in(tmp_path, monkeypatch, script)
    ask(amllint, azure, "--call-seconds", "2", "--seconds", "8")
    text = seen.read_text()
    assert '"body"' in text
    assert '"workspace"' in text
    assert TOKEN not in text
    assert "s3cr3t" not in text
    home = re.search(r"'HOME': '([^']+)'", text)
    assert home is not None
    assert home[1] != str(Path.home())
    assert not Path(home[1]).exists()


def test_no_secret_is_in_the_file_or_on_stderr(
    amllint: Commands, through_core: FakeAzure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    broken = {"value": [{"computeType": "ACI", "sslKey": LEAK, "name": "x", "token": TOKEN}]}
    through_core.faults = [
        Fault(QUOTAS, status=403, body={"error": {"message": f"{TOKEN} may not {LEAK}"}}),
        Fault(SERVICES, status=200, body=broken),
        Fault(USAGES, kind="next", next=lambda page: f"https://u:{LEAK}@evil.test/?t={TOKEN}"),
    ]
    done = ask(amllint, through_core, "-vv")
    assert done.code == 0
    for text in (done.out, done.err):
        assert TOKEN not in text
        assert VALUE not in text
    assert "  services: not through azureml-core: WebserviceException\n" in done.err
    assert not list(tmp_path.glob(".azure*"))


@pytest.mark.skipif(sys.platform == "win32", reason="needs programs that are scripts")
def test_what_it_writes_to_stderr_is_shown_if_asked_without_secrets(
    amllint: Commands, azure: FakeAzure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noise = f"print('noise {TOKEN} {LEAK}', file=sys.stderr, flush=True)\ntime.sleep(1)\n"
    stand_in(tmp_path, monkeypatch, READY + noise)
    outputs: list[Done] = [ask(amllint, azure, option) for option in ("-v", "-vv")]
    assert "noise" not in outputs[0].err
    assert "noise" in outputs[1].err
    assert TOKEN not in outputs[1].err
    assert VALUE not in outputs[1].err


def test_the_process_has_no_network(through_core: FakeAzure, azureml_core_python: Path) -> None:
    port = int(through_core.url.rpartition(":")[2])
    script = (
        "import runpy, socket, sys, urllib.request\n"
        "refuse = runpy.run_path(sys.argv[1])['_no_network']\n"
        f"socket.create_connection(('127.0.0.1', {port})).close()\n"
        "sys.addaudithook(refuse)\n"
        f"for call in (lambda: socket.create_connection(('127.0.0.1', {port})),\n"
        "             lambda: socket.getaddrinfo('localhost', 9),\n"
        f"             lambda: urllib.request.urlopen('https://localhost:{port}/')):\n"
        "    try:\n        call()\n"
        "    except OSError as error:\n        print(error)\n"
    )
    command = [str(azureml_core_python), "-I", "-c", script, azureml_core_process._PROGRAM]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert [("no network" in line) for line in done.stdout.splitlines()] == [True] * 3
