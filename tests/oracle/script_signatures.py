"""Parameters and decorators of ``run`` and ``init``."""

# ruff: noqa: E501 - a line of the tables is a script

from __future__ import annotations

RUN_PARAMETERS: dict[str, str] = {
    "none": "",
    "one": "data",
    "one-annotated": "data: str",
    "one-default": "data=None",
    "other-name": "raw_data",
    "two": "data, extra",
    "two-with-default": "data, extra=None",
    "two-defaults": "data=None, extra=1",
    "self": "self, data",
    "self-only": "self",
    "request-headers-only": "request_headers",
    "request-headers-default-only": "request_headers=None",
    "request-headers-first": "request_headers, data",
    "request-headers-last": "data, request_headers",
    "request-headers-keyword-only": "data, *, request_headers",
    "request-headers-keyword-only-alone": "*, request_headers",
    "request-headers-var-keyword": "data, **request_headers",
    "request-headers-positional-only": "request_headers, /, data",
    "Request-Headers-case": "Request_Headers",
    "positional-only": "data, /",
    "positional-only-default": "data=None, /",
    "positional-only-first": "one, /, data",
    "var-positional": "*args",
    "var-positional-after": "data, *args",
    "var-keyword": "**kwargs",
    "var-keyword-after": "data, **kwargs",
    "var-both": "*args, **kwargs",
    "var-both-after": "data, *args, **kwargs",
    "keyword-only": "*, data",
    "keyword-only-default": "*, data=None",
    "keyword-only-after": "data, *, extra=1",
    "keyword-only-required-after": "data, *, extra",
    "several-with-defaults": "data, top=5, scale=1.0, verbose=False",
    "trailing-comma": "data,",
    "named-args": "args",
    "named-kwargs": "kwargs",
}

INIT_PARAMETERS: dict[str, str] = {
    "none": "",
    "one": "context",
    "one-annotated": "model_path: str",
    "one-default": "context=None",
    "self": "self",
    "two": "model, path",
    "one-and-default": "model, path='x'",
    "positional-only": "context, /",
    "positional-only-default": "context=None, /",
    "var-positional": "*args",
    "var-keyword": "**kwargs",
    "var-both": "*args, **kwargs",
    "one-and-var-both": "context, *args, **kwargs",
    "keyword-only": "*, context",
    "keyword-only-default": "*, context=None",
    "request-headers": "request_headers",
    "positional-only-and-default": "context, /, path='x'",
    "keyword-only-behind-default": "*, path='x', context",
    "keyword-only-behind-var-positional": "*args, context",
    "two-defaults": "context=None, path='x'",
    "default-and-keyword-only": "context=None, *, path",
    "default-ellipsis": "context=...",
    "var-keyword-behind-one": "context, **kwargs",
}

_IMPORTS = "import functools\n"

