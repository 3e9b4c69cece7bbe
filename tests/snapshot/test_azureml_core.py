"""azureml-core and amllint read the same numbers from the same server."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from amllint.snapshot import facts
from amllint.snapshot.facts import Read
from tests.cli.commands import Commands

from .asking import ask, snapshot_of
from .fake_azure import GROUP, NAME, SUB, FakeAzure

HERE = Path(__file__).parent
pytestmark = [pytest.mark.oracle, pytest.mark.xdist_group("azureml-core")]


def unsigned_token() -> str:
    """A token that says nothing but when it ends, which azureml-core looks at."""
    parts = ({"alg": "none"}, {"exp": 4_000_000_000, "aud": "arm", "oid": "o", "tid": "t"})
    coded = (base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in parts)
    return ".".join([*coded, "c2ln"])


def by_azureml_core(
    python: Path, azure: FakeAzure, certificate: Path, home: Path
) -> dict[str, Any]:
    """What azureml-core reads from the server."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "ARM_CLOUD_METADATA_URL": f"{azure.url}/metadata/endpoints?api-version=2022-09-01",
        "AZUREML_CURRENT_CLOUD": "FakeCloud",
        "REQUESTS_CA_BUNDLE": str(certificate),
        "SSL_CERT_FILE": str(certificate),
    }
    script = [str(python), str(HERE / "azureml_core_reading.py")]
    done = subprocess.run(
        [*script, SUB, GROUP, NAME, unsigned_token()],
        env=environment,
        cwd=home,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("READ ")]
    assert lines, done.stderr[-3000:]
    read: dict[str, Any] = json.loads(lines[0].removeprefix("READ "))
    return read


def test_both_read_the_same(
    amllint: Commands,
    azure: FakeAzure,
    certificate: Path,
    tmp_path: Path,
    azureml_core_python: Path,
) -> None:
    theirs = by_azureml_core(azureml_core_python, azure, certificate, tmp_path)
    snapshot = snapshot_of(ask(amllint, azure))

    def ours(kind: Any, of: str = "") -> Any:
        fact = snapshot.fact(kind, of)
        assert isinstance(fact, Read), fact
        return fact.value

    workspace = ours(facts.WORKSPACE)
    assert (workspace.location, workspace.container_registry) == (
        theirs["location"],
        theirs["registry"],
    )
    assert [(s.name, s.vcpus, s.memory_gb, s.gpus) for s in ours(facts.VM_SIZES)] == [
        (s["name"], s["vCPUs"], s["memoryGB"], s["gpus"]) for s in theirs["sizes"]
    ]
    assert [
        (u.name, u.used, -1 if u.limit is None else u.limit) for u in ours(facts.ML_USAGES)
    ] == [(u["name"]["value"], u["currentValue"], u["limit"]) for u in theirs["usages"]]
    assert [(q.name, -1 if q.limit is None else q.limit) for q in ours(facts.ML_QUOTAS)] == [
        (q["name"]["value"], q["limit"]) for q in theirs["quotas"]
    ]
    aks, kubernetes = ours(facts.COMPUTES)
    inner = theirs["aks"]["properties"]
    assert (aks.vm_size, aks.nodes, aks.cluster_purpose, aks.state) == (
        inner["properties"]["agentVmSize"],
        inner["properties"]["agentCount"],
        inner["properties"]["clusterPurpose"],
        inner["provisioningState"],
    )
    assert kubernetes.namespace == theirs["kubernetes"]["properties"]["properties"]["namespace"]
    assert [(m.name, int(m.version), m.cpu_cores, m.memory_gb) for m in ours(facts.V1_MODELS)] == [
        (name, version, asks["cpu"], asks["memoryInGB"]) for name, version, asks in theirs["models"]
    ]
    assert [
        (s.name, s.state, s.compute_type, s.cpu_cores, s.memory_gb) for s in ours(facts.SERVICES)
    ] == [
        (name, state, kind, asks["cpu"], asks["memoryInGB"])
        for name, state, kind, asks in theirs["services"]
    ]
