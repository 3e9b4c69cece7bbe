"""The image cannot be pulled from the workspace's registry.

## What it does
Reports an image of the workspace's registry whose tag, or whose whole repository, is not there,
where the snapshot knows the tags (`amllint snapshot --image-tags REPOSITORY`, or an export): the
`image` of a v2 deployment or of its environment, in a file or registered. An image that another
one is built upon, be it by packages, by a `FROM` or as `baseImage` of v1, is advice: what was
built once does not need it again. A digest is looked for among those of tags; one that is not found
is listed as unchecked, as images without a tag are not listed. So it is where the image may come
yet: something in the repository pushes it, or may (`docker push`, `az acr build`, tasks and actions
that do, an action of the repository itself, a service of compose that is built), there is a
Dockerfile or a Containerfile anywhere in the repository that the deployment does not name itself,
or a command sets another image.

Reports a deployment to Azure Container Instances where the snapshot says that the admin user of the
workspace's registry is off. Reports a managed online deployment whose endpoint's identity has no
role that lets it pull from that registry: AcrPull, or Container Registry Repository Reader where
the registry takes permissions by repository. That is said where all roles at the registry are
known, those that are inherited from its group and its subscription among them; roles are judged by
what they allow, as [role-missing](role-missing.md) does. Deployments of images that stand in
another registry, such as those of curated environments, are left alone.

A registered environment whose base image stands in another registry is listed as unchecked where
the snapshot does not say whether an image is built upon it: it may be run as it is.

## Why it matters
The deployment fails once it is to start: `ImagePullFailed`, "manifest unknown", "Endpoint identity
does not have pull permission on the registry". A tag that was never pushed, or that the clean-up of
the registry took, looks like any other until then. An endpoint's own identity is given the role
when it is made; a user-assigned one has what somebody gave it.

## Example
```json deploymentconfig.json {2}
{
  "computeType": "aci",
  "containerResourceRequirements": {"cpu": 1, "memoryInGB": 2}
}
```
```yaml deployment.yml {5}
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: churn
environment:
  image: churnacr.azurecr.io/churn:1.3
instance_type: Standard_DS3_v2
instance_count: 2
```
```json snapshot.json
{"version": 1, "made_by": "amllint 1", "made_at": "2026-11-27T08:00:00Z", "made_from": "azure",
 "workspace": "prod", "facts": [
  {"fact": "registry", "read_at": "2026-11-27T08:00:00Z", "source": "GET",
   "value": {"id": "/acr", "name": "churnacr", "login_server": "churnacr.azurecr.io",
    "has_admin_user": false}},
  {"fact": "image_tags", "of": "churn", "read_at": "2026-11-27T08:00:00Z", "source": "GET",
   "value": [{"name": "1.1"}, {"name": "1.2"}]}]}
```

## Use instead
```json deploymentconfig.json
{
  "computeType": "aci",
  "containerResourceRequirements": {"cpu": 1, "memoryInGB": 2}
}
```
```yaml deployment.yml
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: churn
environment:
  image: churnacr.azurecr.io/churn:1.2
instance_type: Standard_DS3_v2
instance_count: 2
```
```json snapshot.json
{"version": 1, "made_by": "amllint 1", "made_at": "2026-11-27T08:00:00Z", "made_from": "azure",
 "workspace": "prod", "facts": [
  {"fact": "registry", "read_at": "2026-11-27T08:00:00Z", "source": "GET",
   "value": {"id": "/acr", "name": "churnacr", "login_server": "churnacr.azurecr.io",
    "has_admin_user": true}},
  {"fact": "image_tags", "of": "churn", "read_at": "2026-11-27T08:00:00Z", "source": "GET",
   "value": [{"name": "1.1"}, {"name": "1.2"}]}]}
```

## Sources
- learn.microsoft.com, Use managed identities with Azure Machine Learning CLI v1: the admin user is
  required for Azure Container Instances.
- learn.microsoft.com, Authentication for managed online endpoints: endpoints need to pull from the
  registry of the workspace, and user-assigned identities are given no role.
- azure-cli, command module acr: what tags a repository has, page by page.
- learn.microsoft.com, Azure Container Registry Entra permissions and roles: which role lets pull.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.artifacts.deployment_config import AciDeployment
from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.fields import Absent, is_text
from amllint.artifacts.inference_config import InferenceConfig
from amllint.capacity.observed.told import unchecked, unsaid
from amllint.findings.finding import Observation, Unchecked, finding
from amllint.rules.registry import rule
from amllint.rules.workspace.absent_images import absent_image
from amllint.rules.workspace.endpoints import is_set
from amllint.rules.workspace.identities import Identity, identities, unread_identities
from amllint.rules.workspace.needed_images import needed_images
from amllint.rules.workspace.registered import reference
from amllint.rules.workspace.roles import PULL, PULL_BY_REPOSITORY, lacks
from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot
from amllint.snapshot.facts import Read, Unread
from amllint.snapshot.place_rows import Registry
from amllint.units import DeploymentUnit, Linker

_SHARED: Final = ("azureml:azureml-", "azureml://registries/")
"""Curated environments, and those of registries that workspaces share."""
_BY_REPOSITORY: Final = "abacrepositorypermissions"


@rule("AML707", "registry-pull-denied", severity="error", stage="pull")
def registry_pull_denied(
    config: AciDeployment | DeploymentReference | InferenceConfig,
    unit: DeploymentUnit,
    links: Linker,
    snapshot: Snapshot,
) -> Iterator[Observation | Unchecked]:
    """Report deployments whose image cannot be pulled."""
    fact = snapshot.fact(facts.REGISTRY)
    if isinstance(config, AciDeployment):
        yield from _of_group(config, fact)
        return
    yield from _of_images(config, unit, links, snapshot)
    if isinstance(config, InferenceConfig):
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
        pulls = _pulls(config, fact.value, snapshot)
        if isinstance(pulls, Unchecked):
            yield pulls
        if pulls is not True:
            break
        yield from _of_identity(identity, fact.value, snapshot)


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


def _of_images(
    config: DeploymentReference | InferenceConfig,
    unit: DeploymentUnit,
    links: Linker,
    snapshot: Snapshot,
) -> Iterator[Observation | Unchecked]:
    is_open = isinstance(config, DeploymentReference) and is_set(config, links, "environment")
    for needed in needed_images(config, unit, links, snapshot):
        for told in absent_image(needed, frozenset(unit.paths), links, snapshot):
            if is_open and not isinstance(told, Unchecked):
                reason = "not known: a command may set another image"
                told = Unchecked(needed.location, facts.IMAGE_TAGS.name, reason)
            yield told


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
    server = registry.login_server
    return server is not None and _host(image.value) != server.lower()


def _pulls(config: DeploymentReference, registry: Registry, snapshot: Snapshot) -> bool | Unchecked:
    """Whether what a registered environment runs is pulled from the workspace's registry.

    An image of another registry may be run as it is; one that is built upon it is the workspace's.
    """
    named = reference(config.environment_reference) if config.named is None else None
    if named is None:
        return True
    fact = snapshot.fact(facts.ENVIRONMENT_VERSIONS, named.name)
    if not isinstance(fact, Read):
        return unchecked(fact, facts.ENVIRONMENT_VERSIONS, named.location, named.name)
    versions = (row for row in fact.value if named.version in (None, row.version))
    row = next((row for row in versions if row.image), None)
    if row is None or _host(row.image or "") == (registry.login_server or "").lower():
        return True
    if row.is_built is not None:
        return row.is_built
    reason = f"not known: whether `{row.image}` is run as it is, or an image is built upon it"
    return Unchecked(named.location, facts.ENVIRONMENT_VERSIONS.name, reason)


def _host(image: str) -> str:
    return image.partition("/")[0].lower()
