"""The size of the machines is none that is known, or none that can be had.

## What it does
Reports the `instance_type` of a managed online deployment, and the `vm_size` of a cluster that code
makes, if no VM size has that name. Of managed deployments also a size that is not in the documented
list for managed online endpoints, and as an error one that Azure has retired. Deployments to
Kubernetes are left alone: there `instance_type` names an instance type of the cluster.

## Why it matters
The deployment is refused: `VMSizeNotSupported`, `InstanceType … is not supported`. Sizes appear
with each generation of processors, so that an unknown one is a warning: the list that ships with
amllint is of March 2026. With a snapshot of the workspace it is an error where the region lacks the
size too, and one that the region has is none that is unknown; a known size that it lacks is
[vm-size-unavailable](vm-size-unavailable.md).

A size outside the list for managed online endpoints stays a warning, snapshot or not: that page
follows the service, and no call tells which sizes managed endpoints take. It bears a date of
October 2023 and has had sizes added since. azure-ai-ml takes any name; it is Azure that refuses.

## Example
```yaml deployment.yml {5}
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: churn
model: azureml:churn:3
instance_type: Standard_DS3v2
instance_count: 1
```

## Use instead
```yaml deployment.yml
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: churn
model: azureml:churn:3
instance_type: Standard_DS3_v2
instance_count: 1
```

## Sources
- Azure ML, Managed online endpoints SKU list (85 sizes): every size of the 74 managed deployments
  of Azure's own examples is in it.
- The Compute SKU API, as kubernetes/autoscaler lists it (March 2026): 939 sizes.
- Azure, "Retirement of VM sizes": NC, NCv2, ND and NV on 31 August 2023, Av1 and HB on 31 August
  2024.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Final

from amllint.artifacts.deploy_code import MAKES_CLUSTER, DeployCode
from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.fields import Known
from amllint.artifacts.vm_sizes import retired
from amllint.capacity.vm_sizes import closest_size, find_managed_size, find_size
from amllint.findings.finding import Observation, finding
from amllint.rules.capacity.offered import (
    FPGA,
    Catalogue,
    catalogue,
    is_elsewhere,
)
from amllint.rules.registry import rule
from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot
from amllint.units import Linker

_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


@rule("AML510", "unknown-vm-size", severity="warning", stage="submit")
def unknown_vm_size(
    config: DeploymentReference | DeployCode, links: Linker
) -> Iterator[Observation]:
    """Report names that are no size, and sizes that are not offered."""
    if isinstance(config, DeployCode):
        yield from _clusters(config, links.today, links.snapshot)
    elif config.is_managed and isinstance(config.instance_type, Known):
        yield from _instances(config.instance_type, links.today, links.snapshot)


def _instances(
    field: Known[object], today: datetime.date, snapshot: Snapshot | None
) -> Iterator[Observation]:
    name = field.value
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        return
    day = retired(name, today)
    if day is not None:
        yield finding(
            field.location,
            f"`{name}` was retired on {day} (today is {today}): no machine of it can be had",
            help="take one that is still offered, such as Standard_NC4as_T4_v3 or Standard_DS3_v2",
            severity="error",
            key=f"size {name}",
        )
    elif find_managed_size(name) is None:
        listed = catalogue(snapshot, facts.VM_SIZES)
        if not isinstance(listed, Catalogue):
            yield _not_managed(field, name, find_size(name) is not None)
        elif listed.has(name):
            yield _not_managed(field, name, True)
        elif find_size(name) is None:
            yield _absent(field, name, listed, closest_size(name, managed=True))
        # What is a size, and not one of the region, is told of by itself.


def _not_managed(field: Known[object], name: str, is_size: bool) -> Observation:
    close = closest_size(name, managed=True)
    what = (
        "is not in the documented list for managed online endpoints"
        if is_size
        else "is no VM size that is known"
    )
    return finding(
        field.location,
        f"`{name}` {what}: the deployment is refused, unless it has come since",
        help=f"did you mean `{close}`?"
        if close and not is_size
        else "take one of the list, such as Standard_DS3_v2",
        key=f"size {name}",
    )


def _absent(field: Known[object], name: str, listed: Catalogue, close: str | None) -> Observation:
    return finding(
        field.location,
        f"`{name}` is no VM size that is known, and none of the {len(listed.rows)} of "
        f"{listed.region} ({listed.source}): no machine of it can be had",
        help=f"did you mean `{close}`?" if close else "see `az vm list-sizes`",
        severity="error",
        key=f"size {name}",
    )


def _clusters(
    code: DeployCode, today: datetime.date, snapshot: Snapshot | None
) -> Iterator[Observation]:
    for call in code.calls:
        if call.name != MAKES_CLUSTER:
            continue
        field = code.argument(call, "vm_size")
        name = field.value if isinstance(field, Known) else None
        if not isinstance(field, Known) or not isinstance(name, str) or not _NAME.fullmatch(name):
            continue
        if name.lower().startswith(FPGA):
            continue
        # What is retired is told of with the other values of the cluster.
        if find_size(name) is not None or retired(name, today) is not None:
            continue
        close, listed = closest_size(name), catalogue(snapshot, facts.NODE_SIZES)
        if snapshot is None or not isinstance(listed, Catalogue):
            yield _unlisted(field, name, close)
        elif not listed.has(name):
            elsewhere = is_elsewhere(code, call, snapshot)
            yield (
                _unlisted(field, name, close) if elsewhere else _absent(field, name, listed, close)
            )


def _unlisted(field: Known[object], name: str, close: str | None) -> Observation:
    return finding(
        field.location,
        f"`{name}` is no VM size that is known: no cluster can be made of it, unless it "
        "has come since",
        help=f"did you mean `{close}`?" if close else "see `az vm list-sizes`",
        key=f"size {name}",
    )
