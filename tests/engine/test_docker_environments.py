"""What a Dockerfile installs is the environment of the deployment that is built from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from amllint.artifacts.docker_environment import DockerEnvironment
from amllint.listed_environments import ListedEnvironments
from amllint.source.overlay import Overlay
from tests.checking import Files, look, names, places, write

DEPLOYMENT = """\
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: scoring
code_configuration:
  code: src
  scoring_script: score.py
environment:
  build:
    path: docker
instance_type: Standard_DS3_v2
instance_count: 1
"""
SCRIPT = """\
import pandas


def init():
    pass


def run(raw_data):
    return {"received": len(raw_data), "version": str(pandas.__version__)}
"""
PYTHON = "FROM python:3.10-slim\n"
SERVER = "RUN pip install azureml-inference-server-http==1.5.1\n"


def deployed(dockerfile: str, **more: str) -> Files:
    files = {f"docker/{name.replace('_txt', '.txt')}": text for name, text in more.items()}
    return {
        "deployment.yml": DEPLOYMENT,
        "src/score.py": SCRIPT,
        "docker/Dockerfile": dockerfile,
        **files,
    }


def environment(folder: Path, text: str, files: Files | None = None) -> DockerEnvironment:
    write(folder, {"Dockerfile": text, **(files or {})})
    reader = ListedEnvironments(Overlay(cwd=str(folder)), lambda path: True)
    found = reader.dockerfile(str(folder / "Dockerfile"), str(folder))
    assert found is not None
    return found


def listed(found: DockerEnvironment) -> tuple[list[str], list[str], bool]:
    return [r.text for r in found.conda], [r.text for r in found.pip], found.complete


def test_packages_of_all_commands_count(tmp_path: Path) -> None:
    text = (
        'FROM python:3.10-slim\nARG V=1.5.2\nENV A="2"\nRUN apt-get update && '
        "pip install --no-cache-dir -i https://x/y 'pandas>=2' \\\n   scikit-learn==$V\n"
        "RUN python -m pip install x==$A && sudo pip3 install --upgrade pip\n"
    )
    expected = ["pandas>=2", "scikit-learn==1.5.2", "x==2", "pip"]
    assert listed(environment(tmp_path, text)) == (["python=3.10"], expected, True)


def test_files_are_those_that_were_copied(tmp_path: Path) -> None:
    text = (
        "FROM condaforge/miniforge3\nWORKDIR /app\nCOPY req/a.txt ./\nCOPY . /all/\n"
        "COPY conda.yml /tmp/env.yml\nRUN pip install -r a.txt --requirement=/all/req/b.txt\n"
        "RUN conda env update -n base -f /tmp/env.yml\n"
    )
    files: Files = {
        "req/a.txt": "pandas==2.2.3\n",
        "req/b.txt": "-r a.txt\nnumpy\n",
        "conda.yml": "dependencies:\n- pip\n- pip:\n  - joblib\n",
    }
    pip = ["pandas==2.2.3", "pandas==2.2.3", "numpy", "joblib"]
    assert listed(environment(tmp_path, text, files)) == (["conda", "pip"], pip, True)


def test_the_last_stage_counts_with_what_it_builds_on(tmp_path: Path) -> None:
    text = (
        "FROM python:3.9 AS base\nRUN pip install a\nFROM python:3.11\nRUN pip install lost\n"
        "FROM base\nRUN pip install b\n"
    )
    assert listed(environment(tmp_path, text)) == (["python=3.9"], ["a", "b"], True)


@pytest.mark.parametrize(
    "text",
    [
        "FROM company.azurecr.io/base:1\nRUN pip install a\n",
        "ARG BASE\nFROM $BASE\n",
        "FROM python:3.10\nRUN pip install $PACKAGES\n",
        "FROM python:3.10\nRUN pip install .\n",
        "FROM python:3.10\nRUN pip install -c constraints.txt a\n",
        "FROM python:3.10\nRUN pip install -r requirements.txt\n",
        "FROM python:3.10\nRUN curl -sSL https://example.com/install | bash\n",
        "FROM python:3.10\nRUN poetry install\n",
        "FROM python:3.10\nRUN bash setup.sh\n",
        "FROM python:3.10\nRUN apt-get install -y python3-numpy\n",
        "FROM python:3.10\nRUN pip uninstall -y numpy\n",
        'FROM python:3.10\nRUN ["pip", "install", "a"]\n',
        "FROM python:3.10\nRUN <<EOF\npip install a\nEOF\n",
        "FROM python:3.10\nCOPY --from=other /site-packages /usr/lib/python3/site-packages\n",
        "FROM condaforge/miniforge3\nRUN conda create -n a numpy\nRUN pip install b\n",
        "FROM python:3.10\nRUN --mount=type=bind,target=/x pip install -r /x/r.txt\n",
    ],
)
def test_what_cannot_be_known_is_unknown(tmp_path: Path, text: str) -> None:
    assert not environment(tmp_path, text).complete


def test_an_image_without_a_server_and_an_import_are_told(tmp_path: Path) -> None:
    report = look(tmp_path, deployed("FROM python:3.10-slim\nRUN pip install numpy==1.26.4\n"))
    assert ("docker/Dockerfile", 1, "missing-inference-server") in places(report)
    assert ("src/score.py", 1, "import-not-in-environment") in places(report)


@pytest.mark.parametrize(
    "dockerfile",
    [
        "FROM mcr.microsoft.com/azureml/minimal-py312-inference:latest\nRUN pip install numpy\n",
        f"{PYTHON}{SERVER}RUN pip install pandas\n",
        "FROM python:3.10-slim\nRUN pip install pandas flask\nCMD python app.py\n",
        f"{PYTHON}{SERVER}COPY requirements.txt .\nRUN pip install -r requirements.txt\n",
    ],
)
def test_an_image_that_has_it_or_may_have_it_is_let_be(tmp_path: Path, dockerfile: str) -> None:
    report = look(tmp_path, deployed(dockerfile, requirements_txt="pandas\n"))
    assert not {"missing-inference-server", "import-not-in-environment"} & {*names(report)}


def test_lines_of_a_dockerfile_are_judged(tmp_path: Path) -> None:
    text = f"{PYTHON}{SERVER}RUN pip install pandas \\\n  sklearn numpy=1.26\n"
    report = look(tmp_path, deployed(text))
    assert ("docker/Dockerfile", 4, "wrong-package-name") in places(report)
    assert ("docker/Dockerfile", 4, "version-operator") in places(report)


def test_what_a_later_command_replaces_is_no_contradiction(tmp_path: Path) -> None:
    text = f"{PYTHON}{SERVER}RUN pip install pandas==2.1\nRUN pip install pandas==2.2\n"
    assert "duplicate-dependency" not in names(look(tmp_path, deployed(text)))


def test_a_dockerfile_given_by_name_is_seen_with_its_deployment(tmp_path: Path) -> None:
    text = f"{PYTHON}{SERVER}RUN pip install pandas sklearn\n"
    report = look(tmp_path, {**deployed(text), ".git/mark": ""}, "docker/Dockerfile")
    assert places(report) == [("docker/Dockerfile", 3, "wrong-package-name")]


def test_a_text_that_nobody_wrote_is_not_taken_apart(tmp_path: Path) -> None:
    write(tmp_path, {"Dockerfile": "RUN " + "a && " * 200_000})
    reader = ListedEnvironments(Overlay(cwd=str(tmp_path)), lambda path: True)
    assert reader.dockerfile(str(tmp_path / "Dockerfile"), str(tmp_path)) is None
