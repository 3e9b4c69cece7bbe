"""The cluster has no room for the replicas.

## What it does
Reports an AKS configuration whose replicas do not all find a node of the declared cluster, with its
nodes as they are and as many as its autoscaler may add. Each asks for its `cpu` and `memoryInGB`
and for what Azure ML adds (0.1 cores and 0.6 GB); a node has what its VM size leaves for pods,
without what other pods ask for, where that is declared. It is an error where `numReplicas` or the
`minReplicas` of the autoscaler do not fit, a warning where only `maxReplicas` do not, or where
there is no room for the one more replica that an update starts before it ends an old one.

## Why it matters
What finds no node stays pending, and after five minutes the deployment fails: `Couldn't Schedule
because the kubernetes cluster didn't have available resources`. Replicas that the autoscaler cannot
start answer nobody, and calls get 503 under load. Free cores on several nodes do not add up: a
replica runs on one.

## Example
```json deploymentconfig.json {3}
{
  "computeType": "aks",
  "numReplicas": 4,
  "containerResourceRequirements": {"cpu": 1, "memoryInGB": 2}
}
```
```toml amllint.toml
[target.cluster]
node-size = "Standard_D2_v3"
nodes = 3
kubernetes-version = "1.28"
```

## Use instead
```json deploymentconfig.json
{
  "computeType": "aks",
  "numReplicas": 2,
  "containerResourceRequirements": {"cpu": 1, "memoryInGB": 2}
}
```
```toml amllint.toml
[target.cluster]
node-size = "Standard_D2_v3"
nodes = 3
kubernetes-version = "1.28"
```

## Sources
- kube-scheduler 1.20.2: executed; how many of the replicas were bound, and for what reason no more
  of them, in 120 recorded clusters.
- Azure/azure-cli#18272, Azure/azure-sdk-for-python#25938: an update has `maxSurge: 1`.
- Troubleshooting remote model deployment: the five minutes, and the remedies.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.deployment_config import AksDeployment, AksEndpointDeployment
from amllint.artifacts.fields import Known
from amllint.capacity.facts import Cluster
from amllint.capacity.overheads import with_side_containers
from amllint.capacity.scheduling import Pod, placement
from amllint.capacity.sizing import SURGE
from amllint.findings.finding import Location, Observation, Related, Severity, finding
from amllint.rules.capacity.configured import Replicas, replica_counts, request_of
from amllint.rules.registry import rule


@rule("AML502", "replicas-do-not-fit", severity="error", stage="schedule")
def replicas_do_not_fit(
    config: AksDeployment | AksEndpointDeployment, cluster: Cluster
) -> Iterator[Observation]:
    """Report replicas that find no node."""
    request = None if config.is_change else request_of(config)
    replicas = None if config.is_change else replica_counts(config)
    if request is None or replicas is None or not cluster.all_nodes:
        return
    pod = Pod(with_side_containers(request.own, cluster.side_containers)._replace(gpus=0))
    if not any(pod.requests.within(node.allocatable) for node in cluster.all_nodes):
        return  # told of as a pod that is larger than a node
    room = placement(pod, cluster.all_nodes, 1).room
    told = _judged(config, replicas, room)
    if told is None:
        return
    message, severity, place = told
    alone = "beside what is declared to run there" if cluster.is_busy_known else "with nothing else"
    amounts = f"{pod.requests.cores:g} cores and {pod.requests.memory_gib:.2f} GiB"
    yield finding(
        place,
        f"{cluster.shown} take {room} replica{'s' if room != 1 else ''} of {amounts} {alone}, and "
        f"{message}",
        help="allow more nodes, take larger ones, or ask for less in each replica",
        severity=severity,
        related=(Related(cluster.location, "the cluster"),),
        key="replicas",
    )


def _judged(
    config: AksDeployment | AksEndpointDeployment, replicas: Replicas, room: int
) -> tuple[str, Severity, Location] | None:
    fewest = config.argument("autoscale_min_replicas")
    of_scaling = config.given("autoscale_enabled") is True
    if room < replicas.least:
        name = config.name_of("autoscale_min_replicas") if of_scaling else replicas.name
        place = fewest.location if of_scaling and isinstance(fewest, Known) else replicas.place
        return f"`{name}` is {replicas.least:g}: the others find no node", "error", place
    if room < replicas.least + SURGE:
        what = "an update starts one more before it ends an old one, which finds no node"
        return what, "warning", replicas.place
    if room < replicas.most:
        said = f"`{replicas.name}` is {replicas.most:g}: under load the others find no node"
        return said, "warning", replicas.place
    return None
