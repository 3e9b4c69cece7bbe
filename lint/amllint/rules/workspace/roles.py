"""Which roles somebody has at a scope, as far as a snapshot tells.

Ids are those of Azure's built-in roles, which are the same everywhere. Source: learn.microsoft.com,
Azure built-in roles.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot
from amllint.snapshot.facts import Read, Unread
from amllint.snapshot.place_rows import RoleAssignment
from amllint.snapshot.recognition import EVERY_ROLE
from amllint.source.names import last_of_id

_ACR_PULL: Final = "7f951dda-4ed3-4680-a7ca-43fe172d538d"
_ACR_PUSH: Final = "8311e382-0749-4cb8-b61a-304f252e45ec"
_REPOSITORY: Final = frozenset(
    {"b93aa761-3e63-49ed-ac28-beffa264f7ac", "2a1e307c-b015-4ebd-883e-5b7698a07328"}
    | {"2efddaa5-3f1f-4df3-97df-af3f13818f4c"}
)
"""Container Registry Repository Reader, Writer and Contributor."""
_BLOBS: Final = frozenset(
    {"2a2b9908-6ea1-4ae2-8e65-a410df84e7d1", "ba92f5b4-2d11-453d-a403-e96b0029c9fe"}
    | {"b7e6dc6d-f1e8-4753-8033-0f276bb0955b"}
)
"""Storage Blob Data Reader, Contributor and Owner."""
_READER: Final = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
_NEITHER: Final = frozenset(
    {"f6c7c914-8db3-469d-8ca1-694a8f32e121", "e503ece1-11d0-4e8e-8e2c-7a6c3bf38815"}
    | {"635dd51f-9968-44d3-b7fb-6d9a6bd613ae", "ea01e6af-a1c1-4350-9563-ad00f8c72ec5"}
    | {"4633458b-17de-408a-b874-0445c86b69e6"}
)
"""AzureML Data Scientist, Compute Operator, Metrics Writer and Workspace Connection Secrets
Reader, Key Vault Secrets User: nothing of them lets pull or read blobs."""


class Need(NamedTuple):
    """A role by its name, ids of roles that are `enough`, and of those known to be `too_little`.

    All others, custom roles among them, may be enough: what they allow a snapshot does not tell.
    """

    name: str
    enough: frozenset[str]
    too_little: frozenset[str]


PULL: Final = Need("AcrPull", frozenset({_ACR_PULL, _ACR_PUSH}), _NEITHER | _BLOBS)
PULL_BY_REPOSITORY: Final = Need(
    "Container Registry Repository Reader",
    _REPOSITORY,
    _NEITHER | _BLOBS | {_ACR_PULL, _ACR_PUSH},
)
"""Where a registry takes permissions by repository, AcrPull and AcrPush are worth nothing."""
READ_BLOBS: Final = Need(
    "Storage Blob Data Reader",
    _BLOBS,
    _NEITHER | _REPOSITORY | {_ACR_PULL, _ACR_PUSH, _READER},
)


def lacks(principal: str, need: Need, scope: str, snapshot: Snapshot) -> bool | Unread:
    """Whether somebody surely lacks a role at a scope; why that is not known, if it is not.

    A role above a scope holds for it, and one of a group may be theirs. One below it, such as at a
    container of a storage account, may be enough.
    """
    fact, is_whole = _roles(scope, snapshot)
    if isinstance(fact, Unread):
        return fact
    at_scope = [row for row in fact.value if _covers(row.scope, scope)]
    own = [row for row in at_scope if row.principal_id.lower() == principal.lower()]
    if any(_id(row) in need.enough for row in own):
        return False
    others = [row for row in at_scope if row not in own and _may_hold_many(row)]
    if any(_id(row) not in need.too_little for row in (*own, *others)):
        return False
    below = [row for row in fact.value if row not in at_scope and _covers(scope, row.scope)]
    fits = (row for row in below if _id(row) not in need.too_little)
    if any(row.principal_id.lower() == principal.lower() or _may_hold_many(row) for row in fits):
        problem = "a role was given below it, which may be enough"
        return Unread(problem, fact.read_at, fact.source)
    if not is_whole:
        problem = "for which scopes and whom the roles were exported is not said"
        return Unread(problem, fact.read_at, fact.source)
    return True


def _roles(
    scope: str, snapshot: Snapshot
) -> tuple[Read[tuple[RoleAssignment, ...]] | Unread, bool]:
    """The roles at a scope, and whether they are all."""
    for of in snapshot.subjects(facts.ROLE_ASSIGNMENTS):
        if of.lower() == scope.lower():
            return snapshot.fact(facts.ROLE_ASSIGNMENTS, of), True
    exported = snapshot.fact(facts.ROLE_ASSIGNMENTS, EVERY_ROLE)
    if isinstance(exported, Read):
        return exported, False
    return snapshot.fact(facts.ROLE_ASSIGNMENTS, scope), True


def _covers(above: str, scope: str) -> bool:
    """Whether what is given at a scope holds for another: it is that, or lies above it."""
    outer, inner = above.lower().rstrip("/"), scope.lower().rstrip("/")
    if not outer or "/providers/microsoft.management/managementgroups/" in f"{outer}/":
        return True  # the tenant's root, or a group of subscriptions that was listed for this one
    return inner == outer or inner.startswith(f"{outer}/")


def _may_hold_many(row: RoleAssignment) -> bool:
    return (row.principal_type or "group").lower() not in ("user", "serviceprincipal")


def _id(row: RoleAssignment) -> str:
    return last_of_id(row.role_definition_id).lower()
