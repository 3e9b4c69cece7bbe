"""Template placeholders: found in each form, stood in for without moving anything."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amllint.source import documents, placeholders
from amllint.source.nodes import UNKNOWN, Path, node_at
from amllint.source.text import SourceText, Span

FORMS = [
    "{{X}}",
    "{{ cookiecutter.project }}",
    "{{ x | default('y') }}",
    "#{x}#",
    "#{Build.BuildId}#",
    "$(x)",
    "$(Build.SourcesDirectory)",
    "$(my-var)",
    "${x}",
    "${env:NAME}",
    "${{x}}",
    "${{ parameters.name }}",
    "${{ secrets['x'] }}",
    "__X__",
    "__MODEL_NAME__",
    "<x>",
    "<your-workspace>",
    "<SUBSCRIPTION ID>",
]


def load(text: str) -> documents.Document:
    return documents.load(SourceText("f.yml", text))


@pytest.mark.parametrize("form", FORMS)
def test_a_placeholder_is_found_whole(form: str) -> None:
    text = f"key: {form} # note"
    masked, spans = placeholders.mask(text)
    assert [text[s.start : s.end] for s in spans] == [form]
    assert len(masked) == len(text)
    assert masked.replace("x" * len(form), form) == text


def test_a_choice_to_be_made_is_a_placeholder_where_it_is_the_whole_text() -> None:
    assert load("""key: "<'docker' or 'function'>"\n""").data == {"key": UNKNOWN}
    kept = "key: \"x <'docker' or 'function'>\"\n"
    assert load(kept).data == {"key": "x <'docker' or 'function'>"}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("around", ["{}", "a-{}", "{}-b", "a-{}-b", '"{}"', "'a {} b'"])
def test_a_value_with_a_placeholder_is_unknown(form: str, around: str) -> None:
    value = around.format(form)
    document = load(f"before: 1\nkey: {value}\nafter: 2\n")
    assert document.data == {"before": 1, "key": UNKNOWN, "after": 2}
    assert document.source.slice(document.span_at(("key",))) == value


@pytest.mark.parametrize("form", FORMS)
def test_a_placeholder_in_json_is_unknown(form: str) -> None:
    document = load(f'{{"key": "{form}", "number": {form}, "after": 2}}')
    assert document.data == {"key": UNKNOWN, "number": UNKNOWN, "after": 2}


def test_a_placeholder_in_json_with_tabs_is_unknown() -> None:
    document = documents.load(SourceText("f.json", '{\n\t"key": "{{X}}",\n\t"n": #{n}#\n}'))
    assert document.language == "json"
    assert document.data == {"key": UNKNOWN, "n": UNKNOWN}


def test_what_a_placeholder_stands_for_is_not_typed() -> None:
    assert load("- {{X}}\n- 3{{X}}\n- true{{X}}\n").data == [UNKNOWN, UNKNOWN, UNKNOWN]


def test_placeholders_in_a_block_scalar_make_it_unknown() -> None:
    assert load("script: |\n  run {{X}}\n  done\nafter: 1\n").data == {
        "script": UNKNOWN,
        "after": 1,
    }


def test_control_blocks_are_left_out() -> None:
    text = "a: 1\n{% if x %}\nb: 2\n{% endif %}\nc: 3\n"
    assert load(text).data == {"a": 1, "b": 2, "c": 3}


def test_everything_stands_where_it_stood() -> None:
    text = 'name: "{{A}}-🐍-{{B}}"\nkey: é${{ x }} # c\nlast: [<a>, 1]\n'
    document = load(text)
    wanted: dict[Path, str] = {
        ("name",): '"{{A}}-🐍-{{B}}"',
        ("key",): "é${{ x }}",
        ("last", 0): "<a>",
        ("last", 1): "1",
    }
    for path, shown in wanted.items():
        node = node_at(document.root, path)
        assert node is not None
        assert document.source.slice(node.span) == shown


NONE = [
    "numpy<2,>1",
    "numpy>=1.2,<2",
    "pandas<3",
    "python>=3.8,<3.11",
    "a<b>",
    "List<string>",
    "x<y and y>z",
    "__init__",
    "__main__.py",
    "__init__.py",
    "my__NAME__x",
    "$HOME",
    "$5",
    "$",
    "a{b}c",
    "{x}",
    "#x#",
    "a#{",
    "<1>",
    "<>",
    "1 < 2 > 1",
    "<a href='x'>",
    "{{}}",
    "{{ not\nclosed }}",
    "package[extra]<2",
    "package<=2",
    "user@example.com <",
]


@pytest.mark.parametrize("text", NONE)
def test_what_only_looks_like_a_placeholder_is_none(text: str) -> None:
    assert placeholders.mask(text) == (text, [])


@pytest.mark.parametrize("value", ["numpy<2,>1", "__init__", "a<b>", "scikit-learn<1.3"])
def test_such_values_are_known(value: str) -> None:
    assert load(f"- {value}\n").data == [value]


@given(st.lists(st.sampled_from([*FORMS, "a", " ", "<", ">", "_", "{", "}", "$", "\n", "é"])))
def test_masking_keeps_the_length_and_every_other_character(parts: list[str]) -> None:
    text = "".join(parts)
    masked, spans = placeholders.mask(text)
    assert len(masked) == len(text)
    inside = {i for span in spans for i in range(*span)}
    assert all(masked[i] == text[i] for i in range(len(text)) if i not in inside)
    assert spans == sorted(spans)


@pytest.mark.parametrize(
    ("span", "touched"),
    [((0, 2), False), ((0, 3), True), ((4, 5), True), ((5, 7), False), ((6, 9), True)],
)
def test_a_span_touches_a_placeholder_where_they_share_a_character(
    span: tuple[int, int], touched: bool
) -> None:
    spans = [Span(2, 5), Span(8, 9)]
    assert placeholders.touches(spans, Span(*span)) is touched
