"""Violations of a schema in plain words."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, Final

from amllint.source.nodes import Path

if TYPE_CHECKING:
    from jsonschema import ValidationError


def closest(key: str, allowed: list[str]) -> str | None:
    """The known key that an unknown one was most likely meant to be."""
    folded = {a.lower().replace("_", ""): a for a in allowed}
    same = folded.get(key.lower().replace("_", "").replace("-", ""))
    if same is not None:
        return same
    close = difflib.get_close_matches(key.lower(), folded, 1, 0.75)
    return folded[close[0]] if close else None


_KINDS: Final = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "empty",
}


def sentence(error: ValidationError, what: str, schema: dict[str, Any]) -> tuple[str, str | None]:
    """What is wrong with `what`, and what to write instead."""
    keyword = str(error.validator)
    wanted: Any = error.validator_value
    value: Any = error.instance
    shown = quote(value)
    examples = schema.get("examples")
    example = f"such as `{examples[0]}`" if examples else None
    if keyword == "type":
        kinds = wanted if isinstance(wanted, list) else [wanted]
        if {"number", "integer"} & set(kinds):
            # Accepted, and never what is meant.
            kinds = [k for k in kinds if k != "boolean"]
        plain = " or ".join(_KINDS[k] for k in kinds if k != "null" or len(kinds) == 1)
        if value is None:
            return f"{what} is empty (null); it must be {plain}", "fill it in, or remove the key"
        if isinstance(value, str) and {"number", "integer"} & set(kinds):
            return f"{what} is the text {shown}; it must be {plain}", _unquote_hint(value)
        return f"{what} is {_kind(value)}; it must be {plain}", example
    if keyword in ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"):
        words = {
            "minimum": "at least",
            "exclusiveMinimum": "more than",
            "maximum": "at most",
            "exclusiveMaximum": "less than",
        }
        unit = f" {schema['x-unit']}" if "x-unit" in schema else ""
        default = f"the default is {schema['default']}" if "default" in schema else None
        limit = f"{words[keyword]} {wanted}{unit}"
        return f"{what} is {shown}; it must be {limit}", example or default or f"write {limit}"
    if keyword == "pattern":
        about = schema.get("description")
        if examples and all(isinstance(e, str) for e in examples):
            listed = ", ".join(f"`{e}`" for e in examples)
            return f"{what} cannot be {shown}", f"write {listed}" if len(examples) > 1 else example
        return f"{what} cannot be {shown}", about or example
    if keyword in ("enum", "const"):
        choices = wanted if keyword == "enum" else [wanted]
        strings = [c for c in choices if isinstance(c, str) and c]
        if strings and len(strings) >= len(choices) - 2:
            close = difflib.get_close_matches(str(value), strings, 1)
            listed = ", ".join(f"`{c}`" for c in strings)
            hint = f"did you mean `{close[0]}`?" if close else f"one of {listed}"
            return f"{what} cannot be {shown}", hint
        return _because(f"{what} cannot be {shown} here", schema), "change it, or remove it"
    if keyword == "not":
        return _because(f"{what} cannot be {shown}", schema), example or "give it a value"
    about = schema.get("description") or schema.get("title")
    return f"{what} is not accepted: {error.message[:120]}", about


def _because(message: str, schema: dict[str, Any]) -> str:
    about = str(schema.get("description", "")).rstrip(".")
    return f"{message}: {about[0].lower()}{about[1:]}" if about else message


def name_of(path: Path) -> str:
    """A path as people write it: `jobs.train.items[0]`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else (f".{step}" if text else str(step))
    return f"`{text}`" if text else "the file"


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    for kind, word in ((str, "the text"), ((int, float), "the number")):
        if isinstance(value, kind):
            return f"{word} {quote(value)}"
    return "a list" if isinstance(value, list) else "a mapping"


def quote(value: Any) -> str:
    """A value as it would be written, shortened."""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    text = f'"{value}"' if isinstance(value, str) else str(value)
    if isinstance(value, (dict, list)):
        return "a mapping" if isinstance(value, dict) else "a list"
    return f"`{text}`" if len(text) <= 60 else f"`{text[:57]}...`"


def _unquote_hint(value: str) -> str:
    try:
        float(value)
    except ValueError:
        return "write a number"
    if "e" in value.lower():
        return f"write it out: YAML 1.1, which reads this file, takes `{value}` for text"
    return f"write {value} without quotes"
