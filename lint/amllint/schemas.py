"""The JSON Schemas that ship with amllint, and judging data by them."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from amllint.artifacts.fields import Section
from amllint.source.nodes import UNKNOWN, Path
from amllint.source.tables import table_path

if TYPE_CHECKING:
    from jsonschema import ValidationError
    from jsonschema.protocols import Validator

Judge: TypeAlias = "Validator"

NAMES: Final = {
    "inferenceconfig": "v1 inference configuration",
    "deploymentconfig": "v1 deployment configuration: aks, aksendpoint, aci, local",
    "aml-deploy": "parameters of the GitHub action aml-deploy (`.cloud/.azure/deploy.json`)",
    "conda": "conda environment file",
    "findings": "output of `amllint check --output-format json`",
    "config": "amllint.toml and [tool.amllint]",
    "baseline": "accepted findings, written by `amllint baseline write`",
    "trial": "output of `amllint try --output-format json`",
    "measurements": "what `amllint try --save` writes",
    "snapshot": "what was known of a workspace, written by `amllint snapshot`",
    "size": "output of `amllint size --output-format json`",
    "diagnosis": "output of `amllint diagnose --output-format json`",
    "signatures": "what failures look like in logs, the tables of `amllint diagnose`",
}


MAX_VIOLATIONS: Final = 100
MAX_UNKNOWN_KEYS: Final = 50
"""Told of one section and of one mapping; mend those, and the rest is told of."""

UNKNOWN_KEY: Final = "unknown-key"
"""The `rule` of a key that the schema does not know; which rule that is depends on the schema."""


def schema_path(name: str) -> str:
    """The file of a schema, in an installed package or in a checkout."""
    return table_path(f"{name}.schema.json")


@cache
def load_schema(name: str) -> dict[str, Any]:
    """A schema as data."""
    import json

    with open(schema_path(name), encoding="utf-8") as stream:
        schema: dict[str, Any] = json.load(stream)
    return schema


@cache
def load_table(name: str) -> dict[str, Any]:
    """A table of facts that ships beside the schemas, with its `source` and `date`."""
    import json

    with open(table_path(f"{name}.json"), encoding="utf-8") as stream:
        table: dict[str, Any] = json.load(stream)
    return table


@dataclass(frozen=True, slots=True)
class Violation:
    """One way in which data break a schema.

    `path` leads to the value, or with `at_key` to a key that should not be there; for a
    missing key it leads to the mapping that lacks it. `rule` is the rule that it belongs to:
    the schema's own (`None`), another one by name, or `none` for documentation only.
    `subject` is the missing key or the value that is wrong, for fingerprints.
    """

    path: Path
    at_key: bool
    keyword: str
    rule: str | None
    message: str
    help: str | None
    subject: str = ""


def violations(section: Section, name: str, definition: str | None = None) -> list[Violation]:
    """Every violation of a section, in file order, each value told of once a keyword.

    Placeholders may be anything: only what holds whatever they stand for is reported.
    """
    judge = _judge(name, definition)
    data = section.data
    unknown, odd = _survey(data)
    data = _with_text_keys(data) if odd else data
    found = list(islice(_flatten(judge.iter_errors(data)), MAX_VIOLATIONS))
    if unknown:
        strict = {_identity(e) for e in _flatten(_judge(name, definition, True).iter_errors(data))}
        found = [e for e in found if _identity(e) in strict]
    seen: set[tuple[Path, str, str, str | None]] = set()
    result: list[Violation] = []
    for error in found:
        for violation in _describe(error):
            key = (violation.path, violation.keyword, violation.message, violation.rule)
            if key not in seen:
                seen.add(key)
                result.append(violation)
    return result


def takes(section: Section, name: str, definition: str | None, path: Path, value: Any) -> bool:
    """Whether a schema has nothing against another value at the place of one that is there."""
    from copy import deepcopy

    data = deepcopy(section.data)
    here = data
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = value
    errors = _flatten(_judge(name, definition).iter_errors(data))
    return all(tuple(error.absolute_path) != path for error in errors)


@cache
def _judge(name: str, definition: str | None, unknown_fails: bool = False) -> Judge:
    """A validator that lets unknown values pass everything, or with `unknown_fails` nothing."""
    from jsonschema import Draft202012Validator, ValidationError
    from jsonschema.validators import extend

    def wrap(check: Any) -> Any:
        def checked(validator: Any, value: Any, instance: Any, schema: Any) -> Any:
            if instance is UNKNOWN:
                if unknown_fails:
                    yield ValidationError("unknown")
                return
            yield from check(validator, value, instance, schema) or ()

        return checked

    structural = {"$ref", "allOf", "anyOf", "oneOf", "not", "if", "$dynamicRef"}
    checks = {
        keyword: check if keyword in structural else wrap(check)
        for keyword, check in Draft202012Validator.VALIDATORS.items()
    }
    schema = load_schema(name)
    if definition is not None:
        chosen = {k: v for k, v in schema.items() if k in ("$schema", "$defs", "$id")}
        schema = {**chosen, "$ref": f"#/$defs/{definition}"}
    judge: Judge = extend(Draft202012Validator, checks)(  # type: ignore[no-untyped-call]
        schema, registry=_registry()
    )
    return judge


@cache
def _registry() -> Any:
    """Our schemas by their `$id`, so that references between them need no network."""
    from referencing import Registry, Resource

    schemas = [load_schema(n) for n in ("conda", "inferenceconfig", "deploymentconfig")]
    return Registry().with_resources((s["$id"], Resource.from_contents(s)) for s in schemas)


def _flatten(errors: Iterator[ValidationError]) -> Iterator[ValidationError]:
    """Leaf errors; of alternatives, those of the one that fits best."""
    for error in errors:
        if error.validator in ("anyOf", "oneOf") and error.context:
            branches: dict[Any, list[ValidationError]] = {}
            for inner in error.context:
                branches.setdefault(inner.schema_path[0], []).append(inner)
            yield from min(branches.values(), key=len)
        else:
            yield error


def _identity(error: ValidationError) -> tuple[Any, ...]:
    return (tuple(error.absolute_path), error.validator, str(error.schema_path))


def _survey(data: Any) -> tuple[bool, bool]:
    """Whether any value is unknown, and whether any key is no text."""
    unknown = odd = False
    pending = [data]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            odd = odd or not all(isinstance(key, str) for key in value)
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)
        else:
            unknown = unknown or value is UNKNOWN
    return unknown, odd


class _OddKey(str):
    """A key of YAML that is no text (a number, a date, null), as jsonschema can take it."""

    original: Any

    def __new__(cls, original: Any) -> _OddKey:
        key = super().__new__(cls, original)
        key.original = original
        return key


def _with_text_keys(data: Any) -> Any:
    if isinstance(data, list):
        return [_with_text_keys(item) for item in data]
    if not isinstance(data, dict):
        return data
    return {k if isinstance(k, str) else _OddKey(k): _with_text_keys(v) for k, v in data.items()}


# -- sentences ------------------------------------------------------------------------------


def _describe(error: ValidationError) -> Iterator[Violation]:
    """Plain sentences for an error: one for each key it is about."""
    from amllint.schema_sentences import name_of, quote, sentence

    path: Path = tuple(map(_original, error.absolute_path))
    schema = error.schema if isinstance(error.schema, dict) else {}
    rule = schema.get("x-rule")
    keyword = str(error.validator)
    wanted: Any = error.validator_value
    what = name_of(path)
    if keyword == "additionalProperties" or "propertyNames" in error.schema_path:
        yield from _unknown_keys(error, path, rule, keyword, schema)
        return
    if keyword == "required":
        for key in wanted:
            if isinstance(error.instance, dict) and key not in error.instance:
                near = [str(k) for k in islice(error.instance, MAX_UNKNOWN_KEYS)]
                close = difflib.get_close_matches(key, near, 1, 0.8)
                hint = f"rename `{close[0]}` to `{key}`" if close else f"add `{key}`"
                yield Violation(path, False, keyword, rule, f"{what} lacks `{key}`", hint, key)
        return
    message, help = sentence(error, what, schema)
    yield Violation(path, False, keyword, rule, message, help, quote(error.instance))


def _unknown_keys(
    error: ValidationError, path: Path, rule: str | None, keyword: str, schema: dict[str, Any]
) -> Iterator[Violation]:
    from amllint.schema_sentences import closest

    wanted: Any = error.validator_value
    instance: Any = error.instance
    if keyword == "additionalProperties":
        allowed = list(schema.get("properties", {}))
        extras = [k for k in instance if k not in allowed]
        rule = rule or UNKNOWN_KEY
    else:
        allowed = [str(v) for v in wanted]
        extras = [instance]
    where = f" in `{path[-1]}`" if path and isinstance(path[-1], str) else ""
    for key in map(_original, islice(extras, MAX_UNKNOWN_KEYS)):
        shown = f"`{key}`" if isinstance(key, str) else f"the key {key!r}"
        close = closest(str(key), allowed)
        hint = (
            f"did you mean `{close}`?"
            if close
            else "known keys: " + ", ".join(allowed[:12]) + (", …" if len(allowed) > 12 else "")
        )
        what = f"{shown} is not a known key{where}"
        yield Violation((*path, key), True, keyword, rule, what, hint)


def _original(step: Any) -> Any:
    return step.original if isinstance(step, _OddKey) else step
