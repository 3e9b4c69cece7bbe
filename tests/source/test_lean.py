"""libcst with less work gives the same trees and the same positions, and is itself again."""

from __future__ import annotations

from pathlib import Path

import libcst as cst
import pytest
from libcst._nodes.expression import _BaseParenthesizedNode

from amllint.source.python.lean import plainly_generated, unchecked
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
