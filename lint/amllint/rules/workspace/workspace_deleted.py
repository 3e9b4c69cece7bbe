"""The workspace is deleted, for now or for good.

## What it does
Reports a snapshot that shows its workspace as soft-deleted or while it is being deleted, where
anything is deployed to it. A workspace whose last operation failed, or that is being made or
changed, may take deployments or not: that is listed as unchecked.

## Why it matters
A workspace that was deleted is kept for 14 days, and its name with it, so that it looks as if it
were there. In that time it can be recovered or purged, and all else fails, deployments as well.

## Example
```json deploymentconfig.json
{
  "computeType": "aks",
  "numReplicas": 2
}
```
```json snapshot.json {1}
{"version": 1, "made_by": "amllint 1", "made_at": "2026-11-27T08:00:00Z", "made_from": "azure",
 "workspace": "prod", "facts": [
  {"fact": "workspace", "read_at": "2026-11-27T08:00:00Z", "source": "GET workspace",
   "value": {"id": "/w", "name": "prod", "location": "westeurope",
    "provisioning_state": "SoftDeleted"}}]}
```

## Use instead
```json deploymentconfig.json
{
  "computeType": "aks",
  "numReplicas": 2
}
```
```json snapshot.json
{"version": 1, "made_by": "amllint 1", "made_at": "2026-11-27T08:00:00Z", "made_from": "azure",
 "workspace": "prod", "facts": [
  {"fact": "workspace", "read_at": "2026-11-27T08:00:00Z", "source": "GET workspace",
   "value": {"id": "/w", "name": "prod", "location": "westeurope",
    "provisioning_state": "Succeeded"}}]}
```

## Sources
- learn.microsoft.com, Workspace soft deletion: what can be done with one that is soft-deleted, and
  that any other operation on it fails; that its name is taken until then.
- Microsoft.MachineLearningServices, the states of a workspace's `provisioningState`. What becomes
  of deployments to one that is Failed, no page says.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.artifacts.deployment_config import AciDeployment, AksDeployment, AksEndpointDeployment
from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.capacity.observed.told import place_of, unchecked
from amllint.findings.finding import Observation, Unchecked, finding
from amllint.rules.registry import rule
from amllint.rules.workspace.endpoints import is_tried
from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot
from amllint.snapshot.facts import Read
from amllint.units import Linker

_DELETED: Final = {
    "softdeleted": (
        "is soft-deleted: all but recovering or purging it is refused, deployments as well",
        "recover it, or deploy to another workspace",
    ),
    "deleting": (
        "is being deleted: what is deployed to it goes with it",
        "deploy to another workspace",
    ),
}
_SOUND: Final = ("succeeded", "")


@rule("AML713", "workspace-deleted", severity="error", stage="submit")
def workspace_deleted(
    config: AciDeployment | AksDeployment | AksEndpointDeployment | DeploymentReference,
    links: Linker,
    snapshot: Snapshot,
) -> Iterator[Observation | Unchecked]:
    """Report a workspace that takes no deployment; once, as it is the same for all of them."""
    fact, place = snapshot.fact(facts.WORKSPACE), place_of(snapshot)
    if isinstance(config, DeploymentReference) and is_tried(config, links):
        return
    if not isinstance(fact, Read):
        yield unchecked(fact, facts.WORKSPACE, place)
        return
    state = fact.value.provisioning_state or ""
    told = _DELETED.get(state.lower())
    if told is not None:
        what, help = told
        message = f"the workspace `{fact.value.name}` {what} ({fact.read_at})"
        yield finding(place, message, help=help, key="workspace")
    elif state.lower() not in _SOUND:
        reason = f"not known: whether it takes deployments, as it is {state}"
        yield Unchecked(place, facts.WORKSPACE.name, f"{reason} ({fact.read_at})")
