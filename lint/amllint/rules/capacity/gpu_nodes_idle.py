"""The nodes have GPUs, and nothing that is deployed to them asks for one.

## What it does
Reports an AKS configuration without `gpuCores` for a declared cluster whose nodes have GPUs, where
no other configuration of the repository asks for a GPU either. Of a cluster that a snapshot knows
it is reported where no pod there asks for one, which takes the pods of `kubectl`.

## Why it matters
A pod sees a GPU only if it asks for one. The service runs on the CPU, and the GPUs are paid for by
the hour and do nothing.

## Example
```json deploymentconfig.json {2}
{
  "computeType": "aks",
  "numReplicas": 2,
  "containerResourceRequirements": {"cpu": 1, "memoryInGB": 4}
}
```
```toml amllint.toml
[target.cluster]
node-size = "Standard_NC4as_T4_v3"
nodes = 3
```

## Use instead
```json deploymentconfig.json
{
  "computeType": "aks",
  "numReplicas": 2,
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
- azureml-core 1.61.0, `webservice/aks.py`: GPUs are asked for by `gpu_cores` alone, none by
  default.
- Kubernetes, Schedule GPUs: a container is given as many as its limits name.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.deployment_config import AksDeployment, AksEndpointDeployment
from amllint.artifacts.fields import Absent, Known
from amllint.capacity.facts import Cluster
from amllint.findings.finding import Observation, Related, Unchecked, finding
from amllint.rules.deployment.unread_gpu import UNREAD_GPU
from amllint.rules.registry import rule
from amllint.units import Linker


@rule("AML504", "gpu-nodes-idle", severity="warning", stage="operate")
def gpu_nodes_idle(
    config: AksDeployment | AksEndpointDeployment, cluster: Cluster, links: Linker
) -> Iterator[Observation | Unchecked]:
    """Report GPUs that nothing asks for."""
    gpus = sum(node.allocatable.gpus for node in cluster.nodes)
    if config.is_change or not gpus or any(map(_may_ask, [config, *_others(links)])):
        return
    if not cluster.is_declared and not cluster.are_pods_known:
        reason = "not known: kubectl alone tells what runs on the nodes with GPUs"
        yield Unchecked(config.place, "pods", reason)
        return
    if any(node.used.gpus for node in cluster.nodes):
        return
    yield finding(
        config.place,
        f"{cluster.shown} {cluster.verb('has', 'have')} {gpus} GPU{'s' if gpus != 1 else ''}, and "
        "nothing asks for one: the "
        "service runs on the CPU, and they are paid for all the same",
        help=f"ask for one with `{config.name_of('gpu_cores')}`, or use nodes without",
        related=(Related(cluster.location, "the cluster"),),
        key="idle gpus",
    )


def _others(links: Linker) -> Iterator[AksDeployment | AksEndpointDeployment]:
    """Every AKS configuration of files and of code."""
    made = [c.deployment_config for code in links.codes.values() for c in code.deployments]
    for artifact in (*links.all(), *made):
        if isinstance(artifact, (AksDeployment, AksEndpointDeployment)):
            yield artifact


def _may_ask(config: AksDeployment | AksEndpointDeployment) -> bool:
    """Whether it asks for a GPU, may do so, or means to where nothing reads it."""
    field = config.argument("gpu_cores")
    none = isinstance(field, Absent) or (isinstance(field, Known) and field.value == 0)
    return not none or any(config.unread(*path) for path in UNREAD_GPU)
