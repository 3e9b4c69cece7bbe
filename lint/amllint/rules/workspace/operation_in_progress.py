"""The service, endpoint or deployment is being changed just now.

## What it does
Reports a deployment to a service, or of an online endpoint, that the snapshot shows while it is
created, updated, scaled or deleted.

## Why it matters
Azure answers 409: it takes no second operation until the first has ended. A pipeline that starts
while another one runs fails for that, and one that died in the middle can leave a service so.

## Example
```yaml deployment.yml {3}
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: churn
instance_type: Standard_DS3_v2
model: azureml:churn:3
environment: azureml:serving:1
```
```json snapshot.json
{"version": 1, "made_by": "amllint 1", "made_at": "2026-11-27T08:00:00Z", "made_from": "azure",
 "workspace": "prod", "facts": [
  {"fact": "online_endpoints", "read_at": "2026-11-27T08:00:00Z", "source": "GET onlineEndpoints",
   "value": [{"name": "churn", "state": "Updating"}]}]}
```

## Use instead
```yaml deployment.yml
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: churn
instance_type: Standard_DS3_v2
model: azureml:churn:3
environment: azureml:serving:1
```
```json snapshot.json
{"version": 1, "made_by": "amllint 1", "made_at": "2026-11-27T08:00:00Z", "made_from": "azure",
 "workspace": "prod", "facts": [
  {"fact": "online_endpoints", "read_at": "2026-11-27T08:00:00Z", "source": "GET onlineEndpoints",
   "value": [{"name": "churn", "state": "Succeeded"}]}]}
```

## Sources
- learn.microsoft.com, Troubleshooting online endpoints: 409, "… because it is in … state".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from amllint.artifacts.command_line import DeployCommand
from amllint.artifacts.deploy_code import DeployCall
from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.fields import Field, Known
from amllint.capacity.observed.told import unchecked
from amllint.findings.finding import Location, Observation, Unchecked, finding
from amllint.rules.registry import rule
from amllint.rules.workspace.endpoints import is_elsewhere
from amllint.rules.workspace.services import BUSY, existing, new_service
from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot
from amllint.snapshot.facts import Kind, Read
from amllint.source.names import same_name
from amllint.units import DeploymentUnit, Linker


@rule("AML702", "operation-in-progress", severity="error", stage="submit")
def operation_in_progress(
    config: DeployCall | DeployCommand | DeploymentReference,
    unit: DeploymentUnit,
    links: Linker,
    snapshot: Snapshot,
) -> Iterator[Observation | Unchecked]:
    """Report what is being changed and cannot be changed besides."""
    if isinstance(config, DeploymentReference):
        is_here = config.purpose == "online" and not config.is_job
        if is_here and not is_elsewhere(config, links):
            yield from _endpoint(config, snapshot)
        return
    new = new_service(config, unit.code)
    fact = snapshot.fact(facts.SERVICES)
    if new is None or not isinstance(fact, Read):
        return  # that services are not known is told of by the rule about names in use
    for service in existing(new.name, fact.value):
        yield from _told(f"service `{new.name}`", service.state, fact.read_at, new.location)


def _endpoint(config: DeploymentReference, snapshot: Snapshot) -> Iterator[Observation | Unchecked]:
    endpoint, own = _text(config.endpoint_name), _text(config.name)
    if endpoint is None:
        return
    kind: Kind[Any] = facts.ONLINE_ENDPOINTS
    listed = snapshot.fact(facts.ONLINE_ENDPOINTS)
    if not isinstance(listed, Read):
        yield unchecked(listed, kind, endpoint.location)
        return
    for found in listed.value:
        if same_name(found.name, endpoint.value):
            what = f"endpoint `{endpoint.value}`"
            yield from _told(what, found.state, listed.read_at, endpoint.location)
    deployed = snapshot.fact(facts.ONLINE_DEPLOYMENTS, endpoint.value)
    if own is None or not isinstance(deployed, Read):
        return
    for deployment in deployed.value:
        if same_name(deployment.name, own.value):
            what = f"deployment `{own.value}`"
            yield from _told(what, deployment.state, deployed.read_at, own.location)


def _text(field: Field[Any]) -> Known[str] | None:
    return field if isinstance(field, Known) and isinstance(field.value, str) else None


def _told(what: str, state: str | None, read_at: str, place: Location) -> Iterator[Observation]:
    if state is None or state.lower() not in BUSY:
        return
    yield finding(
        place,
        f"the {what} is {state} ({read_at}): another operation is refused with 409",
        help="wait until it has ended, and make the snapshot anew",
        key="busy",
    )
