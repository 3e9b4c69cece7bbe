"""Schema decorators in all written forms.

Every script was served by azureml-inference-server-http 1.5.1 with inference-schema 1.8, numpy and
pandas. `# start` marks a line because of which it does not start, `# score` one because of which
every call answers 500, `# some` one because of which calls without that key do, `# twice` what
makes no difference.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checking import line, look

HEAD = """\
import inference_schema.schema_decorators as decorators
import numpy as np
import pandas as pd
from azureml.contrib.services.aml_request import rawhttp
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType
from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType
from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
from inference_schema.schema_decorators import input_schema, output_schema

array = NumpyParameterType(np.array([[1, 2]]))
frame = PandasParameterType(pd.DataFrame({"a": [1], "b": [2]}))
plain = StandardPythonParameterType([[1, 2]])
NAME = "data"


def init():
    pass


"""
RUN = "def run(data):\n    return {}\n"
TWO = "def run(data, extra=None):\n    return {}\n"
SEEN = """\
import functools


def seen(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


"""
CASES = {
    "plain": '@input_schema("data", array)\n' + RUN,
    "keywords": "@input_schema(param_type=array, param_name=NAME)\n" + RUN,
    "several lines": '@input_schema(\n    "other",  # score\n    array,\n)\n' + RUN,
    "a name in a variable": "NAME = NAME\n" + '@input_schema("data", array)\n' + RUN,
    "other name": '@input_schema(param_name="other", param_type=array)  # score\n' + RUN,
    "other case": '@input_schema("Data", array)  # score\n' + RUN,
    "through the module": '@decorators.input_schema("other", array)  # score\n' + RUN,
    "made and then applied": "def score(data):\n    return {}\n\n\n"
    'run = input_schema("other", array)(score)  # score\n',
    "not converted": '@input_schema("other", array, convert_to_provided_type=False)\n' + RUN,
    "not converted, by position": '@input_schema("other", array, False)\n' + RUN,
    "optional": '@input_schema("other", array, optional=True)\n' + RUN,
    "perhaps converted": '@input_schema("other", array, bool(NAME))\n' + RUN,
    "below a wrapper": SEEN + '@seen\n@input_schema("data", array)\n' + RUN,
    "above a wrapper": SEEN + '@input_schema("other", array)  # score\n@seen\n' + RUN,
    "keyword-only": '@input_schema("data", array)\ndef run(*, data):\n    return {}\n',
    "headers": '@input_schema("data", array)\ndef run(data, request_headers):\n    return {}\n',
    "default": '@input_schema("data", array)\n@input_schema("extra", plain)\n'
    "def run(data, extra=None):  # some\n    return {}\n",
    "default, optional": '@input_schema("data", array)\n'
    '@input_schema("extra", plain, optional=True)\n' + TWO,
    "nested": "@input_schema(\n    NAME, StandardPythonParameterType({'a': array, 'b': plain})\n)\n"
    + RUN,
    "nested array": "@input_schema(\n    NAME,\n"
    "    StandardPythonParameterType({'a': np.array([1])}),  # start\n)\n" + RUN,
    "array in plain": "@output_schema(StandardPythonParameterType(np.array([1])))  # start\n" + RUN,
    "frame in plain": "@output_schema(StandardPythonParameterType(pd.DataFrame()))  # start\n"
    + RUN,
    "list in numpy": "@output_schema(NumpyParameterType([1, 2]))  # start\n" + RUN,
    "dict in pandas": "@output_schema(PandasParameterType({'a': [1]}))  # start\n" + RUN,
    "unknown in numpy": "sample = np.load\n@output_schema(NumpyParameterType(np.ones((1, 2))))\n"
    + RUN,
    "none in plain": "@output_schema(StandardPythonParameterType(None))  # start\n" + RUN,
    "no sample": "@output_schema(StandardPythonParameterType())  # start\n" + RUN,
    "sample of another name": "@output_schema(NumpyParameterType(sample_input=np.array([1])))\n"
    + RUN,
    "plain sample": '@input_schema("data", [[1, 2]])  # start\n' + RUN,
    "plain sample in a variable": "sample = {'a': 1}\n\n\n"
    '@input_schema("data", sample)  # start\n' + RUN,
    "class": '@input_schema("data", NumpyParameterType)  # start\n' + RUN,
    "array": '@input_schema("data", np.array([1]))  # start\n' + RUN,
    "wrong way round": '@input_schema(array, "data")  # start\n' + RUN,
    "no type": '@input_schema("data")  # start\n' + RUN,
    "no name": "@input_schema(array)  # start\n" + RUN,
    "bare": "@input_schema  # start\n" + RUN,
    "wrong keyword": '@input_schema(name="data", param_type=array)  # start\n' + RUN,
    "wrong keyword of output": "@output_schema(param_type=array)  # start\n" + RUN,
    "output with a name": '@output_schema("data", array)  # start\n' + RUN,
    "output keyword": "@output_schema(output_type=array)\n" + RUN,
    "output twice": "@output_schema(array)  # start\n@output_schema(plain)\n" + RUN,
    "on a helper": '@input_schema("x", [1])  # start\ndef helper(x):\n    pass\n\n\n' + RUN,
    "other name of a helper": '@input_schema("x", array)\ndef helper(y):\n    pass\n\n\n' + RUN,
    "rawhttp above": '@rawhttp  # start\n@input_schema("data", array)\n' + RUN,
    "rawhttp below": '@input_schema("data", array)\n@rawhttp  # start\n' + RUN,
    "rawhttp with output": "@output_schema(array)\n@rawhttp  # start\n" + RUN,
    "rawhttp elsewhere": "@rawhttp  # start\ndef helper(request):\n    pass\n\n\n"
    '@input_schema("data", array)\n' + RUN,
    "rawhttp alone": "@rawhttp\n" + RUN,
    "twice": '@input_schema("data", array)\n@input_schema("data", array)  # twice\n' + RUN,
    "twice, plain first": '@input_schema("data", plain)\n@input_schema("data", array)  # twice\n'
    + RUN,
    "twice, of other shapes": '@input_schema("data", plain)\n'
    '@input_schema("data", StandardPythonParameterType({"a": 1}))  # score\n' + RUN,
    "twice, array first": '@input_schema("data", array)\n@input_schema("data", plain)  # score\n'
    + RUN,
    "twice, frame first": '@input_schema("data", frame)\n@input_schema("data", array)  # score\n'
    + RUN,
}
MARKS = {
    "# start": ("error", "start"),
    "# score": ("error", "score"),
    "# some": ("warning", "score"),
    "# twice": ("info", "score"),
}
CONFIG = '{"entryScript": "score.py", "sourceDirectory": "."}\n'


@pytest.mark.parametrize("case", CASES)
def test_decorators_are_reported_where_the_server_or_the_schema_refuses_them(
    case: str, tmp_path: Path
) -> None:
    script = HEAD + CASES[case]
    files = {"score.py": script, "inferenceconfig.json": CONFIG}
    select = ("schema-decorator-mismatch",)
    report = look(tmp_path, dict(files), select=select, persona="pedantic")
    wanted = [
        (number, *MARKS[mark])
        for number, text in enumerate(script.split("\n"), 1)
        for mark in MARKS
        if text.endswith(mark)
    ]
    assert [(line(report, f), f.severity, f.stage) for f in report.findings] == wanted


def test_another_input_schema_than_inference_schemas_is_left_alone(tmp_path: Path) -> None:
    script = "from impl import input_schema\n\n\ndef init():\n    pass\n\n\n"
    script += '@input_schema("other", [1])\n' + RUN
    files = {"score.py": script, "inferenceconfig.json": CONFIG}
    assert not look(tmp_path, dict(files), select=("schema-decorator-mismatch",)).findings
