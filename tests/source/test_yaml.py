"""YAML as the Azure tools read it: PyYAML's values, our places."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from amllint.source import documents, placeholders
from amllint.source.nodes import Mapping, Node, Scalar, Sequence, node_at, scalars
from amllint.source.overlay import decode
from amllint.source.problem import Malformed, Unreadable
from amllint.source.text import SourceText


def load(text: str) -> documents.Document:
    return documents.load(SourceText("f.yml", text))


def same(one: Any, other: Any) -> bool:
    """Equal in type and value throughout."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[k], other[k]) for k in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


printable = st.text(
    alphabet=st.characters(
        codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff\ufffe\uffff"
    ),
    max_size=30,
)
words = st.sampled_from(["yes", "on", "010", "1e3", "~", "null", "<<", "=", "1:30", "#", "- a", ""])
keys = printable | words | st.integers(-5, 5) | st.booleans()
plain = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False)
    | printable
    | words
    | st.text(alphabet="ab \n\t:#'\"\\-[]{},&*!|>%@`", max_size=20)
    | st.dates()
    | st.binary(max_size=20)
)
data = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(keys.filter(lambda k: k != "<<"), inner, max_size=4)
    ),
    max_leaves=20,
)
styles = st.fixed_dictionaries(
    {
        "default_flow_style": st.sampled_from([True, False, None]),
        "indent": st.integers(2, 6),
        "width": st.integers(10, 120),
        "allow_unicode": st.booleans(),
        "line_break": st.sampled_from(["\n", "\r\n"]),
        "explicit_start": st.booleans(),
        "default_style": st.sampled_from([None, "'", '"', "|", ">"]),
    }
)


def dumped(value: Any, style: dict[str, Any]) -> str:
    text: str = yaml.dump(value, Dumper=yaml.SafeDumper, sort_keys=False, **style)
    assume(not placeholders.mask(text)[1])
    return text


@settings(max_examples=300, deadline=None)
@given(data, styles)
def test_values_are_those_of_pyyaml(value: Any, style: dict[str, Any]) -> None:
    text = dumped(value, style)
    assert same(load(text).data, yaml.safe_load(text))


@settings(max_examples=200, deadline=None)
@given(data, styles.filter(lambda s: s["default_style"] not in ("|", ">")))
def test_every_scalar_stands_where_its_span_says(value: Any, style: dict[str, Any]) -> None:
    document = load(dumped(value, style))
    for scalar in scalars(document.root):
        written = document.source.slice(scalar.span)
        if written[:1] in "|>" and scalar.value != written:
            continue
        assert same(yaml.safe_load(written), scalar.value)


@settings(max_examples=100, deadline=None)
@given(data.filter(lambda d: isinstance(d, (list, dict))), styles)
def test_collections_hold_their_parts_in_order(value: Any, style: dict[str, Any]) -> None:
    document = load(dumped(value, style))
    pending: list[Node] = [document.root]
    while pending:
        node = pending.pop()
        if isinstance(node, Scalar):
            continue
        parts = (
            list(node.items)
            if isinstance(node, Sequence)
            else [part for entry in node.entries for part in (entry.key, entry.value)]
        )
        assert all(node.span.contains(part.span) for part in parts)
        starts = [part.span.start for part in parts]
        assert starts == sorted(starts)
        pending.extend(parts)


