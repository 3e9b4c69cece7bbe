"""What azureml-core's classes leave out, taken from the very answers that it read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

Item: TypeAlias = dict[str, Any]


def completed(told: Sequence[Item], answered: Sequence[Item], key: Sequence[str]) -> list[Item]:
    """The items that azureml-core tells, each completed, in the order of the answers.

    An item of the answers that it does not tell at all is taken as it is; `key` are the names by
    whose values the two are the same item.
    """
    by_key = {_key(item, key): item for item in told}
    known = {_key(item, key) for item in answered}
    found = [_filled(by_key.get(_key(item, key), {}), item) for item in answered]
    return found + [item for name, item in by_key.items() if name not in known]


def _key(item: Item, key: Sequence[str]) -> tuple[str, ...]:
    return tuple(str(item.get(name)) for name in key)


def _filled(told: Item, answered: Item) -> Item:
    """What is told, and what is answered where nothing is told."""
    found = dict(answered)
    for name, value in told.items():
        inner = answered.get(name)
        if isinstance(value, dict) and isinstance(inner, dict):
            found[name] = _filled(value, inner)
        elif value not in (None, [], {}):
            found[name] = value
    return found
