"""Configurations as text: YAML and JSON in the usual layouts, and in broken ones."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Raw:
    """Text that goes into the file as it stands."""

    text: str


def nested(flat: Mapping[tuple[str, ...], Any]) -> dict[str, Any]:
    """``{("a", "b"): 1}`` as ``{"a": {"b": 1}}``; a later scalar replaces an earlier section."""
    tree: dict[str, Any] = {}
    for path, value in flat.items():
        level = tree
        for key in path[:-1]:
            if not isinstance(level.get(key), dict):
                level[key] = {}
            level = level[key]
        level[path[-1]] = deepcopy(value)
    return tree


def flow(value: Any) -> str:
    """A value on one line, readable as JSON and as YAML unless a Raw in it is not."""
    match value:
        case Raw(text):
            return text
        case dict():
            return "{" + ", ".join(f"{json.dumps(k)}: {flow(v)}" for k, v in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(flow, value)) + "]"
        case _:
            return json.dumps(value)


def block(value: dict[str, Any], indent: str) -> str:
    """A mapping in YAML's block style; ``indent`` of tabs is what YAML refuses."""
    lines = []
    for key, item in value.items():
        if isinstance(item, dict) and item:
            lines.append(
                f"{key}:\n" + "".join(f"{indent}{x}\n" for x in block(item, indent).splitlines())
            )
        else:
            lines.append(f"{key}: {flow(item)}\n")
    return "".join(lines)


def spread(value: dict[str, Any], indent: str) -> str:
    """A mapping as JSON over several lines."""
    items = []
    for key, item in value.items():
        text = spread(item, indent) if isinstance(item, dict) and item else flow(item)
        items.append(f"{json.dumps(key)}: {text}".replace("\n", "\n" + indent))
    return "{\n" + ",\n".join(indent + item for item in items) + "\n}" if items else "{}"


def written(rng: random.Random, stem: str, value: Any) -> tuple[str, str]:
    """File name and text of a configuration in one of the usual layouts, seldom a broken one."""
    if not isinstance(value, dict):
        return f"{stem}.{rng.choice(('json', 'yml'))}", flow(value) + "\n"
    layout = rng.random()
    if layout < 0.40:
        return f"{stem}.yml", block(value, "  ")
    if layout < 0.75:
        return f"{stem}.json", spread(value, "  ") + "\n"
    if layout < 0.85:
        return f"{stem}.json", spread(value, "\t") + "\n"
    if layout < 0.95:
        return f"{stem}.json", flow(value) + "\n"
    return damaged(rng, stem, value)


def damaged(rng: random.Random, stem: str, value: dict[str, Any]) -> tuple[str, str]:
    """A layout that some reader stumbles over."""
    text = block(value, "  ")
    shapes = (
        (f"{stem}.yml", block(value, "\t")),
        (f"{stem}.yml", "---\n" + text + "---\n" + text),
        (f"{stem}.yml", text + "spare: !Unknown 1\n"),
        (f"{stem}.yml", text + "spare: *nowhere\n"),
        (f"{stem}.yml", text + "spare: [1, 2\n"),
        (f"{stem}.yml", "base: &base {numReplicas: 2}\n<<: *base\n" + text),
        (f"{stem}.yml", "---\n" + text + "...\n"),
        (f"{stem}.yml", text.replace("\n", "\r\n")),
        (f"{stem}.yml", text + text),
        (f"{stem}.json", "\ufeff" + flow(value)),
        (f"{stem}.json", flow(value)[:-1] + ",}"),
        (f"{stem}.json", "// note\n" + flow(value)),
        (f"{stem}.json", flow(value)[:-1]),
        (f"{stem}.json", ""),
        (f"{stem}.yml", "# nothing\n"),
    )
    return rng.choice(shapes)
