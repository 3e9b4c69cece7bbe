"""As whom the containers of an endpoint run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.fields import is_text
from amllint.capacity.observed.told import unchecked
from amllint.findings.finding import Location, Unchecked
from amllint.rules.workspace.endpoints import endpoint_doubt, endpoint_of, is_elsewhere
from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot
from amllint.snapshot.facts import Read
from amllint.source.names import last_of_id
from amllint.units import Linker


class Identity(NamedTuple):
    """An identity of an endpoint; without its object id, nothing is known of its roles."""

    principal: str | None
    shown: str
    location: Location


def identities(
    config: DeploymentReference, links: Linker, snapshot: Snapshot
) -> Iterator[Identity]:
    """The identities of a managed deployment's endpoint: as the workspace has it, or as a file.

    A new endpoint with an identity of its own gets its roles when it is made.
    """
    name = config.endpoint_name
    if not config.is_managed or not is_text(name) or is_elsewhere(config, links):
        return
    known = endpoint_of(config, snapshot)
    if known is None:
        for definition in links.endpoints.named(name.value):
            for own in definition.identities:
                principal = _principals(snapshot).get(own.value.lower())
                yield Identity(principal, f"`{last_of_id(own.value)}`", own.location)
        return
    for path, principal in known.user_identities.items():
        yield Identity(
            principal, f"`{last_of_id(path)}`, the identity of `{known.name}`,", name.location
        )
    if not known.user_identities:
        yield Identity(known.principal_id, f"the identity of `{known.name}`", name.location)


def unread_identities(
    config: DeploymentReference, links: Linker, snapshot: Snapshot
) -> Unchecked | None:
    """That it is not known which endpoint is there, and so as whom its containers run."""
    name, fact = config.endpoint_name, snapshot.fact(facts.ONLINE_ENDPOINTS)
    if not config.is_managed or not is_text(name):
        return None
    if is_elsewhere(config, links):
        return endpoint_doubt(config, links)
    if isinstance(fact, Read) or any(identities(config, links, snapshot)):
        return None
    return unchecked(fact, facts.ONLINE_ENDPOINTS, name.location)


def _principals(snapshot: Snapshot) -> dict[str, str | None]:
    """Object ids of the user-assigned identities that the workspace or an endpoint has."""
    workspace = snapshot.fact(facts.WORKSPACE)
    endpoints = snapshot.fact(facts.ONLINE_ENDPOINTS)
    rows = [workspace.value.user_identities] if isinstance(workspace, Read) else []
    rows += [e.user_identities for e in endpoints.value] if isinstance(endpoints, Read) else []
    return {path.lower(): principal for row in rows for path, principal in row.items()}
