"""Which Python takes which syntax, asked of every interpreter that is at hand."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from amllint.analysis.facts import ScriptFacts
from amllint.analysis.syntax_versions import FEATURES, newer_syntax
from amllint.source.python.parse import parse
from amllint.source.text import SourceText
from tests.oracle.interpreters import pythons

pytestmark = pytest.mark.oracle

SNIPPETS = {
    "f-string": ["x = 1\ny = f'{x}'\n"],
    "variable-annotation": ["x: int = 1\n", "def f():\n    x: int\n"],
    "future-annotations": ["from __future__ import annotations\n"],
    "walrus": ["if (x := 1):\n    pass\n", "y = [z for x in [1] if (z := x)]\n"],
    "positional-only": ["def f(a, /, b):\n    pass\n", "f = lambda a, /: a\n"],
    "self-documenting": ["x = 1\ny = f'{x=}'\n", "x = 1\ny = f'{x = !r:>5}'\n"],
    "parenthesized-with": [
        "import io\nwith (\n    io.StringIO() as a,\n    io.StringIO() as b,\n):\n    pass\n"
    ],
    "decorator-expression": [
        "d = [staticmethod]\n@d[0]\ndef f():\n    pass\n",
        "@(lambda f: f)\nclass A:\n    pass\n",
    ],
    "builtin-generic": [
        "def f(x: list[int]):\n    pass\n",
        "X = dict[str, int]\n",
        "x: tuple[int, ...] = ()\n",
        "import collections.abc\ndef f(x: collections.abc.Iterable[int]):\n    pass\n",
        "from collections import deque\ndef f() -> deque[int]:\n    pass\n",
        "class A:\n    x: type[int] = int\n",
    ],
    "dict-union": ["a = {}\nb = a | {'x': 1}\n", "b = {} | {}\n"],
    "match": ["match 1:\n    case 1:\n        pass\n"],
    "type-union": [
        "def f(x: int | None):\n    pass\n",
        "def f() -> str | bytes:\n    pass\n",
        "class A:\n    pass\nx: A | None = None\n",
        "class A:\n    def f(self, x: None | int = None):\n        pass\n",
    ],
    "except-star": ["try:\n    pass\nexcept* ValueError:\n    pass\n"],
    "starred-index": ["class A:\n    __class_getitem__ = print\nb = ()\nA[*b]\n"],
    "type-parameters": ["def f[T](x: T):\n    pass\n", "class A[T]:\n    pass\n"],
    "type-statement": ["type X = int\n"],
    "nested-quotes": [
        "x = {'a': 1}\ny = f'{x['a']}'\n",
        "x = 'a'\ny = f'{x.join(\"\\n\")}'\n",
        "x = 1\ny = f'{\n    x\n}'\n",
        "x = 1\ny = f'''{\n    x  # why\n}'''\n",
        "x = 1\ny = f'{f'{x}'}'\n",
        "x = 1\ny = f'{x:{f'{x}'}}'\n",
    ],
    "template-string": ["x = 1\ny = t'{x}'\n"],
}
PLAIN = [
    "x = {'a': 1}\ny = f\"{x['a']}\"\n",
    "x = 1\ny = f'''{x}\n'''\n",
    "x = 1\ny = f'{x:#x}'\n",
    "x = 1\ny = f'\\n{x}'\n",
    "x = 'a'\ny = f\"{x.join('#')}\"\n",
    "x = 1\ny = f'''{\n    x\n}'''\n",
    "x = 1\ny = f'{x}' '{}' \"'\"\n",
    "x = 1\ny = f'{x} # {{'\n",
    "with (open(__file__)) as a:\n    pass\n",
    "import io\nwith (io.StringIO()) as a, (io.StringIO()) as b:\n    pass\n",
    "@property\ndef f(self):\n    pass\n",
    "import functools\n@functools.lru_cache(None)\ndef f():\n    pass\n",
    "def f(x: 'list[int]', y: 'int | None'):\n    pass\n",
    "def f():\n    x = [1]\n    return x[0] | 2\n",
    "match = 1\ncase = match\ntype = case\n",
    "a = 1 | 2\n",
]


def takes(python: str, folder: Path, text: str) -> bool:
    path = folder / "script.py"
    path.write_text(text)
    return subprocess.run([python, str(path)], capture_output=True, timeout=60).returncode == 0


def found(text: str) -> set[str]:
    return set(newer_syntax(ScriptFacts(parse(SourceText("script.py", text)))))


@pytest.mark.parametrize("key", FEATURES)
def test_syntax_is_taken_from_the_version_on_that_the_table_says(key: str, tmp_path: Path) -> None:
    interpreters = list(pythons())
    if not interpreters:
        pytest.skip("no python3.N on the path")
    for text in SNIPPETS[key]:
        for minor, python in interpreters:
            assert takes(python, tmp_path, text) == ((3, minor) >= FEATURES[key].since), (
                f"3.{minor}",
                text,
            )


@pytest.mark.parametrize("key", [k for k in FEATURES if k != "template-string"])
def test_syntax_is_found(key: str) -> None:
    for text in SNIPPETS[key]:
        newest = max(FEATURES[k].since for k in found(text))
        assert key in found(text), text
        assert newest == FEATURES[key].since, (text, found(text))


def test_what_every_version_takes_is_not_found(tmp_path: Path) -> None:
    for text in PLAIN:
        assert found(text) <= {"f-string"}, (text, found(text))
        for minor, python in pythons():
            assert takes(python, tmp_path, text), (f"3.{minor}", text)
