"""libcst with less work gives the same trees and the same positions, and is itself again."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import libcst as cst
import pytest
from libcst._nodes.expression import _BaseParenthesizedNode

from amllint.source.python.convert import convert
from amllint.source.python.lean import load, plainly_generated, unchecked
from amllint.source.python.positions import Recorder, record

REAL = sorted(Path(cst.__file__).parent.glob("*.py"))
WRITTEN = {
    "parentheses": "x = ((a), (b + (c)))\ny = (yield)\nz = ((((1))))\n",
    "with": "with (open(a) as b, (c)):\n    pass\n",
    "decorators": "@(a)\n@b.c(d)\ndef f(x, /, y=(1), *z, k: int = 2, **o) -> (int): ...\n",
    "strings": "a = ('b' \"c\" f'{d!r:>{e}}')\n",
    "indents": "if a:\n\tif b:\n\t\tc\nelse:\n  d\n",
    "ends": "a;b; c\r\n# d",
    "nothing": "",
    "match": "match a:\n    case (1 | 2) | [*b] if c: pass\n    case {'d': e, **f}: pass\n",
}


def texts() -> list[str]:
    return [*WRITTEN.values(), *(p.read_text("utf-8") for p in REAL)]


def test_trees_are_those_of_libcst() -> None:
    for text in texts():
        with unchecked():
            lean = cst.parse_module(text)
        assert lean.deep_equals(cst.parse_module(text))
        assert lean.code == text


def test_positions_are_those_of_libcst() -> None:
    found = 0
    for text in texts():
        module = cst.parse_module(text)
        plain = Recorder(module)
        module._codegen(plain)
        spans, length = record(module)
        assert spans == plain.spans
        assert length == plain.offset
        found += len(spans)
    assert found > 10_000


@pytest.mark.parametrize("changed", [unchecked, plainly_generated])
def test_libcst_is_itself_again(changed: object) -> None:
    def state() -> tuple[object, ...]:
        node = cst.CSTNode
        return node.__post_init__, node._codegen, _BaseParenthesizedNode._parenthesize

    def fail() -> None:
        with changed():  # type: ignore[operator]
            during.append(state())
            raise KeyError

    before, during = state(), []
    with pytest.raises(KeyError):
        fail()
    assert during != [before]
    assert state() == before
    with pytest.raises(cst.CSTValidationError):
        cst.Name("")


TELL = """\
def tell(value, fields):
    if isinstance(value, (list, tuple)):
        return [tell(v, fields) for v in value]
    kind = type(value).__name__
    if kind not in fields:
        return repr(value)
    return [kind, *(tell(getattr(value, name), fields) for name in fields[kind])]
"""
LOADED = f"""\
import hashlib, json, sys
from amllint.source.python.lean import load, unchecked
load()
import libcst
from amllint.source.python.convert import convert
assert "__post_init__" not in vars(libcst.CSTNode)
assert not hasattr(libcst.Name, "__dataclass_fields__")
assert len({{libcst.Name(value="a"), libcst.Name(value="a")}}) == 2
{TELL}
texts, fields = json.load(sys.stdin)
for text in texts:
    with unchecked():
        tree = libcst.parse_module(text)
    told = json.dumps(tell(tree, fields)), repr(convert(tree, text))
    print(*(hashlib.sha256(t.encode("utf-8", "surrogatepass")).hexdigest() for t in told))
"""


def kinds(of: type) -> Iterator[type]:
    for kind in of.__subclasses__():
        yield kind
        yield from kinds(kind)


def test_what_is_loaded_for_reading_alone_gives_the_same_trees() -> None:
    fields = {k.__name__: [f.name for f in dataclasses.fields(k)] for k in kinds(cst.CSTNode)}
    done = subprocess.run(
        [sys.executable, "-c", LOADED],
        input=json.dumps([texts(), fields]),
        env={"PYTHONPATH": str(Path(__file__).parents[2] / "lint")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    own: dict[str, Any] = {}
    exec(TELL, own)
    wanted = []
    for text in texts():
        tree = cst.parse_module(text)
        told = json.dumps(own["tell"](tree, fields)), repr(convert(tree, text))
        wanted.append(" ".join(hashlib.sha256(t.encode()).hexdigest() for t in told))
    assert done.stdout.splitlines() == wanted


def test_what_is_loaded_already_is_left_alone() -> None:
    before = cst.Name, cst.CSTNode.__post_init__, cst.Name._codegen
    load()
    assert (cst.Name, cst.CSTNode.__post_init__, cst.Name._codegen) == before
    with pytest.raises(cst.CSTValidationError):
        cst.Name("")
