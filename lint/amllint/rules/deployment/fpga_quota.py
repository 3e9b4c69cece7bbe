"""A cluster of FPGA machines is asked for, which takes a quota first.

## What it does
Reports the size Standard_PB6s in `AksCompute.provisioning_configuration`, unless a snapshot of the
workspace says whether there is quota for it: then
[fpga-quota-missing](fpga-quota-missing.md) speaks.

## Why it matters
No subscription has quota for FPGA machines until it is asked for and granted. Without it, the
cluster is not made, and the deployment ends in a failure that does not say why.

## Example
```python compute.py {4}
from azureml.core.compute import AksCompute

config = AksCompute.provisioning_configuration(
    vm_size="Standard_PB6s",
    agent_count=1,
    cluster_purpose=AksCompute.ClusterPurpose.DEV_TEST,
)
```

## Use instead
```python compute.py
from azureml.core.compute import AksCompute

config = AksCompute.provisioning_configuration(
    vm_size="Standard_D4s_v3",
    agent_count=3,
)
```

## Sources
- Troubleshooting guide of Azure ML, "FPGA": quota is requested at
  <https://aka.ms/aml-real-time-ai>.
- azureml-core 1.61.0, `AksCompute.provisioning_configuration`: executed; it takes any size.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.deploy_code import MAKES_CLUSTER, DeployCode
from amllint.artifacts.fields import Known
from amllint.findings.finding import Observation, finding
from amllint.rules.capacity.offered import has_fpga_quota
from amllint.rules.registry import rule
from amllint.units import Linker


@rule("AML421", "fpga-quota", severity="warning", stage="submit")
def fpga_quota(code: DeployCode, links: Linker) -> Iterator[Observation]:
    """Report each cluster of FPGA machines."""
    for call in code.calls:
        if call.name != MAKES_CLUSTER:
            continue
        size = code.argument(call, "vm_size")
        if has_fpga_quota(code, call, links.snapshot) is not None:
            continue  # it is known, and told of by itself where there is none
        if isinstance(size, Known) and str(size.value).lower() == "standard_pb6s":
            yield finding(
                size.location,
                f"`{size.value}` has FPGAs, for which quota must be granted before a cluster "
                "can be made; azureml-core accepts this silently",
                help="ask for it at https://aka.ms/aml-real-time-ai; where it is granted, "
                "silence this rule here",
                key="Standard_PB6s",
            )
