"""Scoring scripts to try: what each is called with, how it does, and which rule tells of it."""

from __future__ import annotations

from dataclasses import dataclass

NUMBERS = '{"data": [[1.0, 2.0], [3.0, 4.0]]}'
_INIT = "def init():\n    pass\n\n\n"
_SCHEMA = """\
from inference_schema.parameter_types.standard_py_parameter_type import (
    StandardPythonParameterType,
)
from inference_schema.schema_decorators import input_schema, output_schema

"""


@dataclass(frozen=True)
class Case:
    """A script; `kind` is that of the failure, `remark` of what is odd about a success.

    `rule` is the one that tells of either, empty where a page says why none does. `request` is
    `None` where there is to be no call, empty for one made from the decorators.
    """

    script: str
    kind: str | None = None
    rule: str = ""
    remark: str | None = None
    request: str | None = NUMBERS
    content_type: str = "application/json"
    files: tuple[tuple[str, str], ...] = ()
    seconds: float = 30.0


_CONDA = (
    "dependencies:\n  - python=3.12\n  - pip\n  - pip:\n      - azureml-inference-server-http\n"
)


def _run(body: str, above: str = "") -> str:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return f"{above}{_INIT}def run(raw_data):\n{lines}"


def _init(body: str, above: str = "") -> str:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return f"{above}def init():\n{lines}\n\ndef run(raw_data):\n    return len(raw_data)\n"


_JSON = "import json\n\n\n"
_RESPONSE = "from azureml_inference_server_http.api.aml_response import AMLResponse\n"

