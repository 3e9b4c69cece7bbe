"""Whether the server's calls of `init` and `run` can work, wherever that can be read off.

The marks are the lines of `run-extra-parameter` and `async-entry`. Every script was served by
azureml-inference-server-http 1.5.1: all of them start; of those with a mark every call answers
500, or `init` does not run.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checking import line, look, names, only

MARKS = {"run-extra-parameter": "# extra", "async-entry": "# coroutine"}
INIT = "def init():\n    pass\n\n\n"
WRAPS = """\
import asyncio
import functools


def deco(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return {}

    return wrapper


"""
SCHEMA = """\
from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
from inference_schema.schema_decorators import input_schema, output_schema

"""

CASES = {
    "one": INIT + "def run(data):\n    return {}\n",
    "two": INIT + "def run(data, extra):  # extra\n    return {}\n",
    "three": INIT + "def run(\n    data,\n    a,  # extra\n    b,\n):\n    return {}\n",
    "a default": INIT + "def run(data, extra=None):\n    return {}\n",
    "by name only": INIT + "def run(data, *, extra):  # extra\n    return {}\n",
    "behind a default": INIT + "def run(data=None, *, extra):  # extra\n    return {}\n",
    "headers": INIT + "def run(data, request_headers):\n    return {}\n",
    "headers first": INIT + "def run(request_headers, data):\n    return {}\n",
    "headers and more": INIT + "def run(request_headers, data, extra):  # extra\n    return {}\n",
    "self": INIT + "def run(self, data):  # extra\n    return {}\n",
    "bound method": INIT
    + "class Model:\n    def run(self, data):\n        return {}\n\n\nrun = Model().run\n",
    "unbound method": INIT
    + "class Model:\n    def run(self, data):\n        return {}\n\n\nrun = Model.run  # extra\n",
    "callable object": INIT
    + "class Model:\n    def __call__(self, data):\n        return {}\n\n\nrun = Model()\n",
    "lambda": INIT + "run = lambda data, extra: {}  # extra\n",
    "partial": "import functools\n\n\n"
    + INIT
    + "def score(data, extra):\n    return {}\n\n\nrun = functools.partial(score, extra=1)\n",
    "partial of too little": "import functools\n\n\n"
    + INIT
    + "def score(data, a, b):\n    return {}\n\n\nrun = functools.partial(score, b=1)  # extra\n",
    "imported": INIT + "from impl import run\n",
    "rebound": INIT + "def run(a, b):\n    return {}\n\n\ndef run(data):\n    return {}\n",
    "one of two": INIT
    + "import os\n\nif os.name:\n    def run(a, b):\n        return {}\nelse:\n"
    + "    def run(data):\n        return {}\n",
    "a wrapper may supply it": WRAPS + INIT + "@deco\ndef run(data, extra):\n    return {}\n",
    "an input schema": SCHEMA
    + INIT
    + '@input_schema("data", StandardPythonParameterType([1]))\ndef run(data, extra):\n'
    + "    return {}\n",
    "an output schema alone": SCHEMA
    + INIT
    + "@output_schema(StandardPythonParameterType([1]))\ndef run(data, extra):\n    return {}\n",
    "a schema of another function": SCHEMA
    + INIT
    + '@input_schema("x", StandardPythonParameterType([1]))\ndef other(x):\n    return {}\n\n\n'
    + "def run(data, extra):  # extra\n    return {}\n",
    "a schema of a method called run": SCHEMA
    + INIT
    + 'class Model:\n    @input_schema("x", StandardPythonParameterType([1]))\n'
    + "    def run(self, x):\n        return {}\n\n\ndef run(data, extra):\n    return {}\n",
    "rawhttp": "from azureml.contrib.services.aml_request import rawhttp\n\n\n"
    + INIT
    + "@rawhttp\ndef run(request, extra):  # extra\n    return {}\n",
    "a driver module": "import driver_module\n\n\n"
    + INIT
    + "def run(data, extra):\n    return {}\n",
    "a batch script": INIT + "def run(mini_batch, extra):\n    return []\n",
    "async run": INIT + "async def run(data):  # coroutine\n    return {}\n",
    "async init": "async def init():  # coroutine\n    pass\n\n\ndef run(data):\n    return {}\n",
    "async alias": INIT + "async def score(data):\n    return {}\n\n\nrun = score  # coroutine\n",
    "async method": INIT
    + "class Model:\n    async def run(self, data):\n        return {}\n\n\n"
    + "run = Model().run  # coroutine\n",
    "async helper": INIT + "async def load():\n    pass\n\n\ndef run(data):\n    return {}\n",
    "async behind a schema": SCHEMA
    + INIT
    + '@input_schema("data", StandardPythonParameterType([1]))\n'
    + "async def run(data):  # coroutine\n    return {}\n",
    "async, awaited by its wrapper": WRAPS.replace(
        "return {}", "return asyncio.run(function(*args, **kwargs))"
    )
    + INIT
    + "@deco\nasync def run(data):\n    return {}\n",
    "async, returned by its wrapper": WRAPS.replace("return {}", "return function(*args, **kwargs)")
    + INIT
    + "@deco\nasync def run(data):  # coroutine\n    return {}\n",
    "async wrapper": WRAPS.replace("def wrapper", "async def wrapper")
    + INIT
    + "@deco\ndef run(data):  # coroutine\n    return {}\n",
    "lambda around a coroutine": "import asyncio\n\n\n"
    + INIT
    + "async def score(data):\n    return {}\n\n\nrun = lambda data: score(data)  # coroutine\n",
    "lambda around asyncio.run": "import asyncio\n\n\n"
    + INIT
    + "async def score(data):\n    return {}\n\n\nrun = lambda data: asyncio.run(score(data))\n",
    "async batch": INIT + "async def run(mini_batch):\n    return []\n",
}
CONFIG = '{"entryScript": "score.py", "sourceDirectory": "."}\n'


@pytest.mark.parametrize("case", CASES)
def test_the_entries_that_the_server_cannot_call_are_reported(case: str, tmp_path: Path) -> None:
    script = CASES[case]
    online = "batch" not in case
    files = {"score.py": script, **({"inferenceconfig.json": CONFIG} if online else {})}
    report = look(tmp_path, dict(files), select=tuple(MARKS))
    wanted = [
        (number, name)
        for number, text in enumerate(script.split("\n"), 1)
        for name, mark in MARKS.items()
        if text.endswith(mark)
    ]
    assert [(line(report, f), f.name) for f in report.findings] == wanted


def test_a_program_that_hands_its_own_model_to_run_is_none_of_the_servers(tmp_path: Path) -> None:
    script = (
        "import json\n\n\ndef init():\n    return 1\n\n\ndef run(model, raw_data):\n"
        "    return json.loads(raw_data)\n\n\n"
        'if __name__ == "__main__":\n    model = init()\n    print(run(model, "{}"))\n'
    )
    assert names(look(tmp_path, {"score.py": script}, select=("run-extra-parameter",))) == []


@pytest.mark.parametrize(
    ("case", "fixed"),
    [
        ("async run", INIT + "def run(data):  # coroutine\n    return {}\n"),
        ("async init", "def init():  # coroutine\n    pass\n\n\ndef run(data):\n    return {}\n"),
        ("async alias", None),
        ("async behind a schema", None),
    ],
)
def test_async_is_taken_away_where_nothing_needs_it(
    case: str, fixed: str | None, tmp_path: Path
) -> None:
    files = {"score.py": CASES[case], "inferenceconfig.json": CONFIG}
    report = look(tmp_path, dict(files), select=("async-entry",))
    fix = only(report).observation.fix
    if fixed is None:
        assert fix is None
        return
    assert fix is not None
    edit = fix.edits[0]
    text = CASES[case]
    assert text[: edit.span.start] + edit.content + text[edit.span.end :] == fixed


def test_async_stays_where_something_is_awaited(tmp_path: Path) -> None:
    script = INIT + "async def run(data):\n    return await model.predict(data)\n"
    files = {"score.py": script, "inferenceconfig.json": CONFIG}
    assert only(look(tmp_path, dict(files), select=("async-entry",))).observation.fix is None
