"""Violations of a schema as findings; shared by the rules that judge whole files."""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.fields import Section
from amllint.findings.finding import Observation, finding
from amllint.schemas import Violation, violations


def schema_findings(
    section: Section,
    schema: str,
    rule: str | None,
    definition: str | None = None,
    refuser: str = "azureml-core refuses this",
) -> Iterator[Observation]:
    """The violations that belong to `rule` (`None`: the schema's own), one a place."""
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
            key=_structural(violation),
        )


def _structural(violation: Violation) -> str:
    return f"{'.'.join(map(str, violation.path))}:{violation.keyword}:{violation.message}"
