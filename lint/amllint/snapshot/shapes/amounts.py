"""Amounts in what `kubectl` prints: one that cannot be read is told, never taken for none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from amllint.snapshot.shapes.items import Item, Misshapen
from amllint.source.quantities import amount

_COUNTED: Final = ("cpu", "memory", "nvidia.com/gpu")
_LONGEST: Final = 40


def check_node(name: str, status: Item) -> None:
    """Raises `Misshapen` where what pods can have of a node cannot be read, or is not there."""
    given, of = status.get("allocatable"), f"node `{name}`"
    if not isinstance(given, dict) or not given:
        raise Misshapen(f"{of} lacks `status.allocatable`")
    for needed in ("cpu", "memory"):
        if given.get(needed) is None:
            raise Misshapen(f"{of} lacks `status.allocatable.{needed}`")
    _check(given, (*_COUNTED, "pods"), "status.allocatable", of)


def check_pod(name: str, spec: Item) -> None:
    """Raises `Misshapen` where what a pod asks for cannot be read."""
    of = f"pod `{name}`"
    _check(spec.get("overhead"), _COUNTED, "spec.overhead", of)
    check_resources(spec.get("resources"), "spec.resources", of)
    for key in ("initContainers", "containers"):
        for at, container in enumerate(_listed(spec, key, of)):
            if not isinstance(container, dict):
                raise Misshapen(f"`spec.{key}[{at}]` of {of} is no mapping")
            check_resources(container.get("resources"), f"spec.{key}[{at}].resources", of)


def check_resources(given: Any, path: str, of: str) -> None:
    """Raises `Misshapen` where requests or limits cannot be read. `path` leads there, in `of`."""
    if given is None:
        return
    if not isinstance(given, dict):
        raise Misshapen(f"`{path}` of {of} is no mapping")
    for key in ("requests", "limits"):
        _check(given.get(key), _COUNTED, f"{path}.{key}", of)


def check_taints(name: str, spec: Item) -> None:
    """Raises `Misshapen` for a taint of a node that does not say what it keeps off, or how."""
    for taint in _listed(spec, "taints", f"node `{name}`"):
        if not (isinstance(taint, dict) and taint.get("key") and taint.get("effect")):
            raise Misshapen(f"a taint of node `{name}` lacks its key or its effect")


def _listed(spec: Item, key: str, of: str) -> Iterator[Any]:
    found = spec.get(key)
    if found is not None and not isinstance(found, list):
        raise Misshapen(f"`spec.{key}` of {of} is no list")
    yield from found or ()


def _check(given: Any, names: tuple[str, ...], path: str, of: str) -> None:
    if given is None:
        return
    if not isinstance(given, dict):
        raise Misshapen(f"`{path}` of {of} is no mapping")
    for name in names:
        found = given.get(name)
        if found is None:
            continue
        try:
            amount(found)
        except ValueError:
            shown = found if isinstance(found, str) else json.dumps(found)
            message = f"`{path}.{name}` of {of} is `{shown[:_LONGEST]}`, no amount"
            raise Misshapen(message) from None
