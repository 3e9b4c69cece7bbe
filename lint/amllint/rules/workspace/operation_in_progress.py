"""The service, endpoint or deployment is being changed just now.

## What it does
Reports a deployment to a service, or of an online endpoint, that the snapshot shows while it is
created, updated, scaled or deleted. What has failed is not in progress: where a deployment that is
made anew, or that calls go to, is Failed, that is listed as unchecked.

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
- learn.microsoft.com, Troubleshooting online endpoints: 409, "… because it is in … state". What
  becomes of a new one in the place of a deployment that is Failed, it does not say.
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
from amllint.rules.workspace.endpoints import endpoint_doubt, is_elsewhere
from amllint.rules.workspace.services import BUSY, FAILED, existing, new_service
from amllint.snapshot import facts
from amllint.snapshot.asset_rows import Deployment
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
        if config.purpose == "online" and not config.is_job:
            doubt = endpoint_doubt(config, links)
            if doubt is not None:
                yield doubt
            elif not is_elsewhere(config, links):
                yield from _endpoint(config, snapshot)
        return
    new = new_service(config, unit.code)
    fact = snapshot.fact(facts.SERVICES)
    if new is None or not isinstance(fact, Read):
        return  # that services are not known is told of by the rule about names in use
    for service in existing(new.name, fact.value):
        stays = "" if new.overwrites else "; the name stays taken then, if nothing replaces it"
        what = f"service `{new.name}`"
        yield from _told(what, service.state, fact.read_at, new.location, stays)


def _endpoint(config: DeploymentReference, snapshot: Snapshot) -> Iterator[Observation | Unchecked]:
    endpoint, own = _text(config.endpoint_name), _text(config.name)
    if endpoint is None:
        return
    kind: Kind[Any] = facts.ONLINE_ENDPOINTS
    listed = snapshot.fact(facts.ONLINE_ENDPOINTS)
    if not isinstance(listed, Read):
        yield unchecked(listed, kind, endpoint.location)
        return
    shares: dict[str, int] = {}
    for found in listed.value:
        if same_name(found.name, endpoint.value):
            shares = found.traffic
            what = f"endpoint `{endpoint.value}`"
            yield from _told(what, found.state, listed.read_at, endpoint.location)
    deployed = snapshot.fact(facts.ONLINE_DEPLOYMENTS, endpoint.value)
    if own is None or not isinstance(deployed, Read):
        return
    for deployment in deployed.value:
        if same_name(deployment.name, own.value):
            what = f"deployment `{own.value}`"
            yield from _told(what, deployment.state, deployed.read_at, own.location)
    yield from _failed(own, endpoint.value, shares, deployed)


def _failed(
    own: Known[str], endpoint: str, shares: dict[str, int], deployed: Read[tuple[Deployment, ...]]
) -> Iterator[Unchecked]:
    """That a deployment which is made anew, or which calls go to, is Failed."""
    folded = {name.lower(): share for name, share in shares.items()}
    doubts = []
    for found in deployed.value:
        if (found.state or "").lower() not in FAILED:
            continue
        which, share = f"`{found.name}`, which is {found.state}", folded.get(found.name.lower(), 0)
        if same_name(found.name, own.value):
            doubts.append(f"whether {which}, is replaced, or has to be deleted first")
        elif share:
            doubts.append(f"whether {which}, answers the {share}% of the calls that go to it")
    if doubts:
        shown = facts.ONLINE_DEPLOYMENTS.shown(endpoint)
        reason = f"not known: {'; '.join(doubts)} ({deployed.read_at})"
        yield Unchecked(own.location, shown, reason)


def _text(field: Field[Any]) -> Known[str] | None:
    return field if isinstance(field, Known) and isinstance(field.value, str) else None


def _told(
    what: str, state: str | None, read_at: str, place: Location, more: str = ""
) -> Iterator[Observation]:
    if state is None or state.lower() not in BUSY:
        return
    yield finding(
        place,
        f"the {what} is {state} ({read_at}): another operation is refused with 409",
        help=f"wait until it has ended, and make the snapshot anew{more}",
        key="busy",
    )
