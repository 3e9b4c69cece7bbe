"""What azureml-core can be called with: signatures and deprecations, read off the package itself.

The table is written by `python -m tools.azureml_core`; it says of which version and when.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from amllint.source.tables import table_path

TABLE: Final = "azureml-core.json"


@dataclass(frozen=True, slots=True)
class Signature:
    """What a class or a method takes; `self` is left out.

    `name` is `Class` or `Class.method`. `defaults` holds what may be left out. `deprecated` is
    what azureml-core says when it is called, `deprecated_parameters` when they are given. `open`
    says that it takes any keyword; `returns` is the class of what comes back, `""` if unknown.
    """

    name: str
    parameters: tuple[str, ...]
    defaults: dict[str, Any]
    open: bool
    returns: str
    deprecated: str | None
    deprecated_parameters: dict[str, str]

    @property
    def required(self) -> tuple[str, ...]:
        """The parameters that must be given."""
        return tuple(p for p in self.parameters if p not in self.defaults)


@dataclass(frozen=True, slots=True)
class Sdk:
    """The classes that deploy models, of one version of azureml-core, read on one day."""

    version: str
    date: str
    signatures: dict[str, Signature]
    classes: dict[str, frozenset[str]]
    deprecated_properties: dict[str, str]
    values: dict[str, Any]

    def find(self, name: str) -> Signature | None:
        """The signature of a class or a `Class.method`."""
        return self.signatures.get(name)


@cache
def sdk() -> Sdk:
    """The table of azureml-core's signatures."""
    import json

    with open(table_path(TABLE), encoding="utf-8") as stream:
        table = json.load(stream)
    signatures: dict[str, Signature] = {}
    properties: dict[str, str] = {}
    for name, row in table["classes"].items():
        constructor = {**row["constructor"], "returns": name}
        if "deprecated" in row:
            constructor["deprecated"] = row["deprecated"]
        signatures[name] = _signature(name, constructor)
        for method, described in row["methods"].items():
            signatures[f"{name}.{method}"] = _signature(f"{name}.{method}", described)
        for attribute, text in row["properties"].items():
            if text is not None:
                properties[f"{name}.{attribute}"] = text
    classes = {n: frozenset(row.get("bases", ())) for n, row in table["classes"].items()}
    return Sdk(
        table["version"], table["date"], signatures, classes, properties, table.get("values", {})
    )


def _signature(name: str, row: dict[str, Any]) -> Signature:
    return Signature(
        name,
        tuple(p[0] for p in row["parameters"]),
        {p[0]: p[1] for p in row["parameters"] if len(p) > 1},
        bool(row.get("keywords") or row.get("positionals")),
        row.get("returns", ""),
        row.get("deprecated"),
        row.get("deprecated_parameters", {}),
    )
