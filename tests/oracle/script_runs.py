"""Scripts that start, and what comes of one good call: put together from what people write.

A script has something that ``init`` loads, a way in which ``run`` takes the request, something
that it does with it, and what it answers. Each part has forms that are right and forms that are
not; most scripts get no more than one of those. What a form makes of the call only the server says.
"""

# ruff: noqa: E501 - a line of the tables is a line of a script

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator


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

#: What ``init`` loads; ``run`` reads ``model``.
RIGHT_LOADS: dict[str, Part] = {
    "global": Part(MODEL, "global model\nmodel = Model()"),
    "module-none": Part(MODEL + "model = None\n", "global model\nmodel = Model()"),
    "module": Part(MODEL + "model = Model()\n", "pass"),
    "helper": Part(MODEL + "def load():\n    return Model()\n", "global model\nmodel = load()"),
    "helper-later-bound": Part(
        MODEL + "def load():\n    return make()\ndef make():\n    return Model()\n",
        "global model\nmodel = load()",
    ),
    "helper-global": Part(MODEL + "def load():\n    global model\n    model = Model()\n", "load()"),
    "globals-item": Part(MODEL, "globals()['model'] = Model()"),
    "path": Part(
        "import os\n" + MODEL,
        "global model\npath = os.path.join(os.getenv('AZUREML_MODEL_DIR'), 'model.pkl')\nmodel = Model()",
    ),
    "try-raise": Part(
        "import logging\n" + MODEL,
        "global model\ntry:\n    model = Model()\nexcept Exception:\n    logging.exception('no model')\n    raise",
    ),
    "function-import": Part(MODEL, "global model\nimport os\nos.getcwd()\nmodel = Model()"),
    "conditional-exit": Part(
        "import sys\n" + MODEL,
        "global model\nif sys.version_info < (3, 0):\n    sys.exit(1)\nmodel = Model()",
    ),
    "lambda": Part(
        "", "global model\nmodel = type('Model', (), {'predict': lambda self, rows: rows})()"
    ),
    "star": Part("from os import *\n" + MODEL, "global model\nmodel = Model()\ngetcwd()"),
    "dataclass": Part(
        "from collections import namedtuple\nModel = namedtuple('Model', ['predict'])\n",
        "global model\nmodel = Model(list)",
    ),
}
WRONG_LOADS: dict[str, Part] = {
    "local": Part(MODEL, "model = Model()"),
    "local-none": Part(MODEL + "model = None\n", "model = Model()"),
    "undefined-module": Part(MODEL, "global model\nos.getcwd()\nmodel = Model()"),
    "undefined-class": Part("", "global model\nmodel = Model()"),
    "undefined-helper": Part(MODEL, "global model\nmodel = load_model()"),
    "undefined-in-helper": Part(
        MODEL + "def load():\n    return json.loads('{}') or Model()\n",
        "global model\nmodel = load()",
    ),
    "undefined-in-method": Part(
        "class Model:\n    def __init__(self):\n        self.scale = np.ones(1)\n    def predict(self, rows):\n        return rows\n",
        "global model\nmodel = Model()",
    ),
    "undefined-at-import": Part(
        "paths = glob.glob('*')\n" + MODEL, "global model\nmodel = Model()"
    ),
    "undefined-default": Part(
        "def load(path=MODEL_PATH):\n    return path\n" + MODEL, "global model\nmodel = Model()"
    ),
    "undefined-base": Part("class Model(nn.Module):\n    pass\n", "global model\nmodel = Model()"),
    "undefined-annotation": Part(
        MODEL + "def load() -> np.ndarray:\n    return Model()\n", "global model\nmodel = load()"
    ),
    "undefined-decorator": Part(
        "@cached\ndef load():\n    pass\n" + MODEL, "global model\nmodel = Model()"
    ),
    "import-in-another-function": Part(
        MODEL + "def main():\n    import os\n    os.getcwd()\n",
        "global model\nos.getcwd()\nmodel = Model()",
    ),
    "main-guard-import": Part(
        MODEL + "if __name__ == '__main__':\n    import os\n",
        "global model\nos.getcwd()\nmodel = Model()",
    ),
    "used-before": Part("model = Model()\n" + MODEL, "pass"),
    "deleted": Part("import os\ndel os\n" + MODEL, "global model\nos.getcwd()\nmodel = Model()"),
    "misspelt-import": Part(
        "import os.path as osp\n" + MODEL, "global model\nos.getcwd()\nmodel = Model()"
    ),
    "exit": Part("import sys\n" + MODEL, "global model\nmodel = Model()\nsys.exit(0)"),
    "exit-module": Part("import sys\n" + MODEL + "sys.exit(0)\n", "global model\nmodel = Model()"),
    "quit": Part(MODEL, "global model\nmodel = Model()\nquit()"),
    "raise-system-exit": Part(MODEL, "global model\nmodel = Model()\nraise SystemExit('no')"),
    "exit-in-handler": Part(
        "import sys\n" + MODEL,
        "global model\ntry:\n    open('nowhere.pkl')\nexcept OSError:\n    sys.exit(1)\nmodel = Model()",
    ),
    "exit-swallowed": Part(
        "import sys\n" + MODEL,
        "global model\nmodel = Model()\ntry:\n    sys.exit(1)\nexcept SystemExit:\n    pass",
    ),
    "exit-not-swallowed": Part(
        "import sys\n" + MODEL,
        "global model\nmodel = Model()\ntry:\n    sys.exit(1)\nexcept Exception:\n    pass",
    ),
    "kill-3": Part("import os\n" + MODEL, "global model\nmodel = Model()\nos._exit(3)"),
    "breakpoint": Part(MODEL, "global model\nbreakpoint()\nmodel = Model()"),
    "pdb": Part("import pdb\n" + MODEL, "global model\npdb.set_trace()\nmodel = Model()"),
    "breakpoint-module": Part(
        MODEL + "breakpoint()\nready = True\n", "global model\nmodel = Model()"
    ),
    "breakpoint-on-demand": Part(
        "import os\n" + MODEL,
        "global model\nif os.getenv('DEBUG'):\n    breakpoint()\nmodel = Model()",
    ),
    "open-missing": Part(MODEL, "global model\nopen('nowhere.pkl')\nmodel = Model()"),
}

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