#: ``DEFINED`` is the undecorated definition of NAME; DECORATE takes its place when the decorator is to be written on it.
DECORATORS: dict[str, str] = {
    "wraps": _IMPORTS
    + "def deco(fn):\n    @functools.wraps(fn)\n    def wrapper(*args, **kwargs):\n"
    "        return fn(*args, **kwargs)\n    return wrapper\n@deco\nDEFINED",
    "wraps-imported": "from functools import wraps\ndef deco(fn):\n    @wraps(fn)\n    def wrapper(*args, **kwargs):\n"
    "        return fn(*args, **kwargs)\n    return wrapper\n@deco\nDEFINED",
    "wraps-factory": _IMPORTS
    + "def deco(times):\n    def inner(fn):\n        @functools.wraps(fn)\n"
    "        def wrapper(*args, **kwargs):\n            times\n            return fn(*args, **kwargs)\n"
    "        return wrapper\n    return inner\n@deco(3)\nDEFINED",
    "wraps-twice": _IMPORTS
    + "def deco(fn):\n    @functools.wraps(fn)\n    def wrapper(*args, **kwargs):\n"
    "        return fn(*args, **kwargs)\n    return wrapper\n@deco\n@deco\nDEFINED",
    "wraps-assigned-wrapped-only": _IMPORTS + "def deco(fn):\n    def wrapper(*args, **kwargs):\n"
    "        return fn(*args, **kwargs)\n    wrapper.__wrapped__ = fn\n    return wrapper\n@deco\nDEFINED",
    "update-wrapper": _IMPORTS
    + "def deco(fn):\n    def wrapper(*args, **kwargs):\n        return fn(*args, **kwargs)\n"
    "    return functools.update_wrapper(wrapper, fn)\n@deco\nDEFINED",
    "wraps-empty-wrapped": _IMPORTS + "def deco(fn):\n    @functools.wraps(fn, updated=())\n"
    "    def wrapper(*args, **kwargs):\n        return fn(*args, **kwargs)\n    return wrapper\n@deco\nDEFINED",
    "name-copied": "def deco(fn):\n    def wrapper(*args, **kwargs):\n        return fn(*args, **kwargs)\n"
    "    wrapper.__name__ = fn.__name__\n    return wrapper\n@deco\nDEFINED",
    "undisguised": "def deco(fn):\n    def wrapper(*args, **kwargs):\n        return fn(*args, **kwargs)\n"
    "    return wrapper\n@deco\nDEFINED",
    "undisguised-over-wraps": _IMPORTS + "def hide(fn):\n    def wrapper(*args, **kwargs):\n"
    "        return fn(*args, **kwargs)\n    return wrapper\ndef deco(fn):\n    @functools.wraps(fn)\n"
    "    def wrapper(*args, **kwargs):\n        return fn(*args, **kwargs)\n    return wrapper\n@hide\n@deco\nDEFINED",
    "wraps-over-undisguised": _IMPORTS + "def hide(fn):\n    def wrapper(*args, **kwargs):\n"
    "        return fn(*args, **kwargs)\n    return wrapper\ndef deco(fn):\n    @functools.wraps(fn)\n"
    "    def wrapper(*args, **kwargs):\n        return fn(*args, **kwargs)\n    return wrapper\n@deco\n@hide\nDEFINED",
    "undisguised-var-keyword": "def deco(fn):\n    def wrapper(**kwargs):\n        return fn(**kwargs)\n"
    "    return wrapper\n@deco\nDEFINED",
    "undisguised-same-signature": "def deco(fn):\n    def wrapper(data=None):\n        return fn(data)\n"
    "    return wrapper\n@deco\nDEFINED",
    "undisguised-no-parameter": "def deco(fn):\n    def wrapper():\n        return fn()\n    return wrapper\n@deco\nDEFINED",
    "wraps-no-parameter-wrapper": _IMPORTS
    + "def deco(fn):\n    @functools.wraps(fn)\n    def wrapper():\n"
    "        return fn()\n    return wrapper\n@deco\nDEFINED",
    "wraps-counting": _IMPORTS
    + "def deco(fn):\n    @functools.wraps(fn)\n    def wrapper(*args, **kwargs):\n"
    "        wrapper.calls += 1\n        return fn(*args, **kwargs)\n    wrapper.calls = 0\n    return wrapper\n"
    "@deco\nDEFINED",
    "pass-through": "def deco(fn):\n    return fn\n@deco\nDEFINED",
    "registering": "table = {}\ndef deco(fn):\n    table[fn.__name__] = fn\n    return fn\n@deco\nDEFINED",
    "returning-none": "def deco(fn):\n    print(fn)\n@deco\nDEFINED",
    "returning-lambda": "def deco(fn):\n    return lambda data=None: fn(data)\n@deco\nDEFINED",
    "returning-partial": _IMPORTS
    + "def deco(fn):\n    return functools.partial(fn)\n@deco\nDEFINED",
    "class-decorator": "class Deco:\n    def __init__(self, fn):\n        self.fn = fn\n"
    "    def __call__(self, *args, **kwargs):\n        return self.fn(*args, **kwargs)\n@Deco\nDEFINED",
    "class-decorator-updated": _IMPORTS + "class Deco:\n    def __init__(self, fn):\n"
    "        functools.update_wrapper(self, fn)\n        self.fn = fn\n    def __call__(self, *args, **kwargs):\n"
    "        return self.fn(*args, **kwargs)\n@Deco\nDEFINED",
    "class-decorator-one-parameter": "class Deco:\n    def __init__(self, fn):\n        self.fn = fn\n"
    "    def __call__(self, data=None):\n        return self.fn(data)\n@Deco\nDEFINED",
    "lru-cache": _IMPORTS + "@functools.lru_cache\nDEFINED",
    "lru-cache-called": _IMPORTS + "@functools.lru_cache(maxsize=None)\nDEFINED",
    "singledispatch": _IMPORTS + "@functools.singledispatch\nDEFINED",
    "contextmanager": "import contextlib\n@contextlib.contextmanager\nDEFINED",
    "exit-stack": "import contextlib\n@contextlib.ExitStack()\nDEFINED",
    "wrapt": "import wrapt\n@wrapt.decorator\ndef deco(wrapped, instance, args, kwargs):\n"
    "    return wrapped(*args, **kwargs)\n@deco\nDEFINED",
    "signature-attribute": "import inspect\ndef deco(fn):\n    def wrapper(*args, **kwargs):\n"
    "        return fn(*args, **kwargs)\n    wrapper.__signature__ = inspect.signature(fn)\n    return wrapper\n"
    "@deco\nDEFINED",
    "sibling-wraps": "from impl import deco\n@deco\nDEFINED\n#: impl.py\nimport functools\ndef deco(fn):\n"
    "    @functools.wraps(fn)\n    def wrapper(*args, **kwargs):\n        return fn(*args, **kwargs)\n    return wrapper\n",
    "sibling-undisguised": "from impl import deco\n@deco\nDEFINED\n#: impl.py\ndef deco(fn):\n"
    "    def wrapper(*args, **kwargs):\n        return fn(*args, **kwargs)\n    return wrapper\n",
    "undefined": "@deco\nDEFINED",
    "inert-expression": "@(lambda fn: fn)\nDEFINED",
    "applied-later-wraps": _IMPORTS
    + "def deco(fn):\n    @functools.wraps(fn)\n    def wrapper(*args, **kwargs):\n"
    "        return fn(*args, **kwargs)\n    return wrapper\nDEFINED\nNAME = deco(NAME)\n",
    "applied-later-undisguised": "def deco(fn):\n    def wrapper(*args, **kwargs):\n        return fn(*args, **kwargs)\n"
    "    return wrapper\nDEFINED\nNAME = deco(NAME)\n",
    "no-type-check": "import typing\n@typing.no_type_check\nDEFINED",
    "overload-then-real": "from typing import overload\n@overload\ndef NAME(): ...\nDEFINED",
    "dispatched-by-atexit": "import atexit\n@atexit.register\nDEFINED",
}

