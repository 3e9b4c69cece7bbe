"""v2 endpoints as YAML says them, and what else of a repository may make some."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from amllint.artifacts.fields import Field, Known, Section, is_text
from amllint.source.names import same_name

_SCHEMA: Final = "endpoint.schema.json"
_KEYS: Final = frozenset(
    {"$schema", "name", "auth_mode", "compute", "description", "identity", "kind", "properties"}
    | {"public_network_access", "tags", "traffic", "mirror_traffic", "defaults", "location", "type"}
)
_OWN: Final = frozenset({"auth_mode", "compute", "traffic"})
"""Keys that tell an endpoint from other things with a name, where it has no schema."""


@dataclass(frozen=True, slots=True)
class EndpointDefinition:
    """An online or batch endpoint."""

    section: Section

    @property
    def path(self) -> str:
        """The display path of the file."""
        return self.section.path

    @property
    def name(self) -> Field[Any]:
        """Its name."""
        return self.section.field("name")

    @property
    def identities(self) -> Iterator[Known[str]]:
        """Ids of its user-assigned identities, so far as they are known.

        Source: azure-ai-ml 1.35.2, executed: a list of mappings with `resource_id`.
        """
        listed = self.section.field("identity", "user_assigned_identities")
        rows = listed.value if isinstance(listed, Known) else None
        for number, row in enumerate(rows if isinstance(rows, list) else ()):
            steps = ("identity", "user_assigned_identities", number, "resource_id")
            if isinstance(row, dict) and isinstance(row.get("resource_id"), str):
                place = self.section.locate(steps)
                yield Known(row["resource_id"], place, place)


@dataclass(frozen=True, slots=True)
class EndpointFiles:
    """The endpoints that a repository defines, and whether code or templates may make others."""

    definitions: tuple[EndpointDefinition, ...] = ()
    may_be_made: bool = False

    def named(self, name: str) -> Iterator[EndpointDefinition]:
        """The definitions that are, or may be, of a name."""
        for definition in self.definitions:
            own = definition.name
            if not is_text(own) or same_name(own.value, name):
                yield definition


def defines_endpoint(data: Any) -> bool:
    """Whether a mapping is the content of an endpoint's YAML, by its schema or its keys."""
    if not isinstance(data, dict):
        return False
    schema = str(data.get("$schema", "")).lower()
    if schema:
        return schema.endswith(_SCHEMA)
    return not data.keys().isdisjoint(_OWN) and data.keys() <= _KEYS