#: How the request is parsed into ``rows``.
RIGHT_PARSES: dict[str, Part] = {
    "loads": Part("import json\n", "rows = json.loads(data)['data']"),
    "from": Part("from json import loads\n", "rows = loads(data)['data']"),
    "as": Part("import json as js\n", "rows = js.loads(data).get('data')"),
    "try": Part(
        "import json\n",
        "try:\n    rows = json.loads(data)['data']\nexcept (ValueError, KeyError):\n    return {'error': 'invalid request'}",
    ),
    "helper": Part(
        "import json\ndef parse(text):\n    return json.loads(text)['data']\n", "rows = parse(data)"
    ),
    "inside": Part("", "import json\nrows = json.loads(data)['data']"),
    "walrus": Part(
        "import json\n", "if (rows := json.loads(data)['data']) is None:\n    rows = []"
    ),
    "with": Part(
        "import json, io\n",
        "with io.StringIO(data) as stream:\n    rows = json.load(stream)['data']",
    ),
    "loop": Part("import json\n", "for key, rows in json.loads(data).items():\n    break"),
    "nested": Part(
        "import json\n", "def inner():\n    return json.loads(data)\nrows = inner()['data']"
    ),
    "eval-literal": Part("import ast\n", "rows = ast.literal_eval(data)['data']"),
}
WRONG_PARSES: dict[str, Part] = {
    "no-import": Part("", "rows = json.loads(data)['data']"),
    "imported-in-init-only": Part(
        "def other():\n    import json\n    json.dumps(1)\n", "rows = json.loads(data)['data']"
    ),
    "from-not-module": Part("from json import loads\n", "rows = json.loads(data)['data']"),
    "helper-missing": Part("import json\n", "rows = preprocess(json.loads(data)['data'])"),
    "helper-misspelt": Part(
        "import json\ndef pre_process(rows):\n    return rows\n",
        "rows = preprocess(json.loads(data)['data'])",
    ),
    "helper-without-import": Part(
        "def parse(text):\n    return json.loads(text)['data']\n", "rows = parse(data)"
    ),
    "misspelt-parameter": Part("import json\n", "rows = json.loads(raw_date)['data']"),
    "misspelt-local": Part("import json\n", "request = json.loads(data)\nrows = reqeust['data']"),
    "leaked-comprehension": Part(
        "import json\n", "[row for row in json.loads(data)['data']]\nrows = [row]"
    ),
    "leaked-exception": Part(
        "import json\n",
        "rows = json.loads(data)['data']\ntry:\n    int('x')\nexcept ValueError as error:\n    pass\nprint(error)",
    ),
    "inner-local": Part(
        "import json\n", "def inner():\n    found = json.loads(data)\ninner()\nrows = found['data']"
    ),
    "caught-undefined": Part(
        "",
        "try:\n    rows = json.loads(data)['data']\nexcept Exception as error:\n    return {'error': str(error)}",
    ),
    "guarded-undefined": Part(
        "", "try:\n    rows = json.loads(data)['data']\nexcept NameError:\n    rows = []"
    ),
    "unused-branch": Part(
        "import json\n", "rows = json.loads(data)['data']\nif not rows:\n    rows = np.zeros(1)"
    ),
    "unused-handler": Part(
        "import json\n",
        "try:\n    rows = json.loads(data)['data']\nexcept ValueError:\n    logging.error('no')\n    raise",
    ),
    "class-attribute": Part(
        "import json\nclass Settings:\n    key = 'data'\n", "rows = json.loads(data)[key]"
    ),
}
PARSED = Part("", "rows = data")

