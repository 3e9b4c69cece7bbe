"""Every signature: well-formed, its rules and relations exist, its examples are met."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from amllint.diagnosis.signatures import FILES, Signature, by_id, filled, signatures
from amllint.rules.registry import find
from amllint.schemas import load_schema, load_table
from tests.diagnosis.reading import scanned

ALL = signatures()
FRAMES = {
    "exception": ("/var/azureml-app/deploy.py", "main"),
    "user": ("/var/azureml-app/score.py", "init"),
    "import": ("/var/azureml-app/score.py", "<module>"),
    "init": ("/var/azureml-app/score.py", "init"),
    "run": ("/var/azureml-app/score.py", "run"),
}


def as_log(signature: Signature, example: str) -> str:
    """The log in which an example stands: alone, or as the end of a traceback."""
    if signature.reads == "line":
        return "\n".join([example] * signature.least)
    file, function = FRAMES[signature.reads]
    frame = f'  File "{file}", line 3, in {function}\n    x()'
    return f"Traceback (most recent call last):\n{frame}\n{example}\n"


@pytest.mark.parametrize("name", FILES)
def test_a_table_has_the_shape_that_its_schema_says(name: str) -> None:
    errors = Draft202012Validator(load_schema("signatures")).iter_errors(
        load_table(f"signatures/{name}")
    )
    assert [e.message for e in errors] == []


def test_no_table_is_left_out() -> None:
    folder = Path(__file__).resolve().parents[2] / "schemas/signatures"
    assert {p.stem for p in folder.glob("*")} == set(FILES)


def test_ids_are_unique() -> None:
    assert [i for i, n in Counter(s.id for s in ALL).items() if n > 1] == []


@pytest.mark.parametrize("signature", ALL, ids=lambda s: s.id)
def test_what_a_signature_names_exists(signature: Signature) -> None:
    assert [r for r in signature.rules if find(r) is None] == []
    assert set(signature.explained_by) <= set(by_id()) - {signature.id}


@pytest.mark.parametrize(
    ("signature", "example"),
    [(s, e) for s in ALL for e in s.examples],
    ids=lambda v: v.id if isinstance(v, Signature) else "",
)
def test_an_example_is_met_in_a_log(signature: Signature, example: str) -> None:
    hits = [h for h in scanned(as_log(signature, example)).hits if h.signature is signature]
    assert hits, "the pattern, the hints or `unless` keep the example out"
    for text in (signature.cause, *signature.remedies):
        said = filled(text, hits[0].groups)
        assert not set(re.findall(r"\{(\w+)\}", said)) & set(signature.pattern.groupindex)
        assert "[[" not in said or "[[" in example


def test_a_part_of_a_cause_is_left_out_where_its_group_is_empty() -> None:
    text = "excluded[[: {a}]][[ and {a}, {b}]], as {{x}} {other}"
    assert filled(text, {"a": "1"}) == "excluded: 1, as {{x}} {other}"


def test_the_tables_are_plain_json_in_one_form() -> None:
    folder = Path(__file__).resolve().parents[2] / "schemas/signatures"
    for path in folder.glob("*.json"):
        text = path.read_text("utf-8")
        assert text == json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"
