"""A replica asks for more than any node of the cluster has.

## What it does
Reports an AKS configuration whose `cpu` or `memoryInGB`, with what Azure ML's side containers ask
for in the same pod (0.1 cores and 0.6 GB, or as declared), is more than a node of the cluster
leaves for pods: the cores and the memory of its VM size without what AKS keeps of them, which
depends on the version of Kubernetes. The cluster is [declared](../configuration.md#target), or the
one that a [snapshot](../snapshot.md#what-capacity-rules-take-from-it) knows. With a snapshot also a
deployment to Kubernetes, by its `resources` and its instance type (and 0.01 cores and 100 MiB).

## Why it matters
Such a pod waits for a node that cannot come, and after five minutes the deployment fails: `Couldn't
Schedule because the kubernetes cluster didn't have available resources`. More nodes of the same
size do not help. Nodes are looked at as if nothing else ran on them, and with their nominal memory,
so that what is reported fits on none.

## Example
```json deploymentconfig.json {4}
{
  "computeType": "aks",
  "numReplicas": 2,
  "containerResourceRequirements": {"cpu": 2, "memoryInGB": 4}
}
```
```toml amllint.toml
[target.cluster]
node-size = "Standard_D2_v3"
nodes = 5
```

## Use instead
```json deploymentconfig.json
{
  "computeType": "aks",
  "numReplicas": 2,
  "containerResourceRequirements": {"cpu": 1.5, "memoryInGB": 4}
}
```
```toml amllint.toml
[target.cluster]
node-size = "Standard_D2_v3"
nodes = 5
```

## Sources
- Azure/azure-sdk-for-python#14168: 1 core and 2 GB on nodes of 2 cores; "Please add more node(s)
  with SKU more than 1.1 CPU Cores and 2.6GB Memory".
- AKS, Node resource reservations: what a node keeps of its cores and memory, before and from
  version 1.29. Nodes of 7 and 8 GiB reported the same to kubectl.
- Azure ML, Create and manage instance types: what a deployment without one asks for; and Reference
  for configuring Kubernetes cluster: `online-deployment/identity-sidecar`.
- kube-scheduler 1.20.2: executed with recorded clusters; a pod that asks for more than a node's
  allocatable amount is not bound. A GB counts as a GiB.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.deployment_config import AksDeployment, AksEndpointDeployment
from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.capacity.facts import Cluster
from amllint.capacity.resources import Resources
from amllint.capacity.scheduling import Node, can_take, excluded
from amllint.findings.finding import Observation, Related, Unchecked, finding
from amllint.rules.capacity.workload import workload_of
from amllint.rules.registry import rule


@rule("AML501", "pod-larger-than-node", severity="error", stage="schedule")
def pod_larger_than_node(
    config: AksDeployment | AksEndpointDeployment | DeploymentReference, cluster: Cluster
) -> Iterator[Observation | Unchecked]:
    """Report a request that is above what every node leaves."""
    work = workload_of(config, cluster)
    if not isinstance(work, tuple):
        yield from (work,) if work is not None else ()
        return
    # GPUs are told of by themselves: other nodes are the remedy.
    pod = work.without_gpus
    nodes = [node for node in cluster.all_nodes if excluded(work.pod, node) is None]
    with_gpus = [n for n in nodes if n.allocatable.gpus >= work.pod.requests.gpus]
    nodes = with_gpus or nodes
    if not nodes or any(can_take(pod, node) for node in nodes):
        return
    has, lacks_cpu = _nearest(pod.requests, nodes)
    amount = work.cpu if lacks_cpu else work.memory
    yield finding(
        amount.place,
        f"each replica asks for {shown(pod.requests)} with the side containers of Azure ML, and "
        f"{_called(cluster)} has {shown(has)} for pods: no node takes it, however many there are",
        help=_help(amount.name, _left(pod.requests, nodes, cluster, lacks_cpu), lacks_cpu),
        related=(Related(cluster.location, "the cluster"),),
        key="pod",
    )


def _called(cluster: Cluster) -> str:
    largest = "the largest" if " and " in cluster.size else "a node"
    return f"{largest} of {cluster.size}{cluster.where}"


def _nearest(pod: Resources, nodes: list[Node]) -> tuple[Resources, bool]:
    """What the node has that comes nearest, and whether it is cores that it lacks."""
    enough = [n.allocatable for n in nodes if n.allocatable.cpu_millicores >= pod.cpu_millicores]
    if not enough:
        return max(node.allocatable for node in nodes), True
    return max(enough, key=lambda has: has.memory_bytes), False


def shown(amounts: Resources) -> str:
    """Cores and memory, for messages."""
    return f"{amounts.cores:g} cores and {amounts.memory_gib:.2f} GiB"


def _left(pod: Resources, nodes: list[Node], cluster: Cluster, of_cpu: bool) -> Resources:
    """What the node with the most of what is short has for a container of the service.

    It has enough of the other amount, if any node has.
    """
    short, other = (0, 1) if of_cpu else (1, 0)
    free = [node.allocatable.minus(node.used) for node in nodes]
    enough = [has for has in free if has[other] >= pod[other]]
    return max(enough or free, key=lambda has: has[short]).minus(cluster.side_containers)


def _help(name: str, left: Resources, of_cpu: bool) -> str:
    most = left.cores if of_cpu else int(left.memory_gib * 10) / 10
    larger = "take a larger size of nodes"
    if name == "instance_type":
        return f"name one that asks for less, or {larger}"
    return f"lower `{name}` to {most:g} or less, or {larger}" if most > 0 else larger