#: What ``run`` answers. ``rows`` and ``model`` are there.
RIGHT_ANSWERS: dict[str, Part] = {
    "predict": Part("", "return model.predict(rows)"),
    "dict": Part("", "return {'result': model.predict(rows), 'rows': len(rows)}"),
    "dumps": Part("import json\n", "return json.dumps({'result': model.predict(rows)})"),
    "list": Part("", "return [str(row) for row in rows]"),
    "tuple": Part("", "return rows, 200"),
    "none": Part("", "model.predict(rows)"),
    "number": Part("", "return sum(map(len, rows)) / 2"),
    "text": Part("", "return 'ok'"),
    "sorted-set": Part("", "return sorted({len(row) for row in rows})"),
    "list-of-set": Part("", "return list({1, 2})"),
    "joined-map": Part("", "return list(map(len, rows))"),
    "decoded-bytes": Part("", "return 'a'.encode().decode()"),
    "isoformat": Part(
        "import datetime\n", "return {'at': datetime.datetime(2020, 1, 1).isoformat()}"
    ),
    "ordered": Part("import collections\n", "return collections.OrderedDict(a=1)"),
    "counter": Part("import collections\n", "return collections.Counter('abc')"),
    "namedtuple": Part(
        "import collections\nPair = collections.namedtuple('Pair', 'a b')\n", "return Pair(1, 2)"
    ),
    "int-keys": Part("", "return {number: row for number, row in enumerate(rows)}"),
    "nan": Part("", "return float('nan')"),
    "dumps-default": Part("import json\n", "return json.dumps({1, 2}, default=list)"),
    "error-text": Part(
        "",
        "try:\n    return model.predict(rows)\nexcept Exception as error:\n    return str(error)",
    ),
    "response": Part(
        RESPONSE, "return AMLResponse({'result': model.predict(rows)}, 200, json_str=True)"
    ),
    "response-text": Part(RESPONSE, "return AMLResponse('ok', 200)"),
    "response-keys": Part(RESPONSE, "return AMLResponse({'a': 1}, 200)"),
    "int-enum": Part("import enum\nclass Label(enum.IntEnum):\n    A = 1\n", "return Label.A"),
    "print-set": Part("", "print({1, 2})\nreturn 'ok'"),
    "set-in-branch": Part("", "if not rows:\n    return {1}\nreturn 'ok'"),
    "exit-in-branch": Part("import sys\n", "if not rows:\n    sys.exit(1)\nreturn 'ok'"),
    "exit-swallowed": Part("import sys\n", "try:\n    sys.exit(1)\nexcept:\n    return 'ok'"),
    "breakpoint-in-branch": Part("", "if not rows:\n    breakpoint()\nreturn 'ok'"),
    "own-exit": Part("def exit():\n    return 'ok'\n", "return exit()"),
    "finally": Part("", "try:\n    return {1}\nfinally:\n    return 'ok'"),
    "undefined-in-unused": Part("def unused():\n    return nowhere\n", "return 'ok'"),
    "sleep": Part("import time\n", "time.sleep(0.1)\nreturn 'ok'"),
}
WRONG_ANSWERS: dict[str, Part] = {
    "set": Part("", "return {1, 2}"),
    "set-call": Part("", "return set(map(len, rows))"),
    "set-comprehension": Part("", "return {len(row) for row in rows}"),
    "frozenset": Part("", "return frozenset([1])"),
    "bytes": Part("", "return b'ok'"),
    "encoded": Part("import json\n", "return json.dumps(rows).encode()"),
    "bytearray": Part("", "return bytearray(3)"),
    "generator": Part("", "return (row for row in rows)"),
    "map": Part("", "return map(len, rows)"),
    "filter": Part("", "return filter(None, rows)"),
    "zip": Part("", "return zip(rows, rows)"),
    "range": Part("", "return range(3)"),
    "enumerate": Part("", "return enumerate(rows)"),
    "reversed": Part("", "return reversed(rows)"),
    "keys": Part("", "answer = {'a': 1}\nreturn answer.keys()"),
    "values": Part("", "return {'a': 1}.values()"),
    "items": Part("", "return dict(a=1).items()"),
    "complex": Part("", "return 1j"),
    "object": Part("", "return object()"),
    "model": Part("", "return model"),
    "class": Part("", "return int"),
    "function": Part("", "return len"),
    "ellipsis": Part("", "return ..."),
    "datetime": Part("import datetime\n", "return datetime.datetime.now()"),
    "datetime-in-dict": Part(
        "import datetime\n", "return {'at': datetime.datetime.utcnow(), 'rows': rows}"
    ),
    "from-datetime": Part("from datetime import datetime\n", "return {'at': datetime.now()}"),
    "date": Part("import datetime\n", "return [datetime.date.today()]"),
    "timedelta": Part("import datetime\n", "return datetime.timedelta(1)"),
    "decimal": Part("from decimal import Decimal\n", "return Decimal('1.5')"),
    "fraction": Part("import fractions\n", "return fractions.Fraction(1, 2)"),
    "uuid": Part("import uuid\n", "return {'id': uuid.uuid4()}"),
    "path": Part("import pathlib\n", "return pathlib.Path('a')"),
    "deque": Part("import collections\n", "return collections.deque(rows)"),
    "exception": Part(
        "", "try:\n    raise ValueError('no')\nexcept ValueError as error:\n    return error"
    ),
    "exception-in-dict": Part(
        "",
        "try:\n    raise ValueError('no')\nexcept ValueError as error:\n    return {'error': error}",
    ),
    "own-class": Part("class Answer:\n    pass\n", "return Answer()"),
    "dataclass": Part(
        "class Answer:\n    def __init__(self, rows):\n        self.rows = rows\n",
        "return {'answer': Answer(rows)}",
    ),
    "enum": Part("import enum\nclass Label(enum.Enum):\n    A = 1\n", "return Label.A"),
    "set-in-dict": Part("", "return {'labels': {1, 2}}"),
    "set-in-list": Part("", "return [{1}, {2}]"),
    "set-in-variable": Part("", "answer = {1, 2}\nreturn answer"),
    "set-stored": Part("", "answer = {}\nanswer['labels'] = {1}\nreturn answer"),
    "set-appended": Part("", "answer = []\nanswer.append({1})\nreturn answer"),
    "set-of-helper": Part(
        "def labels(rows):\n    return {len(row) for row in rows}\n", "return labels(rows)"
    ),
    "bytes-of-method": Part(
        "class Encoder:\n    def encode(self, rows):\n        return b'ok'\n",
        "return Encoder().encode(rows)",
    ),
    "set-either-way": Part("", "return {1} if rows else {2}"),
    "tuple-keys": Part("", "return {(1, 2): 3}"),
    "circular": Part("", "answer = []\nanswer.append(answer)\nreturn answer"),
    "bytes-keys": Part("", "return {b'a': 1}"),
    "dumps-set": Part("import json\n", "return json.dumps({1, 2})"),
    "yield": Part("", "yield rows"),
    "lambda": Part("", "return lambda: rows"),
    "exit": Part("import sys\n", "sys.exit(1)"),
    "exit-behind-answer": Part(
        "import sys\n", "answer = model.predict(rows)\nsys.exit(0)\nreturn answer"
    ),
    "exit-not-swallowed": Part(
        "import sys\n", "try:\n    sys.exit('no')\nexcept Exception:\n    return 'ok'"
    ),
    "exit-from-import": Part("from sys import exit\n", "exit()"),
    "exit-in-helper": Part("import sys\ndef stop():\n    sys.exit(1)\n", "stop()"),
    "exit-on-condition": Part("import sys\n", "if rows:\n    sys.exit(1)\nreturn 'ok'"),
    "quit": Part("", "quit()"),
    "raise-system-exit": Part("", "raise SystemExit(1)"),
    "kill": Part("import os\n", "os._exit(1)"),
    "breakpoint": Part("", "breakpoint()\nreturn 'ok'"),
    "pdb": Part("", "import pdb; pdb.set_trace()\nreturn 'ok'"),
    "pdb-in-try": Part(
        "import pdb\n",
        "try:\n    pdb.set_trace()\n    return 'ok'\nexcept Exception:\n    return 'no'",
    ),
    "undefined-answer": Part("", "model.predict(rows)\nreturn result"),
    "undefined-in-fstring": Part("", "return f'{prediction}'"),
    "undefined-in-dict": Part("", "return {'result': predictions}"),
    "undefined-in-lambda": Part("", "return list(map(lambda row: scale * row, rows))"),
    "undefined-in-comprehension": Part("", "return [scaler(row) for row in rows]"),
    "undefined-function": Part("", "return postprocess(model.predict(rows))"),
    "undefined-helper-name": Part(
        "def post(rows):\n    return np.mean(rows)\n", "return post(rows)"
    ),
    "unbound-local": Part("", "result = result if rows else None\nreturn result"),
    "raises": Part("", "return rows['nowhere']"),
    "divides": Part("", "return 1 / 0"),
    "response-number": Part(RESPONSE, "return AMLResponse(1.5, 200)"),
    "response-header": Part(RESPONSE, "return AMLResponse('a', 200, {'X': 5})"),
    "response-no-status": Part(RESPONSE, "return AMLResponse('a')"),
    "response-set": Part(RESPONSE, "return AMLResponse({1}, 200, json_str=True)"),
}