YAML_1_1 = {
    "yes": True,
    "Yes": True,
    "on": True,
    "off": False,
    "NO": False,
    "y": "y",
    "n": "n",
    "true": True,
    "tRue": "tRue",
    "010": 8,
    "0o10": "0o10",
    "0x1F": 31,
    "0b101": 5,
    "1_000": 1000,
    "1:30": 90,
    "1:30.5": 90.5,
    "08": "08",
    "+1": 1,
    "1e3": "1e3",
    "1.0e3": "1.0e3",
    "1.0e+3": 1000.0,
    "6e4": "6e4",
    ".5": 0.5,
    "1.": 1.0,
    ".inf": float("inf"),
    "-.INF": float("-inf"),
    "~": None,
    "null": None,
    "Null": None,
    "": None,
    "none": "none",
    "2024-01-31": datetime.date(2024, 1, 31),
    "2024-01-31 10:00:00": datetime.datetime(2024, 1, 31, 10),
    "2024-1-3": "2024-1-3",
    "3.8": 3.8,
    "3.10": 3.1,
    "1.2.3": "1.2.3",
    "'yes'": "yes",
    '"010"': "010",
    "! 010": 8,
    "! '010'": 8,
    "!!str 010": "010",
    "!!int '010'": 8,
    "!!float 1": 1.0,
    "!!bool 'yes'": True,
    "!!null ''": None,
    "!!binary aGk=": b"hi",
    "=": "=",
}


@pytest.mark.parametrize("written", YAML_1_1)
def test_scalars_are_typed_as_yaml_1_1_types_them(written: str) -> None:
    text = f"key: {written}\n"
    assert same(load(text).data, {"key": YAML_1_1[written]})
    if written != "=":
        assert same(load(text).data, yaml.safe_load(text))


def test_not_a_number_is_one_float() -> None:
    value = load("key: .nan").data["key"]
    assert isinstance(value, float)
    assert value != value


MERGES = [
    "base: &b {x: 1, y: 2}\nuse:\n  <<: *b\n",
    "base: &b {x: 1, y: 2}\nuse:\n  <<: *b\n  x: 3\n",
    "base: &b {x: 1, y: 2}\nuse:\n  x: 3\n  <<: *b\n",
    "a: &a {x: 1}\nb: &b {x: 2, y: 3}\nuse:\n  <<: [*a, *b]\n",
    "a: &a {x: 1}\nb: &b\n  <<: *a\n  y: 2\nuse:\n  <<: *b\n  z: 3\n",
    "use:\n  <<: {x: 1}\n  y: 2\n",
    "use: {'<<': 1}\n",
]


@pytest.mark.parametrize("text", MERGES)
def test_merge_keys_are_merged_as_pyyaml_merges_them(text: str) -> None:
    assert load(text).data == yaml.safe_load(text)


def test_a_merged_key_stands_where_it_was_written() -> None:
    document = load("base: &b\n  x: 1\nuse:\n  <<: *b\n  y: 2\n")
    assert document.source.slice(document.span_at(("use", "x"))) == "1"
    assert document.source.position(document.span_at(("use", "x")).start) == (2, 6)


@pytest.mark.parametrize("text", ["a: {<<: 1}", "a:\n  <<: [1]\n", "<<: text"])
def test_merging_what_is_no_mapping_is_refused_by_both(text: str) -> None:
    with pytest.raises(yaml.YAMLError):
        yaml.safe_load(text)
    with pytest.raises(Malformed, match="merges something"):
        load(text)


def test_an_alias_has_the_value_of_its_anchor_and_its_place() -> None:
    document = load("first: &x [1, 2]\nsecond: *x\n")
    assert document.data == {"first": [1, 2], "second": [1, 2]}
    assert document.source.position(document.span_at(("second",)).start).line == 1


def test_an_alias_without_anchor_is_refused_where_it_stands() -> None:
    with pytest.raises(Malformed) as caught:
        load("a: *nowhere\n")
    assert caught.value.span == (3, 11)


def test_an_alias_within_its_own_anchor_is_refused() -> None:
    with pytest.raises(Unreadable) as caught:
        load("a: &x [1, *x]\n")
    assert caught.value.reason == "alias-bomb"


def test_an_alias_bomb_is_refused_before_it_expands() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    with pytest.raises(Unreadable) as caught:
        load("\n".join(lines))
    assert caught.value.reason == "alias-bomb"


def test_a_few_aliases_are_no_bomb() -> None:
    assert load("a: &a [1, 2, 3]\nb: [*a, *a, *a]\n").data["b"] == [[1, 2, 3]] * 3


