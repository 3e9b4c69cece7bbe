"""What who deploys must be allowed, and whether they surely are not."""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.deployment_config import AciDeployment, AksDeployment
from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.fields import is_text
from amllint.capacity.observed.told import unchecked
from amllint.findings.finding import Location, Observation, Unchecked, finding
from amllint.rules.workspace.endpoints import endpoint_of, is_tried
from amllint.rules.workspace.roles import (
    ASSIGN_IDENTITY,
    DEPLOY,
    DEPLOY_TO_ACI,
    DEPLOY_TO_AKS,
    Need,
    lacks,
)
from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot
from amllint.snapshot.facts import Read, Unread
from amllint.source.names import last_of_id
from amllint.units import Linker

Deployed = DeploymentReference | AksDeployment | AciDeployment


def deployers_roles(
    config: Deployed, links: Linker, snapshot: Snapshot
) -> Iterator[Observation | Unchecked]:
    """What is missing for whoever deploys a file, or why that is not known."""
    if isinstance(config, DeploymentReference):
        if not (config.is_managed or config.is_kubernetes) or is_tried(config, links):
            return
        place, need = config.endpoint_name.location, DEPLOY
    else:
        place = config.section.field("computeType").location
        need = DEPLOY_TO_ACI if isinstance(config, AciDeployment) else DEPLOY_TO_AKS
    if links.deployer is None:
        reason = "not said: write the object id of who deploys to `deployer` under `target`"
        yield Unchecked(place, "deployer", reason)
        return
    workspace = snapshot.fact(facts.WORKSPACE)
    if isinstance(workspace, Read):
        place_called = f"the workspace `{workspace.value.name}`"
        scope = (workspace.value.id, place_called, "the deployment is refused")
        yield from _judged(links.deployer, need, scope, place, snapshot)
    else:
        yield unchecked(workspace, facts.WORKSPACE, place)
    if isinstance(config, DeploymentReference):
        yield from _of_identities(config, links.deployer, links, snapshot)


def _of_identities(
    config: DeploymentReference, deployer: str, links: Linker, snapshot: Snapshot
) -> Iterator[Observation | Unchecked]:
    """Whether they may give an endpoint of a file the identities that it does not have yet."""
    name, known = config.endpoint_name, endpoint_of(config, snapshot)
    has = {path.lower() for path in known.user_identities} if known is not None else set()
    for definition in links.endpoints.named(name.value) if is_text(name) else ():
        for own in definition.identities:
            if own.value.lower() not in has:
                shown = f"the identity `{last_of_id(own.value)}`"
                scope = (own.value, shown, "an endpoint that uses it is refused")
                yield from _judged(deployer, ASSIGN_IDENTITY, scope, own.location, snapshot)


def _judged(
    deployer: str, need: Need, scope: tuple[str, str, str], place: Location, snapshot: Snapshot
) -> Iterator[Observation | Unchecked]:
    path, shown, then = scope
    lacking = lacks(deployer, need, path, snapshot)
    if isinstance(lacking, Unread):
        yield unchecked(lacking, facts.ROLE_ASSIGNMENTS, place, path)
    elif lacking:
        yield finding(
            place,
            f"who deploys ({deployer}) has no role at {shown} or above that allows"
            f" {' or '.join(f'`{action}`' for action in need.any_of)}: {then}",
            help=f"assign the role {need.role} at {path} to {deployer}; if that is a client id,"
            " write the object id instead (`az ad sp show --id CLIENT_ID --query id`)",
            stage="submit",
            key="deployer",
        )
