"""Comments, and only comments."""

from __future__ import annotations

import pytest

from amllint.source import documents
from amllint.source.comments import differ_in_comments_only, python_comments, yaml_comments
from amllint.source.text import SourceText

YAML = {
    "a: 1 # one\n": ["# one"],
    "# first\na: 1\n": ["# first"],
    "a: 1\n# last": ["# last"],
    "a: 1\n   # indented\nb: 2\n": ["# indented"],
    "a: '# quoted'\n": [],
    'a: "x # quoted" # real\n': ["# real"],
    "a: x#y\n": [],
    "a: x #y\n": ["#y"],
    "a: |\n  # text\n  more\n# real\nb: 1\n": ["# real"],
    "a: >-\n  folded # text\n\n# real\n": ["# real"],
    "a: | # header\n  text\n": ["# header"],
    "a: [1, # one\n  2] # two\n": ["# one", "# two"],
    "a: 'long\n  # quoted\n  end' # real\n": ["# real"],
    "- a # one\r\n- b # two\r\n": ["# one", "# two"],
    "a:\n  # about b\n  b: 1\n": ["# about b"],
    "url: http://x/#fragment\n": [],
    "a: plain\n  more # real\n": ["# real"],
    "#\na: 1\n": ["#"],
}


@pytest.mark.parametrize("text", YAML)
def test_comments_of_yaml(text: str) -> None:
    document = documents.load(SourceText("f.yml", text))
    assert [document.source.slice(s) for s in yaml_comments(document)] == YAML[text]


def test_json_has_no_comments() -> None:
    document = documents.load(SourceText("f.json", '{\n\t"a": "# no comment"\n}'))
    assert document.language == "json"
    assert list(yaml_comments(document)) == []


PYTHON = {
    "x = 1  # one\n": ["# one"],
    "x = '# no'\n": [],
    '"""\n# no\n"""\n# yes\n': ["# yes"],
    "x = f'{y}# no'  # yes\n": ["# yes"],
    "# é🐍\nx = 1  # after\n": ["# é🐍", "# after"],
    "x = (1,  # one\n     2)\n": ["# one"],
    "x = 1  # one\r\ny = 2  # two\r\n": ["# one", "# two"],
    "\tif": [],
    "# before\nx = (\n": ["# before"],
}


@pytest.mark.parametrize("text", PYTHON)
def test_comments_of_python(text: str) -> None:
    source = SourceText("f.py", text)
    assert [source.slice(s) for s in python_comments(source)] == PYTHON[text]


SAME = [
    ("a.py", "x = 1\n", "x = 1  # y\n"),
    ("a.py", "if x:\n    y()\n", "if x:\n    # z\n    y()\n"),
    ("a.yml", "a: 1\n", "# x\na: 1  # y\n"),
]
OTHER = [
    ("a.py", "x = '''\n'''\n", "x = '''  # y\n'''\n"),
    ("a.py", "x = 1\n", "x = 2\n"),
    ("a.py", "x = 1 + \\\n  2\n", "x = 1 + \\  # y\n  2\n"),
    ("a.py", "x = (\n", "x = (\n"),
    ("a.yml", "a: |\n  b\n", "a: |\n  b  # y\n"),
    ("a.yml", "a: b\n", "a: b# y\n"),
    ("a.yml", "a: 1\n", "a: 1\nb: 2\n"),
    ("a.yml", "a: [\n", "a: [\n"),
]


@pytest.mark.parametrize(("name", "one", "other"), SAME)
def test_texts_that_differ_in_comments_only(name: str, one: str, other: str) -> None:
    assert differ_in_comments_only(SourceText(name, one), SourceText(name, other))


@pytest.mark.parametrize(("name", "one", "other"), OTHER)
def test_texts_that_differ_in_more_or_cannot_be_read(name: str, one: str, other: str) -> None:
    assert not differ_in_comments_only(SourceText(name, one), SourceText(name, other))
