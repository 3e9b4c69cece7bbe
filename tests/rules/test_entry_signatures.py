"""How `init` and `run` can be called, wherever that can be read off the script.

The marks are the lines of `init-parameters` and `run-signature`. Every script was served by
azureml-inference-server-http, which starts no marked one. Where it refuses one without a mark,
only running the script tells, or a library and its version.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checking import look

CONFIG = '{"entryScript": "score.py", "sourceDirectory": "."}\n'
RULES = {"init-parameters": "init", "run-signature": "run"}
GOOD_INIT = "def init():\n    pass\n"
GOOD_RUN = "def run(raw_data):\n    return {}\n"

INIT = {
    "a default": "def init(context=None):\n    pass\n",
    "any number": "def init(*args, **kwargs):\n    pass\n",
    "required": "def init(context):  # init\n    pass\n",
    "required by name": "def init(*, path=None, context):  # init\n    pass\n",
    "required, positional-only": "def init(context, /):  # init\n    pass\n",
    "async": "async def init(context):  # init\n    pass\n",
    "lambda": "init = lambda context: None  # init\n",
    "none": "init = None  # init\n",
    "module": "import json as init  # init\n",
    "imported": "from impl import init\n",
    "alias": "def start(context):  # init\n    pass\n\n\ninit = start\n",
    "alias of what is deleted": """\
def start(context):  # init
    pass


init = start
del start
""",
    "alias before a second definition": """\
def start(context=None):
    pass


init = start


def start(context):
    pass
""",
    "partial": """\
import functools


def start(path, context):
    pass


init = functools.partial(start, "x", context=1)
""",
    "partial that leaves one over": """\
from functools import partial


def start(path, context):  # init
    pass


init = partial(start, "x")
""",
    "partial with too much": """\
import functools


def start():
    pass


init = functools.partial(start, "x")  # init
""",
    "bound method": """\
class Model:
    def start(self):
        pass


init = Model().start
""",
    "unbound method": """\
class Model:
    def start(self):  # init
        pass


init = Model.start
""",
    "method of a base": """\
class Base:
    def start(self, context):  # init
        pass


class Model(Base):
    pass


model = Model()
init = model.start
""",
    "method of a library's base": """\
import threading


class Model(threading.Thread):
    def start(self, context):
        pass


init = Model().start
""",
    "method that is replaced": """\
class Model:
    def start(self, context):
        pass


Model.start = lambda self: None
init = Model().start
""",
    "class": "class init:\n    def __init__(self, context):  # init\n        pass\n",
    "class without constructor": "class init:\n    pass\n",
    "object": """\
class Model:
    def __call__(self, context):  # init
        pass


init = Model()
""",
    "object that cannot be called": "class Model:\n    pass\n\n\ninit = Model()  # init\n",
    "what a factory returns": """\
def make(model):
    def start(context):  # init
        pass

    return start


init = make([1])
""",
    "what a coroutine returns": """\
async def make():
    return lambda: None


init = make()  # init
""",
    "bound by a function that is called": """\
def make():
    global init

    def init(context):  # init
        pass


make()
""",
    "wrapper that passes on what it got": """\
import functools


