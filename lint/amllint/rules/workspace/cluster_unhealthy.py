"""The cluster that a deployment goes to is stopped, broken or not fit for it.

## What it does
Reports what the snapshot shows of the cluster of a deployment to AKS or of a Kubernetes endpoint: a
cluster that is stopped or being deleted, or all of whose nodes are NotReady, under pressure (disk,
processes, network) or cordoned, by their conditions or taints, as errors; some such nodes, or all
where the autoscaler may add one, nodes that are short of memory, a last operation that failed,
fewer than three nodes below a compute for production, a private cluster with a public name, and one
that is attached twice, as warnings. As advice: a cluster without the monitoring add-on, and one
whose API server takes calls from certain addresses alone.

Nodes are those of a `kubectl get nodes` that was imported into the snapshot. They count where their
labels name the cluster, or where the workspace has no other one.

## Why it matters
A pod that no node takes stays Pending: the deployment ends in a timeout after minutes, which says
little of the cause. What Azure Machine Learning does not support fails later, or in part.

## Example
```json deploymentconfig.json {3}
{
  "computeType": "aks",
  "computeTargetName": "churn-aks",
  "numReplicas": 2
}
```
```json snapshot.json
{"version": 1, "made_by": "amllint 1", "made_at": "2026-11-27T08:00:00Z", "made_from": "azure",
 "workspace": "prod", "facts": [
  {"fact": "computes", "read_at": "2026-11-27T08:00:00Z", "source": "GET computes",
   "value": [{"name": "churn-aks", "kind": "AKS", "state": "Succeeded"}]},
  {"fact": "aks_cluster", "of": "churn-aks", "read_at": "2026-11-27T08:00:00Z", "source": "GET aks",
   "value": {"id": "/aks", "name": "churn-aks", "node_pools": [], "power": "Stopped"}}]}
```

## Use instead
```json deploymentconfig.json
{
  "computeType": "aks",
  "computeTargetName": "churn-aks",
  "numReplicas": 2
}
```
```json snapshot.json
{"version": 1, "made_by": "amllint 1", "made_at": "2026-11-27T08:00:00Z", "made_from": "azure",
 "workspace": "prod", "facts": [
  {"fact": "computes", "read_at": "2026-11-27T08:00:00Z", "source": "GET computes",
   "value": [{"name": "churn-aks", "kind": "AKS", "state": "Succeeded"}]},
  {"fact": "aks_cluster", "of": "churn-aks", "read_at": "2026-11-27T08:00:00Z", "source": "GET aks",
   "value": {"id": "/aks", "name": "churn-aks", "node_pools": [], "power": "Running"}}]}
```

## Sources
- kubernetes.io, Node conditions and taints: no pod is scheduled onto such nodes; onto those that
  are short of memory, pods that ask for some are.
- learn.microsoft.com, Create and attach an Azure Kubernetes Service cluster with v1: three nodes
  for production, one attachment of a cluster, private clusters, authorized IP ranges.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.artifacts.deployment_config import AksDeployment
from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.fields import is_text
from amllint.capacity.observed.pools import usable
from amllint.capacity.observed.told import unchecked
from amllint.findings.finding import Observation, Severity, Unchecked, finding
from amllint.rules.registry import rule
from amllint.rules.workspace.endpoints import endpoint_of, is_elsewhere
from amllint.rules.workspace.node_states import real_nodes, short_of_memory, unusable
from amllint.rules.workspace.targets import Cluster, Target, cluster_of, named_target
from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot
from amllint.snapshot.facts import KubernetesObject, Read
from amllint.snapshot.place_rows import AksCluster, Compute
from amllint.source.names import compute_name
from amllint.units import DeploymentUnit, Linker

_FEWEST: Final = 3
"""Nodes that a cluster for production must have, by the documentation."""
_SHOWN: Final = 4
_VERBS: Final = ("is", "are")


@rule("AML711", "cluster-unhealthy", severity="error", stage="schedule")
def cluster_unhealthy(
    config: AksDeployment | DeploymentReference,
    unit: DeploymentUnit,
    links: Linker,
    snapshot: Snapshot,
) -> Iterator[Observation | Unchecked]:
    """Report what keeps the cluster of a deployment from running it."""
    if isinstance(config, DeploymentReference):
        target = None if is_elsewhere(config, links) else _of_endpoint(config, snapshot)
    else:
        target = named_target(unit)
    if target is None:
        return
    fact = snapshot.fact(facts.COMPUTES)
    if not isinstance(fact, Read):
        yield unchecked(fact, facts.COMPUTES, target.location)
        return
    cluster = cluster_of(target.name, fact.value, snapshot)
    if cluster is None:
        return  # that there is none is told of by the rule about computes
    for kind, of, unread in cluster.unread:
        yield unchecked(unread, kind, target.location, of)
    for severity, message, help in _said(cluster, fact.value):
        yield finding(target.location, message, help=help, severity=severity, key="cluster")


def _of_endpoint(config: DeploymentReference, snapshot: Snapshot) -> Target | None:
    """The compute of a Kubernetes endpoint, as the workspace has it."""
    endpoint = endpoint_of(config, snapshot) if config.purpose == "online" else None
    name = config.endpoint_name
    if endpoint is None or not endpoint.compute or not is_text(name) or config.is_job:
        return None
    return Target(compute_name(endpoint.compute), name.location)


_Said = tuple[Severity, str, str]


def _said(cluster: Cluster, computes: tuple[Compute, ...]) -> Iterator[_Said]:
    name = cluster.compute.name
    stopped = _stopped(cluster)
    if stopped is not None:
        yield stopped
        return
    if cluster.nodes is not None:
        nodes = real_nodes(cluster.nodes)
        yield from _of_nodes(name, nodes, _grows(cluster.aks))
        yield from _of_memory(name, nodes)
    if cluster.compute.kind.lower() == "aks":
        yield from _of_attachment(cluster, computes)
    if cluster.aks is not None and cluster.aks.is_monitored is False:
        message = f"the monitoring add-on of the cluster of `{name}` is off: what its pods log is"
        yield "info", f"{message} gone with them", "enable it: `az aks enable-addons -a monitoring`"


def _stopped(cluster: Cluster) -> _Said | None:
    aks, name = cluster.aks, cluster.compute.name
    if aks is None:
        return None
    state, power = (aks.state or "").lower(), (aks.power or "").lower()
    if power == "stopped":
        message = f"the cluster of `{name}` is stopped: nothing is scheduled on it"
        return "error", message, f"start it: `az aks start -n {aks.name}`"
    if state == "deleting":
        return "error", f"the cluster of `{name}` is being deleted", "name another compute"
    pools = [p for p in aks.node_pools if (p.os_type or "linux").lower() == "linux"]
    if pools and all((p.power or "").lower() == "stopped" for p in pools):
        message = f"all node pools of the cluster of `{name}` are stopped: no node takes a pod"
        return "error", message, "start one: `az aks nodepool start`"
    if state in ("failed", "canceled"):
        message = f"the last operation on the cluster of `{name}` ended as {aks.state}"
        hint = f"look at `az aks show -n {aks.name}`; `az aks update` often mends it"
        return "warning", f"{message}: it may not take deployments", hint
    return None


def _grows(aks: AksCluster | None) -> bool:
    """Whether the autoscaler may add a node that takes what those that are there do not."""
    return aks is not None and any(
        pool.is_autoscaled and (pool.max_count or 0) > pool.count for pool in usable(aks)
    )


def _of_nodes(name: str, nodes: tuple[KubernetesObject, ...], grows: bool) -> Iterator[_Said]:
    broken = list(unusable(nodes))
    if not broken:
        return
    shown = ", ".join(f"{node.name} ({node.reason})" for node in broken[:_SHOWN])
    shown += ", …" if len(broken) > _SHOWN else ""
    hint = "look at `kubectl describe node`, and `kubectl uncordon` what is cordoned"
    if len(broken) == len(nodes):
        rest = "waits for one that the autoscaler adds" if grows else "stays Pending"
        message = f"no node of `{name}` takes pods: {shown}: the deployment {rest}"
        yield "warning" if grows else "error", message, hint
        return
    message = f"{len(broken)} of {len(nodes)} nodes of `{name}` take no pods: {shown}"
    yield "warning", message, hint


def _of_memory(name: str, nodes: tuple[KubernetesObject, ...]) -> Iterator[_Said]:
    short = list(short_of_memory(nodes))
    if short:
        shown = ", ".join(short[:_SHOWN]) + (", …" if len(short) > _SHOWN else "")
        message = f"{len(short)} of {len(nodes)} nodes of `{name}` {_VERBS[len(short) > 1]} short"
        hint = "look at `kubectl top pods -A`, lower what pods ask for, or add a node"
        yield "warning", f"{message} of memory: {shown}: pods are ended to get some back", hint


def _of_attachment(cluster: Cluster, computes: tuple[Compute, ...]) -> Iterator[_Said]:
    compute, aks = cluster.compute, cluster.aks
    path = (compute.resource_id or "").lower()
    twin = next(
        (c for c in computes if path and c != compute and (c.resource_id or "").lower() == path),
        None,
    )
    if twin is not None and twin.kind.lower() == "aks":
        message = f"the cluster of `{compute.name}` is attached as `{twin.name}` too: the later"
        yield "warning", f"{message} attachment breaks the earlier one", "detach both, attach once"
    count = sum(p.count for p in aks.node_pools) if aks and aks.node_pools else compute.nodes
    if (compute.cluster_purpose or "").lower() == "fastprod" and count and count < _FEWEST:
        shown = "1 node" if count == 1 else f"{count} nodes"
        message = f"`{compute.name}` is for production (FastProd) and has {shown}"
        hint = f"scale it to {_FEWEST}, or attach it as one for development (DevTest)"
        yield "warning", f"{message}: Azure ML asks for {_FEWEST}", hint
    if aks is None:
        return
    if aks.is_private and aks.has_public_fqdn:
        message = (
            f"the cluster of `{compute.name}` is private and has a public name, which Azure ML"
        )
        hint = "turn it off: `az aks update --disable-public-fqdn`"
        yield "warning", f"{message} does not support", hint
    if aks.authorized_ranges:
        message = f"the API server of `{compute.name}` takes calls from {aks.authorized_ranges}"
        hint = "let the AzureMachineLearning ranges of both paired regions be among them"
        yield "info", f"{message} ranges of addresses alone", hint
