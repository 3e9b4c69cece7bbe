"""What every fact of a snapshot needs: where it stands, how old it is, why it is missing."""

from __future__ import annotations

from typing import Any, Final

from amllint.capacity.facts import Missing
from amllint.findings.finding import Location, Unchecked
from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot
from amllint.snapshot.facts import Kind, Read, Unread
from amllint.source.text import Span

_NOT_KNOWN: Final = "not known: "


def place_of(snapshot: Snapshot) -> Location:
    """The snapshot, as a place."""
    return Location(snapshot.path, Span(0, 0))


def workspace_of(snapshot: Snapshot) -> str | None:
    """The name of the workspace, if that is known."""
    fact = snapshot.fact(facts.WORKSPACE)
    return snapshot.workspace or (fact.value.name if isinstance(fact, Read) else None)


def dated(fact: Read[Any]) -> str:
    """What a message calls the source of a fact: the day counts, since all of it changes."""
    return f"snapshot of {fact.read_at[:10]}"


def unread(fact: Unread, kind: Kind[Any], of: str = "") -> Missing:
    """That a fact is missing since the snapshot does not have it."""
    return missing(f"{kind.shown(of)}: {fact.reason}")


def unchecked(fact: Unread, kind: Kind[Any], place: Location, of: str = "") -> Unchecked:
    """The same, as a rule says it that looks at the fact itself."""
    reason = fact.reason if fact.is_absent else f"{_NOT_KNOWN}{fact.reason}"
    return Unchecked(place, kind.shown(of), reason)


def silent(fact: Read[Any], what: str) -> str:
    """That a fact is there, and lacks a value: where it is from, and what it does not say."""
    return f"`{fact.source}` does not say {what}"


def unsaid(fact: Read[Any], kind: Kind[Any], place: Location, what: str) -> Unchecked:
    """The same, as a rule says it that looks at the fact itself."""
    return Unchecked(place, kind.name, f"{_NOT_KNOWN}{silent(fact, what)}")


def missing(reason: str) -> Missing:
    """That a fact is missing although the snapshot was asked for it."""
    return Missing(f"{_NOT_KNOWN}{reason}", was_asked=True)


def why(fact: Missing) -> str:
    """The reason for which a fact is missing, to be part of another one."""
    return fact.reason.removeprefix(_NOT_KNOWN)
