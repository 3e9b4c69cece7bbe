"""The networks of workspace, registry and deployment do not go together.

## What it does
Reports a deployment that the snapshot of the workspace says cannot work for its networks:

- an image has to be built, the registry takes no calls from public networks, and the workspace
  names no compute that builds images;
- a managed deployment that reaches out publicly, as `egress_public_network_access: enabled` or
  nothing says, while workspace or registry takes no such calls, and there is no managed network;
- `egress_public_network_access: disabled` without a managed network, where the workspace has no
  private endpoint, or for an MLflow model without a script of its own; and with a managed network,
  where it has no effect (a warning);
- any deployment of v2 to a workspace in the legacy mode of v1.

## Why it matters
Deployments fail late, after the image was built or while it is pulled, with messages that name
neither network: `ImageBuildFailure`, "Image download failure". In a workspace of one's own all of
it works, and in that of production it does not.

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
   "value": {"id": "/ws", "name": "prod", "location": "westeurope", "private_endpoints": 1,
    "public_network_access": "Disabled"}}]}
```

## Use instead
```yaml deployment.yml
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: churn
instance_type: Standard_DS3_v2
model: azureml:churn:3
environment: azureml:serving:1
egress_public_network_access: disabled
```
```json snapshot.json
{"version": 1, "made_by": "amllint 1", "made_at": "2026-11-27T08:00:00Z", "made_from": "azure",
 "workspace": "prod", "facts": [
  {"fact": "workspace", "read_at": "2026-11-27T08:00:00Z", "source": "GET",
   "value": {"id": "/ws", "name": "prod", "location": "westeurope", "private_endpoints": 1,
    "public_network_access": "Disabled"}}]}
```

## Sources
- learn.microsoft.com, Secure an Azure Machine Learning workspace with virtual networks: the compute
  that builds images, where the registry is not reached publicly.
- learn.microsoft.com, Network isolation with managed online endpoints: public egress needs a
  workspace that allows public access; the managed network of the workspace makes the flag void.
- learn.microsoft.com, Troubleshooting online endpoints: MLflow models with disabled egress, and the
  legacy mode of v1.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from amllint.artifacts.deployment_config import AciDeployment, AksDeployment
from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.fields import Absent, Known, Unknown, is_text
from amllint.capacity.observed.told import unchecked, unsaid
from amllint.findings.finding import Location, Observation, Stage, Unchecked, finding
from amllint.rules.registry import rule
from amllint.rules.workspace.endpoints import is_tried
from amllint.rules.workspace.registered import called
from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot
from amllint.snapshot.facts import Read
from amllint.snapshot.place_rows import Workspace
from amllint.units import DeploymentUnit, Linker

_MANAGED: Final = ("allowinternetoutbound", "allowonlyapprovedoutbound")
_ACCESS: Final = "whether it takes calls from public networks"
_BUILD_HINT: Final = "name one: `az ml workspace update --image-build-compute NAME`"


class _Place(NamedTuple):
    """What the rule speaks of: where, of what workspace, and with what snapshot."""

    location: Location
    known: Read[Workspace]
    snapshot: Snapshot

    @property
    def workspace(self) -> Workspace:
        return self.known.value

    @property
    def name(self) -> str:
        return called(self.snapshot)

    def said(self, message: str, help: str, key: str, stage: Stage) -> Observation:
        return finding(self.location, message, help=help, key=key, stage=stage)


@rule("AML709", "network-combination", severity="error", stage="submit")
def network_combination(
    config: DeploymentReference | AciDeployment | AksDeployment,
    unit: DeploymentUnit,
    links: Linker,
    snapshot: Snapshot,
) -> Iterator[Observation | Unchecked]:
    """Report networks that do not go together."""
    location = _location(config, unit)
    if location is None or _is_local(config, links):
        return
    fact = snapshot.fact(facts.WORKSPACE)
    if not isinstance(fact, Read):
        yield unchecked(fact, facts.WORKSPACE, location)
        return
    place = _Place(location, fact, snapshot)
    if not isinstance(config, DeploymentReference):
        yield from _build(place, _is_open(unit))
    elif fact.value.is_v1_legacy:
        message = f"{place.name} is in the legacy mode of v1, which keeps deployments of v2 off it"
        yield place.said(message, "turn `v1_legacy_mode` off", "legacy", "submit")
    else:
        if _builds(config):
            yield from _build(place)
        if config.is_managed:
            yield from _egress(config, place)


def _location(
    config: DeploymentReference | AciDeployment | AksDeployment, unit: DeploymentUnit
) -> Location | None:
    if isinstance(config, DeploymentReference):
        name = config.endpoint_name
        known = config.family == "v2" and not config.is_job
        return name.location if known else None
    return config.section.field("computeType").location if unit.inference_config else None


def _is_local(config: DeploymentReference | AciDeployment | AksDeployment, links: Linker) -> bool:
    return isinstance(config, DeploymentReference) and is_tried(config, links)


def _builds(config: DeploymentReference) -> bool:
    """Whether an image is made for it; one of a registered environment may be there already."""
    made = (config.conda_file, config.build_folder)
    return config.is_no_code or not all(isinstance(field, Absent) for field in made)


def _is_off(access: str | None) -> bool:
    return (access or "").lower() == "disabled"


def _has_network(workspace: Workspace) -> bool:
    """Whether the workspace has a managed network, in which its deployments are."""
    return (workspace.isolation_mode or "").lower() in _MANAGED


def _is_open(unit: DeploymentUnit) -> str:
    """Why it is not known whether a deployment of v1 has an image made; empty where it has one.

    The image of a curated environment, or of one that was trained with, is there already, and what
    users manage themselves may be run as it is.
    """
    if unit.inference_config is None:
        return ""
    environment = unit.inference_config.section.section("environment")
    whole = unit.inference_config.section.field("environment")
    managed = environment.field("python", "userManagedDependencies")
    if isinstance(whole, Unknown):
        return f"whether an image is built: {whole.reason}"
    if isinstance(managed, Unknown) or (isinstance(managed, Known) and managed.value is True):
        return "whether an image is built: its users manage the environment"
    return ""


def _build(place: _Place, is_open: str = "") -> Iterator[Observation | Unchecked]:
    if place.workspace.image_build_compute or _has_network(place.workspace):
        return
    fact = place.snapshot.fact(facts.REGISTRY)
    if not isinstance(fact, Read):
        yield unchecked(fact, facts.REGISTRY, place.location)
    elif fact.value.public_network_access is None:
        yield unsaid(fact, facts.REGISTRY, place.location, _ACCESS)
    elif _is_off(fact.value.public_network_access) and is_open:
        yield Unchecked(place.location, "environment", f"not known: {is_open}")
    elif _is_off(fact.value.public_network_access):
        message = (
            f"the registry `{fact.value.name}` takes no calls from public networks, and"
            f" {place.name} has no compute that builds images: the image cannot be built"
        )
        yield place.said(message, _BUILD_HINT, "build", "build")


def _egress(config: DeploymentReference, place: _Place) -> Iterator[Observation | Unchecked]:
    field = config.section.field("egress_public_network_access")
    if isinstance(field, Unknown):
        return
    if not is_text(field) or not _is_off(field.value):
        if not _has_network(place.workspace):
            yield from _public(place, field.location if is_text(field) else place.location)
        return
    at = place._replace(location=field.location)
    if not _has_network(place.workspace):
        yield from _private(config, at)
        return
    yield finding(
        field.location,
        f"{place.name} has a managed network, by whose rules deployments reach out: this has no"
        " effect",
        help="leave it out",
        severity="warning",
        key="egress",
    )


def _public(place: _Place, location: Location) -> Iterator[Observation | Unchecked]:
    """A deployment that reaches workspace and registry over public networks."""
    at, access = place._replace(location=location), place.workspace.public_network_access
    hint = "write `egress_public_network_access: disabled`, or give the workspace a managed network"
    if access is None:
        yield unsaid(place.known, facts.WORKSPACE, location, _ACCESS)
    elif _is_off(access):
        message = f"{place.name} takes no calls from public networks, and the deployment reaches it"
        yield at.said(
            f"{message} over them: model and code cannot be downloaded", hint, "egress", "start"
        )
        return
    fact = place.snapshot.fact(facts.REGISTRY)
    if not isinstance(fact, Read):
        yield unchecked(fact, facts.REGISTRY, location)
    elif _is_off(fact.value.public_network_access):
        message = f"the registry `{fact.value.name}` takes no calls from public networks, and the"
        message += " deployment reaches it over them: the image cannot be pulled"
        yield at.said(message, hint, "egress", "pull")


def _private(config: DeploymentReference, place: _Place) -> Iterator[Observation | Unchecked]:
    """A deployment with a network of its own."""
    if config.is_no_code:
        message = "an MLflow model without a script cannot be deployed with disabled egress:"
        hint = "write a script and an environment, or give the workspace a managed network"
        yield place.said(
            f"{message} its packages are fetched at the start", hint, "mlflow", "start"
        )
    links = place.workspace.private_endpoints
    if links is None:
        what = "how many private endpoints it has"
        yield unsaid(place.known, facts.WORKSPACE, place.location, what)
    elif links == 0:
        message = (
            f"{place.name} has no private endpoint, over which a deployment with disabled egress"
        )
        hint = "give the workspace a private endpoint or, better, a managed network"
        yield place.said(f"{message} reaches it", hint, "link", "submit")
