"""YAML that loaders choke on; each is a deployment config unless said otherwise."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from .cases import (
    ANY,
    IRRELEVANT,
    READ,
    READ_OR_UNREAD,
    REFUSED,
    SYNTAX,
    UNREAD,
    Builder,
    Case,
    Expect,
    case,
    expect,
    family,
    write,
)

_KIND = "computeType: AKS\n"
_READ_OR_SYNTAX = expect(0, 1)


def _document(text: str | Callable[[], str], note: str, outcome: Expect) -> Builder:
    def build(folder: Path) -> Case:
        body = text if isinstance(text, str) else text()
        write(folder / "deploymentconfig.yml", _KIND + body)
        return Case(["."], note, outcome)

    return build


def _laughs(levels: int, opening: str, closing: str, first: str) -> str:
    lines = [f"a0: &a0 {first}\n"]
    for level in range(1, levels):
        aliases = ", ".join([f"*a{level - 1}"] * 9)
        lines.append(f"a{level}: &a{level} {opening}{aliases}{closing}\n")
    return "".join(lines)


# PyYAML's C composer recurses in C: past some 25,000 levels it takes the process with it.
family(
    {
        "yaml_billion_laughs": _document(
            lambda: _laughs(9, "[", "]", "[x, x]"), "9^9 items", UNREAD
        ),
        "yaml_billion_laughs_deeper": _document(
            lambda: _laughs(60, "[", "]", "[x, x]"), "a count that is a number of 57 digits", UNREAD
        ),
        "yaml_merge_bomb": _document(
            lambda: _laughs(9, "{<<: [", "]}", "{k: 1, l: 2}"),
            "a loader merges 9^9 mappings",
            UNREAD,
        ),
        "yaml_many_modest_aliases": _document(
            lambda: "a: &a [" + "x, " * 2000 + "]\n" + "".join(f"b{i}: *a\n" for i in range(5000)),
            "ten million items without any nesting",
            UNREAD,
        ),
        "yaml_own_alias": _document("a: &a [*a]\n", "a list within itself", ANY),
        "yaml_own_alias_in_mapping": _document("a: &a {b: *a}\n", "", ANY),
        "yaml_ring_of_aliases": _document("a: &a\n  b: &b\n    c: [*a, *b]\n", "", ANY),
        "yaml_own_merge": _document(
            "a: &a\n  <<: *a\n  x: 1\n", "a mapping merged into itself", ANY
        ),
        "yaml_whole_document_within_itself": lambda folder: _whole_within_itself(folder),
        "yaml_merge_of_scalar": _document("<<: 1\n", "", ANY),
        "yaml_merge_of_scalars": _document("<<: [1, a, null]\n", "", ANY),
        "yaml_undefined_alias": _document("a: *nothing\n", "", SYNTAX),
        "yaml_anchor_twice": _document(
            "a: &x 1\nb: &x 2\nc: *x\n", "legal; libyaml refuses it", ANY
        ),
        "yaml_100000_anchors": _document(
            lambda: "a:\n" + "".join(f"- &a{i} x\n" for i in range(100_000)),
            "1.2 MB",
            READ_OR_UNREAD,
        ),
        "yaml_1000_brackets": _document(
            lambda: f"a: {'[' * 1000}{']' * 1000}\n", "", READ_OR_UNREAD
        ),
        "yaml_10000_brackets": _document(lambda: f"a: {'[' * 10_000}{']' * 10_000}\n", "", UNREAD),
        "yaml_100000_brackets": _document(
            lambda: f"a: {'[' * 100_000}{']' * 100_000}\n", "libyaml: segmentation fault", UNREAD
        ),
        "yaml_100000_unclosed": _document(
            lambda: f"a: {'[' * 100_000}\n", "segmentation fault before the error", REFUSED
        ),
        "yaml_50000_flow_mappings": _document(
            lambda: f"a: {'{a: ' * 50_000}1{'}' * 50_000}\n", "segmentation fault", UNREAD
        ),
        "yaml_50000_dashes": _document(
            lambda: f"a:\n {'- ' * 50_000}a\n",
            "depth without a bracket: segmentation fault",
            UNREAD,
        ),
        "yaml_50000_question_marks": _document(
            lambda: f"a:\n {'? ' * 50_000}a\n", "the same with complex keys", UNREAD
        ),
        "yaml_700_blocks": _document(
            lambda: "".join(f"{' ' * i}a:\n" for i in range(700)), "245 KB", READ_OR_UNREAD
        ),
        "yaml_3000_blocks": _document(
            lambda: "".join(f"{' ' * i}a:\n" for i in range(3000)), "4.5 MB", UNREAD
        ),
    }
)


def _whole_within_itself(folder: Path) -> Case:
    write(folder / "deploymentconfig.yml", "&top\ncomputeType: AKS\nautoScaler: *top\n")
    return Case(["."], "the document is its own section", ANY)


# Scalars that PyYAML's constructors turn into an exception that is no YAMLError.
_SCALARS = {
    "integer_of_100000_digits": "9" * 100_000,
    "hexadecimal_of_100000_digits": "0x" + "f" * 100_000,
    "octal_of_100000_digits": "0" + "7" * 100_000,
    "sexagesimal": "1:30:00",
    "sexagesimal_of_3000_parts": "1" + ":59" * 3000,
    "sexagesimal_of_60000_parts": "1" + ":59" * 60_000,
    "sexagesimal_float": "1" + ":59" * 300 + ".5",
    "date_out_of_range": "2020-99-99",
    "time_out_of_range": "2020-02-30 25:61:61",
    "offset_out_of_range": "2020-01-01 00:00:00 +99:99",
    "year_zero": "0000-01-01",
    "integer_tag_on_nothing": "!!int ''",
    "integer_tag_on_underscore": "!!int _",
    "integer_tag_on_text": "!!int abc",
    "float_tag_on_text": "!!float abc",
    "boolean_tag_on_text": "!!bool abc",
    "timestamp_tag_on_text": "!!timestamp abc",
    "string_tag_on_list": "!!str [a]",
    "mapping_tag_on_text": "!!map b",
    "list_tag_on_text": "!!seq b",
    "null_tag_on_list": "!!null [a]",
    "set": "!!set {a, [b]}",
    "omap": "!!omap [1]",
    "pairs": "!!pairs [{a: 1, b: 2}]",
    "binary": "!!binary '****'",
    "binary_not_ascii": "!!binary 'é'",
    "unknown_tag": "!Foo 1",
    "unknown_tag_on_mapping": "!Foo {a: 1}",
    "tag_of_100000_characters": "!<" + "a" * 100_000 + "> b",
    "value_tag": "=",
    "merge_tag": "<<",
    "not_a_number": ".nan",
    "infinity": "-.inf",
    "exponent": "1.0e+999999",
    "nel_and_separators": "a\u0085b\u2028c\u2029d",
    "lone_surrogate": '"\\ud800"',
    "character_beyond_unicode": '"\\UFFFFFFFF"',
}


def _scalar(text: str) -> Callable[[Path], Case]:
    # Once where any value goes, once where a number is wanted: a rule must not calculate with it.
    return _document(f"x-note: {text}\nnumReplicas: {text}\n", "a value no type holds", ANY)


family({f"yaml_scalar_{name}": _scalar(text) for name, text in _SCALARS.items()})

family(
    {
        "yaml_duplicate_keys": _document("numReplicas: 1\nnumReplicas: 2\n", "", expect(0, 1)),
        "yaml_anchored_keys": _document("&k a: 1\nb: *k\n*k : 2\n", "", _READ_OR_SYNTAX),
        "yaml_list_as_key": _document("? [a, b]\n: 1\n", "not hashable", ANY),
        "yaml_mapping_as_key": _document("? {c: d}\n: {? {e: f}}\n", "not hashable", ANY),
        "yaml_own_key": _document("? &k [*k]\n: 1\n", "a key that holds itself", ANY),
        "yaml_keys_of_all_types": _document(
            "null: 1\n1: 1\n1.5: 1\ntrue: 1\n2020-01-01: 1\n~: 2\n'': 3\n", "keys do not sort", ANY
        ),
        "yaml_keys_of_all_types_below": _document(
            "autoScaler: {null: 1, 1: 1, 1.5: 1, 2020-01-01: 1}\ntags: {~: 2, 3: {4: 5}}\n"
            "containerResourceRequirements:\n  ~: 1\n",
            "",
            expect(0, 1),
        ),
        "yaml_long_key": _document(
            lambda: f"{'k' * 1000}: 1\n", "a key is at most 1,024 long", ANY
        ),
        "yaml_longer_key": _document(
            lambda: f"? {'k' * 100_000}\n: 1\n", "unless it is explicit", ANY
        ),
        "yaml_100000_keys": _document(
            lambda: "".join(f"k{i}: 1\n" for i in range(100_000)), "1 MB; 100,000 unknown keys", ANY
        ),
        "yaml_10000_unknown_keys": _document(
            lambda: "".join(f"numReplica{i}: 1\n" for i in range(10_000)), "a guess for each", ANY
        ),
        "yaml_version_9": lambda folder: _raw(folder, f"%YAML 9.9\n---\n{_KIND}", "", REFUSED),
        "yaml_two_version_lines": lambda folder: _raw(
            folder, f"%YAML 1.1\n%YAML 1.1\n---\n{_KIND}", "", REFUSED
        ),
        "yaml_documents": _document("---\na: 1\n---\n- b\n...\n", "", ANY),
        "yaml_20000_documents": _document(
            lambda: "---\na: 1\n" * 20_000, "the Azure tools read one document a file", REFUSED
        ),
        "yaml_broken_second_document": _document("---\na: [\n", "", ANY),
        "yaml_tabs": _document("autoScaler:\n\tminReplicas: 1\n", "", SYNTAX),
        "yaml_unclosed_quote": _document('a: "abc\n', "", SYNTAX),
        "yaml_python_object": lambda folder: _python_object(folder),
        "yaml_only_colons": _document(lambda: ":" * 200_000, "", ANY),
        "yaml_100000_question_lines": _document(lambda: "?\n" * 100_000, "", ANY),
        "yaml_literal_of_spaces": _document(lambda: f"a: |\n{' ' * 200_000}\n", "", READ_OR_UNREAD),
        "yaml_scalar_of_300000_lines": _document(
            lambda: "a: b\n" + " c\n" * 300_000, "900 KB", READ_OR_UNREAD
        ),
        "yaml_only_a_scalar": lambda folder: _raw(
            folder, "entryScript\n", "its name says what it should be", expect(1, some=["AML401"])
        ),
        "yaml_not_ours_and_broken": lambda folder: _unrelated(folder, "a: [\n"),
        "yaml_not_ours_and_a_bomb": lambda folder: _unrelated(
            folder, _laughs(9, "[", "]", "[x]"), ANY
        ),
        "yaml_script_as_config": lambda folder: _raw(folder, "def init(): {pass}\n", "", ANY),
    }
)


def _raw(folder: Path, text: str, note: str, outcome: Expect) -> Case:
    write(folder / "deploymentconfig.yml", text)
    return Case(["."], note, outcome)


def _unrelated(folder: Path, text: str, outcome: Expect = IRRELEVANT) -> Case:
    write(folder / "mkdocs.yml", text)
    return Case(["mkdocs.yml"], "any YAML of a repository comes by, through pre-commit", outcome)


def _python_object(folder: Path) -> Case:
    marker = folder.parent / "marker"
    path = f"!!python/object/apply:pathlib.Path ['{marker}']"
    call = f"!!python/object/apply:pathlib.Path.touch [{path}]"
    opened = f"!!python/object/apply:builtins.open ['{marker}', w]"
    write(folder / "deploymentconfig.yml", f"{_KIND}a: {call}\nb: {opened}\n")
    return Case(["."], "a tag that calls", ANY, marker=marker)


@case
def yaml_read_as_written(folder: Path) -> Case:
    """The control: the same file without malice is read, so the others are not skipped."""
    write(folder / "deploymentconfig.yml", _KIND)
    return Case(["."], "control", READ)
