"""The region, or the subscription in it, does not have the size of the machines.

## What it does
Reports a VM size that exists and that the snapshot of the workspace does not list for its region:
the `instance_type` of a managed online deployment among the sizes of Azure Machine Learning, the
`vm_size` of a cluster that code makes among those of virtual machines. Of the latter also a size
that is restricted for the subscription. A restriction for single zones is none: a cluster without
zones takes the others. Where code names another region than that of the workspace nothing is said.

## Why it matters
It is refused when it is submitted: `SkuNotAvailable`, `The requested VM size … is not available in
location …`, `VMSizeNotSupported`. More quota does not help; another size or region does.

## Example
```yaml deployment.yml {5}
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: churn
model: azureml:churn:3
instance_type: Standard_NC4as_T4_v3
```
```json snapshot.json
{"version": 1, "made_by": "amllint 1", "made_at": "2026-11-27T08:00:00Z", "made_from": "azure",
 "workspace": "prod", "facts": [
  {"fact": "workspace", "read_at": "2026-11-27T08:00:00Z", "source": "GET workspace",
   "value": {"id": "/w", "name": "prod", "location": "westus2"}},
  {"fact": "models", "read_at": "2026-11-27T08:00:00Z", "source": "GET models",
   "value": [{"name": "churn"}]},
  {"fact": "model_versions", "of": "churn", "read_at": "2026-11-27T08:00:00Z", "source": "GET it",
   "value": [{"name": "churn", "version": "3"}]},
  {"fact": "vm_sizes", "read_at": "2026-11-27T08:00:00Z", "source": "GET vmSizes", "value": [
   {"name": "STANDARD_DS3_V2", "family": "standardDSv2Family", "vcpus": 4, "memory_gb": 14}]}]}
```

## Use instead
```yaml deployment.yml
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: churn
model: azureml:churn:3
instance_type: Standard_DS3_v2
```
```json snapshot.json
{"version": 1, "made_by": "amllint 1", "made_at": "2026-11-27T08:00:00Z", "made_from": "azure",
 "workspace": "prod", "facts": [
  {"fact": "workspace", "read_at": "2026-11-27T08:00:00Z", "source": "GET workspace",
   "value": {"id": "/w", "name": "prod", "location": "westus2"}},
  {"fact": "models", "read_at": "2026-11-27T08:00:00Z", "source": "GET models",
   "value": [{"name": "churn"}]},
  {"fact": "model_versions", "of": "churn", "read_at": "2026-11-27T08:00:00Z", "source": "GET it",
   "value": [{"name": "churn", "version": "3"}]},
  {"fact": "vm_sizes", "read_at": "2026-11-27T08:00:00Z", "source": "GET vmSizes", "value": [
   {"name": "STANDARD_DS3_V2", "family": "standardDSv2Family", "vcpus": 4, "memory_gb": 14}]}]}
```

## Sources
- azureml-core 1.61.0, `AmlCompute.supported_vmsizes`: "the supported VM sizes in a region", which
  is the list that a snapshot keeps.
- Azure Compute, Resource SKUs (REST): `restrictions` of type `Location` with the reasons
  `NotAvailableForSubscription` and `QuotaId`; machines of Azure ML's own are not the
  subscription's, so that its restrictions say nothing of managed deployments.
- Azure, "Resolve errors for SKU not available": the message, and the remedies.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.deploy_code import MAKES_CLUSTER, DeployCode
from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.fields import Known
from amllint.artifacts.vm_sizes import retired
from amllint.capacity.observed.told import unchecked
from amllint.capacity.vm_sizes import find_managed_size, find_size
from amllint.findings.finding import Location, Observation, Unchecked, finding
from amllint.rules.capacity.offered import (
    Catalogue,
    catalogue,
    is_elsewhere,
    refusal,
)
from amllint.rules.registry import rule
from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot
from amllint.units import Linker


@rule("AML511", "vm-size-unavailable", severity="error", stage="submit")
def vm_size_unavailable(
    config: DeploymentReference | DeployCode, snapshot: Snapshot, links: Linker
) -> Iterator[Observation | Unchecked]:
    """Report sizes that exist elsewhere."""
    if isinstance(config, DeployCode):
        yield from _clusters(config, snapshot, links)
        return
    field = config.instance_type
    name = field.value if isinstance(field, Known) else None
    if not config.is_managed or not isinstance(name, str) or retired(name, links.today):
        return
    listed = catalogue(snapshot, facts.VM_SIZES)
    if not isinstance(listed, Catalogue):
        yield unchecked(listed, facts.VM_SIZES, field.location)
    elif not listed.has(name) and (find_managed_size(name) or find_size(name)):
        yield _said(field.location, name, f"Azure ML does not have `{name}` in", listed)


def _clusters(
    code: DeployCode, snapshot: Snapshot, links: Linker
) -> Iterator[Observation | Unchecked]:
    listed = catalogue(snapshot, facts.NODE_SIZES)
    for call in code.calls:
        if call.name != MAKES_CLUSTER:
            continue
        field = code.argument(call, "vm_size")
        name = field.value if isinstance(field, Known) else None
        if not isinstance(name, str) or retired(name, links.today):
            continue
        if is_elsewhere(code, call, snapshot):
            continue
        if not isinstance(listed, Catalogue):
            yield unchecked(listed, facts.NODE_SIZES, field.location)
            continue
        row = listed.rows.get(name.lower())
        why = refusal(row, listed.region) if row is not None else None
        if why is not None:
            yield _said(field.location, name, f"`{name}` is {why}:", listed)
        elif row is None and find_size(name) is not None:
            yield _said(field.location, name, f"there are no machines of `{name}` in", listed)


def _said(place: Location, name: str, what: str, listed: Catalogue) -> Observation:
    return finding(
        place,
        f"{what} {listed.region} ({listed.source}): it is refused",
        help="take a size that the region has, or ask support for this one",
        key=f"size {name}",
    )
