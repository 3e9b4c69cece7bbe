"""The parameters of `run` that the inference server sees."""

from __future__ import annotations

import pytest

from amllint.analysis.meanings import Signature

from .scripts import facts

SEEN = {
    "def run(raw_data): pass": ["plain raw_data"],
    "def run(a, /, b, *c, d, **e): pass": [
        "positional-only a",
        "plain b",
        "* c",
        "keyword-only d",
        "** e",
    ],
    "def run(a, *, b=1): pass": ["plain a", "keyword-only b"],
    "def run(): pass": [],
    "run = lambda data: data": ["plain data"],
    "def score(data): pass\nrun = score": ["plain data"],
    "async def run(data): pass": ["plain data"],
    "from x import input_schema\n@input_schema('data', 1)\ndef run(data): pass": ["plain data"],
    "from x import rawhttp\n@rawhttp\ndef run(request): pass": ["plain request"],
    "import functools\n@functools.lru_cache(1)\ndef run(data): pass": ["plain data"],
    "from elsewhere import timed\n@timed\ndef run(data): pass": None,
    "@table['x']\ndef run(data): pass": None,
    """
    def timed(function):
        def wrapper(*args, **kwargs):
            return function(*args, **kwargs)
        return wrapper

    @timed
    def run(data): pass
    """: ["* args", "** kwargs"],
    """
    import functools

    def timed(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            return function(*args, **kwargs)
        return wrapper

    @timed
    def run(data): pass
    """: ["plain data"],
    """
    import functools

    def timed(function):
        def wrapper(*args, **kwargs):
            return function(*args, **kwargs)
        functools.update_wrapper(wrapper, function)
        return wrapper

    @timed
    def run(data): pass
    """: ["plain data"],
    """
    def named(name):
        def decorate(function):
            def wrapper(body):
                return function(body)
            return wrapper
        return decorate

    @named("x")
    def run(data): pass
    """: ["plain body"],
    """
    def registered(function):
        REGISTRY.append(function)
        return function

    @registered
    def run(data): pass
    """: ["plain data"],
    """
    def timed(function):
        return make(function)

    @timed
    def run(data): pass
    """: None,
    """
    def timed(function):
        def wrapper(*args):
            return function(*args)
        return wrapper

    def run(data): pass

    run = timed(run)
    """: ["* args"],
    "def run(data): pass\nexec(code)": None,
    "if flag:\n    def run(a): pass\nelse:\n    def run(b): pass": None,
    "def run(a): pass\ndef run(b): pass": ["plain b"],
    "from package import run": None,
    "try:\n    from package import *\nexcept ImportError:\n    def run(a): pass": None,
    "from package import *\ndef run(a): pass": ["plain a"],
    "if flag:\n    def score(*a): pass\n    run = score": ["* a"],
    "def score(a): pass\nrun = score\ndel score": ["plain a"],
}


@pytest.mark.parametrize("text", SEEN)
def test_the_server_sees_the_parameters_that_inspection_would_tell(text: str) -> None:
    seen = facts(text).run_signatures
    shown = seen[0].shown if len(seen) == 1 and isinstance(seen[0], Signature) else None
    assert (None if shown is None else [f"{p.kind} {p.name}" for p in shown]) == SEEN[text]


@pytest.mark.parametrize(
    ("decorator", "checked"),
    [
        ("@input_schema('data', sample)", True),
        ("@inference_schema.schema_decorators.input_schema('data', sample)", True),
        ("@output_schema(sample)", True),
        ("@functools.lru_cache(1)", False),
        ("", False),
    ],
)
def test_a_schema_decorator_checks_the_request_before_run_does(
    decorator: str, checked: bool
) -> None:
    read = facts(f"{decorator}\ndef run(data):\n    return data[0]\n")
    assert read.has_schema is checked
    assert bool(read.outcome.risks) is not checked
