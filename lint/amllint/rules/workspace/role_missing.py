"""Who deploys, or the identity of an endpoint, lacks a role that is needed.

## What it does
Reports a managed online deployment whose endpoint's identity has no role that lets it read blobs of
the workspace's storage account, such as Storage Blob Data Reader.

Reports a deployment whose deployer has no role at the workspace that allows it. Who deploys, no
snapshot tells: `deployer` under [`target`](../configuration.md#target) names them by their object
id. What they need is `onlineEndpoints/write` or `onlineEndpoints/deployments/write` for online
endpoints, `services/aks/write` or `services/aci/write` for services of v1, and, where a file gives
an endpoint a user-assigned identity that it does not have yet, `assign/action` at that identity.
AzureML Data Scientist, Contributor and Owner allow the former, Managed Identity Operator the
latter.

Roles are judged by what they allow, custom ones too: by their definitions in the snapshot, or those
of Azure's own roles that amllint knows. It is said where all roles at the place are known, those
from above among them. Where a role is not known, holds under a condition, or is a group's of which
the members are not known, the rule is listed as unchecked. Deny assignments and roles that have to
be activated first are not looked at.

## Why it matters
A deployment by somebody who may not deploy is refused at once: `AuthorizationFailed`, "does not
have authorization to perform action". Model and code are downloaded as the endpoint's identity
before the container starts: without the role that fails with "authorization error". An endpoint's
own identity is given the role when it is made; a user-assigned one has what somebody gave it.

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
  {"fact": "workspace", "read_at": "2026-11-27T08:00:00Z", "source": "GET",
   "value": {"id": "/ws", "name": "prod", "location": "westeurope",
    "storage_account": "/storage"}},
  {"fact": "online_endpoints", "read_at": "2026-11-27T08:00:00Z", "source": "GET",
   "value": [{"name": "churn", "user_identities": {"/uai": "9f3c"}}]},
  {"fact": "role_assignments", "of": "/storage", "read_at": "2026-11-27T08:00:00Z", "source": "GET",
   "value": []}]}
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
  {"fact": "workspace", "read_at": "2026-11-27T08:00:00Z", "source": "GET",
   "value": {"id": "/ws", "name": "prod", "location": "westeurope",
    "storage_account": "/storage"}},
  {"fact": "online_endpoints", "read_at": "2026-11-27T08:00:00Z", "source": "GET",
   "value": [{"name": "churn", "user_identities": {"/uai": "9f3c"}}]},
  {"fact": "role_assignments", "of": "/storage", "read_at": "2026-11-27T08:00:00Z", "source": "GET",
   "value": [{"principal_id": "9f3c", "scope": "/storage",
    "role_definition_id": "/roleDefinitions/2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"}]}]}
```

## Sources
- learn.microsoft.com, Authentication for managed online endpoints: endpoints need Storage Blob Data
  Reader on the default datastore, and user-assigned identities are given no role.
- learn.microsoft.com, Troubleshooting online endpoints: "Authorization error" of the startup task.
- learn.microsoft.com, Authentication and authorization for online endpoints: which role creating
  and updating take at the workspace.
- learn.microsoft.com, Manage access to Azure Machine Learning workspaces, common scenarios of v1:
  deploying to AKS and ACI.
- learn.microsoft.com, Understand Azure role definitions: how actions are matched.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.deployment_config import AciDeployment, AksDeployment
from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.capacity.observed.told import unchecked, unsaid
from amllint.findings.finding import Observation, Unchecked, finding
from amllint.rules.registry import rule
from amllint.rules.workspace.deployers import deployers_roles
from amllint.rules.workspace.identities import Identity, identities, unread_identities
from amllint.rules.workspace.roles import READ_BLOBS, lacks
from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot
from amllint.snapshot.facts import Read, Unread
from amllint.source.names import last_of_id
from amllint.units import Linker


@rule("AML708", "role-missing", severity="error", stage="start")
def role_missing(
    config: DeploymentReference | AksDeployment | AciDeployment, links: Linker, snapshot: Snapshot
) -> Iterator[Observation | Unchecked]:
    """Report deployers that may not deploy, and identities that cannot read what is deployed."""
    yield from deployers_roles(config, links, snapshot)
    if isinstance(config, DeploymentReference):
        yield from _of_identities(config, links, snapshot)


def _of_identities(
    config: DeploymentReference, links: Linker, snapshot: Snapshot
) -> Iterator[Observation | Unchecked]:
    unread = unread_identities(config, links, snapshot)
    if unread is not None:
        yield unread
    fact = snapshot.fact(facts.WORKSPACE)
    for identity in identities(config, links, snapshot):
        if not isinstance(fact, Read):
            yield unchecked(fact, facts.WORKSPACE, identity.location)
            return
        storage = fact.value.storage_account
        if storage is None:
            what = "which storage account it has"
            yield unsaid(fact, facts.WORKSPACE, identity.location, what)
            return
        yield from _judged(identity, storage, snapshot)


def _judged(
    identity: Identity, storage: str, snapshot: Snapshot
) -> Iterator[Observation | Unchecked]:
    if identity.principal is None:
        yield Unchecked(
            identity.location, "identities", f"the object id of {identity.shown} is not known"
        )
        return
    lacking = lacks(identity.principal, READ_BLOBS, storage, snapshot)
    if isinstance(lacking, Unread):
        yield unchecked(lacking, facts.ROLE_ASSIGNMENTS, identity.location, storage)
    elif lacking:
        name = last_of_id(storage)
        yield finding(
            identity.location,
            f"{identity.shown} lacks the role {READ_BLOBS.role} on the storage account `{name}` or"
            " above: model and code cannot be downloaded",
            help=f"assign the role {READ_BLOBS.role} at {storage} to {identity.principal}",
            key="role",
        )