def test_the_last_of_repeated_keys_counts_and_all_are_kept() -> None:
    document = load("a: 1\nb: 2\na: 3\n")
    assert document.data == yaml.safe_load("a: 1\nb: 2\na: 3\n")
    assert isinstance(document.root, Mapping)
    assert [e.key.value for e in document.root.entries] == ["a", "b", "a"]
    assert document.source.position(document.span_at(("a",)).start).line == 3
    node = node_at(document.root, ("a",))
    assert isinstance(node, Scalar)
    assert node.value == 3


def test_nesting_is_bounded() -> None:
    assert load("[" * 99 + "]" * 99).data
    with pytest.raises(Unreadable) as caught:
        load("[" * 101 + "]" * 101)
    assert caught.value.reason == "too-deep"


def test_a_block_ends_with_its_last_value_not_with_what_follows() -> None:
    text = "a:\n  b: 1\n  c: 2  # note\n\n# about d\nd: 3\n"
    document = load(text)
    node = node_at(document.root, ("a",))
    assert node is not None
    assert document.source.slice(node.span) == "b: 1\n  c: 2"


@pytest.mark.parametrize("style", ["|", "|-", "|+", ">", ">-", "|2"])
def test_a_block_scalar_ends_with_its_last_line(style: str) -> None:
    text = f"a: {style}\n  one\n  two # no comment\n\n\nb: 1\n"
    document = load(text)
    node = node_at(document.root, ("a",))
    assert node is not None
    assert document.source.slice(node.span) == f"{style}\n  one\n  two # no comment"
    assert document.data == yaml.safe_load(text)


def test_spans_skip_the_byte_order_mark() -> None:
    document = documents.load(decode("f.yml", b"\xef\xbb\xbfkey: value\n"))
    assert document.source.slice(document.span_at(("key",), key=True)) == "key"
    assert document.span_at(("key",)) == (5, 10)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_spans_hold_with_any_line_end(end: str) -> None:
    document = load(end.join(["a: 1", "b:", "  - é🐍", "  - c", ""]))
    assert document.source.slice(document.span_at(("b",))) == f"- é🐍{end}  - c"
    assert document.data == {"a": 1, "b": ["é🐍", "c"]}


def test_an_empty_value_is_shown_at_its_key() -> None:
    document = load("a:\n  cpu:\n  memory: 1\n")
    assert document.source.slice(document.span_at(("a", "cpu"))) == "cpu"


def test_a_missing_path_is_shown_at_what_lacks_it() -> None:
    document = load("a:\n  cpu: 1\n")
    assert document.source.slice(document.span_at(("a", "memory"))) == "cpu"
    assert document.source.slice(document.span_at(("b", "c"))) == "a"


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "null\n"])
def test_an_empty_file_is_null(text: str) -> None:
    assert load(text).data is None


REFUSED = {
    "a: b: c\n": (1, 5),
    "a: [1, 2\n": (2, 1),
    "a: 'x\n": (2, 1),
    "a: 1\n b: 2\n": (2, 3),
    "a: @x\n": (1, 4),
    "a:\n\tb: 1\n": (2, 1),
    "a: !!python/object:os.system x\n": (1, 4),
    "a: !custom x\n": (1, 4),
    "a: !!set {x}\n": (1, 4),
    "? [a, b]\n: c\n": (1, 3),
    "a: 1\n---\nb: 2\n": (2, 1),
    "a: 2024-13-45\n": (1, 4),
    "a: \x01\n": (1, 4),
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_not_plain_yaml_is_refused_where_it_stands(text: str) -> None:
    with pytest.raises(Malformed) as caught:
        load(text)
    assert caught.value.language == "YAML"
    assert caught.value.help
    assert SourceText("f", text).position(caught.value.span.start) == REFUSED[text]


def test_a_number_without_end_is_refused_rather_than_converted() -> None:
    with pytest.raises(Malformed, match="too many digits"):
        load(f"a: {'9' * 5000}\n")
