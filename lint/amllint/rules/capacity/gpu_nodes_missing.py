"""More GPUs are asked for than the nodes of the cluster have.

## What it does
Reports an AKS configuration with a `gpuCores` for which the declared cluster has no node: its VM
size has no GPU or fewer than one replica asks for, or there are fewer in all than `numReplicas` or
`minReplicas` take. A warning where only the replicas up to `maxReplicas` have none.

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
from amllint.capacity.facts import Cluster
from amllint.capacity.resources import Resources
from amllint.capacity.scheduling import Pod, placement
from amllint.findings.finding import Location, Observation, Related, finding
from amllint.rules.capacity.configured import replica_counts
from amllint.rules.registry import rule


@rule("AML503", "gpu-nodes-missing", severity="error", stage="schedule")
def gpu_nodes_missing(
    config: AksDeployment | AksEndpointDeployment, cluster: Cluster
) -> Iterator[Observation]:
    """Report GPUs that no node has."""
    asked = config.number("gpu_cores")
    if config.is_change or asked is None or asked.value < 1 or asked.value != int(asked.value):
        return
    pod = Pod(Resources(gpus=int(asked.value)))
    name = f"`{config.name_of('gpu_cores')}` is {asked.value:g}"
    most = max((node.allocatable.gpus for node in cluster.all_nodes), default=0)
    room = placement(pod, cluster.all_nodes, 1).room
    if not cluster.all_nodes:
        return
    if most < asked.value:
        has = f"{most} of them" if most else "no GPU"
        message = f"{name}, and a node of {cluster.size} has {has}: no node takes a replica"
        help = "take nodes of a size with as many GPUs, or an environment that needs none"
        yield _finding(asked.location, message, help, cluster)
        return
    replicas = replica_counts(config)
    if replicas is None or room >= replicas.most:
        return
    too_few = room < replicas.least
    wanted = replicas.least if too_few else replicas.most
    yield _finding(
        asked.location,
        f"{name}, and {cluster.shown} have GPUs for {room} of the {wanted:g} replicas: a GPU is "
        f"not shared{'' if too_few else ', and under load the others find none'}",
        "add nodes, or ask for fewer replicas",
        cluster,
        "error" if too_few else "warning",
    )


def _finding(
    place: Location, message: str, help: str, cluster: Cluster, severity: str = "error"
) -> Observation:
    return finding(
        place,
        message,
        help=help,
        severity=severity,  # type: ignore[arg-type]
        related=(Related(cluster.location, "the cluster"),),
        key="gpus",
    )
