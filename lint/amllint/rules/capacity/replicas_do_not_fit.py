"""The cluster has no room for the replicas.

## What it does
Reports an AKS configuration whose replicas do not all find a node of the declared cluster, or of
the one that a [snapshot](../snapshot.md#what-capacity-rules-take-from-it) knows, with its nodes as
they are and as many as its autoscaler may add. Each asks for its `cpu` and `memoryInGB` and for
what Azure ML adds (0.1 cores and 0.6 GB); a node has what its VM size leaves for pods, without what
other pods ask for, where that is known. It is an error where `numReplicas` or the `minReplicas` of
the autoscaler do not fit, a warning where only `maxReplicas` do not, or where there is no room for
the one more replica that an update starts before it ends an old one. With a snapshot also
deployments to Kubernetes; pods of the same service that run already give their place to the new
ones. Nodes that are cordoned, NotReady or out of disk, by their conditions or their taints, take
none.

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

from collections import Counter
from collections.abc import Iterator

from amllint.artifacts.deployment_config import AksDeployment, AksEndpointDeployment
from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.capacity.facts import Cluster
from amllint.capacity.rooms import SURGE, Rooms, beside, rooms
from amllint.capacity.scheduling import NODE_TAINTS, Pod, can_take, excluded
from amllint.findings.finding import (
    Location,
    Observation,
    Related,
    Severity,
    Unchecked,
    finding,
)
from amllint.rules.capacity.workload import Workload, workload_of
from amllint.rules.registry import rule

_ILL = f"tainted {NODE_TAINTS}"
_EMPTY = "what else runs on the nodes is not known; on empty ones the replicas fit"


@rule("AML502", "replicas-do-not-fit", severity="error", stage="schedule")
def replicas_do_not_fit(
    config: AksDeployment | AksEndpointDeployment | DeploymentReference, cluster: Cluster
) -> Iterator[Observation | Unchecked]:
    """Report replicas that find no node."""
    work = workload_of(config, cluster)
    if not isinstance(work, Workload) or work.replicas is None or not cluster.all_nodes:
        return  # what is not known of it is told of along with the pod
    pod, with_gpus = work.pod, rooms(work.gpus_alone, cluster).in_the_end
    if pod.requests.gpus and with_gpus < work.replicas.least:
        return  # told of as GPUs that are not there
    if with_gpus < work.replicas.most + SURGE:
        pod = work.without_gpus
    takers = [node for node in cluster.all_nodes if excluded(pod, node) is None]
    if takers and not any(can_take(pod, node) for node in takers):
        return  # told of as a pod that is larger than a node
    room = rooms(pod, cluster)
    told = _judged(work, room)
    if told is None:
        if not (cluster.is_declared or cluster.is_busy_known):
            yield Unchecked(work.replicas.place, "pods", _EMPTY)
        return
    message, severity, place = told
    if cluster.more is not None:
        reason = f"whether nodes are added is not known: {cluster.more.reason}"
        yield Unchecked(place, "node pools", reason)
        return
    amounts = f"{pod.requests.cores:g} cores and {pod.requests.memory_gib:.2f} GiB"
    most = room.in_the_end
    yield finding(
        place,
        f"{cluster.shown} {cluster.verb('takes', 'take')} {most} "
        f"replica{'s' if most != 1 else ''} of {amounts} "
        f"{beside(cluster, room)}{_shut(pod, cluster)}, and {message}",
        help=_advice(pod, cluster),
        severity=severity,
        related=(Related(cluster.location, "the cluster"),),
        key="replicas",
    )


def _advice(pod: Pod, cluster: Cluster) -> str:
    reasons = {excluded(pod, node) or "" for node in cluster.all_nodes}
    cordoned = any(node.is_cordoned for node in cluster.all_nodes)
    is_ill = any(reason.startswith(_ILL) for reason in reasons)
    ways = [
        *(["`kubectl uncordon` those that are cordoned"] if cordoned else []),
        *(["mend those that are not well (`kubectl describe node`)"] if is_ill else []),
        *(
            ["take the taints off nodes that are to run it"]
            if any(r.startswith("tainted") and not r.startswith(_ILL) for r in reasons)
            else []
        ),
        "allow more nodes",
        "take larger ones",
    ]
    return f"{', '.join(ways)}, or ask for less in each replica"


def _shut(pod: Pod, cluster: Cluster) -> str:
    """Which nodes it is kept off, however empty they are."""
    reasons = Counter(filter(None, (excluded(pod, node) for node in cluster.all_nodes)))
    told = ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items()))
    return f" ({told})" if told else ""


def _judged(work: Workload, room: Rooms) -> tuple[str, Severity, Location] | None:
    replicas, fewest = work.replicas, work.fewest
    assert replicas is not None
    if room.in_the_end < replicas.least:
        scaled = replicas.most != replicas.least and fewest is not None
        name, place = fewest if scaled and fewest else (replicas.name, replicas.place)
        rest = "the others find no node" if room.in_the_end else "none of them finds a node"
        return f"`{name}` is {replicas.least:g}: {rest}", "error", place
    if room.lacks_surge(replicas.least):
        what = "an update starts one more before it ends an old one, which finds no node"
        return what, "warning", replicas.place
    if room.in_the_end < replicas.most:
        said = f"`{replicas.name}` is {replicas.most:g}: under load the others find no node"
        return said, "warning", replicas.place
    return None
