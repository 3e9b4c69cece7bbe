"""More instances or deployments than there can be.

## What it does
Reports a managed online deployment whose `instance_count` is above 50. With a
[snapshot](../snapshot.md) also a new deployment of an endpoint that has 20 already, and one to a
Kubernetes cluster that has 100.

The first two are warnings: the documentation calls them limits for which an exception can be
requested, and no call tells which a subscription has. That of a cluster is none of those, and the
deployments on it are counted, so that it is an error; where the deployments of one of its endpoints
are not known nothing is said.

## Why it matters
The deployment is refused when it is submitted. The reserve of a fifth for upgrades does not count
here; it does in the [quota](quota-exceeded.md).

## Example
```yaml deployment.yml {6}
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: churn
model: azureml:churn:3
instance_type: Standard_DS3_v2
instance_count: 60
```

## Use instead
```yaml deployment.yml
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: churn
model: azureml:churn:3
instance_type: Standard_DS5_v2
instance_count: 15
```

## Sources
- Azure ML, Manage and increase quotas: 50 instances a managed online deployment and 20 deployments
  an endpoint, with exceptions on request; 100 deployments a Kubernetes cluster, without.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.fields import Known, is_text
from amllint.capacity.observed.told import dated
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule
from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot
from amllint.snapshot.facts import Read
from amllint.source.names import same_name
from amllint.units import Linker

MOST_INSTANCES: Final = 50
MOST_OF_ENDPOINT: Final = 20
MOST_OF_CLUSTER: Final = 100


@rule("AML512", "instance-limit", severity="warning", stage="submit")
def instance_limit(reference: DeploymentReference, links: Linker) -> Iterator[Observation]:
    """Report numbers above a limit."""
    count = reference.instance_count if reference.is_managed else None
    value = count.value if isinstance(count, Known) else None
    if isinstance(value, int) and not isinstance(value, bool) and value > MOST_INSTANCES:
        assert isinstance(count, Known)
        yield finding(
            count.location,
            f"`instance_count` is {value}, and a managed deployment has at most {MOST_INSTANCES}, "
            "unless the subscription was granted more: it is refused",
            help="take fewer and larger machines, or spread the load over several deployments",
            key="instances",
        )
    endpoint, name = reference.endpoint_name, reference.name
    online = reference.purpose == "online" and not reference.is_job
    if links.snapshot is not None and online and is_text(endpoint) and is_text(name):
        yield from _deployments(endpoint, name, links.snapshot)


def _deployments(
    endpoint: Known[str], name: Known[str], snapshot: Snapshot
) -> Iterator[Observation]:
    own = snapshot.fact(facts.ONLINE_DEPLOYMENTS, endpoint.value)
    if not isinstance(own, Read) or any(same_name(row.name, name.value) for row in own.value):
        return
    others = _on_cluster(endpoint.value, snapshot)
    what, severity, source = None, "warning", dated(own)
    if others is not None and others >= MOST_OF_CLUSTER:
        what, severity = f"its cluster has {others}, and takes {MOST_OF_CLUSTER}", "error"
    elif len(own.value) >= MOST_OF_ENDPOINT:
        what = f"`{endpoint.value}` has {len(own.value)}, and takes {MOST_OF_ENDPOINT}, unless the "
        what += "subscription was granted more"
    if what is not None:
        yield finding(
            endpoint.location,
            f"this is one more deployment: {what} ({source}): it is refused",
            help="delete one that gets no traffic, or take another endpoint or cluster",
            severity="error" if severity == "error" else "warning",
            key="deployments",
        )


def _on_cluster(endpoint: str, snapshot: Snapshot) -> int | None:
    """The deployments on the cluster of an endpoint; `None` where they are not all known."""
    listed = snapshot.fact(facts.ONLINE_ENDPOINTS)
    rows = listed.value if isinstance(listed, Read) else ()
    named = (row.compute for row in rows if same_name(row.name, endpoint))
    own = next(filter(None, named), None)
    if own is None:
        return None
    total = 0
    for row in rows:
        if (row.compute or "").lower() != own.lower():
            continue
        found = snapshot.fact(facts.ONLINE_DEPLOYMENTS, row.name)
        if not isinstance(found, Read):
            return None
        total += len(found.value)
    return total
