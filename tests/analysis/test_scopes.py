"""Which names a function binds, declares and reads."""

from __future__ import annotations

from textwrap import dedent

import pytest

from amllint.analysis.scopes import Scope, function_scope
from amllint.source.python import syntax as s

from .scripts import facts, source


def scope(text: str) -> Scope:
    """The scope of the first function of a script."""
    module = facts(text).module
    return function_scope(next(n for n in s.walk(module) if isinstance(n, (s.Function, s.Lambda))))


def free(text: str) -> set[str]:
    """Names that the function reads from the module or the builtins."""
    here = scope(text)
    return {name for name in here.reads if here.free_reads(name)}


FREE = {
    "def f(x): return x + model": {"model"},
    "def f():\n    model = 1\n    return model": set(),
    "def f():\n    return model\n    model = 1": set(),
    "def f():\n    global model\n    model = 1\n    return model": {"model"},
    "def f(): return [x for x in items]": {"items"},
    "def f(): return [x for x in items if x in allowed]": {"items", "allowed"},
    "def f(): return [y for x in rows for y in x]": {"rows"},
    "def f(): return {k: v for k, v in pairs}": {"pairs"},
    "def f(): return (x, [x for x in items])": {"x", "items"},
    "def f(): return [x for x in x]": {"x"},
    "def f(): return [[y for y in x] for x in rows]": {"rows"},
    "def f(): return sum(y := x for x in items) + y": {"sum", "items"},
    "def f(): return lambda x: x + model": {"model"},
    "def f(): return lambda x, y=other: x": {"other"},
    "def f(x): return lambda: x": set(),
    "def f():\n    def g(): return model\n    return g": {"model"},
    "def f():\n    model = 1\n    def g(): return model\n    return g": set(),
    "def f():\n    def g(model): return model\n    return g": set(),
    "def f():\n    def g(x=model): return x\n    return g": {"model"},
    "def f():\n    @decorated\n    def g(): pass\n    return g": {"decorated"},
    "def f():\n    def g():\n        global model\n        model = 1": set(),
    "def f():\n    n = 1\n    def g():\n        nonlocal n\n        n = 2\n    return n": set(),
    "def f():\n    class C(Base):\n        size = width\n    return C": {"Base", "width"},
    "def f():\n    class C:\n        def g(self): return model\n    return C": {"model"},
    "def f():\n    class C:\n        model = 1\n        def g(self): return model": {"model"},
    "def f():\n    class C:\n        size = 1\n        double = size": set(),
    "def f():\n    model.x = 1": {"model"},
    "def f():\n    model['x'] = key": {"model", "key"},
    "def f():\n    (a, model.x) = pair": {"model", "pair"},
    "def f():\n    count += 1": set(),
    "def f():\n    global count\n    count += 1": {"count"},
    "def f():\n    model.count += 1": {"model"},
    "def f():\n    for x in items: pass": {"items"},
    "def f():\n    for model.x in items: pass": {"model", "items"},
    "def f():\n    with opened() as stream: return stream": {"opened"},
    "def f():\n    import json\n    return json": set(),
    "def f():\n    try: pass\n    except Error as e: return e": {"Error"},
    "def f():\n    del model.x": {"model"},
    "def f():\n    if (n := size): return n": {"size"},
    "def f(): return f'{model} {width:{precision}}'": {"model", "width", "precision"},
    "def f():\n    match subject:\n        case {'a': x} if x in allowed: return x": {
        "subject",
        "allowed",
    },
    "def f():\n    raise Error(model) from cause": {"Error", "model", "cause"},
    "def f():\n    assert model, message": {"model", "message"},
    "def f(*args, **kwargs): return args, kwargs": set(),
    "def f():\n    return call(*items, key=value, **more)": {"call", "items", "value", "more"},
    "async def f():\n    async for x in items:\n        await x": {"items"},
    "f = lambda x: x + model": {"model"},
}


@pytest.mark.parametrize("text", FREE)
def test_the_free_reads_of_a_function(text: str) -> None:
    assert free(text) == FREE[text]


def test_every_free_read_is_placed() -> None:
    text = dedent("""\
        def f(x):
            first = model
            return [model for _ in x], lambda: model
        """)
    spans = scope(text).free_reads("model")
    assert [source(text).slice(span) for span in spans] == ["model"] * 3
    assert [source(text).position(span.start).line for span in spans] == [2, 3, 3]


def test_a_declared_name_is_bound_but_not_local() -> None:
    here = scope("def f():\n    global model\n    model = 1\n")
    assert "model" in here.bound
    assert "model" in here.declared_global
    assert not here.local("model")


def test_a_nonlocal_name_is_not_local() -> None:
    outer = facts("def f():\n    n = 1\n    def g():\n        nonlocal n\n        n = 2\n")
    g = next(f for f in outer.all_functions if f.name == "g")
    here = function_scope(g)
    assert here.declared_nonlocal == {"n"}
    assert not here.local("n")


@pytest.mark.parametrize(
    "statement",
    [
        "model = 1",
        "model: int = 1",
        "import model",
        "def model(): pass",
        "class model: pass",
        "for model in items: pass",
        "with opened() as model: pass",
        "(model := 1)",
        "try: pass\n    except OSError as model: pass",
        "match x:\n        case [model]: pass",
        "model += 1",
        "[model := x for x in items]",
    ],
)
def test_what_a_function_binds_is_its_own(statement: str) -> None:
    assert scope(f"def f():\n    {statement}\n").local("model")


@pytest.mark.parametrize(
    "statement", ["model", "model.x = 1", "model[0] = 1", "[model for model in items]"]
)
def test_what_a_function_only_uses_is_not_its_own(statement: str) -> None:
    assert not scope(f"def f():\n    {statement}\n").local("model")


def test_a_bare_annotation_makes_a_name_local() -> None:
    assert scope("def f():\n    model: int\n    return model\n").local("model")


READ_BY_RUN = {
    "def run(x): return model": True,
    "def run(x): return score(x)\ndef score(x): return model": True,
    "def run(x): return a(x)\ndef a(x): return b(x)\ndef b(x): return model": True,
    "def run(x): return Scorer().score(x)\n"
    "class Scorer:\n    def score(self, x): return model": True,
    "run = lambda x: model": True,
    "def run(x): return x\ndef other(): return model": False,
    "def run(x):\n    model = 1\n    return model": False,
    "def run(model): return model": False,
}


@pytest.mark.parametrize("text", READ_BY_RUN)
def test_reads_are_found_in_everything_that_run_reaches(text: str) -> None:
    assert bool(list(facts(text).reads_of("model", "run"))) is READ_BY_RUN[text]
