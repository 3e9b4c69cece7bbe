"""A snapshot as data, and as the text of its file."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from amllint.findings.secrets import concealed
from amllint.snapshot.codec import encode
from amllint.snapshot.commands import absent
from amllint.snapshot.facts import Kind, Read, Unread
from amllint.source.names import same_name

VERSION: Final = 1
SCHEMA_ID: Final = "https://amllint.dev/schemas/snapshot.schema.json"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was known of a workspace.

    `facts` is by the name of the kind and what it is a fact of (empty where there is one in all).
    `made_from` says how it was read: `azure` or `files`. `path` is the display path of its file.
    """

    made_at: str
    made_by: str
    made_from: str
    subscription: str | None
    resource_group: str | None
    workspace: str | None
    facts: dict[tuple[str, str], Read[Any] | Unread]
    path: str = ""

    def fact(self, kind: Kind[T], of: str = "") -> Read[T] | Unread:
        """A fact; one that the snapshot is silent about is unread as well.

        What it is a fact of may be written in other case, where nothing is written so.
        """
        found = self.facts.get((kind.name, of))
        if found is None and of:
            folded = (other for other in self.subjects(kind) if same_name(other, of))
            found = self.facts.get((kind.name, next(folded, of)))
        if found is not None:
            return found
        return Unread(absent(kind.name, of, self.made_from), self.made_at, "", is_absent=True)

    def subjects(self, kind: Kind[Any]) -> Iterator[str]:
        """What there are facts of a kind of, in order."""
        return (of for name, of in self.facts if name == kind.name)

    @property
    def oldest(self) -> datetime.datetime:
        """When the oldest of its facts was read."""
        read = [f.read_at for f in self.facts.values() if isinstance(f, Read)]
        return moment(min([*read, self.made_at]))

    def days_before(self, today: datetime.date) -> int:
        """How many days before a day that was; below zero for one that is to come."""
        return (today - self.oldest.date()).days


def moment(text: str) -> datetime.datetime:
    """A time as a snapshot has it. Raises `ValueError`."""
    if not text.endswith("Z"):
        raise ValueError(f"`{text[:40]}` is no time in UTC such as 2026-11-27T12:00:00Z")
    return datetime.datetime.fromisoformat(text[:-1] + "+00:00")


def written(when: datetime.datetime) -> str:
    """A time as a snapshot has it."""
    return when.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def render(snapshot: Snapshot) -> str:
    """The text of its file: one row a line, so that two of them can be compared.

    Whatever looks like a secret is struck out, although nothing that holds any is taken in.
    """
    head = {
        "$schema": SCHEMA_ID,
        "version": VERSION,
        "made_by": snapshot.made_by,
        "made_at": snapshot.made_at,
        "made_from": snapshot.made_from,
        "subscription": snapshot.subscription,
        "resource_group": snapshot.resource_group,
        "workspace": snapshot.workspace,
    }
    lines = [f"  {_text(key)}: {_text(value)}," for key, value in head.items()]
    facts = ",\n".join(
        "\n".join(_fact_lines(name, of, fact)) for (name, of), fact in snapshot.facts.items()
    )
    body = f'  "facts": [\n{facts}\n  ]' if facts else '  "facts": []'
    return concealed("\n".join(["{", *lines, body, "}", ""]))


def _fact_lines(name: str, of: str, fact: Read[Any] | Unread) -> Iterator[str]:
    head = {"fact": name, **({"of": of} if of else {})}
    head |= {"read_at": fact.read_at, "source": fact.source}
    opening = ", ".join(f"{_text(k)}: {_text(v)}" for k, v in head.items())
    if isinstance(fact, Unread):
        yield f'    {{{opening}, "unknown": {_text(fact.reason)}}}'
        return
    value = encode(fact.value)
    if not isinstance(value, list) or not value:
        yield f'    {{{opening}, "value": {_text(value)}}}'
        return
    yield f'    {{{opening}, "value": ['
    yield ",\n".join(f"      {_text(row)}" for row in value)
    yield "    ]}"


def _text(value: Any) -> str:
    """JSON in ASCII, which no build agent acts upon."""
    text = json.dumps(value, ensure_ascii=True)
    return text.replace("##[", "#\\u0023[").replace("##vso[", "#\\u0023vso[")