def timed(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        try:
            return function(*args, **kwargs)
        finally:
            print("done")

    return wrapper


@timed
def init(context):  # init
    pass
""",
    "wrapper that supplies the argument": """\
import functools


def loaded(function):
    @functools.wraps(function)
    def wrapper():
        return function(42)

    return wrapper


@loaded
def init(model):
    pass
""",
    "wrapper that supplies one too many": """\
def loaded(function):
    def wrapper():
        return function(42)

    return wrapper


@loaded
def init():  # init
    pass
""",
    "wrapper that adds to what it got": """\
def loaded(function):
    def wrapper(*args, **kwargs):
        kwargs.setdefault("context", 1)
        return function(*args, **kwargs)

    return wrapper


@loaded
def init(context):
    pass
""",
    "wrapper that catches the error": """\
def safe(function):
    def wrapper(*args, **kwargs):
        try:
            return function(*args, **kwargs)
        finally:
            return None

    return wrapper


@safe
def init(context):
    pass
""",
    "wrapped method, whose object is passed on": """\
def timed(function):
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


class Model:
    @timed
    def start(self):
        pass


init = Model().start
""",
    "class that decorates": """\
class Timed:
    def __init__(self, function):
        self.function = function

    def __call__(self, *args, **kwargs):
        return self.function(*args, **kwargs)


@Timed
def init(context):  # init
    pass
""",
    "decorator without its function": """\
import functools

init = functools.lru_cache(5)  # init
""",
    "cached class": """\
import functools


class Model:
    def __init__(self, path):  # init
        pass


init = functools.lru_cache(Model)
""",
    "cached partial that does not fit": """\
import functools


def start():
    pass


init = functools.lru_cache(functools.partial(start, path="x"))  # init
""",
    "inner function that is exchanged": """\
def make():
    start = lambda context: None

    def change():
        nonlocal start
        start = lambda: None

    change()
    return start


init = make()
""",
}

RUN = {
    "two parameters": "def run(raw_data, request_headers):\n    return {}\n",
    "number": "run = 5  # run\n",
    "none on the one branch": """\
import os


def score(data):
    return {}


run = score if os.environ.get("READY") else None
""",
    "no parameter on either branch": """\
import os

if os.environ.get("READY"):

    def run():
        return {}

else:

    def run():  # run
        return {}
""",
    "first that there is": "def score(*data):  # run\n    return {}\n\n\nrun = None or score\n",
    "part of a tuple": "def score(*data):  # run\n    return {}\n\n\n*_, run = 1, 2, score\n",
    "bound by a decorator": """\
def hide(function):
    return function


@(run := hide)
def other():
    pass
""",
    "partial without parameters": """\
import functools


def score(model):
    return {}


run = functools.partial(score, [1])  # run
""",
    "partial whose star goes": """\
import functools


def score(data, model, *rest, mode=None):
    return {}


run = functools.partial(score, model=[1])
""",
    "static method": """\
class Scorer:
    @staticmethod
    def score(*args):  # run
        return {}


scorer = Scorer()
run = scorer.score
""",
    "class method": """\
class Scorer:
    @classmethod
    def score(cls):
        return {}


run = Scorer.score  # run
""",
    "method without a parameter for its object": """\
class Scorer:
    def score():
        return {}


run = Scorer().score  # run
""",
    "property": """\
class Scorer:
    @property
    def score(self):
        return lambda data: {}


run = Scorer().score
""",
    "class": "class run:\n    def __init__(self, *data):  # run\n        pass\n",
    "object with a static call": """\
class Scorer:
    @staticmethod
    def __call__(data):
        return {}


run = Scorer()
""",
    "signature that is shown instead": """\
import inspect


def shown(data):
    pass


def run(*args):
    return {}


run.__signature__ = inspect.signature(shown)
""",
    "star import that may bind it": "def run(*args):\n    return {}\n\n\nfrom impl import *\n",
    "own partial": """\
def partial(function, *arguments):
    return function


def score(data):
    return {}


run = partial(score, 1)
""",
}


@pytest.mark.parametrize("kind", INIT)
def test_init_is_reported_where_the_call_without_arguments_fails(kind: str, tmp_path: Path) -> None:
    assert reported(INIT[kind] + "\n\n" + GOOD_RUN, tmp_path) == marked(INIT[kind])


@pytest.mark.parametrize("kind", RUN)
def test_run_is_reported_where_the_server_refuses_its_signature(kind: str, tmp_path: Path) -> None:
    assert reported(RUN[kind] + "\n\n" + GOOD_INIT, tmp_path) == marked(RUN[kind])


@pytest.mark.parametrize("kind", INIT)
def test_nothing_is_said_of_batch_scripts(kind: str, tmp_path: Path) -> None:
    script = INIT[kind] + "\n\ndef run(mini_batch):\n    return mini_batch\n"
    report = look(tmp_path, {"score.py": script})
    assert not [f for f in report.findings if f.name in RULES]


def reported(script: str, folder: Path) -> set[tuple[int, str]]:
    report = look(folder, {"score.py": script, "inferenceconfig.json": CONFIG})
    source = report.source("score.py")
    assert source is not None
    return {
        (source.position(f.location.span.start).line, RULES[f.name])
        for f in report.findings
        if f.name in RULES
    }


def marked(script: str) -> set[tuple[int, str]]:
    lines = enumerate(script.splitlines(), 1)
    return {
        (n, line.partition("  # ")[2]) for n, line in lines if line.endswith(("# init", "# run"))
    }
