"""Uses of the request in `run`, for the rule's own test and for the inference server.

`# fails` marks a line that raises on every call.
"""

from __future__ import annotations

from typing import Final

HEAD: Final = """\
import io
import json
import os

import numpy as np
import pandas as pd
from azureml.contrib.services.aml_request import AMLRequest, rawhttp
from azureml.contrib.services.aml_response import AMLResponse
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType
from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType
from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
from inference_schema.schema_decorators import input_schema, output_schema

array = NumpyParameterType(np.array([[1, 2]]))
frame = PandasParameterType(pd.DataFrame({"a": [1], "b": [2]}))
rows = StandardPythonParameterType([[1, 2]])
SAMPLE = {"a": 1}
record = StandardPythonParameterType(SAMPLE)
text = StandardPythonParameterType("x")


def init():
    global folder
    folder = os.environ["AZUREML_MODEL_DIR"]


"""
ROWS: Final = '{"data": [[1, 2]], "extra": [[1, 2]]}'
RECORD: Final = '{"data": {"a": 1}}'
FRAME: Final = '{"data": [{"a": 1, "b": 2}]}'
TEXT: Final = '{"data": "[1, 2]"}'

TEXTS: Final = {
    "method": "def run(request):\n    return request.method  # fails\n",
    "files": "def run(request):\n    return len(request.files)  # fails\n",
    "get_data": "def run(request):\n    return len(request.get_data())  # fails\n",
    "get_json": "def run(request):\n    return request.get_json(force=True)  # fails\n",
    "headers": "def run(request):\n    return dict(request.headers)  # fails\n",
    "args": 'def run(request):\n    return request.args.get("a")  # fails\n',
    "annotated": "def run(request: AMLRequest):\n    return request.method  # fails\n",
    "compared": """\
def run(request):
    if request.method == "POST":  # fails
        return len(request.get_data())
    return AMLResponse("bad request", 500)
""",
    "in a helper": """\
def parse(request):
    return request.get_data()  # fails


def run(request):
    return len(parse(request))
""",
    "decode": 'def run(data):\n    return json.loads(data.decode("utf-8"))  # fails\n',
    "encode": 'def run(data):\n    return json.loads(data.encode("utf-8"))\n',
    "strip": "def run(data):\n    return json.loads(data.strip())\n",
    "get": 'def run(data):\n    return data.get("data")  # fails\n',
    "keys": "def run(data):\n    return list(data.keys())  # fails\n",
    "key": 'def run(raw_data):\n    return raw_data["data"]  # fails\n',
    "key of another": 'def run(raw):\n    data = raw\n    return data["data"]  # fails\n',
    "key of JSON": 'def run(raw_data):\n    return json.loads(raw_data)["data"]\n',
    "key in NumPy": 'def run(raw):\n    return np.array(raw["data"]).tolist()  # fails\n',
    "with headers": 'def run(data, request_headers):\n    return data["data"]  # fails\n',
    "of headers": 'def run(data, request_headers):\n    return request_headers.get("Host")\n',
    "position": "def run(data):\n    return data[0]\n",
    "slice": "def run(data):\n    return data[1:]\n",
    "frame": "def run(data):\n    return pd.DataFrame(data).to_dict()  # fails\n",
    "frame of JSON": """\
def run(data):
    return pd.DataFrame(json.loads(data)["data"]).to_dict()
""",
    "load": "def run(data):\n    return json.load(data)  # fails\n",
    "load of a file": "def run(data):\n    return json.load(io.StringIO(data))\n",
    "raised again": """\
def run(data):
    try:
        return data["data"]  # fails
    except KeyError:
        raise
""",
    "rebound": 'def run(data):\n    data = json.loads(data)\n    return data["data"]\n',
    "tested": """\
def run(data):
    if isinstance(data, str):
        data = json.loads(data)
    return data["data"]
""",
    "either": """\
def run(data):
    data = data if isinstance(data, dict) else json.loads(data)
    return data["data"]
""",
    "another way": """\
def run(data):
    try:
        return data["data"]
    except TypeError:
        return json.loads(data)["data"]
""",
    "another way behind": """\
def run(data):
    try:
        rows = data["data"]
    except TypeError:
        rows = [[1, 2]]
    return rows
""",
    "asked for": """\
def run(data):
    if hasattr(data, "get_json"):
        return data.get_json()
    return json.loads(data)
""",
    "keys in turn": """\
def run(data):
    if "data" in data and not isinstance(data, str):
        return data["data"]
    return json.loads(data)["data"]
""",
}
RAW: Final = {
    "raw method": "@rawhttp\ndef run(request):\n    return request.method\n",
    "raw loads": "@rawhttp\ndef run(request):\n    return json.loads(request)  # fails\n",
    "raw data": "@rawhttp\ndef run(request):\n    return json.loads(request.get_data())\n",
    "raw text": "@rawhttp\ndef run(request):\n    return json.loads(request.data)\n",
    "raw key": '@rawhttp\ndef run(request):\n    return request["data"]  # fails\n',
    "raw by another": """\
@rawhttp
def other(request):
    pass


def run(request):
    return json.loads(request)  # fails
""",
    "raw by hand": """\
def run(request):
    return request.method


run = rawhttp(run)
""",
}
DECODED: Final = {
    "list": ("rows", ROWS, "json.loads(data)  # fails"),
    "list as it is": ("rows", ROWS, "data"),
    "dict": ("record", RECORD, "json.loads(data)  # fails"),
    "dict's key": ("record", RECORD, 'data["a"]'),
    "array": ("array", ROWS, "json.loads(data)  # fails"),
    "array in use": ("array", ROWS, "data.tolist()"),
    "frame": ("frame", FRAME, "json.loads(data)  # fails"),
    "frame in use": ("frame", FRAME, 'data.to_dict(orient="records")'),
    "column": ("frame", FRAME, 'json.loads(data["a"].to_json())'),
    "text": ("text", TEXT, "json.loads(data)"),
    "not converted": ("rows, convert_to_provided_type=False", TEXT, "json.loads(data)"),
}
"""The type of `data`, the body, and what `run` returns."""
OUTPUTS: Final = {
    "only an output": (TEXT, "@output_schema(rows)\ndef run(data):\n    return json.loads(data)\n"),
    "with an output": (
        ROWS,
        '@input_schema("data", rows)\n@output_schema(rows)\n'
        "def run(data):\n    return json.loads(data)  # fails\n",
    ),
}


def _decoded(made: str, body: str, answer: str) -> tuple[str, str]:
    return body, f'@input_schema("data", {made})\ndef run(data):\n    return {answer}\n'


CASES: Final[dict[str, tuple[str, str]]] = {
    **{name: (ROWS, text) for name, text in {**TEXTS, **RAW}.items()},
    **{f"schema: {name}": _decoded(*case) for name, case in DECODED.items()},
    **OUTPUTS,
}
"""The body of a call, and the script behind `HEAD`, by name."""