PARTS = {
    "load": (RIGHT_LOADS, WRONG_LOADS),
    "header": (RIGHT_HEADERS, WRONG_HEADERS),
    "schema": (RIGHT_SCHEMAS, WRONG_SCHEMAS),
    "parse": (RIGHT_PARSES, WRONG_PARSES),
    "answer": (RIGHT_ANSWERS, WRONG_ANSWERS),
}
PLAIN = {"load": "global", "header": "data", "parse": "loads", "answer": "predict"}


def part(group: str, kind: str) -> Part:
    right, wrong = PARTS[group]
    return right.get(kind) or wrong[kind]


def assembled(chosen: dict[str, str]) -> tuple[str, str]:
    """The kind and the text of a script with the chosen part of each group."""
    load, answer = part("load", chosen["load"]), part("answer", chosen["answer"])
    schema = chosen.get("schema")
    header = part("schema", schema) if schema else part("header", chosen["header"])
    parse = PARSED if schema else part("parse", chosen["parse"])
    heads = dict.fromkeys(h for h in (load.head, header.head, parse.head, answer.head) if h)
    run = textwrap.indent(f"{parse.body}\n{answer.body}", "    ")
    init = f"def init():\n{textwrap.indent(load.body, '    ')}\n"
    kind = " ".join(f"{group}:{name}" for group, name in chosen.items())
    return f"run {kind}", f"{''.join(heads)}{init}\n\n{header.body}\n{run}\n"


def each_run() -> Iterator[tuple[str, str]]:
    """Every form once, all else being plain."""
    for group, (right, wrong) in PARTS.items():
        for kind in (*right, *wrong):
            yield assembled({**PLAIN, group: kind})


def random_run(source: random.Random) -> tuple[str, str]:
    """A script of random parts; one of them is wrong in two of three, and sometimes two are."""
    groups = ["load", "schema" if source.random() < 0.35 else "header", "parse", "answer"]
    wrong = set(source.sample(groups, source.choices((0, 1, 2), (3, 6, 1))[0]))
    chosen = {group: source.choice(sorted(PARTS[group][group in wrong])) for group in groups}
    return assembled(chosen)
