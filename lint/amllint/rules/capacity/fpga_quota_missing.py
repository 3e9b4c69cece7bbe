"""No quota for FPGAs was granted, and a cluster of them is made.

## What it does
Reports a size with FPGAs (`Standard_PB6s`) in `AksCompute.provisioning_configuration` where the
snapshot of the workspace lists no quota of its family, or one of no cores. Without a snapshot, or
for another region than that of the workspace, [fpga-quota](fpga-quota.md) reminds of it.

## Why it matters
Azure ML makes such machines for those alone who asked for them. azureml-core takes the size without
a word, and the cluster is refused after minutes.

## Example
```python make_cluster.py {4}
from azureml.core.compute import AksCompute

provisioning = AksCompute.provisioning_configuration(
    vm_size="Standard_PB6s",
    agent_count=3,
)
```
```json snapshot.json
{"version": 1, "made_by": "amllint 1", "made_at": "2026-11-27T08:00:00Z", "made_from": "azure",
 "workspace": "prod", "facts": [
  {"fact": "computes", "read_at": "2026-11-27T08:00:00Z", "source": "GET computes", "value": []},
  {"fact": "compute_usages", "read_at": "2026-11-27T08:00:00Z", "source": "GET usages", "value": [
   {"name": "cores", "used": 12, "limit": 100},
   {"name": "standardPBSFamily", "used": 0, "limit": 0}]}]}
```

## Use instead
```python make_cluster.py
from azureml.core.compute import AksCompute

provisioning = AksCompute.provisioning_configuration(
    vm_size="Standard_PB6s",
    agent_count=3,
)
```
```json snapshot.json
{"version": 1, "made_by": "amllint 1", "made_at": "2026-11-27T08:00:00Z", "made_from": "azure",
 "workspace": "prod", "facts": [
  {"fact": "computes", "read_at": "2026-11-27T08:00:00Z", "source": "GET computes", "value": []},
  {"fact": "compute_usages", "read_at": "2026-11-27T08:00:00Z", "source": "GET usages", "value": [
   {"name": "cores", "used": 12, "limit": 100},
   {"name": "standardPBSFamily", "used": 0, "limit": 24}]}]}
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
from amllint.capacity.observed.told import unchecked
from amllint.findings.finding import Observation, Unchecked, finding
from amllint.rules.capacity.offered import FPGA, has_fpga_quota
from amllint.rules.registry import rule
from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot
from amllint.snapshot.facts import Read


@rule("AML514", "fpga-quota-missing", severity="error", stage="submit")
def fpga_quota_missing(code: DeployCode, snapshot: Snapshot) -> Iterator[Observation | Unchecked]:
    """Report clusters of FPGA machines that no quota allows."""
    fact = snapshot.fact(facts.COMPUTE_USAGES)
    for call in code.calls:
        if call.name != MAKES_CLUSTER:
            continue
        size = code.argument(call, "vm_size")
        if not isinstance(size, Known) or not str(size.value).lower().startswith(FPGA):
            continue
        if not isinstance(fact, Read):
            yield unchecked(fact, facts.COMPUTE_USAGES, size.location)
        elif has_fpga_quota(code, call, snapshot) is False:
            yield finding(
                size.location,
                f"`{size.value}` has FPGAs, and the subscription has no quota for them (snapshot "
                f"of {fact.read_at[:10]}): the cluster is refused",
                help="ask for quota at https://aka.ms/aml-real-time-ai, or take another size",
                key=str(size.value),
            )
