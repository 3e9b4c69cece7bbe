"""More cores are asked for than the quota leaves.

## What it does
Reports a managed online deployment, or a cluster that code makes with
`AksCompute.provisioning_configuration`, that takes more cores than the declared `quota` has left,
or than a [snapshot](../snapshot.md#what-capacity-rules-take-from-it) says, of its family of VM
sizes, in the region or in the workspace. A managed deployment takes

    ceil(1.2 × instances) × cores of its size

since a fifth is reserved for upgrades, but for some sizes with GPUs; a cluster `agent_count` ×
cores. With a snapshot, what the deployment of the same name takes already comes back, and a cluster
that the workspace has is not made again.

## Why it matters
It is refused when it is submitted: `Not enough quota available for Standard_DS3_v2 … Current
usage/limit: 0/6. Additional needed: 8`. One instance takes the cores of two.

## Example
```yaml deployment.yml {6}
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: churn
model: azureml:churn:3
instance_type: Standard_DS3_v2
instance_count: 1
```
```toml amllint.toml
[target.quota]
family-cores = { "Standard DSv2 Family" = 6 }
```

## Use instead
```yaml deployment.yml
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: churn
model: azureml:churn:3
instance_type: Standard_DS2_v2
instance_count: 1
```
```toml amllint.toml
[target.quota]
family-cores = { "Standard DSv2 Family" = 6 }
```

## Sources
- Azure ML, Manage and increase quotas: 1.2 × instances × cores, rounded up to whole machines; ten
  of DS3_v2 take 48. Four reports whose message says "Additional needed" agree for one instance:
  DS3_v2 8, twice, F4s_v2 8 and F16s_v2 32.
- Azure ML, Managed online endpoints SKU list: the ten sizes of which nothing is reserved.
- azureml-core 1.61.0, `compute/aks.py`: three nodes of Standard_D3_v2 where nothing is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from amllint.artifacts.deploy_code import MAKES_CLUSTER, DeployCode
from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.fields import Absent, Field, Known, value_of
from amllint.capacity.facts import Missing, Quota
from amllint.capacity.quota import (
    cluster_cores,
    is_listed,
    left_for,
    managed_cores,
    reserved_instances,
)
from amllint.capacity.vm_sizes import find_managed_size, find_size
from amllint.findings.finding import Location, Observation, Related, Unchecked, finding
from amllint.rules.capacity.offered import Catalogue, catalogue
from amllint.rules.registry import rule
from amllint.snapshot import facts
from amllint.source.names import region_key
from amllint.units import Linker

_NODES = 3
_SIZE = "Standard_D3_v2"


class _Need(NamedTuple):
    """Cores of a family, how they come about, and where the number of machines stands."""

    cores: int
    family: str
    how: str
    place: Location


@rule("AML509", "quota-exceeded", severity="error", stage="submit")
def quota_exceeded(
    config: DeploymentReference | DeployCode, quota: Quota, links: Linker
) -> Iterator[Observation | Unchecked]:
    """Report cores that the quota does not have."""
    if isinstance(config, DeploymentReference) and _is_absent(config, links):
        return  # that the region lacks the size is told of by itself
    needs = _clusters(config, quota) if isinstance(config, DeployCode) else _deployment(config)
    for need in needs:
        if not is_listed(need.family, quota):
            yield Unchecked(need.place, "quota", f"not known: `{need.family}` is not listed")
        free = left_for(need.family, quota)
        if free is None or need.cores <= free[0]:
            continue
        if isinstance(quota.own, Missing):
            # What it replaces may give its cores back.
            yield Unchecked(need.place, "quota", quota.own.reason)
            continue
        yield finding(
            need.place,
            f"{need.how} take {need.cores} cores, and the quota of {free[1]} leaves {free[0]} "
            f"({quota.source}): it is refused",
            help="take fewer or smaller machines or another family, or ask for more quota",
            related=(Related(quota.location, "the quota"),),
            key="cores",
        )


def _is_absent(reference: DeploymentReference, links: Linker) -> bool:
    listed = catalogue(links.snapshot, facts.VM_SIZES)
    return isinstance(listed, Catalogue) and not listed.has(str(value_of(reference.instance_type)))


def _deployment(reference: DeploymentReference) -> Iterator[_Need]:
    kind, count = reference.instance_type, reference.instance_count
    size = find_managed_size(str(value_of(kind))) if isinstance(kind, Known) else None
    instances = _whole(count, 1)
    if not reference.is_managed or size is None or instances is None:
        return
    reserved = reserved_instances(instances, size.is_exempt)
    machines = f"{instances} × {size.name}"
    if reserved > instances:
        machines += f", with {reserved - instances} more reserved for upgrades,"
    place = count.location if isinstance(count, Known) else kind.location
    yield _Need(managed_cores(size, instances), size.family, machines, place)


def _clusters(code: DeployCode, quota: Quota) -> Iterator[_Need]:
    region = region_key(quota.region) if quota.region else None
    for call in code.calls:
        if call.name != MAKES_CLUSTER:
            continue
        where = code.argument(call, "location")
        is_given = region is not None and not isinstance(where, Absent)
        if is_given and region_key(str(value_of(where))) != region:
            continue  # the quota of another region
        kind, count = (code.argument(call, name) for name in ("vm_size", "agent_count"))
        if not isinstance(kind, (Known, Absent)):
            continue
        size, nodes = find_size(str(value_of(kind) or _SIZE)), _whole(count, _NODES)
        if size is None or not nodes:
            continue
        place = count.location if isinstance(count, Known) else code.at(call.call.function.span)
        how = f"{nodes} nodes of {size.name}"
        yield _Need(cluster_cores(size, nodes), size.family, how, place)


def _whole(field: Field[object], default: int) -> int | None:
    """A count; `None` where it is not known or no whole number."""
    if isinstance(field, Absent):
        return default
    value = value_of(field)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None
