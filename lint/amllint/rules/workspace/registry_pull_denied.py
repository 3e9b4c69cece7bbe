"""The image cannot be pulled from the workspace's registry.

## What it does
Reports a deployment to Azure Container Instances where the snapshot says that the admin user of the
workspace's registry is off. Reports a managed online deployment whose endpoint's identity has no
role that lets it pull from that registry: AcrPull, or Container Registry Repository Reader where
the registry takes permissions by repository. That is said where all roles at the registry are
known, those that are inherited from its group and its subscription among them, and where none of
the identity's other roles, nor one of a group, may allow it: what Owner, Contributor and custom
roles are worth is not judged. Deployments of images that stand in another registry, such as those
of curated environments, are left alone.

Which images and tags a registry has, no snapshot tells: that is listed as unchecked, and so is a
registered environment whose base image stands in another registry, since it may be run as it is.

## Why it matters
The deployment fails once it is to start: `ImagePullFailed`, "Endpoint identity does not have pull
permission on the registry". An endpoint's own identity is given the role when it is made; a
user-assigned one has what somebody gave it.

## Example
```json deploymentconfig.json {2}
{
  "computeType": "aci",
  "containerResourceRequirements": {"cpu": 1, "memoryInGB": 2}
}
```
```json snapshot.json
{"version": 1, "made_by": "amllint 1", "made_at": "2026-11-27T08:00:00Z", "made_from": "azure",
 "workspace": "prod", "facts": [
  {"fact": "registry", "read_at": "2026-11-27T08:00:00Z", "source": "GET",
   "value": {"id": "/acr", "name": "churnacr", "has_admin_user": false}}]}
```

## Use instead
```json deploymentconfig.json
{
  "computeType": "aci",
  "containerResourceRequirements": {"cpu": 1, "memoryInGB": 2}
}
```
```json snapshot.json
{"version": 1, "made_by": "amllint 1", "made_at": "2026-11-27T08:00:00Z", "made_from": "azure",
 "workspace": "prod", "facts": [
  {"fact": "registry", "read_at": "2026-11-27T08:00:00Z", "source": "GET",
   "value": {"id": "/acr", "name": "churnacr", "has_admin_user": true}}]}
```

## Sources
- learn.microsoft.com, Use managed identities with Azure Machine Learning CLI v1: the admin user is
  required for Azure Container Instances.
- learn.microsoft.com, Authentication for managed online endpoints: endpoints need to pull from the
  registry of the workspace, and user-assigned identities are given no role.
- learn.microsoft.com, Azure Container Registry Entra permissions and roles: which role lets pull.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.artifacts.deployment_config import AciDeployment
from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.fields import Absent, is_text
from amllint.capacity.observed.told import unchecked, unsaid
from amllint.findings.finding import Observation, Unchecked, finding
from amllint.rules.registry import rule
from amllint.rules.workspace.identities import Identity, identities, unread_identities
from amllint.rules.workspace.registered import reference
from amllint.rules.workspace.roles import PULL, PULL_BY_REPOSITORY, lacks
from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot
from amllint.snapshot.facts import Read, Unread
from amllint.snapshot.place_rows import Registry
from amllint.units import Linker

_SHARED: Final = ("azureml:azureml-", "azureml://registries/")
"""Curated environments, and those of registries that workspaces share."""
_BY_REPOSITORY: Final = "abacrepositorypermissions"


@rule("AML707", "registry-pull-denied", severity="error", stage="pull")
def registry_pull_denied(
    config: AciDeployment | DeploymentReference, links: Linker, snapshot: Snapshot
) -> Iterator[Observation | Unchecked]:
    """Report deployments whose image cannot be pulled."""
    fact = snapshot.fact(facts.REGISTRY)
    if isinstance(config, AciDeployment):
        yield from _of_group(config, fact)
        return
    if isinstance(fact, Read) and _is_elsewhere(config, fact.value):
        return
    unread = unread_identities(config, links, snapshot)
    if unread is not None:
        yield unread
    for identity in identities(config, links, snapshot):
        if not isinstance(fact, Read):
            yield unchecked(fact, facts.REGISTRY, identity.location)
            return
        doubt = _doubt(config, fact.value, snapshot)
        if doubt is not None:
            yield doubt
            break
        yield from _of_identity(identity, fact.value, snapshot)
    image = config.image
    if isinstance(fact, Read) and is_text(image) and _host(image.value) == fact.value.login_server:
        yield Unchecked(image.location, "image_tags", "not known: a snapshot has no tags of images")


def _of_group(
    config: AciDeployment, fact: Read[Registry] | Unread
) -> Iterator[Observation | Unchecked]:
    place = config.section.field("computeType").location
    if not isinstance(fact, Read):
        yield unchecked(fact, facts.REGISTRY, place)
    elif fact.value.has_admin_user is None:
        yield unsaid(fact, facts.REGISTRY, place, "whether it has an admin user")
    elif not fact.value.has_admin_user:
        name = fact.value.name
        yield finding(
            place,
            f"the admin user of the registry `{name}` is off: container instances cannot pull from"
            " it",
            help=f"enable it: `az acr update -n {name} --admin-enabled true`",
            key="admin",
        )


def _of_identity(
    identity: Identity, registry: Registry, snapshot: Snapshot
) -> Iterator[Observation | Unchecked]:
    if identity.principal is None:
        yield Unchecked(
            identity.location, "identities", f"the object id of {identity.shown} is not known"
        )
        return
    by_repository = (registry.role_mode or "").lower() == _BY_REPOSITORY
    need = PULL_BY_REPOSITORY if by_repository else PULL
    lacking = lacks(identity.principal, need, registry.id, snapshot)
    if isinstance(lacking, Unread):
        yield unchecked(lacking, facts.ROLE_ASSIGNMENTS, identity.location, registry.id)
    elif lacking:
        yield finding(
            identity.location,
            f"{identity.shown} lacks the role {need.role} on the registry `{registry.name}`: the"
            " image cannot be pulled",
            help=f"assign the role {need.role} at {registry.id} to {identity.principal}",
            key="role",
        )


def _is_elsewhere(config: DeploymentReference, registry: Registry) -> bool:
    """Whether it runs an image as it is, from another registry than the workspace's."""
    named = config.environment_reference
    if is_text(named) and named.value.lower().startswith(_SHARED):
        return True
    built = (config.conda_file, config.build_folder)
    image = config.image
    if not is_text(image) or not all(isinstance(field, Absent) for field in built):
        return False
    return registry.login_server is not None and _host(image.value) != registry.login_server


def _doubt(config: DeploymentReference, registry: Registry, snapshot: Snapshot) -> Unchecked | None:
    """That a registered environment may be an image of another registry, run as it is.

    Whether one with a base image is built upon it, no snapshot tells.
    """
    named = reference(config.environment_reference) if config.named is None else None
    if named is None:
        return None
    fact = snapshot.fact(facts.ENVIRONMENT_VERSIONS, named.name)
    if not isinstance(fact, Read):
        return unchecked(fact, facts.ENVIRONMENT_VERSIONS, named.location, named.name)
    versions = (row for row in fact.value if named.version in (None, row.version))
    image = next((row.image for row in versions if row.image), None)
    if image is None or _host(image) == (registry.login_server or "").lower():
        return None
    reason = f"not known: whether `{image}` is run as it is, or an image is built upon it"
    return Unchecked(named.location, facts.ENVIRONMENT_VERSIONS.name, reason)


def _host(image: str) -> str:
    return image.partition("/")[0].lower()
