"""What azureml-core can be called with: signatures and deprecations, read off the package itself.

The table is written by `python -m tools.azureml_core`; it says of which version and when.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from amllint.source.tables import table_path

TABLE: Final = "azureml-core.json"
GONE: Final = "azureml-core-gone.json"
_WITH_OTHERS: Final = frozenset({"ComputeTarget", "Image"})
"""Classes of which the table does not have all the special ones."""


@dataclass(frozen=True, slots=True)
class Signature:
    """What a class or a method takes; `self` is left out.

    `name` is `Class` or `Class.method`. `defaults` holds what may be left out. `deprecated` is
    what azureml-core says when it is called, `deprecated_parameters` when they are given. `open`
    says that it takes any keyword and hands it on; `returns` is the class of what comes back,
    `""` if unknown. `read` are keywords beyond the parameters that it looks for; where it `drops`,
    any other is taken as well and nothing is done with it.
    """

    name: str
    parameters: tuple[str, ...]
    defaults: dict[str, Any]
    open: bool
    returns: str
    deprecated: str | None
    deprecated_parameters: dict[str, str]
    read: tuple[str, ...] = ()
    drops: bool = False

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

    def on_object(self, name: str) -> Signature | None:
        """The signature of a method of an object whose class may be a more special one.

        Whatever one of the classes takes is taken; of a class with special ones that the table
        does not have, anything is.
        """
        owner, _, method = name.partition(".")
        kinds = [owner, *(c for c, bases in self.classes.items() if owner in bases)]
        found = [s for s in (self.signatures.get(f"{k}.{method}") for k in kinds) if s]
        if not found:
            return None
        if len(kinds) == 1 and owner not in _WITH_OTHERS:
            return found[0]
        parameters = tuple(dict.fromkeys(p for s in found for p in s.parameters))
        required = set.intersection(*(set(s.required) for s in found))
        return replace(
            found[0],
            parameters=parameters,
            defaults={p: None for p in parameters if p not in required},
            open=owner in _WITH_OTHERS or any(s.open for s in found),
            deprecated=found[0].deprecated,
            read=tuple(dict.fromkeys(k for s in found for k in s.read)),
            drops=any(s.drops for s in found),
        )


@cache
def gone() -> dict[str, dict[str, str]]:
    """Arguments of older releases, by callable and name, with the last release that took each.

    The table is written by `python -m tools.azureml_core_history`, which reads a wheel of every
    minor release.
    """
    import json

    with open(table_path(GONE), encoding="utf-8") as stream:
        found: dict[str, dict[str, str]] = json.load(stream)["gone"]
    return found


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
    read = row.get("keywords_read")
    return Signature(
        name,
        tuple(p[0] for p in row["parameters"]),
        {p[0]: p[1] for p in row["parameters"] if len(p) > 1},
        bool(row.get("keywords")) and read is None,
        row.get("returns", ""),
        row.get("deprecated"),
        row.get("deprecated_parameters", {}),
        tuple(read or ()),
        read is not None,
    )