_RAWHTTP = "from azureml.contrib.services.aml_request import rawhttp\n"
_SCHEMA = (
    "from inference_schema.schema_decorators import input_schema, output_schema\n"
    "from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType\n"
    "sample = StandardPythonParameterType([[1, 2]])\n"
)

#: Decorators that belong to ``run`` alone; the parameters they are meant for come second.
RUN_DECORATORS: dict[str, tuple[str, str]] = {
    "rawhttp": (_RAWHTTP + "@rawhttp\nDEFINED", "request"),
    "rawhttp-called": (_RAWHTTP + "@rawhttp()\nDEFINED", "request"),
    "rawhttp-module": (
        "import azureml.contrib.services.aml_request as aml\n@aml.rawhttp\nDEFINED",
        "request",
    ),
    "rawhttp-server-path": (
        "from azureml_inference_server_http.api.aml_request import rawhttp\n@rawhttp\nDEFINED",
        "request",
    ),
    "rawhttp-on-helper": (
        _RAWHTTP + "@rawhttp\ndef helper(request):\n    return request\nDEFINED",
        "data",
    ),
    "rawhttp-no-parameter": (_RAWHTTP + "@rawhttp\nDEFINED", ""),
    "rawhttp-var-both": (_RAWHTTP + "@rawhttp\nDEFINED", "*args, **kwargs"),
    "rawhttp-undefined": ("@rawhttp\nDEFINED", "request"),
    "rawhttp-response-module": (
        "from azureml.contrib.services.aml_response import AMLResponse\nDEFINED",
        "data",
    ),
    "input-schema": (_SCHEMA + "@input_schema('data', sample)\nDEFINED", "data"),
    "input-schema-keywords": (
        _SCHEMA + "@input_schema(param_name='data', param_type=sample)\nDEFINED",
        "data",
    ),
    "input-output-schema": (
        _SCHEMA + "@input_schema('data', sample)\n@output_schema(sample)\nDEFINED",
        "data",
    ),
    "output-schema": (_SCHEMA + "@output_schema(sample)\nDEFINED", "data"),
    "output-schema-twice": (
        _SCHEMA + "@output_schema(sample)\n@output_schema(sample)\nDEFINED",
        "data",
    ),
    "input-schema-two": (
        _SCHEMA + "@input_schema('data', sample)\n@input_schema('extra', sample)\nDEFINED",
        "data, extra",
    ),
    "input-schema-repeated": (
        _SCHEMA + "@input_schema('data', sample)\n@input_schema('data', sample)\nDEFINED",
        "data",
    ),
    "input-schema-wrong-name": (_SCHEMA + "@input_schema('other', sample)\nDEFINED", "data"),
    "input-schema-bare": (_SCHEMA + "@input_schema\nDEFINED", "data"),
    "input-schema-no-type": (_SCHEMA + "@input_schema('data')\nDEFINED", "data"),
    "input-schema-plain-sample": (_SCHEMA + "@input_schema('data', [[1, 2]])\nDEFINED", "data"),
    "input-schema-type-class": (
        _SCHEMA + "@input_schema('data', StandardPythonParameterType)\nDEFINED",
        "data",
    ),
    "input-schema-no-parameter": (_SCHEMA + "@input_schema('data', sample)\nDEFINED", ""),
    "input-schema-var-both": (
        _SCHEMA + "@input_schema('data', sample)\nDEFINED",
        "*args, **kwargs",
    ),
    "input-schema-request-headers": (
        _SCHEMA + "@input_schema('data', sample)\nDEFINED",
        "data, request_headers",
    ),
    "input-schema-dict": (
        _SCHEMA + "@input_schema('data', StandardPythonParameterType({'a': sample}))\nDEFINED",
        "data",
    ),
    "input-schema-on-lambda": (
        _SCHEMA + "NAME = input_schema('data', sample)(lambda data: 1)\n",
        "data",
    ),
    "input-schema-on-async": (_SCHEMA + "@input_schema('data', sample)\nasync DEFINED", "data"),
    "input-schema-on-helper": (
        _SCHEMA + "@input_schema('data', sample)\ndef helper(data):\n    return data\nDEFINED",
        "data",
    ),
    "input-schema-on-helper-named-run": (
        _SCHEMA
        + "class Model:\n    @input_schema('data', sample)\n    def NAME(self, data):\n        return 1\nDEFINED",
        "data",
    ),
    "rawhttp-input-schema": (
        _RAWHTTP + _SCHEMA + "@rawhttp\n@input_schema('data', sample)\nDEFINED",
        "data",
    ),
    "input-schema-rawhttp": (
        _RAWHTTP + _SCHEMA + "@input_schema('data', sample)\n@rawhttp\nDEFINED",
        "data",
    ),
    "rawhttp-output-schema": (
        _RAWHTTP + _SCHEMA + "@rawhttp\n@output_schema(sample)\nDEFINED",
        "data",
    ),
    "rawhttp-on-helper-input-schema": (
        _RAWHTTP
        + _SCHEMA
        + "@rawhttp\ndef helper(data):\n    return data\n@input_schema('data', sample)\nDEFINED",
        "data",
    ),
    "rawhttp-input-schema-on-helper": (
        _RAWHTTP
        + _SCHEMA
        + "@input_schema('data', sample)\ndef helper(data):\n    return data\n@rawhttp\nDEFINED",
        "data",
    ),
    "input-schema-over-wraps": (
        _SCHEMA
        + DECORATORS["wraps"].replace(
            "@deco\nDEFINED", "@input_schema('data', sample)\n@deco\nDEFINED"
        ),
        "data",
    ),
    "input-schema-over-wraps-factory": (
        _SCHEMA
        + DECORATORS["wraps-factory"].replace(
            "@deco(3)\nDEFINED", "@input_schema('data', sample)\n@deco(3)\nDEFINED"
        ),
        "data",
    ),
    "wraps-over-input-schema": (
        _SCHEMA
        + DECORATORS["wraps"].replace(
            "@deco\nDEFINED", "@deco\n@input_schema('data', sample)\nDEFINED"
        ),
        "data",
    ),
    "wraps-factory-over-rawhttp": (
        _RAWHTTP
        + DECORATORS["wraps-factory"].replace("@deco(3)\nDEFINED", "@deco(3)\n@rawhttp\nDEFINED"),
        "request",
    ),
    "input-schema-numpy": (
        "import numpy as np\nfrom inference_schema.schema_decorators import input_schema\n"
        "from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType\n"
        "@input_schema('data', NumpyParameterType(np.array([[1, 2]])))\nDEFINED",
        "data",
    ),
    "input-schema-pandas": (
        "import pandas as pd\nfrom inference_schema.schema_decorators import input_schema\n"
        "from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType\n"
        "@input_schema('data', PandasParameterType(pd.DataFrame({'a': [1]})))\nDEFINED",
        "data",
    ),
}
