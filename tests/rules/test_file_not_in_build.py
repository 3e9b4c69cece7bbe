"""Corners of file-not-in-build."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.checking import Files, look, names, only

SCRIPT = "def init():\n    pass\n\n\ndef run(raw_data):\n    return {'n': len(raw_data)}\n"
CONFIG = {"entryScript": "score.py", "runtime": "python", "condaFile": "conda.yml"}
CONDA = "dependencies:\n- python=3.10\n- pip\n- pip:\n  - azureml-defaults\n"
DEPLOYMENT = """\
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: scoring
code_configuration: {code: src, scoring_script: score.py}
environment: {build: {path: docker}}
instance_type: Standard_DS3_v2
instance_count: 1
"""
DOCKERFILE = """\
FROM python:3.11-slim
COPY requirements.txt .
RUN pip install -r requirements.txt
"""
RULE = {"select": ("AML323",)}


def listed(line: str) -> Files:
    return {
        "score.py": SCRIPT,
        "inferenceconfig.json": json.dumps(CONFIG),
        "conda.yml": f"{CONDA}  - {line}\n",
        "other.txt": "pandas\n",
    }


@pytest.mark.parametrize(
    "line",
    [
        *("-r other.txt", "--requirement=other.txt", "-c ../constraints.txt", "-e .", "."),
        *("./wheels/ours-1.0-py3-none-any.whl", "ours-1.0-py3-none-any.whl"),
    ],
)
def test_what_lies_beside_the_list_is_not_sent(tmp_path: Path, line: str) -> None:
    found = only(look(tmp_path, listed(line), **RULE))
    assert found.severity == "error"
    assert found.location.path == "conda.yml"


@pytest.mark.parametrize(
    "line",
    [
        *("-r https://host/requirements.txt", "https://host/ours-1.0-py3-none-any.whl"),
        *("ours @ https://host/ours.whl", "/opt/wheels/ours.whl", "-r /opt/requirements.txt"),
        *("git+https://host/ours.git", "--extra-index-url https://host/", "'{{FILE}}'"),
        "-f https://host/wheels/",
    ],
)
def test_what_is_fetched_or_lies_in_the_image_is_let_be(tmp_path: Path, line: str) -> None:
    assert names(look(tmp_path, listed(line), **RULE)) == []


def test_a_list_that_nothing_serves_with_is_nobodys_business(tmp_path: Path) -> None:
    files = listed("-r other.txt")
    del files["inferenceconfig.json"]
    assert names(look(tmp_path, files, **RULE)) == []


def test_requirements_that_a_call_names_are_a_list_too(tmp_path: Path) -> None:
    code = (
        "from azureml.core import Environment, Workspace\n"
        "from azureml.core.model import InferenceConfig, Model\n"
        "env = Environment.from_pip_requirements('a', 'requirements.txt')\n"
        "config = InferenceConfig(entry_script='score.py', environment=env)\n"
        "Model.deploy(Workspace.from_config(), 'a', [], config)\n"
    )
    files: Files = {
        "deploy.py": code,
        "score.py": SCRIPT,
        "requirements.txt": "azureml-defaults\n-r other.txt\n",
        "other.txt": "pandas\n",
    }
    found = only(look(tmp_path, files, **RULE))
    assert found.location.path == "requirements.txt"


def built(dockerfile: str, **more: str) -> Files:
    files = {"deployment.yml": DEPLOYMENT, "src/score.py": SCRIPT, "docker/Dockerfile": dockerfile}
    return {**files, **{name.replace("__", "/"): text for name, text in more.items()}}


def test_a_file_that_a_dockerfile_copies_must_be_there(tmp_path: Path) -> None:
    found = only(look(tmp_path, built(DOCKERFILE), **RULE))
    assert (found.location.path, found.severity) == ("docker/Dockerfile", "error")
    whole = look(tmp_path, {"docker/requirements.txt": "pandas\n"}, **RULE)
    assert names(whole) == []


def test_what_something_else_may_make_is_advice(tmp_path: Path) -> None:
    made = "steps:\n- run: poetry export > docker/requirements.txt\n"
    files = {**built(DOCKERFILE), ".github/workflows/build.yml": made}
    assert only(look(tmp_path, files, **RULE, persona="pedantic")).severity == "info"


@pytest.mark.parametrize(
    "copy",
    [
        *("COPY *.txt ./", "COPY $FILE .", "COPY --from=build /requirements.txt .", "COPY . ."),
        "ADD https://host/requirements.txt .",
    ],
)
def test_what_the_context_does_not_tell_is_let_be(tmp_path: Path, copy: str) -> None:
    assert names(look(tmp_path, built(f"FROM python:3.11\n{copy}\n"), **RULE)) == []
