"""Scripts and settings that the inference server is started with to see how they fail.

Each is one failure: files of the application root, the environment, and calls that are made
once the server answers.
"""

# ruff: noqa: E501, RUF012 - a line of the tables is a line of a script

from __future__ import annotations

from typing import NamedTuple

GOOD_RUN = "def run(data):\n    return {'received': len(data)}\n"
GOOD = "def init():\n    pass\n\n\n" + GOOD_RUN
INIT = "def init():\n    global model\n    model = len\n\n\n"


class Call(NamedTuple):
    """A request; `show` writes what `curl -i` would print to the log instead of the server's."""

    body: str = '{"data": [[1, 2]]}'
    path: str = "/score"
    method: str = "POST"
    headers: dict[str, str] = {}
    show: bool = False


class Served(NamedTuple):
    """What is served, and how."""

    script: str
    calls: tuple[Call, ...] = ()
    files: dict[str, str] = {}
    environment: dict[str, str] = {}
    arguments: tuple[str, ...] = ()
    seconds: float = 25.0


CALL = (Call(),)
SHOWN = (Call(show=True),)

FAILING: dict[str, Served] = {
    "import-sklearn": Served("import joblib_missing\n\n\n" + GOOD),
    "import-helper": Served(
        "from preprocessing import scale\n\n\n" + GOOD,
        files={"src/preprocessing.py": "scale = 1\n"},
    ),
    "import-relative": Served("from . import features\n\n\n" + GOOD, files={"features.py": ""}),
    "import-azureml-core": Served("from azureml.core.model import Model\n\n\n" + GOOD),
    "import-name-gone": Served("from json import JSONReader\n\n\n" + GOOD),
    "import-raises": Served("import os\n\nTHRESHOLD = float(os.environ['THRESHOLD'])\n\n\n" + GOOD),
    "syntax-error": Served("def init()\n    pass\n\n\n" + GOOD_RUN),
    "tab-error": Served("def init():\n        x = 1\n\ty = 2\n\n\n" + GOOD_RUN),
    "indentation-error": Served("def init():\npass\n\n\n" + GOOD_RUN),
    "no-init": Served(GOOD_RUN),
    "no-run": Served("def init():\n    pass\n"),
    "main-guard": Served(
        "if __name__ == '__main__':\n    def init():\n        pass\n\n\n" + GOOD_RUN
    ),
    "run-star-arguments": Served(INIT + "def run(*args):\n    return {}\n"),
    "run-without-parameter": Served(INIT + "def run():\n    return {}\n"),
    "run-headers-only": Served(INIT + "def run(request_headers):\n    return {}\n"),
    "raw-and-schema": Served(
        "from azureml.contrib.services.aml_request import rawhttp\n"
        "from inference_schema.parameter_types.standard_py_parameter_type import (\n"
        "    StandardPythonParameterType,\n)\n"
        "from inference_schema.schema_decorators import input_schema\n\n\n"
        + INIT
        + "@rawhttp\n@input_schema('data', StandardPythonParameterType({'a': 1}))\n"
        "def run(data):\n    return {}\n"
    ),
    "init-parameter": Served("def init(context):\n    pass\n\n\n" + GOOD_RUN),
    "init-file-missing": Served(
        "import os\nimport pickle\n\n\ndef init():\n    global model\n"
        "    path = os.path.join(os.environ['AZUREML_MODEL_DIR'], 'model.pkl')\n"
        "    with open(path, 'rb') as stream:\n        model = pickle.load(stream)\n\n\n"
        + GOOD_RUN,
        files={"azureml-models/churn/3/churn/model.pkl": "x"},
        environment={"AZUREML_MODEL_DIR": "azureml-models/churn/3"},
    ),
    "init-is-a-directory": Served(
        "import os\nimport pickle\n\n\ndef init():\n    global model\n"
        "    with open(os.environ['AZUREML_MODEL_DIR'], 'rb') as stream:\n"
        "        model = pickle.load(stream)\n\n\n" + GOOD_RUN,
        files={"azureml-models/churn/3/model.pkl": "x"},
        environment={"AZUREML_MODEL_DIR": "azureml-models/churn/3"},
    ),
    "init-model-dir-unset": Served(
        "import os\n\n\ndef init():\n    global path\n"
        "    path = os.path.join(os.getenv('AZUREML_MODEL_DIR'), 'model.pkl')\n\n\n" + GOOD_RUN
    ),
    "init-model-dir-key": Served(
        "import os\n\n\ndef init():\n    global path\n"
        "    path = os.environ['AZUREML_MODEL_DIR'] + '/model.pkl'\n\n\n" + GOOD_RUN
    ),
    "init-unpickle-garbage": Served(
        "import pickle\n\n\ndef init():\n    global model\n"
        "    with open('model.pkl', 'rb') as stream:\n        model = pickle.load(stream)\n\n\n"
        + GOOD_RUN,
        files={"model.pkl": "version https://git-lfs.github.com/spec/v1\noid sha256:1\n"},
    ),
    "init-unpickle-main": Served(
        "import pickle\n\n\ndef init():\n    global model\n"
        "    model = pickle.loads(b'c__main__\\nTokenizer\\n)R.')\n\n\n" + GOOD_RUN
    ),
    "init-sys-exit": Served("import sys\n\n\ndef init():\n    sys.exit(1)\n\n\n" + GOOD_RUN),
    "init-connection-refused": Served(
        "import urllib.request\n\n\ndef init():\n    global weights\n"
        "    weights = urllib.request.urlopen('http://127.0.0.1:9/weights', timeout=3).read()\n\n\n"
        + GOOD_RUN
    ),
    "init-value-error": Served(
        "def load(version):\n    raise ValueError(f'unknown format version {version}')\n\n\n"
        "def init():\n    global model\n    model = load(7)\n\n\n" + GOOD_RUN
    ),
    "init-chained": Served(
        "import json\n\n\ndef settings():\n    try:\n        return json.loads('{broken')\n"
        "    except ValueError as error:\n        raise RuntimeError('no settings') from error\n\n\n"
        "def init():\n    global model\n    model = settings()\n\n\n" + GOOD_RUN
    ),
    "init-permission": Served(
        "def init():\n    raise PermissionError(13, 'Permission denied', '/var/azureml-app/cache')\n"
        "\n\n" + GOOD_RUN
    ),
    "init-memory-error": Served(
        "def init():\n    global table\n    table = bytearray(1 << 50)\n\n\n" + GOOD_RUN
    ),
    "entry-script-missing": Served(GOOD, arguments=("--entry_script", "scoring.py")),
    "entry-script-no-suffix": Served(
        GOOD, files={"score": GOOD}, arguments=("--entry_script", "score")
    ),
    "settings-file-broken": Served(GOOD, files={"config.json": "{not json"}),
    "swagger-broken": Served(GOOD, files={"swagger.json": "{not json"}),
    "timeout-not-a-number": Served(GOOD, environment={"SCORING_TIMEOUT_MS": "1 minute"}),
    "worker-count-not-a-number": Served(GOOD, environment={"WORKER_COUNT": "two"}),
    "worker-timeout-not-a-number": Served(GOOD, environment={"WORKER_TIMEOUT": "5m"}),
    "debug-port": Served(GOOD, environment={"AZUREML_DEBUG_PORT": "5678"}, seconds=2),
    "logging-json-broken": Served(GOOD, files={"logging.json": '{"version": 7}'}),
    "bad-option": Served(GOOD, arguments=("--entryscript", "score.py")),
    "init-hard-exit": Served(
        "import os\n\n\ndef init():\n    os._exit(7)\n\n\n" + GOOD_RUN, seconds=4
    ),
    "init-killed": Served(
        "import os\nimport signal\n\n\ndef init():\n    os.kill(os.getpid(), signal.SIGKILL)\n\n\n"
        + GOOD_RUN,
        seconds=4,
    ),
    "init-segfault": Served(
        "import ctypes\n\n\ndef init():\n    ctypes.string_at(0)\n\n\n" + GOOD_RUN, seconds=5
    ),
    "run-key-error": Served(
        "import json\n\n\n" + INIT + "def run(data):\n    return json.loads(data)['inputs']\n", CALL
    ),
    "run-bad-json": Served(
        "import json\n\n\n" + INIT + "def run(data):\n    return json.loads(data)['data']\n",
        (Call("sepal=1&petal=2"),),
    ),
    "run-name-error": Served(
        "def init():\n    model = len\n\n\ndef run(data):\n    return model(data)\n", CALL
    ),
    "run-none-model": Served(
        "model = None\n\n\ndef init():\n    model = len\n\n\n"
        "def run(data):\n    return model.predict(data)\n",
        CALL,
    ),
    "run-two-parameters": Served(INIT + "def run(data, threshold):\n    return {}\n", CALL),
    "run-text-indexed": Served(INIT + "def run(data):\n    return data['data']\n", CALL),
    "run-returns-set": Served(INIT + "def run(data):\n    return {1, 2, 3}\n", CALL),
    "run-returns-bytes": Served(INIT + "def run(data):\n    return {'image': b'png'}\n", CALL),
    "run-async": Served(INIT + "async def run(data):\n    return {}\n", CALL),
    "run-exit": Served(INIT + "def run(data):\n    raise SystemExit(2)\n", CALL),
    "run-killed": Served(
        "import os\nimport signal\n\n\n"
        + INIT
        + "def run(data):\n    os.kill(os.getpid(), signal.SIGKILL)\n",
        CALL,
    ),
    "run-scoring-timeout": Served(
        "import time\n\n\n" + INIT + "def run(data):\n    time.sleep(5)\n    return {}\n",
        CALL,
        environment={"SCORING_TIMEOUT_MS": "500"},
    ),
    "run-worker-timeout": Served(
        "import time\n\n\n" + INIT + "def run(data):\n    time.sleep(30)\n    return {}\n",
        CALL,
        environment={"WORKER_TIMEOUT": "3"},
    ),
    "schema-no-such-parameter": Served(
        "from inference_schema.parameter_types.standard_py_parameter_type import (\n"
        "    StandardPythonParameterType,\n)\n"
        "from inference_schema.schema_decorators import input_schema\n\n\n"
        + INIT
        + "@input_schema('rows', StandardPythonParameterType([1]))\n"
        "def run(data):\n    return {}\n",
        (Call(headers={"Content-Type": "application/json"}),),
    ),
    "schema-key-missing": Served(
        "from inference_schema.parameter_types.standard_py_parameter_type import (\n"
        "    StandardPythonParameterType,\n)\n"
        "from inference_schema.schema_decorators import input_schema\n\n\n"
        + INIT
        + "@input_schema('rows', StandardPythonParameterType([1]))\n"
        "def run(rows):\n    return {}\n",
        (Call(headers={"Content-Type": "application/json"}),),
    ),
    "http-500-run-failed": Served(INIT + "def run(data):\n    return 1 / 0\n", SHOWN),
    "http-500-not-json": Served(INIT + "def run(data):\n    return {1, 2}\n", SHOWN),
    "http-500-html": Served(INIT + "def run(data):\n    raise SystemExit(2)\n", SHOWN),
    "http-404-path": Served(GOOD, (Call(path="/predict", show=True),)),
    "http-405": Served(GOOD, (Call(method="PUT", show=True),)),
    "http-431": Served(GOOD, (Call(headers={"x-ms-client-request-id": "a" * 120}, show=True),)),
    "http-400-not-utf8": Served(GOOD, (Call(body="\udcff\udcfe", show=True),)),
    "http-415": Served(
        "from inference_schema.parameter_types.standard_py_parameter_type import (\n"
        "    StandardPythonParameterType,\n)\n"
        "from inference_schema.schema_decorators import input_schema\n\n\n"
        + INIT
        + "@input_schema('rows', StandardPythonParameterType([1]))\n"
        "def run(rows):\n    return {}\n",
        (Call(headers={"Content-Type": "text/plain"}, show=True),),
    ),
}

