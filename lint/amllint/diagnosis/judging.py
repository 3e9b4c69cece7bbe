"""From what a log matches to what went wrong: causes before their symptoms."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from amllint.diagnosis.blocks import Item
from amllint.diagnosis.hits import Hit
from amllint.diagnosis.quoting import masked
from amllint.diagnosis.scanning import Scan
from amllint.diagnosis.settings import packages_of
from amllint.diagnosis.signatures import ROLES, Role, Signature, filled
from amllint.diagnosis.snippets import shown
from amllint.diagnosis.spots import Spot
from amllint.findings.finding import Stage
from amllint.source.tracebacks import Frame

_ROLES: Final[tuple[Role, ...]] = tuple(ROLES)
_STAGES: Final[tuple[Stage, ...]] = (
    *("build", "pull", "mount", "schedule", "start", "submit", "operate", "score"),
)
"""Which stage explains which: what is not built is not started, what does not start fails calls."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One failure that a log tells of: what, where in the log, how often, whose code.

    `role` is that of the signature, or `symptom` where something else in
    the log explains it. `because` are the lines in which it names what led to it, `shown` is
    code to run or numbers worked out, `packages` are those that it names.
    """

    signature: Signature
    role: Role
    cause: str
    remedies: tuple[str, ...]
    at: Spot
    text: str
    count: int
    frame: Frame | None
    because: tuple[Item, ...] = ()
    shown: tuple[str, ...] = ()
    packages: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        """The signature's id."""
        return self.signature.id


def judged(scan: Scan) -> list[Diagnosis]:
    """The failures that a log tells of: the root first, what follows from it after it.

    Notes alone are no failure, and then there is none.
    """
    hits = _standing(scan)
    present = {h.signature.id for h in hits}
    rows = sorted((_key(hit, present) for hit in hits), key=lambda row: row[0])
    found = [_diagnosis(hit, role, _because(hit, hits, scan)) for _, hit, role in rows]
    return _once(found) if any(d.role != "note" for d in found) else []


def _standing(scan: Scan) -> list[Hit]:
    """Hits that the rest of the log does not take back."""
    counts: Counter[str] = Counter()
    told: Counter[str] = Counter()
    for hit in scan.hits:
        counts[hit.signature.id] += hit.count
        told[hit.signature.id] = max(told[hit.signature.id], len(hit.groups))
    return [
        hit
        for hit in scan.hits
        if counts[hit.signature.id] >= hit.signature.least
        # Where the same message also says what it is about, it is that one that counts.
        and len(hit.groups) == told[hit.signature.id]
        and _stands(hit, scan)
    ]


def _stands(hit: Hit, scan: Scan) -> bool:
    signature = hit.signature
    if signature.last and hit.last < scan.last:
        return False
    if signature.cleared_by is None:
        return True
    cleared = scan.cleared.get((signature.cleared_by.pattern, hit.section))
    # In what `kubectl describe` prints, the state of a pod stands before its events.
    return cleared is None or (not hit.section and cleared < hit.last)


def _key(hit: Hit, present: set[str]) -> tuple[tuple[int, int, int, int], Hit, Role]:
    signature = hit.signature
    explained = bool(present.intersection(signature.explained_by))
    role: Role = "symptom" if explained and signature.role != "note" else signature.role
    nodes = hit.groups.get("nodes", "0")
    most = -int(nodes) if nodes.isdecimal() else 0
    order = (_ROLES.index(role), _STAGES.index(signature.stage), most, hit.at.order)
    return order, hit, role


def _because(hit: Hit, hits: list[Hit], scan: Scan) -> tuple[Item, ...]:
    """The lines of the lists that belong to a message, each text once."""
    alike = [other.at for other in hits if other.signature is hit.signature]
    items = {item.text: item for item in scan.lists.near(hit.signature.id, hit.at, alike)}
    return tuple(items.values())


def _diagnosis(hit: Hit, role: Role, because: tuple[Item, ...]) -> Diagnosis:
    signature = hit.signature
    return Diagnosis(
        signature=signature,
        role=role,
        cause=masked(filled(signature.cause, hit.groups)),
        remedies=tuple(filled(r, hit.groups) for r in signature.remedies),
        at=hit.at,
        text=hit.text,
        count=hit.count,
        frame=hit.frame,
        because=because,
        shown=tuple(shown(signature, hit.groups)),
        packages=packages_of(signature, hit.groups, because),
    )


def _once(found: list[Diagnosis]) -> list[Diagnosis]:
    """One diagnosis for each thing to mend: the same words are said once."""
    kept: dict[tuple[str, str], Diagnosis] = {}
    for diagnosis in found:
        kept.setdefault((diagnosis.id, diagnosis.cause), diagnosis)
    return list(kept.values())
