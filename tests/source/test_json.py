"""JSON as Python's own reader reads it, for what YAML cannot read."""

from __future__ import annotations

import json as stdlib
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from amllint.source import documents, json, placeholders
from amllint.source.nodes import Mapping, Scalar, node_at, scalars, to_data
from amllint.source.problem import Malformed, Unreadable
from amllint.source.text import SourceText

from .test_yaml import same

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4)
    ),
    max_leaves=20,
)
indents = st.sampled_from([None, 0, 2, "\t"])


def written(value: Any, indent: Any, ascii_only: bool) -> SourceText:
    text = stdlib.dumps(value, indent=indent, ensure_ascii=ascii_only)
    assume(not placeholders.mask(text)[1])
    return SourceText("f.json", text)


@settings(max_examples=200, deadline=None)
@given(values, indents, st.booleans())
def test_values_are_those_of_json(value: Any, indent: Any, ascii_only: bool) -> None:
    source = written(value, indent, ascii_only)
    assert same(to_data(json.parse(source)), stdlib.loads(source.text))


@settings(max_examples=100, deadline=None)
@given(values, indents, st.booleans())
def test_every_scalar_stands_where_its_span_says(value: Any, indent: Any, ascii_only: bool) -> None:
    source = written(value, indent, ascii_only)
    for scalar in scalars(json.parse(source)):
        assert same(stdlib.loads(source.slice(scalar.span)), scalar.value)


def test_json_is_read_as_yaml_first() -> None:
    document = documents.load(SourceText("f.json", '{"a": 6e4, "b": 010, "c": yes}'))
    assert document.language == "yaml"
    assert document.data == {"a": "6e4", "b": 8, "c": True}


def test_tabs_make_it_json() -> None:
    document = documents.load(SourceText("f.json", '{\n\t"a": 6e4\n}'))
    assert document.language == "json"
    assert document.data == {"a": 60000.0}


def test_json_is_known_by_its_first_bracket_too() -> None:
    assert documents.load(SourceText("config", '{\n\t"a": 1\n}')).language == "json"


def test_yaml_with_tabs_is_not_taken_for_json() -> None:
    with pytest.raises(Malformed) as caught:
        documents.load(SourceText("f.yml", "a:\n\tb: 1\n"))
    assert caught.value.language == "YAML"


def test_repeated_keys_are_kept_and_the_last_counts() -> None:
    root = json.parse(SourceText("f.json", '{"a": 1, "a": 2}'))
    assert isinstance(root, Mapping)
    assert len(root.entries) == 2
    assert to_data(root) == stdlib.loads('{"a": 1, "a": 2}')
    node = node_at(root, ("a",))
    assert isinstance(node, Scalar)
    assert node.value == 2


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ('{"a": 1,}', 8),
        ('{"a" 1}', 5),
        ("{a: 1}", 1),
        ('{"a": 1 "b": 2}', 8),
        ("[1, 2", 5),
        ("[1 2]", 3),
        ('{"a": }', 6),
        ('{"a": tru}', 6),
        ('{"a": 1} x', 9),
        ("", 0),
        ('{"a": "x', 6),
    ],
)
def test_broken_json_is_refused_where_it_breaks(text: str, at: int) -> None:
    with pytest.raises(stdlib.JSONDecodeError):
        stdlib.loads(text)
    with pytest.raises(Malformed) as caught:
        json.parse(SourceText("f.json", text))
    assert (caught.value.language, caught.value.span.start) == ("JSON", at)


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "-0", "1E5", "0.1e-2"])
def test_numbers_are_read_as_json_reads_them(text: str) -> None:
    value = to_data(json.parse(SourceText("f.json", text)))
    assert repr(value) == repr(stdlib.loads(text))


def test_nesting_is_bounded() -> None:
    with pytest.raises(Unreadable) as caught:
        json.parse(SourceText("f.json", "[" * 5000))
    assert caught.value.reason == "too-deep"


def test_a_number_without_end_is_refused() -> None:
    with pytest.raises(Malformed):
        json.parse(SourceText("f.json", "9" * 5000))
