"""What in a cell is no Python is stood in for, in place; what is Python is left alone."""

from __future__ import annotations

import ast

import pytest

from amllint.source.magics import CellMagic, cell_magic, python_of

WRITES = [
    ("%%writefile score.py\n", "score.py", False),
    ("%%writefile -a score.py\n", "score.py", True),
    ("%%writefile --append score.py\n", "score.py", True),
    ("%%writefile score.py -a\n", "score.py", True),
    ('%%writefile "my folder/score.py"\n', "my folder/score.py", False),
    ("%%writefile 'score.py'\r\n", "score.py", False),
    ("%%writefile $folder/score.py\n", "$folder/score.py", False),
    ("%%writefile {folder}/score.py\n", "{folder}/score.py", False),
    ("%%file score.py\n", "score.py", False),
    ("\n\n%%writefile score.py\n", "score.py", False),
    ("%%writefile\n", None, False),
    ("%%writefile a.py b.py\n", None, False),
]


@pytest.mark.parametrize(("text", "written", "appends"), WRITES)
def test_the_file_that_a_cell_writes_is_read_off(text: str, written: str, appends: bool) -> None:
    magic = cell_magic(text + "x = 1\n")
    assert magic is not None
    assert (magic.written, magic.appends) == (written, appends)


def test_a_magic_further_down_is_none_of_the_cell() -> None:
    assert cell_magic("x = 1\n%%writefile score.py\n") is None
    assert cell_magic("%%bash\nls\n") == CellMagic("bash", None, False, 1)


LINES = [
    ("%pip install azureml-core\nx = 1\n", "x = 1"),
    ("!pip install azureml-core \\\n  numpy\nx = 1\n", "x = 1"),
    ("!!ls\nx = 1\n", "x = 1"),
    ("?print\nprint?\nprint??\nnp.sum?\n%timeit?\nx = 1\n", "x = 1"),
    ("files = !ls\nx = files\n", "files = _\nx = files"),
    ("a, b = %sql select 1\n", "a, b = _"),
    ("if True:\n    !ls\nelse:\n\t%cd ..\n", "if True:\n    0\nelse:\n    0"),
    ("%matplotlib inline\nfrom __future__ import annotations\n", None),
    ("/print 1\n,print a b\n;print a b\nx = 1\n", "x = 1"),
    ("%%time\nx = 1\n", "x = 1"),
    ("%%capture out\n!ls\nx = 1\n", "x = 1"),
    ("x = 1\r\n%cd ..\r\ny = 2\r\n", "x = 1\ny = 2"),
]


@pytest.mark.parametrize(("text", "meant"), LINES)
def test_magics_give_way_to_as_many_characters(text: str, meant: str | None) -> None:
    code = python_of(text)
    assert code is not None
    assert len(code) == len(text)
    assert list(map(len, code.split("\n"))) == list(map(len, text.split("\n")))
    if meant is not None:
        assert ast.dump(ast.parse(code)) == ast.dump(ast.parse(meant))
    else:
        compile(code, "cell", "exec")


PYTHON = [
    "x = (1\n% 2)\n",
    'x = """\n%pip install\n!ls\n"""\n',
    "x = '''a\n%b''' + '''\n!c\n'''\n",
    "x = 7 \\\n  % 3\n",
    'x = "a" \\\n    "%b"\n',
    "x = '?'\n# what?\n",
    "x = {  # (\n'a': 7\n% 3}\n",
    "a[1] = b != c\n",
    'print("%s" % x)\n',
    "f(a=%b)\n",
    'x = r"\\"\n',
]


@pytest.mark.parametrize("text", PYTHON)
def test_what_is_within_strings_and_brackets_stays(text: str) -> None:
    assert python_of(text) == text


def test_a_file_that_is_written_is_taken_as_it_is() -> None:
    assert python_of("%%writefile a.py\n%pip x\n") == " " * 16 + "\n%pip x\n"


@pytest.mark.parametrize("magic", ["bash", "html", "sql", "script python", "R"])
def test_a_cell_of_another_language_is_none(magic: str) -> None:
    assert python_of(f"%%{magic}\ndef init():\n    pass\n") is None
