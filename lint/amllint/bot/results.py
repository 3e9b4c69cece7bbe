"""The findings of an earlier `check`, read back from its JSON."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple, cast

from amllint.findings.finding import SEVERITIES, Applicability, Severity, Stage

VERSION: Final = 1
_INCOMPLETE: Final = frozenset({"internal-error", "unreadable-file"})


class ResultsError(Exception):
    """The JSON is not what `check` writes; the message says where and what to do."""


class At(NamedTuple):
    """Line and column, both from 1, the column in characters."""

    line: int
    column: int


class Place(NamedTuple):
    """A range of a file, `end` just behind its last character.

    Of a notebook's `cell`, it is the range in the JSON, and `in_cell` where it begins in the cell.
    """

    path: str
    start: At
    end: At
    cell: int | None = None
    in_cell: At | None = None

    @property
    def last_line(self) -> int:
        """The last line that the range has a character on."""
        return max(self.start.line, self.end.line - (self.end.column == 1))


class Change(NamedTuple):
    """New text in place of a range."""

    place: Place
    content: str


class Mend(NamedTuple):
    """Changes that mend a finding, all or none of them."""

    applicability: Applicability
    message: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A finding as its JSON tells it; `related` are further places, each with what it is."""

    code: str
    name: str
    severity: Severity
    stage: Stage | None
    message: str
    help: str | None
    url: str
    place: Place
    fingerprint: str
    related: tuple[tuple[str, Place], ...] = ()
    mend: Mend | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """All that a run found; `unchecked` are (rule, missing fact, reason)."""

    findings: tuple[Found, ...]
    files: int = 0
    suppressed: int = 0
    unchecked: tuple[tuple[str, str, str], ...] = ()
    incomplete: bool = field(default=False)

    def failing(self, bound: str) -> bool:
        """Whether a finding is at or over `bound`; nothing is over `never`."""
        levels = SEVERITIES[SEVERITIES.index(bound) :] if bound in SEVERITIES else ()
        return any(f.severity in levels for f in self.findings)


def parse(data: Any) -> Results:
    """Results from JSON as plain data. Raises `ResultsError`."""
    if not isinstance(data, Mapping) or "version" not in data or "findings" not in data:
        raise ResultsError("is not the JSON of `amllint check --output-format json`")
    if data["version"] != VERSION:
        raise ResultsError(
            f"has version {str(data['version'])[:40]!r} of the format, this amllint reads"
            f" {VERSION}; write it with this version of `amllint check`"
        )
    _validate(data)
    return results(cast("Mapping[str, Any]", data))


def results(data: Mapping[str, Any]) -> Results:
    """Results from JSON that is known to fit the schema."""
    summary = data["summary"]
    findings = tuple(_found(f) for f in data["findings"])
    return Results(
        findings,
        summary["files"],
        summary["suppressed"],
        tuple((u["rule"], u["fact"], u["reason"]) for u in summary["unchecked"]),
        summary.get("incomplete", False) or any(f.name in _INCOMPLETE for f in findings),
    )


def below(found: Results, prefix: str) -> Results:
    """The same results with paths from the repository's root, where `prefix` is checked."""
    return replace(found, findings=tuple(_moved(f, prefix) for f in found.findings))


def _validate(data: Any) -> None:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    from amllint.schemas import load_schema

    try:
        error = best_match(Draft202012Validator(load_schema("findings")).iter_errors(data))
    except RecursionError:
        raise ResultsError("is nested too deeply to be findings") from None
    if error is not None:
        raise ResultsError(f"does not fit `amllint schema findings`: {_said(error)}")


def _said(error: Any) -> str:
    message = str(error.message)
    shown = message if len(message) <= 200 else message[:199] + "…"
    return f"at {error.json_path}: {shown}"


def _found(data: Mapping[str, Any]) -> Found:
    return Found(
        data["code"],
        data["name"],
        data["severity"],
        data["stage"],
        data["message"],
        data["help"],
        data["url"],
        _place(data),
        data["fingerprint"],
        tuple((r["message"], _place(r)) for r in data["related"] if r["message"]),
        _mend(data["fix"]),
    )


def _place(data: Mapping[str, Any]) -> Place:
    cell = data.get("cell")
    start, end = (_at((data.get("in_file") or data)[n]) for n in ("start", "end"))
    in_cell = _at(data["start"]) if cell is not None and "in_file" in data else None
    return Place(data["path"], start, max(start, end), cell, in_cell)


def _at(data: Mapping[str, Any]) -> At:
    return At(int(data["line"]), int(data["column"]))


def _mend(data: Mapping[str, Any] | None) -> Mend | None:
    if data is None:
        return None
    changes = tuple(Change(_place(e), e["content"]) for e in data["edits"])
    return Mend(data["applicability"], data["message"], changes)


def _moved(found: Found, prefix: str) -> Found:
    def move(place: Place) -> Place:
        return place._replace(path=posixpath.normpath(posixpath.join(prefix, place.path)))

    mend = found.mend
    if mend is not None:
        mend = mend._replace(changes=_moved_changes(mend.changes, prefix))
    related = tuple((said, move(place)) for said, place in found.related)
    return replace(found, place=move(found.place), related=related, mend=mend)


def _moved_changes(changes: Iterable[Change], prefix: str) -> tuple[Change, ...]:
    return tuple(
        c._replace(
            place=c.place._replace(path=posixpath.normpath(posixpath.join(prefix, c.place.path)))
        )
        for c in changes
    )
