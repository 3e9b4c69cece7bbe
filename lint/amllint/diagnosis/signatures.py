"""What failures look like in logs: the tables below `schemas/signatures`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, Literal, TypeAlias

from amllint.diagnosis.blocks import Block, block_from
from amllint.findings.finding import Stage
from amllint.schemas import load_table

Role: TypeAlias = Literal["cause", "failure", "symptom", "note"]
Reads: TypeAlias = Literal["line", "exception", "user", "import", "init", "run"]

FILES: Final = ("server", "script", "packages", "cluster", "service", "http", "system")
"""The tables, in the order in which their entries are listed."""
ROLES: Final[dict[Role, str]] = {
    "cause": "says what is wrong",
    "failure": "says what failed, and little of why",
    "symptom": "follows from something else",
    "note": "may have a part in another failure",
}


_OPTIONAL: Final = re.compile(r"\[\[(.*?)\]\]")
_GROUP: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Signature:
    """One message: how it reads, what it means, what to do.

    `hints` are texts in lower case of which one stands in every match. `reads` says what the
    pattern is held against: any line, or the exception of a traceback, in a certain phase.
    In `cause` and `remedies`, `{name}` stands for a group of the pattern, and what is between
    `[[` and `]]` is left out where a group in it matched nothing.
    """

    id: str
    where: str
    stage: Stage
    role: Role
    hints: tuple[str, ...]
    pattern: re.Pattern[str]
    cause: str
    remedies: tuple[str, ...]
    rules: tuple[str, ...]
    guide: tuple[str, ...]
    source: str
    examples: tuple[str, ...]
    reads: Reads = "line"
    unless: re.Pattern[str] | None = None
    last: bool = False
    least: int = 1
    cleared_by: re.Pattern[str] | None = None
    explained_by: tuple[str, ...] = ()
    shows: str | None = None
    block: Block | None = None
    """The list that belongs to the message, before it or behind it."""
    settings: tuple[str, ...] = ()
    when: Mapping[str, str] = field(default_factory=dict)
    """Of some of the rules: in which case they tell."""
    word: bool = False
    """Whether it is a name that sentences use too: it counts in the shape of a log alone."""

    @property
    def anchored(self) -> bool:
        """Whether the pattern is about how a line begins, behind stamps and names of sources."""
        return self.pattern.pattern.startswith("^")


@cache
def signatures() -> tuple[Signature, ...]:
    """All signatures."""
    tables = (load_table(f"signatures/{name}")["signatures"] for name in FILES)
    return tuple(_signature(row) for table in tables for row in table)


@cache
def by_id() -> dict[str, Signature]:
    """Signatures by their id."""
    return {s.id: s for s in signatures()}


def _signature(row: dict[str, Any]) -> Signature:
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in row.items()
    }
    values["pattern"] = re.compile(row["pattern"], re.IGNORECASE)
    for key, flags in (("unless", re.IGNORECASE), ("cleared_by", re.MULTILINE)):
        if key in row:
            values[key] = re.compile(row[key], flags)
    if "block" in row:
        values["block"] = block_from(row["block"])
    return Signature(**values)


def filled(text: str, groups: dict[str, str]) -> str:
    """A text with the groups of a match in it; other braces stay as they are."""

    def optional(match: re.Match[str]) -> str:
        return match[1] if all(name in groups for name in _GROUP.findall(match[1])) else ""

    text = _OPTIONAL.sub(optional, text)
    return _GROUP.sub(lambda m: groups.get(m[1], m[0]), text)
