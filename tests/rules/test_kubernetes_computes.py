"""Computes and InstanceTypes of v2 deployments to Kubernetes, held against a workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from amllint.config import Settings
from amllint.engine.check import Report, check
from amllint.snapshot import facts
from amllint.snapshot.asset_rows import Endpoint
from amllint.snapshot.place_rows import Compute, InstanceType
from amllint.source.overlay import Overlay
from tests.checking import DAY, names, only, places, write
from tests.rules.clusters import known, unchecked

SCHEMA = "https://azuremlschemas.azureedge.net/latest"
DEPLOYMENT = f"""\
$schema: {SCHEMA}/kubernetesOnlineDeployment.schema.json
name: blue
type: kubernetes
endpoint_name: churn
model: azureml:churn:3
instance_type: small
instance_count: 1
"""
ENDPOINT = f"""\
$schema: {SCHEMA}/kubernetesOnlineEndpoint.schema.json
name: churn
compute: azureml:arc-aks
auth_mode: key
"""
SMALL = InstanceType("small")
ARC = Compute("arc-aks", "Kubernetes", "Succeeded", instance_types=(SMALL,))


def held(folder: Path, *given: Any, **files: str) -> Report:
    texts = {"deployment.yml": DEPLOYMENT, "endpoint.yml": ENDPOINT}
    write(folder, {**texts, **{name.replace("_", "."): text for name, text in files.items()}})
    settings = Settings(today=DAY, select=("compute-not-found",))
    return check(["."], settings, Overlay(cwd=str(folder)), snapshot=known(*given))


@pytest.mark.parametrize(
    ("compute", "said"),
    [
        (ARC, None),
        (Compute("ARC-AKS", "kubernetes", None, instance_types=(SMALL,)), None),
        (Compute("arc-aks", "Kubernetes", "Succeeded"), None),
        (Compute("arc-ask", "Kubernetes", "Succeeded"), "there is no compute `arc-aks` in prod"),
        (Compute("arc-aks", "AKS", "Succeeded"), "is a compute of type AKS"),
        (Compute("arc-aks", "Kubernetes", "Failed"), "is in the state Failed"),
    ],
)
def test_the_compute_of_the_endpoint_s_file_is_looked_for(
    compute: Compute, said: str | None, tmp_path: Path
) -> None:
    report = held(tmp_path, (facts.ONLINE_ENDPOINTS, ()), (facts.COMPUTES, (compute,)))
    assert (said in only(report).message) if said else (names(report) == [])
    assert not said or places(report) == [("endpoint.yml", 3, "compute-not-found")]


def test_the_endpoint_in_the_workspace_counts_before_its_file(tmp_path: Path) -> None:
    row = Endpoint("churn", compute="/a/computes/gone-aks")
    report = held(tmp_path, (facts.ONLINE_ENDPOINTS, (row,)), (facts.COMPUTES, (ARC,)))
    assert places(report) == [("deployment.yml", 4, "compute-not-found")]
    assert "no compute `gone-aks`" in only(report).message


@pytest.mark.parametrize(
    ("named", "types", "said"),
    [
        ("small", (SMALL,), None),
        ("SMALL", (SMALL,), None),
        ("defaultinstancetype", (SMALL,), None),
        ("smal", (SMALL,), "did you mean `small`?"),
        ("large", (SMALL,), "there is small"),
        ("large", (), "there is defaultinstancetype"),
        ("large", None, None),
    ],
)
def test_the_instance_type_is_looked_for_on_the_compute(
    named: str, types: Any, said: str | None, tmp_path: Path
) -> None:
    compute = Compute("arc-aks", "Kubernetes", "Succeeded", instance_types=types)
    text = DEPLOYMENT.replace("instance_type: small", f"instance_type: {named}")
    given = (facts.ONLINE_ENDPOINTS, ()), (facts.COMPUTES, (compute,))
    report = held(tmp_path, *given, deployment_yml=text)
    assert [f.observation.help for f in report.findings] == ([said] if said else [])


def test_an_instance_type_of_the_cluster_s_own_list_is_one(tmp_path: Path) -> None:
    text = DEPLOYMENT.replace("instance_type: small", "instance_type: own")
    listed = (facts.INSTANCE_TYPES, (InstanceType("own"),))
    given = (facts.ONLINE_ENDPOINTS, ()), (facts.COMPUTES, (ARC,)), listed
    assert names(held(tmp_path, *given, deployment_yml=text)) == []


def test_computes_that_could_not_be_read_are_unchecked(tmp_path: Path) -> None:
    report = held(tmp_path, (facts.ONLINE_ENDPOINTS, ()), (facts.COMPUTES, "403"))
    assert names(report) == []
    assert "compute-not-found" in unchecked(report)


def test_managed_deployments_have_no_compute(tmp_path: Path) -> None:
    text = DEPLOYMENT.replace("type: kubernetes\n", "").replace("kubernetesOnline", "managedOnline")
    given = (facts.ONLINE_ENDPOINTS, ()), (facts.COMPUTES, ())
    assert names(held(tmp_path, *given, deployment_yml=text)) == []
