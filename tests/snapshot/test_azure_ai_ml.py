"""azure-ai-ml and amllint read the same from the same server, where azure-ai-ml reads it at all."""

from __future__ import annotations

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
from .test_azureml_core import unsigned_token

HERE = Path(__file__).parent
pytestmark = [pytest.mark.oracle, pytest.mark.xdist_group("azure-ai-ml")]


def by_azure_ai_ml(python: Path, azure: FakeAzure, certificate: Path, home: Path) -> dict[str, Any]:
    """What azure-ai-ml reads from the server."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "ARM_CLOUD_METADATA_URL": f"{azure.url}/metadata/endpoints?api-version=2022-09-01",
        "REQUESTS_CA_BUNDLE": str(certificate),
    }
    script = [str(python), str(HERE / "azure_ai_ml_reading.py")]
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
    azure_ai_ml_python: Path,
) -> None:
    theirs = by_azure_ai_ml(azure_ai_ml_python, azure, certificate, tmp_path)
    snapshot = snapshot_of(ask(amllint, azure))

    def ours(kind: Any, of: str = "") -> Any:
        fact = snapshot.fact(kind, of)
        assert isinstance(fact, Read), fact
        return fact.value

    _same_place(ours, theirs)
    _same_registered(ours, theirs)
    _same_endpoints(ours, theirs)


def _same_place(ours: Any, theirs: dict[str, Any]) -> None:
    workspace = ours(facts.WORKSPACE)
    assert theirs["workspace"] == [
        workspace.name,
        workspace.location,
        workspace.container_registry,
    ]
    assert theirs["public"] == workspace.public_network_access
    assert [
        (s.name, s.family, s.vcpus, s.memory_gb, s.gpus, list(s.compute_types))
        for s in ours(facts.VM_SIZES)
    ] == [
        (s["name"], s["family"], s["vCPUs"], s["memoryGB"], s["gpus"], s["supportedComputeTypes"])
        for s in theirs["sizes"]
    ]
    assert set(theirs["size attributes"]) == {None}, "its attributes are filled: compare those"
    assert [
        (u.name, u.used, -1 if u.limit is None else u.limit, u.label) for u in ours(facts.ML_USAGES)
    ] == [
        (u["name"]["value"], u["currentValue"], u["limit"], u["name"]["localizedValue"])
        for u in theirs["usages"]
    ]
    aks, kubernetes = ours(facts.COMPUTES)
    assert theirs["computes"] == [
        [aks.name, "*** unsupported compute type ***"],
        [kubernetes.name, kubernetes.kind.lower()],
    ]
    namespace, inner = theirs["kubernetes"]
    assert (kubernetes.namespace, kubernetes.default_instance_type) == (
        namespace,
        inner["defaultInstanceType"],
    )
    (told,) = kubernetes.instance_types
    given = inner["instanceTypes"][told.name]
    assert told.node_selector == given["nodeSelector"]
    assert told.requests == given["resources"]["requests"]
    assert told.limits == {k: str(v) for k, v in given["resources"]["limits"].items()}


def _same_registered(ours: Any, theirs: dict[str, Any]) -> None:
    latest = {m.name: m.latest_version for m in ours(facts.MODELS)}
    assert theirs["models"] == latest
    assert theirs["versions"] == {
        name: [v.version for v in ours(facts.MODEL_VERSIONS, name)] for name in latest
    }
    assert theirs["environments"] == {
        e.name: [v.version for v in ours(facts.ENVIRONMENT_VERSIONS, e.name)]
        for e in ours(facts.ENVIRONMENTS)
    }


def _same_endpoints(ours: Any, theirs: dict[str, Any]) -> None:
    """Seconds of a timeout are whole ones there: it drops what is behind the point."""
    endpoints = ours(facts.ONLINE_ENDPOINTS)
    assert theirs["endpoints"] == [
        [e.name, e.auth_mode.lower(), e.traffic, e.mirror_traffic] for e in endpoints
    ]
    assert theirs["batch"] == [e.name for e in ours(facts.BATCH_ENDPOINTS)]
    assert theirs["deployments"] == {
        e.name: [
            [
                d.name,
                d.instance_type,
                d.instance_count,
                d.request_timeout_ms // 1000 * 1000,
                d.concurrent_requests,
                d.model,
                d.environment,
                d.state,
                d.egress,
            ]
            for d in ours(facts.ONLINE_DEPLOYMENTS, e.name)
        ]
        for e in endpoints
    }
