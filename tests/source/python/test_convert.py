"""The syntax tree stands where CPython says, node by node."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from amllint.source.python import syntax as s
from amllint.source.python.parse import parse
from amllint.source.text import SourceText

ROOT = Path(__file__).resolve().parents[3]
OURS = sorted(
    str(path.relative_to(ROOT))
    for folder in ("lint", "tools", "tests", "examples")
    for path in (ROOT / folder).rglob("*.py")
    # The corpus may be written in newer syntax than CPython's here.
    if "corpus" not in path.parts
)
KINDS = ("Name", "Call", "Attribute", "Return", "Subscript")
IN_STRINGS = sys.version_info >= (3, 12)
"""Before 3.12, CPython does not say where an expression in an f-string stands."""

Place = tuple[str, int, int]


def ours(source: SourceText) -> set[Place]:
    """Kind, start and end of the nodes of our tree."""
    found: set[Place] = set()
    stack: list[s.Syntax] = [parse(source)]
    while stack:
        node = stack.pop()
        if isinstance(node, s.FormattedString) and not IN_STRINGS:
            continue
        if type(node).__name__ in KINDS and not isinstance(node, s.Case):
            found.add((type(node).__name__, *node.span))
        children = list(s.children(node))
        if isinstance(node, s.Case):
            children = [c for c in children if c not in node.captures]
        if isinstance(node, s.TypeAlias_):
            children = []
        stack.extend(children)
    return found


def theirs(source: SourceText) -> set[Place]:
    """The same of CPython's tree; patterns and type parameters are not kept by ours."""
    offsets = _offsets(source.text)
    found: set[Place] = set()
    for node in _kept(ast.parse(source.text)):
        kind = type(node).__name__
        if kind in KINDS:
            assert isinstance(node, (ast.expr, ast.stmt))
            assert node.end_lineno is not None
            assert node.end_col_offset is not None
            start = offsets(node.lineno, node.col_offset)
            found.add((kind, start, offsets(node.end_lineno, node.end_col_offset)))
    return found


def _kept(tree: ast.AST) -> Iterator[ast.AST]:
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.JoinedStr) and not IN_STRINGS:
            continue
        yield node
        children = list(ast.iter_child_nodes(node))
        if isinstance(node, ast.match_case):
            children.remove(node.pattern)
        if type(node).__name__ == "TypeAlias":
            children = []
        stack.extend(c for c in children if type(c).__name__ not in ("TypeVar", "ParamSpec"))


def _offsets(text: str):  # type: ignore[no-untyped-def]
    """Line and UTF-8 column to character offset, as CPython counts lines."""
    lines = text.replace("\r\n", "\n\0").replace("\r", "\n").replace("\n\0", "\r\n")
    starts = [0]
    for line in lines.split("\n")[:-1]:
        starts.append(starts[-1] + len(line) + 1)

    def offset(line: int, column: int) -> int:
        start = starts[line - 1]
        return start + len(text[start:].encode()[:column].decode())

    return offset


def differences(source: SourceText) -> list[str]:
    one, other = ours(source), theirs(source)
    return sorted(
        f"{'ours' if place in one else 'theirs'}: {place[0]} {source.slice(s.Span(*place[1:]))!r}"
        for place in one ^ other
    )


@pytest.mark.parametrize("path", OURS)
def test_spans_of_our_own_files_are_those_of_cpython(path: str) -> None:
    source = SourceText(path, (ROOT / path).read_text("utf-8"))
    assert differences(source) == []
    assert len(ours(source)) >= source.text.count("\n    return ")


