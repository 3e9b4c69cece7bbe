"""A replica asks for more than any node of the cluster has.

## What it does
Reports an AKS configuration whose `cpu` or `memoryInGB`, with what Azure ML's side containers ask
for in the same pod (0.1 cores and 0.6 GB, or as declared), is more than a node of the declared
cluster leaves for pods: the cores and the memory of its VM size without what AKS keeps of them,
which depends on the version of Kubernetes.

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
- kube-scheduler 1.20.2: executed with recorded clusters; a pod that asks for more than a node's
  allocatable amount is not bound. A GB counts as a GiB.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.deployment_config import AksDeployment, AksEndpointDeployment
from amllint.capacity.facts import Cluster
from amllint.capacity.overheads import with_side_containers
from amllint.capacity.resources import Resources
from amllint.findings.finding import Observation, Related, finding
from amllint.rules.capacity.configured import request_of
from amllint.rules.registry import rule


@rule("AML501", "pod-larger-than-node", severity="error", stage="schedule")
def pod_larger_than_node(
    config: AksDeployment | AksEndpointDeployment, cluster: Cluster
) -> Iterator[Observation]:
    """Report a request that is above what every node leaves."""
    request = None if config.is_change else request_of(config)
    nodes = {node.allocatable for node in cluster.all_nodes}
    if request is None or not nodes:
        return
    # GPUs are told of by themselves: other nodes are the remedy.
    pod = with_side_containers(request.own, cluster.side_containers)._replace(gpus=0)
    if any(pod.within(has) for has in nodes):
        return
    has = max(nodes)
    lacks_cpu = pod.cpu_millicores > has.cpu_millicores
    name = config.name_of("cpu_cores" if lacks_cpu else "memory_gb")
    field = config.number("cpu_cores" if lacks_cpu else "memory_gb")
    yield finding(
        field.location if field is not None else request.place,
        f"each replica asks for {shown(pod)} with the side containers of Azure ML, and a node of "
        f"{cluster.size} has {shown(has)} for pods: no node takes it, however many there are",
        help=_help(name, _left(cluster), lacks_cpu),
        related=(Related(cluster.location, "the cluster"),),
        key="pod",
    )


def shown(amounts: Resources) -> str:
    """Cores and memory, for messages."""
    return f"{amounts.cores:g} cores and {amounts.memory_gib:.2f} GiB"


def _left(cluster: Cluster) -> Resources:
    """What the emptiest node has for a container of the service."""
    free = max(node.allocatable.minus(node.used) for node in cluster.all_nodes)
    return free.minus(cluster.side_containers)


def _help(name: str, left: Resources, of_cpu: bool) -> str:
    most = left.cores if of_cpu else int(left.memory_gib * 10) / 10
    larger = "take a larger size of nodes"
    return f"lower `{name}` to {most:g} or less, or {larger}" if most > 0 else larger
