"""More GPUs are asked for than the nodes of the cluster have.

## What it does
Reports an AKS configuration with a `gpuCores` for which the declared cluster, or the one that a
[snapshot](../snapshot.md#what-capacity-rules-take-from-it) knows, has no node: its VM size has no
GPU or fewer than one replica asks for, or there are fewer in all than `numReplicas` or
`minReplicas` take. A warning where only the replicas up to `maxReplicas` have none. With a snapshot
also deployments to Kubernetes, whose instance type asks for GPUs.

## Why it matters
The deployment ends with `0/3 nodes are available: 3 Insufficient nvidia.com/gpu`. A GPU belongs to
one pod: replicas do not share it, so that there are never more of them than GPUs. With nodes that
have GPUs the remedy is more nodes; without, a size that has them, or an environment that needs
none.

## Example
```json deploymentconfig.json {4}
{
  "computeType": "aks",
  "numReplicas": 1,
  "gpuCores": 1,
  "containerResourceRequirements": {"cpu": 1, "memoryInGB": 4}
}
```
```toml amllint.toml
[target.cluster]
node-size = "Standard_D4s_v3"
nodes = 3
```

## Use instead
```json deploymentconfig.json
{
  "computeType": "aks",
  "numReplicas": 1,
  "gpuCores": 1,
  "containerResourceRequirements": {"cpu": 1, "memoryInGB": 4}
}
```
```toml amllint.toml
[target.cluster]
node-size = "Standard_NC4as_T4_v3"
nodes = 3
```

## Sources
- kube-scheduler 1.20.2: executed; `Insufficient nvidia.com/gpu` on nodes without, and with fewer
  GPUs left than a replica asks for.
- Troubleshooting remote model deployment: the message, and both remedies.
- Azure ML, Deploy a model for inference with GPU (v1): GPUs are not shared by pods.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.deployment_config import AksDeployment, AksEndpointDeployment
from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.capacity.facts import Cluster
from amllint.capacity.resources import Resources
from amllint.capacity.rooms import rooms
from amllint.capacity.scheduling import GPU_TOLERATIONS, Pod
from amllint.findings.finding import Location, Observation, Related, Severity, finding
from amllint.rules.capacity.configured import Replicas, replica_counts
from amllint.rules.capacity.workload import Amount, Workload, workload_of
from amllint.rules.registry import rule


@rule("AML503", "gpu-nodes-missing", severity="error", stage="schedule")
def gpu_nodes_missing(
    config: AksDeployment | AksEndpointDeployment | DeploymentReference, cluster: Cluster
) -> Iterator[Observation]:
    """Report GPUs that no node has."""
    found = _asked(config, cluster)
    if found is None or not cluster.all_nodes:
        return
    asked, pod, replicas = found
    count = pod.requests.gpus
    is_written = "gpu" in asked.name.lower()
    name = f"`{asked.name}` is {count}" if is_written else f"a replica asks for {count} GPU"
    most = max(node.allocatable.gpus for node in cluster.all_nodes)
    if most < count:
        has = f"{most} of them" if most else "no GPU"
        of = f"{cluster.size}{cluster.where}"
        message = f"{name}, and a node of {of} has {has}: no node takes a replica"
        help = "take nodes of a size with as many GPUs, or an environment that needs none"
        yield _finding(asked.place, message, help, cluster)
        return
    room = rooms(pod, cluster).in_the_end
    if replicas is None or room >= replicas.most:
        return
    too_few = room < replicas.least
    wanted = replicas.least if too_few else replicas.most
    yield _finding(
        asked.place,
        f"{name}, and {cluster.shown} {cluster.verb('has', 'have')} GPUs for {room} of the "
        f"{wanted:g} replicas: a GPU is "
        f"not shared{'' if too_few else ', and under load the others find none'}",
        "add nodes, or ask for fewer replicas",
        cluster,
        "error" if too_few else "warning",
    )


def _asked(
    config: AksDeployment | AksEndpointDeployment | DeploymentReference, cluster: Cluster
) -> tuple[Amount, Pod, Replicas | None] | None:
    """The GPUs alone: what else a replica asks for is told of by itself."""
    if isinstance(config, DeploymentReference):
        work = workload_of(config, cluster)
        if not isinstance(work, Workload) or not work.pod.requests.gpus:
            return None
        return work.gpus, work.gpus_alone, work.replicas
    asked = config.number("gpu_cores")
    if config.is_change or asked is None or asked.value < 1 or asked.value != int(asked.value):
        return None
    amount = Amount(config.name_of("gpu_cores"), asked.location)
    pod = Pod(Resources(gpus=int(asked.value)), (), GPU_TOLERATIONS)
    return amount, pod, replica_counts(config)


def _finding(
    place: Location, message: str, help: str, cluster: Cluster, severity: Severity = "error"
) -> Observation:
    return finding(
        place,
        message,
        help=help,
        severity=severity,
        related=(Related(cluster.location, "the cluster"),),
        key="gpus",
    )
