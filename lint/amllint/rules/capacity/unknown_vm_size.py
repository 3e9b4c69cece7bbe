"""The size of the machines is none that is known, or none that can be had.

## What it does
Reports the `instance_type` of a managed online deployment, and the `vm_size` of a cluster that code
makes, if no VM size has that name. Of managed deployments also a size that is not in the documented
list for managed online endpoints, and as an error one that Azure has retired. Deployments to
Kubernetes are left alone: there `instance_type` names an instance type of the cluster.

## Why it matters
The deployment is refused: `VMSizeNotSupported`, `InstanceType … is not supported`. Sizes appear
with each generation of processors, so that an unknown one is a warning: the list that ships with
amllint is of March 2026, and that of managed online endpoints is edited rarely.

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

from amllint.artifacts.deploy_code import DeployCode
from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.fields import Known
from amllint.artifacts.vm_sizes import retired
from amllint.capacity.vm_sizes import closest_size, find_managed_size, find_size
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule
from amllint.units import Linker

_FPGA: Final = "STANDARD_PB"
"""Sizes that only those have who asked for them: fpga-quota tells of them."""
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


@rule("AML510", "unknown-vm-size", severity="warning", stage="submit")
def unknown_vm_size(
    config: DeploymentReference | DeployCode, links: Linker
) -> Iterator[Observation]:
    """Report names that are no size, and sizes that are not offered."""
    if isinstance(config, DeployCode):
        yield from _clusters(config, links.today)
    elif config.is_managed and isinstance(config.instance_type, Known):
        yield from _instances(config.instance_type, links.today)


def _instances(field: Known[object], today: datetime.date) -> Iterator[Observation]:
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
        close = closest_size(name, managed=True)
        what = (
            "is not in the documented list for managed online endpoints"
            if find_size(name) is not None
            else "is no VM size that is known"
        )
        yield finding(
            field.location,
            f"`{name}` {what}: the deployment is refused, unless it has come since",
            help=f"did you mean `{close}`?"
            if close and find_size(name) is None
            else "take one of the list, such as Standard_DS3_v2",
            key=f"size {name}",
        )


def _clusters(code: DeployCode, today: datetime.date) -> Iterator[Observation]:
    for call in code.calls:
        if call.name != "AksCompute.provisioning_configuration":
            continue
        field = code.argument(call, "vm_size")
        name = field.value if isinstance(field, Known) else None
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            continue
        if name.upper().startswith(_FPGA):
            continue
        # What is retired is told of with the other values of the cluster.
        if find_size(name) is None and retired(name, today) is None:
            close = closest_size(name)
            yield finding(
                field.location,
                f"`{name}` is no VM size that is known: no cluster can be made of it, unless it "
                "has come since",
                help=f"did you mean `{close}`?" if close else "see `az vm list-sizes`",
                key=f"size {name}",
            )
