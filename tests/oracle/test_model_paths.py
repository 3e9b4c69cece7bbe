"""Model look-ups and paths, asked of azureml-core and of the server's own loader of scripts.

Each case is laid out as a deployment lays it out in the container: the working directory is the
folder above a v1 source directory, or the v2 code folder; models lie below AZUREML_MODEL_DIR.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from amllint.config import load
from amllint.engine.check import check
from amllint.source.overlay import Overlay
from tests.checking import Files, look, write
from tests.oracle.environments import OracleUnavailable, oracle_environment

pytestmark = pytest.mark.oracle

LOOKUP = "from azureml.core.model import Model\nprint(Model.get_model_path({}))\n"
LOOKUPS = [
    '"diabetes"',
    '"diabetes", version=3',
    '"diabetes", None',
    'model_name="diabetes", version=True - 1 + 3',
    '"diabetes", "3"',
    '"diabetes", version=3.0',
    '"diabetes:3"',
    '"Diabetes"',
    '"diabetes.pkl"',
    "None",
]
DECLARED = '[[deployment]]\nscript = "score.py"\nmodels = ["diabetes"]\n'
ENTRY = "\n\ndef run(raw_data):\n    return {{}}\n"
START = """\
import sys
from azureml_inference_server_http.server.user_script import UserScript
script = UserScript(sys.argv[1])
script.load_script(sys.argv[2])
script.invoke_init()
"""


@pytest.fixture(scope="module")
def azureml_core() -> Path:
    """The Python of the environment that holds azureml-core."""
    try:
        return oracle_environment("azureml-core")
    except OracleUnavailable as reason:
        if os.environ.get("AMLLINT_REQUIRE_ORACLES") == "1":
            pytest.fail(str(reason))
        pytest.skip(str(reason))


@pytest.mark.parametrize("arguments", LOOKUPS)
def test_lookups_fail_as_azureml_core_says(
    arguments: str, azureml_core: Path, tmp_path: Path
) -> None:
    app = tmp_path / "app"
    write(app, {"azureml-models/diabetes/3/diabetes.pkl": b"model", "elsewhere/x": b""})
    env = {**os.environ, "AML_APP_ROOT": str(app)}
    command = [str(azureml_core), "-c", LOOKUP.format(arguments)]
    done = subprocess.run(command, cwd=app / "elsewhere", env=env, capture_output=True, text=True)
    files: Files = {
        "score.py": "from azureml.core.model import Model\n\n\ndef init():\n    global path\n"
        f"    path = Model.get_model_path({arguments})\n{ENTRY.format()}",
        "amllint.toml": DECLARED,
    }
    folder = tmp_path / "tree"
    write(folder, files)
    overlay = Overlay(cwd=str(folder))
    rule = "get-model-path-arguments"
    settings = replace(load(str(folder / "amllint.toml"), overlay), select=(rule,))
    found = [f for f in check(["."], settings, overlay).findings if f.name == rule]
    assert bool(found) == bool(done.returncode), done.stderr[-500:]


V1 = '{"entryScript": "score.py", "sourceDirectory": "src"}\n'
V2 = """\
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: scoring
model:
  path: {}
code_configuration:
  code: src
  scoring_script: score.py
"""
READ = "import os\nimport pickle\n\n\ndef init():\n    open({}).close()\n"
LOAD = "import os\nimport pickle\n\n\ndef init():\n    pickle.load(open({}, 'rb'))\n"
DIR = 'os.environ["AZUREML_MODEL_DIR"]'
PICKLE = b"N."


class Case(NamedTuple):
    """What is deployed how: the route, the model's path, and the script's one statement."""

    route: str
    model: str
    script: str


PATHS = [
    Case("v1", "model", READ.format('"labels.txt"')),
    Case("v1", "model", READ.format('"src/labels.txt"')),
    Case("v1", "model", READ.format('os.path.join(os.path.dirname(__file__), "labels.txt")')),
    Case("v1", "model", LOAD.format('"shipped.pkl"')),
    Case("v1", "model", LOAD.format('"src/shipped.pkl"')),
    Case("v2", "model", READ.format('"labels.txt"')),
    Case("v2", "model", READ.format('"notes.txt"')),
    Case("v2", "model", LOAD.format('"shipped.pkl"')),
    Case("v2", "model", LOAD.format('"model/model.pkl"')),
    Case("v2", "model", LOAD.format(f'os.path.join({DIR}, "model", "model.pkl")')),
    Case("v2", "model", LOAD.format(f'os.path.join({DIR}, "model.pkl")')),
    Case("v2", "model", LOAD.format(f'os.path.join({DIR}, "model", "Model.pkl")')),
    Case("v2", "model", LOAD.format(f'{DIR} + "model/model.pkl"')),
    Case("v2", "model/model.pkl", LOAD.format(f'{DIR} + "/model.pkl"')),
    Case("v2", "model/model.pkl", LOAD.format(f'os.path.join({DIR}, "model", "model.pkl")')),
]
RULES = ("model-path-missing", "model-path-outside-model-dir", "relative-data-path")


@pytest.mark.parametrize("case", PATHS, ids=[f"{c.route} {c.script[42:]}" for c in PATHS])
def test_paths_fail_where_the_server_says(
    case: Case, inference_server: Path, tmp_path: Path
) -> None:
    files: Files = {
        "src/score.py": case.script + ENTRY.format(),
        "src/labels.txt": "a\n",
        "src/shipped.pkl": PICKLE,
        "notes.txt": "a\n",
        "model/model.pkl": PICKLE,
    }
    config = {"inferenceconfig.json": V1} if case.route == "v1" else {}
    config |= {"deployment.yml": V2.format(case.model)} if case.route == "v2" else {}
    report = look(tmp_path / "tree", {**files, **config}, select=RULES)
    found = [f.name for f in report.findings if f.name in RULES]
    done = started(case, files, inference_server, tmp_path / "container")
    assert bool(found) == bool(done.returncode), done.stderr[-500:]


def started(
    case: Case, files: Files, python: Path, folder: Path
) -> subprocess.CompletedProcess[str]:
    """The server's loader, run where and with what a container would have."""
    shipped = {n.removeprefix("src/"): t for n, t in files.items() if n.startswith("src/")}
    app, mount = folder / "azureml-app", folder / "azureml-app/azureml-models/diabetes/3"
    write(app / "src", dict(shipped))
    name = "model.pkl" if case.model.endswith(".pkl") else "model/model.pkl"
    write(mount, {name: PICKLE})
    root, entry = (app, "src/score.py") if case.route == "v1" else (app / "src", "score.py")
    env = {**os.environ, "AZUREML_MODEL_DIR": str(mount), "AML_APP_ROOT": str(root)}
    command = [str(python), "-c", START, entry, str(root)]
    return subprocess.run(command, cwd=root, env=env, capture_output=True, text=True)
