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
    examples = schema.get("examples")
    example = f"such as `{examples[0]}`" if examples else schema.get("x-help")
    if keyword == "type":
        return _wrong_type(what, wanted if isinstance(wanted, list) else [wanted], value, example)
    if keyword in _BOUNDS:
        return _out_of_bounds(what, f"{_BOUNDS[keyword]} {wanted}", value, schema, example)
    if keyword == "pattern":
        return f"{what} cannot be {quote(value)}", _written_so(schema) or example
    if keyword in ("enum", "const"):
        choices = wanted if keyword == "enum" else [wanted]
        return _not_a_choice(what, choices, value, schema)
    if keyword == "not":
        shown = _because(f"{what} cannot be {quote(value)}", schema)
        return shown, example or "give it a value"
    about = schema.get("description") or schema.get("title")
    return f"{what} is not accepted: {error.message[:120]}", about


_BOUNDS: Final = {
    "minimum": "at least",
    "exclusiveMinimum": "more than",
    "maximum": "at most",
    "exclusiveMaximum": "less than",
}


def _wrong_type(
    what: str, kinds: list[str], value: Any, example: str | None
) -> tuple[str, str | None]:
    numeric = bool({"number", "integer"} & set(kinds))
    if numeric:
        # Booleans are accepted, and never what is meant.
        kinds = [k for k in kinds if k != "boolean"]
    plain = " or ".join(_KINDS[k] for k in kinds if k != "null" or len(kinds) == 1)
    if value is None:
        return f"{what} is empty (null); it must be {plain}", "fill it in, or remove the key"
    if isinstance(value, str) and numeric:
        return f"{what} is the text {quote(value)}; it must be {plain}", _unquote_hint(value)
    return f"{what} is {_kind(value)}; it must be {plain}", example


def _out_of_bounds(
    what: str, limit: str, value: Any, schema: dict[str, Any], example: str | None
) -> tuple[str, str | None]:
    limit += f" {schema['x-unit']}" if "x-unit" in schema else ""
    default = f"the default is {schema['default']}" if "default" in schema else None
    return f"{what} is {quote(value)}; it must be {limit}", example or default or f"write {limit}"


def _written_so(schema: dict[str, Any]) -> str | None:
    """What a text may be: the schema's examples if they are several, else what it says."""
    examples = schema.get("examples") or []
    if len(examples) > 1 and all(isinstance(e, str) for e in examples):
        return "write " + ", ".join(f"`{e}`" for e in examples)
    return None if examples else schema.get("description")


def _not_a_choice(
    what: str, choices: list[Any], value: Any, schema: dict[str, Any]
) -> tuple[str, str | None]:
    strings = [c for c in choices if isinstance(c, str) and c]
    if not strings or len(strings) < len(choices) - 2:
        shown = _because(f"{what} cannot be {quote(value)} here", schema)
        return shown, "change it, or remove it"
    close = difflib.get_close_matches(str(value), strings, 1)
    listed = ", ".join(f"`{c}`" for c in strings)
    hint = f"did you mean `{close[0]}`?" if close else f"one of {listed}"
    return f"{what} cannot be {quote(value)}", hint


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
