"""Violations of a schema as findings; shared by the rules that judge whole files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from amllint.artifacts.fields import Section
from amllint.findings.finding import Edit, Fix, Location, Observation, Unchecked, finding
from amllint.findings.fingerprints import path_key
from amllint.schemas import Violation, takes, violations
from amllint.source.nodes import Node, Path, Scalar, Sequence, node_at

_NUMBER: Final = re.compile(r"([\"'])(-?(?:0|[1-9]\d{0,14})(\.\d{1,15})?)\1")


def schema_findings(
    section: Section,
    schema: str,
    rule: str | None,
    definition: str | None = None,
    refuser: str = "azureml-core refuses this",
    placeholders: bool = False,
    numbers: bool = False,
) -> Iterator[Observation | Unchecked]:
    """The violations that belong to `rule` (`None`: the schema's own), one a place.

    With `placeholders`, values that no rule can judge are told as unchecked. With `numbers`, texts
    that stand for numbers which the schema takes get a fix.
    """
    if placeholders:
        yield from _placeholders(section)
    seen = set()
    for violation in violations(section, schema, definition):
        if violation.rule != rule:
            continue
        location = section.locate(violation.path, key=violation.at_key)
        key = (location, violation.keyword == "required" and violation.message)
        if key in seen:
            continue
        seen.add(key)
        yield finding(
            location,
            f"{violation.message}; {refuser}" if rule is None else violation.message,
            help=violation.help,
            fix=_number(section, schema, definition, violation) if numbers else None,
            key=_structural(violation),
        )


def _placeholders(section: Section) -> Iterator[Unchecked]:
    node = node_at(section.document.root, section.base)
    start: Path = ()
    pending: list[tuple[Node, str, Path]] = [(node, "", start)] if node is not None else []
    while pending:
        here, name, path = pending.pop()
        if isinstance(here, Scalar):
            if here.placeholder:
                yield Unchecked(section.locate(path), name or "the file", "a template placeholder")
        elif isinstance(here, Sequence):
            pending.extend((item, name, (*path, n)) for n, item in enumerate(here.items))
        else:
            pending.extend((e.value, e.key.raw, (*path, e.key.value)) for e in here.entries)


def _structural(violation: Violation) -> str:
    return f"{path_key(violation.path)}:{violation.keyword}:{violation.subject}"


def _number(section: Section, schema: str, definition: str | None, told: Violation) -> Fix | None:
    """The number that a text in quotes stands for, where the schema takes it."""
    place = section.locate(told.path)
    written = section.document.source.slice(place.span)
    match = None if told.at_key else _NUMBER.fullmatch(written)
    if match is None:
        return None
    value = float(match[2]) if match[3] else int(match[2])
    if not takes(section, schema, definition, told.path, value):
        return None
    edit = Edit(place.path, place.span, match[2], place.cell)
    return Fix("safe", f"write the number {match[2]}", (edit,))


def rename_key(section: Section, violation: Violation, location: Location) -> Fix | None:
    """The key renamed to the one it was meant to be."""
    hint = violation.help or ""
    if not hint.startswith("did you mean `"):
        return None
    name = hint.split("`")[1]
    siblings = section.section(*map(str, violation.path[:-1])).data
    if not isinstance(siblings, dict) or name in siblings:
        return None
    written = section.document.source.slice(location.span)
    quote = written[0] if written[:1] in ("'", '"') else ""
    edit = Edit(section.path, location.span, f"{quote}{name}{quote}")
    return Fix("unsafe", f"rename it to `{name}`", (edit,))