CASES = {
    "f-string": "x = f'{a.b(c)!r:>{width}} {d[0]}'\n",
    "nested f-string": "x = f'{a!r}{f\"{b.c}\"}'\n",
    "f-string with =": "x = f'{a.b = }'\n",
    "triple f-string": "x = f'''\n{a.b}\n  {c()}\n'''\n",
    "joined f-strings": "x = (f'{a}' 'b'\n     f'{c.d}')\n",
    "decorators": "@a.b\n@c(d, e=f)\ndef g(): return h\n",
    "class decorators": "@a.b\nclass C(D.E, metaclass=F(g)): x = y\n",
    "walrus": "if (a := b.c()) and (d := e[0]): pass\n",
    "match": "match a.b():\n"
    "    case C(x=1, y=D.e) if f.g: return_ = h\n"
    "    case [i, *j] | {'k': i, **j}: i\n",
    "async": "async def f():\n"
    "    async with a.b() as c, d: await e()\n"
    "    async for g in h.i: yield g\n"
    "async def l():\n"
    "    return [j async for j in k()]\n",
    "comprehension": "x = [a.b for c in d() if c.e for f in c if f]\n",
    "dict comprehension": "x = {a.b: c() for d in e}\n",
    "generator as argument": "x = sum(a.b for a in c)\n",
    "generator among arguments": "x = f((a for a in b), c)\n",
    "star arguments": "f(*a.b, *c(), d=e, **g.h, **i())\n",
    "star targets": "a, *b.c = d\n[*e, f] = g, *h\n",
    "lambda": "x = lambda a, *b, c=d.e, **f: (a, c(), b[0])\n",
    "defaults": "def f(a=b.c, /, d: e.g = h(), *i: j, k: l = m, **n: o) -> p[q]: return r\n",
    "brackets": "x = ((a).b)\ny = (c\n     .d)\nz = (e)(f)\n",
    "brackets around a call": "x = (a(b))\ny = ((a.b))[(c)]\n",
    "chained": "a.b(c).d[e].f(g)(h)[i:j, k]\n",
    "slices": "a[b:c:d], e[:], f[g, ...], h[i:], j[::k]\n",
    "strings as receivers": "'a'.join(b)\n('a' 'b').format(c)\nf'{a}'.b()\n",
    "numbers as receivers": "(1).real\n1.5.real\n1j.imag\n",
    "return": "def f():\n"
    "    return\n"
    "    return a\n"
    "    return (a)\n"
    "    return a, b\n"
    "    return (\n"
    "        a\n"
    "    )\n",
    "return on one line": "def f(): return a; b\n",
    "return with a comment": "def f():\n    return a  # b\n",
    "return yield": "def f():\n    return (yield a.b)\n",
    "semicolons": "a.b; c(); d[0]\n",
    "del": "del a.b, c[d], (e)\n",
    "augmented": "a.b += c[d]\n",
    "annotated": "a.b: c.d = e\nf: 'g[h]'\n",
    "global": "def f():\n    global a\n    a = b\n",
    "with brackets": "with (a.b() as c, d as e.f): pass\n",
    "try": "try: a.b\n"
    "except (c.d, e) as f: g(f)\n"
    "except h: raise i from j\n"
    "else: k\n"
    "finally: l()\n",
    "raise": "raise a.b(c) from d.e\n",
    "assert": "assert a.b, c(d)\n",
    "while": "while a.b(): break\nelse: c[0]\n",
    "for": "for a.b, (c, *d) in e(): continue\nelse: f\n",
    "conditional": "x = a.b if c() else d[0]\n",
    "operations": "x = not a.b and c() or -d[0] ** e % f < g != h is not i not in j\n",
    "displays": "x = {a.b: c, **d()}, {e, *f}, [g, *h], (i,), ()\n",
    "await": "async def f(): return await (a.b())\n",
    "yield": "def f():\n    x = yield a.b\n    yield from c()\n",
    "tabs": "if a:\n\tif b.c:\n\t\treturn_ = d(e)\n",
    "non-ASCII": "é = 'ü'.join(ö.ä)\nf(é, x.ß)\n",
    "astral": "x = '🐍' + a.b('🐍🐍', c)\ny = f'🐍{d.e}🐍'\n",
    "continued lines": "x = a.b + \\\n    c(d)\n",
    "form feed": "a.b\n\x0c\nc(d)\n",
    "no newline at the end": "def f():\n    return a.b",
    "comments between": "f(  # one\n    a.b,  # two\n    # three\n    c,\n)\n",
    "trailing commas": "f(a, b,)\ng[h, i,]\n(j, k,)\n",
    "ellipsis": "def f(): ...\na[...]\n",
    "print of old": "print (a) .b\n",
    "spaces everywhere": "a . b ( c ) [ d ]\n",
    "nested functions": "def f():\n"
    "    def g(): return a\n"
    "    class C:\n"
    "        def h(self): return self.b[c]\n"
    "    return g\n",
    "star index": "x = a[b, c.d]\n",
    "bytes": "x = b'a'.decode(c)\n",
    "docstring": '"""a.b(c)"""\nd.e\n',
    "empty": "",
    "only a comment": "# a.b(c)\n",
}
NEWER = {
    "except star": ((3, 11), "try: a.b\nexcept* c.d as e: f(e)\n"),
    "starred index": ((3, 11), "x = a[*b.c]\n"),
    "type alias": ((3, 12), "type A = b\nx = c.d\n"),
    "type parameters": ((3, 12), "def f[T](a: T): return b.c\nclass C[T: d](e.g): pass\n"),
    "quotes in an f-string": ((3, 12), "x = f'{a['b'].c}'\n"),
    "lines in an f-string": ((3, 12), "x = f'{\n    a.b\n}'\n"),
}


