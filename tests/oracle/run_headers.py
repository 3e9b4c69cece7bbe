"""The ways in which ``run`` takes the request, right and wrong, with and without a schema."""

# ruff: noqa: E501 - a line of the tables is a line of a script

from __future__ import annotations

from tests.oracle.run_parts import RAWHTTP, SAMPLE, SCHEMA, WRAPS, Part

#: How ``run`` takes the request: what stands above ``def``, and the line itself.
RIGHT_HEADERS: dict[str, Part] = {
    "data": Part("", "def run(data):"),
    "raw-data": Part("", "def run(raw_data):\n    data = raw_data"),
    "annotated": Part("", "def run(data: str) -> dict:"),
    "headers": Part("", "def run(data, request_headers):"),
    "headers-first": Part("", "def run(request_headers, data):"),
    "default": Part("", "def run(data, threshold=0.5):"),
    "default-by-name": Part("", "def run(data, *, threshold=0.5):"),
    "wraps": Part(WRAPS, "@seen\ndef run(data):"),
    "wraps-default": Part(WRAPS, "@seen\ndef run(data, threshold=0.5):"),
}
WRONG_HEADERS: dict[str, Part] = {
    "extra": Part("", "def run(data, extra):"),
    "three": Part("", "def run(data, a, b):"),
    "extra-by-name": Part("", "def run(data, *, extra):"),
    "self": Part("", "def run(self, data):"),
    "headers-extra": Part("", "def run(request_headers, data, extra):"),
    "wraps-extra": Part(WRAPS, "@seen\ndef run(data, extra):"),
    "async": Part("", "async def run(data):"),
    "async-wraps": Part(WRAPS, "@seen\nasync def run(data):"),
    "async-wrapper": Part(
        WRAPS.replace("    def wrapper", "    async def wrapper"), "@seen\ndef run(data):"
    ),
    "async-awaited": Part(
        "import asyncio\n"
        + WRAPS.replace(
            "return function(*args, **kwargs)", "return asyncio.run(function(*args, **kwargs))"
        ),
        "@seen\nasync def run(data):",
    ),
    "wraps-by-position": Part(WRAPS.replace("*args, **kwargs", "*args"), "@seen\ndef run(data):"),
    "wraps-other-name": Part(WRAPS.replace("*args, **kwargs", "body"), "@seen\ndef run(data):"),
}
#: The same with a schema: ``data`` is parsed already.
RIGHT_SCHEMAS: dict[str, Part] = {
    "input": Part(SCHEMA, f"@input_schema('data', {SAMPLE})\ndef run(data):"),
    "keywords": Part(
        SCHEMA, f"@input_schema(param_type={SAMPLE}, param_name='data')\ndef run(data):"
    ),
    "lines": Part(SCHEMA, f"@input_schema(\n    'data',\n    {SAMPLE},\n)\ndef run(data):"),
    "variables": Part(
        SCHEMA + f"NAME = 'data'\nsample = {SAMPLE}\n",
        "@input_schema(NAME, sample)\n@output_schema(sample)\ndef run(data):",
    ),
    "output": Part(SCHEMA, f"@output_schema({SAMPLE})\ndef run(data):"),
    "input-output": Part(
        SCHEMA, f"@input_schema('data', {SAMPLE})\n@output_schema({SAMPLE})\ndef run(data):"
    ),
    "two": Part(
        SCHEMA,
        f"@input_schema('data', {SAMPLE})\n@input_schema('extra', {SAMPLE})\ndef run(data, extra):",
    ),
    "one-of-two": Part(SCHEMA, f"@input_schema('data', {SAMPLE})\ndef run(data, extra):"),
    "headers": Part(SCHEMA, f"@input_schema('data', {SAMPLE})\ndef run(data, request_headers):"),
    "optional": Part(
        SCHEMA, f"@input_schema('other', {SAMPLE}, optional=True)\ndef run(data, other=None):"
    ),
    "not-converted": Part(
        SCHEMA, f"@input_schema('other', {SAMPLE}, convert_to_provided_type=False)\ndef run(data):"
    ),
    "wraps-above": Part(SCHEMA + WRAPS, f"@seen\n@input_schema('data', {SAMPLE})\ndef run(data):"),
    "wraps-below": Part(SCHEMA + WRAPS, f"@input_schema('data', {SAMPLE})\n@seen\ndef run(data):"),
    "module": Part(
        "import inference_schema.schema_decorators as schemas\n" + SCHEMA,
        f"@schemas.input_schema('data', {SAMPLE})\ndef run(data):",
    ),
    "twice": Part(
        SCHEMA, f"@input_schema('data', {SAMPLE})\n@input_schema('data', {SAMPLE})\ndef run(data):"
    ),
    "another-name-of-helper": Part(
        SCHEMA,
        f"@input_schema('x', {SAMPLE})\ndef helper(y):\n    return y\n@input_schema('data', {SAMPLE})\ndef run(data):",
    ),
}
WRONG_SCHEMAS: dict[str, Part] = {
    "name": Part(SCHEMA, f"@input_schema('raw_data', {SAMPLE})\ndef run(data):"),
    "name-keyword": Part(
        SCHEMA, f"@input_schema(param_name='Data', param_type={SAMPLE})\ndef run(data):"
    ),
    "name-variable": Part(
        SCHEMA + "NAME = 'rows'\n", f"@input_schema(NAME, {SAMPLE})\ndef run(data):"
    ),
    "name-below-wraps": Part(
        SCHEMA + WRAPS, f"@input_schema('rows', {SAMPLE})\n@seen\ndef run(data):"
    ),
    "name-above-wraps": Part(
        SCHEMA + WRAPS, f"@seen\n@input_schema('rows', {SAMPLE})\ndef run(data):"
    ),
    "second-name": Part(
        SCHEMA, f"@input_schema('data', {SAMPLE})\n@input_schema('other', {SAMPLE})\ndef run(data):"
    ),
    "plain-sample": Part(SCHEMA, "@input_schema('data', [[1, 2]])\ndef run(data):"),
    "plain-variable": Part(
        SCHEMA + "sample = {'a': 1}\n", "@input_schema('data', sample)\ndef run(data):"
    ),
    "class": Part(SCHEMA, "@input_schema('data', StandardPythonParameterType)\ndef run(data):"),
    "swapped": Part(SCHEMA, f"@input_schema({SAMPLE}, 'data')\ndef run(data):"),
    "no-type": Part(SCHEMA, "@input_schema('data')\ndef run(data):"),
    "bare": Part(SCHEMA, "@input_schema\ndef run(data):"),
    "bare-output": Part(SCHEMA, "@output_schema\ndef run(data):"),
    "keyword": Part(SCHEMA, f"@input_schema(name='data', param_type={SAMPLE})\ndef run(data):"),
    "output-name": Part(SCHEMA, f"@output_schema('data', {SAMPLE})\ndef run(data):"),
    "output-keyword": Part(SCHEMA, f"@output_schema(param_type={SAMPLE})\ndef run(data):"),
    "output-plain": Part(SCHEMA, "@output_schema([1])\ndef run(data):"),
    "output-twice": Part(
        SCHEMA, f"@output_schema({SAMPLE})\n@output_schema({SAMPLE})\ndef run(data):"
    ),
    "no-sample": Part(
        SCHEMA, "@input_schema('data', StandardPythonParameterType())\ndef run(data):"
    ),
    "sample-none": Part(
        SCHEMA, "@input_schema('data', StandardPythonParameterType(None))\ndef run(data):"
    ),
    "sample-set": Part(
        SCHEMA, "@input_schema('data', StandardPythonParameterType({1}))\ndef run(data):"
    ),
    "sample-of-type": Part(
        SCHEMA, f"@input_schema('data', StandardPythonParameterType({SAMPLE}))\ndef run(data):"
    ),
    "rawhttp-above": Part(
        SCHEMA + RAWHTTP, f"@rawhttp\n@input_schema('data', {SAMPLE})\ndef run(data):"
    ),
    "rawhttp-below": Part(
        SCHEMA + RAWHTTP, f"@input_schema('data', {SAMPLE})\n@rawhttp\ndef run(data):"
    ),
    "rawhttp-output": Part(SCHEMA + RAWHTTP, f"@rawhttp\n@output_schema({SAMPLE})\ndef run(data):"),
    "rawhttp-helper": Part(
        SCHEMA + RAWHTTP,
        f"@rawhttp\ndef helper(request):\n    pass\n@input_schema('data', {SAMPLE})\ndef run(data):",
    ),
    "async": Part(SCHEMA, f"@input_schema('data', {SAMPLE})\nasync def run(data):"),
    "other-type": Part(
        SCHEMA,
        f"@input_schema('data', {SAMPLE})\n@input_schema('data', StandardPythonParameterType({{'a': 1}}))\ndef run(data):",
    ),
}