INNOCENT: dict[str, Served] = {
    "served-well": Served(GOOD, CALL * 3),
    "served-with-prints": Served(
        "def init():\n    print('errors so far: 0, failed: 0')\n\n\n"
        "def run(data):\n    print('no error, exception list is empty')\n    return {'ok': True}\n",
        CALL * 2,
    ),
    "served-with-workers": Served(GOOD, CALL * 2, environment={"WORKER_COUNT": "2"}),
    "served-to-a-browser": Served(
        GOOD, (Call(path="/favicon.ico", method="GET"), Call(path="/", method="GET"), *CALL)
    ),
    "answered-well": Served(GOOD, SHOWN),
    "swagger-asked-for": Served(GOOD, (Call(path="/swagger.json", method="GET", show=True),)),
    "served-with-warning": Served(
        "import warnings\n\n\ndef init():\n    warnings.warn('the model is old', FutureWarning)\n\n\n"
        + GOOD_RUN,
        CALL,
    ),
    "served-with-logging": Served(
        "import logging\n\nlogging.basicConfig(level=logging.INFO, force=True)\n\n\n"
        "def init():\n    logging.info('loaded in 2.1 s, error rate 0.02')\n\n\n"
        "def run(data):\n    logging.warning('a column is missing, the default is taken')\n"
        "    return {}\n",
        CALL,
    ),
    "settings-file-of-others": Served(GOOD, CALL, files={"config.json": '{"hidden_size": 768}'}),
}
