"""The schemas are valid, complete and agree with themselves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).resolve().parents[2] / "schemas"
SCHEMAS = {path.name: json.loads(path.read_text("utf-8")) for path in FOLDER.glob("*.schema.json")}
REGISTRY: Any = Registry().with_resources(
    (schema["$id"], Resource.from_contents(schema)) for schema in SCHEMAS.values()
)
CONFIGURATIONS = ("conda", "deploymentconfig", "inferenceconfig")


def properties(schema: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every named property of a schema that is not part of a condition."""
    for key, inner in schema.get("properties", {}).items():
        yield f"{path}/{key}", inner
        yield from properties(inner, f"{path}/{key}")
    for key, inner in schema.get("$defs", {}).items():
        yield from properties(inner, f"{path}/{key}")
    if isinstance(schema.get("items"), dict):
        yield from properties(schema["items"], f"{path}[]")


def resolved(schema: Any, root: str) -> Any:
    """The schema with the annotations of what its ``$ref`` names, its own first."""
    if "$ref" not in schema:
        return schema
    contents = REGISTRY.resolver(SCHEMAS[root]["$id"]).lookup(schema["$ref"]).contents
    return resolved(contents, root) | schema


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_valid_and_named_after_its_file(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])
    assert SCHEMAS[name]["$id"] == f"https://amllint.dev/schemas/{name}"
    assert SCHEMAS[name]["title"]


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_property_is_described(name: str) -> None:
    bare = [
        path
        for path, schema in properties(SCHEMAS[name])
        if not resolved(schema, name).get("description")
    ]
    assert not bare


@pytest.mark.parametrize("name", SCHEMAS)
def test_defaults_and_examples_are_allowed_where_they_stand(name: str) -> None:
    for path, schema in properties(SCHEMAS[name]):
        alone = {"$defs": SCHEMAS[name].get("$defs", {}), "properties": {"x": schema}}
        validator = Draft202012Validator(alone, registry=REGISTRY)
        default = [schema["default"]] if "default" in schema else []
        for sample in [*schema.get("examples", ()), *default]:
            assert validator.is_valid({"x": sample}), (path, sample)


@pytest.mark.parametrize("stem", CONFIGURATIONS)
def test_every_object_of_a_configuration_closes_its_keys(stem: str) -> None:
    for path, schema in properties(SCHEMAS[f"{stem}.schema.json"]):
        if "properties" in schema:
            assert "additionalProperties" in schema or "propertyNames" in schema, path


def test_a_finding_with_everything_in_it_is_valid() -> None:
    place = {"line": 1, "column": 1}
    span = {"start": place, "end": place}
    finding = {
        "code": "AML401",
        "name": "deployment-config-schema",
        "severity": "error",
        "confidence": "high",
        "stage": None,
        "message": "m",
        "help": None,
        "url": "u",
        "path": "a.yml",
        "cell": None,
        "units": ["u"],
        "fingerprint": "f",
        **span,
        "related": [{"message": "m", "path": "b.yml", "cell": 1, **span}],
        "fix": {
            "applicability": "safe",
            "message": "m",
            "edits": [{"path": "a.yml", **span, "content": ""}],
        },
    }
    missing = {"rule": "quota", "fact": "quota", "reason": "403"}
    report = {
        "version": 1,
        "findings": [finding, {**finding, "fix": None}],
        "summary": {"files": 1, "suppressed": 0, "unchecked": [missing]},
    }
    validator = Draft202012Validator(SCHEMAS["findings.schema.json"])
    assert validator.is_valid(report)
    assert not validator.is_valid({**report, "extra": 1})
