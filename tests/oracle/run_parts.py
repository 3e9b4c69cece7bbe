"""A part of a script, and the lines that several of them share."""

# ruff: noqa: E501 - a line of the tables is a line of a script

from __future__ import annotations

from typing import NamedTuple


class Part(NamedTuple):
    """Lines at the head of the module, and lines of a function."""

    head: str
    body: str


SAMPLE = "StandardPythonParameterType([[1, 2]])"
SCHEMA = (
    "from inference_schema.schema_decorators import input_schema, output_schema\n"
    "from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType\n"
)
RAWHTTP = "from azureml.contrib.services.aml_request import rawhttp\n"
RESPONSE = "from azureml.contrib.services.aml_response import AMLResponse\n"
MODEL = "class Model:\n    def predict(self, rows):\n        return [sum(row) for row in rows]\n"
WRAPS = (
    "import functools\ndef seen(function):\n    @functools.wraps(function)\n"
    "    def wrapper(*args, **kwargs):\n        return function(*args, **kwargs)\n    return wrapper\n"
)