CASES: dict[str, Case] = {
    # -- that work
    "sums": Case(
        _run(
            "try:\n    rows = json.loads(raw_data)['data']\nexcept (KeyError, ValueError):\n"
            "    raise\nreturn [sum(row) for row in rows]",
            _JSON,
        )
    ),
    "nothing returned": Case(_run("pass")),
    "text": Case(_run("return 'received'")),
    "plain tuple": Case(_run("return 1, 2")),
    "slow start": Case(_init("time.sleep(1)", "import time\n\n\n")),
    "slow call": Case(_run("time.sleep(0.5)\nreturn 1", "import time\n\n\n")),
    "big in memory": Case(
        "def init():\n    global held\n    held = bytearray(200 * 1024 * 1024)\n\n\n"
        "def run(raw_data):\n    return len(held)\n"
    ),
    "big answer": Case(_run("return ['x' * 1000] * 1000")),
    "raw request": Case(
        "from azureml_inference_server_http.api.aml_request import AMLRequest, rawhttp\n"
        + _RESPONSE
        + "\n\n"
        + _INIT
        + "@rawhttp\ndef run(request):\n"
        + "    return AMLResponse(request.get_data(), 200)\n"
    ),
    "response object": Case(
        _run("return AMLResponse({'sum': 3}, 200, json_str=True)", _RESPONSE + "\n\n")
    ),
    "schema": Case(
        _SCHEMA
        + _INIT
        + "@input_schema('data', StandardPythonParameterType([[1.0, 2.0]]))\n"
        + "@output_schema(StandardPythonParameterType([1.0]))\n"
        + "def run(data):\n    return [sum(row) for row in data]\n",
        request="",
    ),
    "two schema parameters": Case(
        _SCHEMA
        + _INIT
        + "@input_schema('scale', StandardPythonParameterType(2))\n"
        + "@input_schema('data', StandardPythonParameterType({'rows': [1, 2]}))\n"
        + "def run(data, scale):\n    return [scale * row for row in data['rows']]\n",
        request="",
    ),
    "headers": Case(
        _INIT + "def run(raw_data, request_headers):\n    return request_headers['Content-Type']\n"
    ),
    "sibling": Case(
        "from helper import double\n\n\n" + _run("return double(len(raw_data))"),
        files=(("helper.py", "def double(number):\n    return 2 * number\n"),),
    ),
    "prints a lot": Case(_run("for _ in range(20000):\n    print('x' * 100)\nreturn 1")),
    # -- that do not start
    "no init": Case("def run(raw_data):\n    return 1\n", "entry-function", "missing-init"),
    "no run": Case("def init():\n    pass\n", "entry-function", "missing-run"),
    "under a condition": Case(
        "if __name__ == '__main__':\n    def init():\n        pass\n\n\n"
        "def run(raw_data):\n    return 1\n",
        "entry-function",
        "missing-init",
    ),
    "through globals": Case(
        "globals().update(init=lambda: None)\nglobals()['r' + 'un_it'] = lambda raw_data: 1\n"
        "\n\ndef __getattr__(name):\n    raise AttributeError(name)\n",
        "entry-function",
    ),
    "init with a parameter": Case(
        "def init(model):\n    pass\n\n\ndef run(raw_data):\n    return 1\n",
        "start-exception",
        "init-parameters",
    ),
    "run with any arguments": Case(
        _INIT + "def run(*arguments):\n    return 1\n", "entry-signature", "run-signature"
    ),
    "run without a parameter": Case(
        _INIT + "def run():\n    return 1\n", "entry-signature", "run-signature"
    ),
    "syntax": Case(_run("return (1"), "syntax", "syntax-error"),
    "tabs": Case(_run("if raw_data:\n        x = 1\n\ty = 2\nreturn 1"), "syntax", "syntax-error"),
    "import of nothing": Case("import nowhere_at_all\n\n\n" + _run("return 1"), "import"),
    "import that the environment lacks": Case(
        "import xgboost\n\n\n" + _run("return xgboost.__version__"),
        "import",
        "import-not-in-environment",
        files=(
            ("conda.yml", _CONDA),
            (
                "inferenceconfig.json",
                '{"entryScript": "score.py", "runtime": "python", "condaFile": "conda.yml"}',
            ),
        ),
    ),
    "sibling that is not there": Case(
        "from . import helper\n\n\n" + _run("return helper.x"),
        "import",
        "local-import-unresolved",
    ),
    "undefined while importing": Case(
        "limit = no_such_name\n\n\n" + _run("return limit"), "undefined-name", "undefined-name"
    ),
    "exit in init": Case(_init("sys.exit('no model')", "import sys\n\n\n"), "exit", "process-exit"),
    "no model": Case(
        _init(
            "with open(os.path.join(os.environ['AZUREML_MODEL_DIR'], 'm.pkl'), 'rb') as stream:\n"
            "    stream.read()",
            "import os\n\n\n",
        ),
        "start-exception",
    ),
    "asks a terminal": Case(_init("input('which model? ')"), "start-exception", "blocking-call"),
    "swagger that is none": Case(
        _run("return 1"), "settings", "server-settings-file", files=(("swagger.json", "{oops"),)
    ),
    "settings": Case(
        _run("return 1"), "settings", "server-settings-file", files=(("config.json", "{oops"),)
    ),
    "never starts": Case(
        _init("while True:\n    time.sleep(1)", "import time\n\n\n"),
        "start-time",
        "blocking-call",
        seconds=6,
    ),
    "ends its worker": Case(_init("os._exit(1)", "import os\n\n\n"), "restarts", "process-exit"),
    # -- whose calls fail
    "bad JSON": Case(
        _run("return json.loads(raw_data)['data']", _JSON),
        "script-exception",
        "unhandled-run-error",
        request="{not json",
    ),
    "a key that is not there": Case(
        _run("return json.loads(raw_data)['inputs']", _JSON),
        "script-exception",
        "unhandled-run-error",
    ),
    "no global": Case(
        "def init():\n    model = [1]\n\n\ndef run(raw_data):\n    return model\n",
        "script-exception",
        "missing-global",
    ),
    "undefined in run": Case(
        _run("return json.loads(raw_data)"), "script-exception", "undefined-name"
    ),
    "one parameter too many": Case(
        _INIT + "def run(raw_data, context):\n    return 1\n",
        "script-exception",
        "run-extra-parameter",
    ),
    "coroutine": Case(
        _INIT + "async def run(raw_data):\n    return 1\n", "answer-not-json", "async-entry"
    ),
    "set": Case(_run("return {1, 2}"), "answer-not-json", "not-serializable-return"),
    "bytes": Case(_run("return b'received'"), "answer-not-json", "not-serializable-return"),
    "a model's values": Case(
        "class Model:\n    def predict(self, rows):\n        return 1 / (len(rows) - len(rows))\n"
        "\n\ndef init():\n    global model\n    model = Model()\n\n\n"
        "def run(raw_data):\n    return model.predict(raw_data)\n",
        "script-exception",
    ),
    "a model's values, behind what else could fail": Case(
        "import json\nimport random\n\n\nclass Model:\n    def predict(self, rows):\n"
        "        return 1 / (len(rows) - len(rows))\n\n\n"
        "def init():\n    global model\n    model = Model()\n\n\n"
        "def run(raw_data):\n    rows = json.loads(raw_data)['data']\n"
        "    return model.predict(rows)\n",
        "script-exception",
    ),
    "own status": Case(
        _run("return AMLResponse({'message': 'no'}, 400, json_str=True)", _RESPONSE + "\n\n"),
        "own-status",
    ),
    "schema and a list": Case(
        _SCHEMA
        + _INIT
        + "@input_schema('data', StandardPythonParameterType([[1.0, 2.0]]))\n"
        + "def run(data):\n    return len(data)\n",
        "refused-request",
        request="[1, 2]",
    ),
    "schema and text": Case(
        _SCHEMA
        + _INIT
        + "@input_schema('data', StandardPythonParameterType([[1.0, 2.0]]))\n"
        + "def run(data):\n    return len(data)\n",
        "refused-request",
        content_type="text/plain",
    ),
    "schema of another name": Case(
        _SCHEMA
        + _INIT
        + "@input_schema('rows', StandardPythonParameterType([[1.0, 2.0]]))\n"
        + "def run(data):\n    return len(data)\n",
        "script-exception",
        "schema-decorator-mismatch",
    ),
    "error text": Case(
        _run(
            "try:\n    return json.loads(raw_data)['inputs']\n"
            "except Exception as e:\n    return {'error': str(e)}",
            _JSON,
        ),
        "error-as-success",
        "error-as-success",
    ),
    "bare error text": Case(
        _run(
            "try:\n    return json.loads(raw_data)\nexcept Exception as e:\n    return str(e)",
            _JSON,
        ),
        "error-as-success",
        "error-as-success",
        request="{not json",
    ),
    "status in a tuple": Case(
        _run(
            "try:\n    return json.loads(raw_data)['inputs']\n"
            "except KeyError:\n    return 'no inputs', 400",
            _JSON,
        ),
        "error-as-success",
        "error-as-success",
    ),
    "exit in run": Case(_run("sys.exit(1)", "import sys\n\n\n"), "no-answer", "process-exit"),
    "ends its worker in run": Case(
        _run("os._exit(1)", "import os\n\n\n"), "no-answer", "process-exit"
    ),
    "never answers": Case(
        _run("while True:\n    time.sleep(1)", "import time\n\n\n"),
        "call-time",
        "blocking-call",
        seconds=6,
    ),
    # -- whose answers are odd
    "JSON twice": Case(
        _run("return json.dumps({'sum': 3})", _JSON),
        remark="double-encoded",
        rule="double-encoded-json",
    ),
    "not a number": Case(_run("return [float('nan')]"), remark="not-strict-json"),
}
