"""Invented workspaces, as snapshots know them: computes, clusters, nodes, pods, quotas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from amllint.config import Settings, load
from amllint.engine.check import Report, check
from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot, render
from amllint.snapshot.facts import Kind, Read, Unread
from amllint.snapshot.place_rows import AksCluster, Compute, NodePool, Usage, Workspace
from amllint.snapshot.reading import parse
from amllint.snapshot.shapes import clusters
from amllint.source.overlay import Overlay
from amllint.source.text import SourceText
from tests.checking import DAY, write

AT = "2026-11-20T08:00:00Z"
GROUP = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters"
Given = tuple[Any, ...]


def known(*given: Given) -> Snapshot:
    """A snapshot of some facts: kind, value (a text is a reason why it is unknown), of what."""
    found: dict[tuple[str, str], Read[Any] | Unread] = {}
    for kind, value, *of in given:
        fact = Unread(value, AT, "GET") if isinstance(value, str) else Read(value, AT, "GET")
        found[kind.name, of[0] if of else ""] = fact
    return Snapshot(AT, "amllint 1", "azure", None, None, "prod", found, "snapshot.json")


def held(folder: Path, files: dict[str, Any], snapshot: Snapshot, toml: str = "") -> Report:
    """What rules of 5xx find in files, held against a snapshot that was written and read again."""
    texts = {n: f if isinstance(f, str) else json.dumps(f) for n, f in files.items()}
    write(folder, {**texts, "snapshot.json": render(snapshot)})
    overlay, settings = Overlay(cwd=str(folder)), Settings(today=DAY, select=("AML5", "AML421"))
    if toml:
        head = f"today = {DAY}\nselect = ['AML5', 'AML421']\n"
        write(folder, {"amllint.toml": head + toml})
        settings = load(str(folder / "amllint.toml"), overlay)
    again = parse(SourceText("snapshot.json", (folder / "snapshot.json").read_text("utf-8")))
    return check(["."], settings, overlay, snapshot=again)


def said(report: Report) -> list[str]:
    """The rules of the findings with their severities."""
    return [f"{f.name} {f.severity}" for f in report.findings]


def unchecked(report: Report) -> set[str]:
    """The rules that are told of as unchecked."""
    return {record.rule for record in report.unchecked}


# -- computes -------------------------------------------------------------------------------


def compute(name: str, cluster: str = "", kind: str = "AKS", **more: Any) -> Compute:
    """A compute of the workspace; `cluster` is the one behind it, its own name if not given."""
    return Compute(name, kind, "Succeeded", resource_id=f"{GROUP}/{cluster or name}", **more)


def computes(*found: Compute) -> Given:
    return facts.COMPUTES, found


def pools(name: str, *found: NodePool, **more: Any) -> Given:
    """A cluster as AKS knows it."""
    more = {"kubernetes_version": "1.29.4", **more}
    return facts.AKS_CLUSTER, AksCluster(f"{GROUP}/{name}", name, found, **more), name


def pool(size: str, count: int, name: str = "nodepool1", **more: Any) -> NodePool:
    return NodePool(name, size, count, **more)


# -- kubectl --------------------------------------------------------------------------------


def node(
    name: str, cpu: Any = "1900m", memory: Any = "5352Mi", pods: Any = "110", **more: Any
) -> dict[str, Any]:
    """A node; `pool`, `size`, `group`, `labels`, `taints`, `cordoned`, `gpus`, `states` say more.

    `states` are its conditions by their types.
    """
    labels = {
        "agentpool": more.get("pool", "nodepool1"),
        "kubernetes.io/os": "linux",
        "node.kubernetes.io/instance-type": more.get("size", "Standard_D2_v3"),
        **({"kubernetes.azure.com/cluster": more["group"]} if "group" in more else {}),
        **more.get("labels", {}),
    }
    amounts = {"cpu": cpu, "memory": memory, "pods": pods}
    if "gpus" in more:
        amounts["nvidia.com/gpu"] = more["gpus"]
    spec = {"taints": more.get("taints", []), "unschedulable": more.get("cordoned", False)}
    return {
        "kind": "Node",
        "metadata": {"name": name, "labels": labels},
        "spec": spec,
        "status": {
            "allocatable": amounts,
            "conditions": [{"type": k, "status": v} for k, v in more.get("states", {}).items()],
        },
    }


def pod(name: str, on: str, space: str = "kube-system", **more: Any) -> dict[str, Any]:
    """A pod on a node; `cpu`, `memory`, `gpus` it asks for, `owner` is the kind that made it."""
    names = {"cpu": "cpu", "memory": "memory", "gpus": "nvidia.com/gpu"}
    requests = {key: more[name] for name, key in names.items() if name in more}
    metadata: dict[str, Any] = {"name": name, "namespace": space}
    if "owner" in more:
        metadata["ownerReferences"] = [{"kind": more["owner"], "name": name, "uid": "u"}]
    containers = [{"name": "c", "resources": {"requests": requests}}]
    return {
        "kind": "Pod",
        "metadata": metadata,
        "spec": {"nodeName": on, "containers": containers},
        "status": {"phase": more.get("phase", "Running")},
    }


def kubectl(*items: dict[str, Any]) -> tuple[Given, Given]:
    """Nodes and pods, as the importer of kubectl's lists keeps them."""
    listed = list(items)
    return (facts.NODES, clusters.nodes(listed)), (facts.PODS, clusters.pods(listed))


# -- quotas and the workspace ---------------------------------------------------------------


def usages(kind: Kind[Any], **rows: tuple[int, int | None]) -> Given:
    """What is used and allowed, by name."""
    return kind, tuple(Usage(name, *amounts) for name, amounts in rows.items())


WORKSPACE: Given = (facts.WORKSPACE, Workspace("/w", "prod", "eastus"))
# -- what is deployed -----------------------------------------------------------------------
V2 = "https://azuremlschemas.azureedge.net/latest/{}OnlineDeployment.schema.json"


def aks(cpu: float = 1, memory: float = 2, replicas: int = 2, **keys: Any) -> dict[str, Any]:
    amounts = {"cpu": cpu, "memoryInGB": memory}
    number = {} if "autoScaler" in keys else {"numReplicas": replicas}
    return {"computeType": "aks", "containerResourceRequirements": amounts, **number, **keys}


def managed(rest: str = "instance_type: Standard_DS3_v2\ninstance_count: 2\n") -> str:
    head = f"$schema: {V2.format('managed')}\nname: blue\nendpoint_name: churn\n"
    return f"{head}model: azureml:churn:3\nenvironment: azureml:serving:1\n{rest}"


def kubernetes(rest: str = "instance_count: 2\n") -> str:
    head = f"$schema: {V2.format('kubernetes')}\ntype: kubernetes\nname: blue\n"
    head += "endpoint_name: churn\nmodel: azureml:churn:3\n"
    return f"{head}environment: azureml:serving:1\n{rest}"