@pytest.mark.parametrize("case", CASES)
def test_spans_are_those_of_cpython(case: str) -> None:
    assert differences(SourceText("f.py", CASES[case])) == []


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_spans_are_those_of_cpython_with_any_line_end(case: str, end: str) -> None:
    assert differences(SourceText("f.py", CASES[case].replace("\n", end))) == []


@pytest.mark.parametrize("case", NEWER)
def test_spans_of_newer_syntax_are_those_of_cpython(case: str) -> None:
    version, text = NEWER[case]
    if sys.version_info < version:
        assert ours(SourceText("f.py", text)), "newer syntax is read all the same"
        return
    assert differences(SourceText("f.py", text)) == []


def tree(text: str) -> s.Module:
    return parse(SourceText("f.py", dedent(text)))


def first(text: str) -> s.Stmt:
    return tree(text).body[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        ("-1", -1),
        ("0x1F", 31),
        ("1_000", 1000),
        ("1.5", 1.5),
        ("2j", 2j),
        ("'a'", "a"),
        ("r'\\n'", "\\n"),
        ("'\\n'", "\n"),
        ("b'a'", b"a"),
        ("'''a\nb'''", "a\nb"),
        ("'a' 'b'", "ab"),
        ("b'a' b'b'", b"ab"),
        ("None", None),
        ("True", True),
        ("...", ...),
    ],
)
def test_literals_have_their_values(text: str, value: object) -> None:
    statement = first(f"x = {text}")
    assert isinstance(statement, s.Assign)
    assert isinstance(statement.value, s.Constant)
    assert statement.value.value == value
    assert type(statement.value.value) is type(value)


@pytest.mark.parametrize(
    "operator", ["+", "-", "*", "/", "//", "%", "@", "&", "|", "^", "<<", ">>", "**"]
)
def test_operators_are_named_as_written(operator: str) -> None:
    plain, augmented = tree(f"x = a {operator} b\nx {operator}= c\n").body
    assert isinstance(plain, s.Assign)
    assert isinstance(plain.value, s.Operation)
    assert plain.value.operators == (operator,)
    assert isinstance(augmented, s.AugmentedAssign)
    assert augmented.operator == operator


def test_comparisons_keep_all_of_their_operators() -> None:
    statement = first("a < b <= c is not d not in e != f")
    assert isinstance(statement, s.Evaluate)
    assert isinstance(statement.value, s.Operation)
    assert statement.value.operators == ("<", "<=", "is not", "not in", "!=")
    assert len(statement.value.operands) == 6


def test_a_handler_stands_on_its_first_line() -> None:
    text = "try:\n    pass\nexcept (A, B) as e:\n    pass\nexcept C:\n    pass\nexcept:\n    pass\n"
    statement = first(text)
    assert isinstance(statement, s.Try)
    shown = [text[h.span.start : h.span.end] for h in statement.handlers]
    assert shown == ["except (A, B) as e", "except C", "except"]


def test_parameters_keep_kind_default_and_annotation() -> None:
    statement = first("def f(a, /, b: int, *c, d=1, **e): pass")
    assert isinstance(statement, s.Function)
    kinds = [(p.name, p.kind) for p in statement.parameters]
    assert kinds == [
        ("a", "positional-only"),
        ("b", "plain"),
        ("c", "*"),
        ("d", "keyword-only"),
        ("e", "**"),
    ]
    assert statement.parameters[1].annotation is not None
    assert statement.parameters[3].default is not None


@pytest.mark.parametrize(
    ("text", "module", "level", "names"),
    [
        ("import a.b as c", None, 0, [("a.b", "c")]),
        ("import a, b", None, 0, [("a", None), ("b", None)]),
        ("from a.b import c as d, e", "a.b", 0, [("c", "d"), ("e", None)]),
        ("from . import a", "", 1, [("a", None)]),
        ("from ...a import b", "a", 3, [("b", None)]),
        ("from a import *", "a", 0, [("*", None)]),
    ],
)
def test_imports_keep_module_level_and_names(
    text: str, module: str | None, level: int, names: list[tuple[str, str | None]]
) -> None:
    statement = first(text)
    assert isinstance(statement, s.Import)
    assert (statement.module, statement.level) == (module, level)
    assert [(a.name, a.asname) for a in statement.names] == names


def test_equal_texts_have_equal_trees() -> None:
    text = "def f(x):\n    return [y.z for y in x if (n := y)]\n"
    assert tree(text) == tree(text)
    assert hash(tree(text)) == hash(tree(text))
