"""Comments, and only comments."""

from __future__ import annotations

import pytest

from amllint.source import documents
from amllint.source.comments import python_comments, yaml_comments
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
