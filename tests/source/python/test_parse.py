"""The guard in front of libcst: what it refuses, what it lets through."""

from __future__ import annotations

import time

import pytest

from amllint.source.problem import Malformed, Unreadable
from amllint.source.python.parse import MAX_CHARACTERS, parse
from amllint.source.text import SourceText

HEAVY = {
    "brackets": "x = " + "(" * 120 + "1" + ")" * 120,
    "lists": "x = " + "[" * 2000 + "]" * 2000,
    "calls": "x = " + "f(" * 160 + ")" * 160,
    "attributes": "x = a" + ".b" * 200,
    "a chain of operators": "x = 1" + " + 1" * 5000,
    "a chain of ands": "x = a" + " and a" * 1100,
    "not": "x = " + "not " * 200 + "1",
    "minus": "x = " + "-" * 200 + "1",
    "conditionals": "x = " + "1 if a else " * 160 + "2",
    "lambdas": "x = " + "lambda: " * 160 + "1",
    "elifs": "if a: pass\n" + "elif a: pass\n" * 200,
    "clauses": "x = [a " + "for a in b " * 60 + "]",
    "dots in an import": "import a" + ".b" * 60,
    "dots in a from": "from a" + ".b" * 60 + " import c",
    "joined strings": "x = (" + "'a'\n" * 1200 + ")",
    "joined strings on one line": "x = " + "'a' " * 6000,
    "brackets in patterns": "match x:\n    case [[[[[[a]]]]]]: pass\n",
    "many patterns": "match x:\n" + "    case 1: pass\n" * 300,
    "finally in finally": "".join(
        "    " * n + "try:\n" + "    " * (n + 1) + "x\n" + "    " * n + "finally:\n"
        for n in range(9)
    )
    + "    " * 9
    + "y",
    "many deep expressions": "\n".join(["x = " + "f(" * 90 + ")" * 90] * 60),
}


@pytest.mark.parametrize("case", HEAVY)
def test_what_the_analysis_cannot_take_is_refused_at_once(case: str) -> None:
    started = time.perf_counter()
    with pytest.raises(Unreadable) as caught:
        parse(SourceText("score.py", HEAVY[case]))
    assert caught.value.reason in ("too-deep", "too-large")
    assert time.perf_counter() - started < 5


LIGHT = {
    "brackets": "x = " + "(" * 60 + "1" + ")" * 60,
    "attributes": "x = a" + ".b" * 100,
    "operators": "x = 1" + " + 1" * 100,
    "ands": "x = a" + " and a" * 300,
    "elifs": "if a: pass\n" + "elif a: pass\n" * 60,
    "blocks": "".join("    " * n + "if x:\n" for n in range(99)) + "    " * 99 + "y",
    "a long text": "x = '''" + "text\n" * 5000 + "'''",
    "a long list": "x = [" + "1, " * 20000 + "]",
    "many functions": "".join(f"def f{n}(x):\n    return x.y[0](z)\n" for n in range(1000)),
    "joined strings": "x = (" + "'a'\n" * 300 + ")",
    "brackets in a text": "x = '" + "(" * 5000 + "'",
    "patterns": "match x:\n" + "    case [1, (a, b)]: pass\n" * 50,
}


@pytest.mark.parametrize("case", LIGHT)
def test_what_people_write_is_let_through(case: str) -> None:
    assert parse(SourceText("score.py", LIGHT[case])).body


def test_a_script_over_the_limit_is_refused_unparsed() -> None:
    with pytest.raises(Unreadable) as caught:
        parse(SourceText("score.py", "(" * (MAX_CHARACTERS + 1)))
    assert caught.value.reason == "too-large"


BROKEN = {
    "def run(x)\n    pass\n": (1, 11),
    "x = 1\ny = (2\n": (2, 5),
    "if x:\npass\n": (2, 1),
    "if x:\n\ty\n        z\n": (3, 1),
    "return 1\n": (1, 1),
    "print 'x'\n": (1, 1),
    "x = 'é' +\n": (1, 10),
    "def f():\n    x\n  y\n": None,
    "x = '\n": (1, 5),
    "async def f():\n    yield 1\n    return 2\n": (3, 5),
    "break\n": (1, 1),
}


@pytest.mark.parametrize("text", BROKEN)
def test_what_python_refuses_is_refused_where_python_says(text: str) -> None:
    with pytest.raises(Malformed) as caught:
        parse(SourceText("score.py", text))
    assert caught.value.language == "Python"
    assert caught.value.message
    wanted = BROKEN[text]
    if wanted is not None:
        assert SourceText("f", text).position(caught.value.span.start) == wanted


def test_a_null_character_is_refused() -> None:
    with pytest.raises(Malformed) as caught:
        parse(SourceText("score.py", "x = 1\0\n"))
    assert caught.value.span.start == 5


def test_warnings_of_the_parsed_script_are_not_ours(recwarn: pytest.WarningsRecorder) -> None:
    assert parse(SourceText("score.py", "x = '\\d'\nassert (1, 'x')\nx is 1\n")).body
    assert not recwarn.list


def test_nothing_of_the_script_is_executed() -> None:
    assert parse(SourceText("score.py", "raise SystemExit\nimport no_such_module\n")).body


@pytest.mark.parametrize(
    "text",
    [
        "try: a\nexcept* b: c\n",
        "type A = b\n",
        "def f[T](a: T): return a\n",
        "x = f'{a['b']}'\n",
    ],
)
def test_syntax_newer_than_the_running_python_is_read(text: str) -> None:
    assert parse(SourceText("score.py", text)).body
