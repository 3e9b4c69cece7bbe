"""What is needed for a deployment, and whether somebody's roles at a scope surely lack it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from amllint.rules.workspace.permissions import allows, definition
from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot
from amllint.snapshot.facts import Read, Unread
from amllint.snapshot.place_rows import RoleAssignment
from amllint.snapshot.recognition import EVERY_ROLE
from amllint.source.names import last_of_id

_ML: Final = "Microsoft.MachineLearningServices/workspaces"
_ACR: Final = "Microsoft.ContainerRegistry/registries"
_STORAGE: Final = "Microsoft.Storage/storageAccounts"


class Need(NamedTuple):
    """The role of Azure's own that is usually given, and the actions of which any is enough.

    `is_data`: they are actions on what a resource holds. `doubtful` are actions on the resource
    that lead there by another way, of which it is not known whether the platform takes it.
    """

    role: str
    any_of: tuple[str, ...]
    is_data: bool = False
    doubtful: tuple[str, ...] = ()


PULL: Final = Need("AcrPull", (f"{_ACR}/pull/read",))
PULL_BY_REPOSITORY: Final = Need(
    "Container Registry Repository Reader", (f"{_ACR}/repositories/content/read",), is_data=True
)
"""Where a registry takes permissions by repository, AcrPull and AcrPush are worth nothing."""
READ_BLOBS: Final = Need(
    "Storage Blob Data Reader",
    (f"{_STORAGE}/blobServices/containers/blobs/read",),
    True,
    (f"{_STORAGE}/listKeys/action",),
)
DEPLOY: Final = Need(
    "AzureML Data Scientist",
    (f"{_ML}/onlineEndpoints/write", f"{_ML}/onlineEndpoints/deployments/write"),
)
"""The documentation names the first; that of the resource which is written is the second."""
DEPLOY_TO_AKS: Final = Need("AzureML Data Scientist", (f"{_ML}/services/aks/write",))
DEPLOY_TO_ACI: Final = Need("AzureML Data Scientist", (f"{_ML}/services/aci/write",))
ASSIGN_IDENTITY: Final = Need(
    "Managed Identity Operator",
    ("Microsoft.ManagedIdentity/userAssignedIdentities/assign/action",),
)


_EXPORTED: Final = (
    "an export of roles does not say for which scopes and whom it was made; `amllint snapshot"
    " --subscription …` asks for all of them"
)


class _Doubt(NamedTuple):
    """Why it is not known whether a role is enough."""

    reason: str


def lacks(principal: str, need: Need, scope: str, snapshot: Snapshot) -> bool | Unread:
    """Whether somebody surely lacks what is needed at a scope; why that is not known, if it is not.

    A role above a scope holds for it, and one of a group may be theirs. One below it, such as at a
    container of a storage account, may be enough.
    """
    fact, more = _roles(scope, snapshot)
    if isinstance(fact, Unread):
        return fact
    at_scope = [row for row in fact.value if _covers(row.scope, scope)]
    own = [row for row in at_scope if _is_of(row, principal)]
    judged = [_worth(row, need, snapshot) for row in own]
    if True in judged:
        return False
    below = [row for row in fact.value if row not in at_scope and _covers(scope, row.scope)]
    doubts = [worth for worth in judged if isinstance(worth, _Doubt)]
    groups = (row for row in at_scope if row not in own)
    doubts += _of_groups(groups, need, snapshot)
    doubts += _of_below(below, principal, need, snapshot)
    doubts += [_Doubt(more)] if more else []
    return Unread(doubts[0].reason, fact.read_at, fact.source) if doubts else True


def _worth(row: RoleAssignment, need: Need, snapshot: Snapshot) -> bool | _Doubt:
    """Whether a role is enough, for whoever has it."""
    role = definition(row.role_definition_id, snapshot)
    if role is None:
        return _Doubt(f"what the role {last_of_id(row.role_definition_id)} allows is not known")
    if any(allows(role, action, is_data=need.is_data) for action in need.any_of):
        under = f"the role {role.name} holds under a condition"
        return _Doubt(under) if row.is_conditional else True
    if any(allows(role, action) for action in need.doubtful):
        return _Doubt(f"whether the role {role.name} does as well is not known")
    return False


def _of_groups(rows: Iterable[RoleAssignment], need: Need, snapshot: Snapshot) -> Iterator[_Doubt]:
    for row in rows:
        if _may_hold_many(row) and _worth(row, need, snapshot) is not False:
            role = definition(row.role_definition_id, snapshot)
            name = role.name if role is not None else last_of_id(row.role_definition_id)
            yield _Doubt(f"a group has the role {name}, and who is in it is not known")


def _of_below(
    rows: Iterable[RoleAssignment], principal: str, need: Need, snapshot: Snapshot
) -> Iterator[_Doubt]:
    for row in rows:
        may_be_theirs = _is_of(row, principal) or _may_hold_many(row)
        if may_be_theirs and _worth(row, need, snapshot) is not False:
            yield _Doubt("a role was given below it, which may be enough")


def _roles(scope: str, snapshot: Snapshot) -> tuple[Read[tuple[RoleAssignment, ...]] | Unread, str]:
    """The roles at a scope, and why there may be more, where there may.

    Where nobody asked for those of the scope, what was listed for others counts too: it holds
    roles of the group and the subscription, which hold there as well.
    """
    subjects = list(snapshot.subjects(facts.ROLE_ASSIGNMENTS))
    own = next((of for of in subjects if of.lower() == scope.lower()), None)
    if own is not None:
        return snapshot.fact(facts.ROLE_ASSIGNMENTS, own), ""
    listed = [snapshot.fact(facts.ROLE_ASSIGNMENTS, of) for of in subjects]
    read = [fact for fact in listed if isinstance(fact, Read)]
    missing = snapshot.fact(facts.ROLE_ASSIGNMENTS, scope)
    if not read:
        return missing, ""
    rows = tuple(dict.fromkeys(row for fact in read for row in fact.value))
    more = _EXPORTED if EVERY_ROLE in subjects else _reason(missing)
    return Read(rows, min(fact.read_at for fact in read), read[0].source), more


def _reason(fact: Read[tuple[RoleAssignment, ...]] | Unread) -> str:
    return fact.reason if isinstance(fact, Unread) else ""


def _covers(above: str, scope: str) -> bool:
    """Whether what is given at a scope holds for another: it is that, or lies above it."""
    outer, inner = above.lower().rstrip("/"), scope.lower().rstrip("/")
    if not outer or "/providers/microsoft.management/managementgroups/" in f"{outer}/":
        return True  # the tenant's root, or a group of subscriptions that was listed for this one
    return inner == outer or inner.startswith(f"{outer}/")


def _is_of(row: RoleAssignment, principal: str) -> bool:
    return row.principal_id.lower() == principal.lower()


def _may_hold_many(row: RoleAssignment) -> bool:
    return (row.principal_type or "group").lower() not in ("user", "serviceprincipal")
