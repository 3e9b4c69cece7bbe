"""Corners of file-not-in-build."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.checking import Files, look, names, only, shown

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


INSTALL = "RUN pip install -r requirements.txt\n"
PLAIN = "FROM python:3.12-slim\nWORKDIR /app\n"


@pytest.mark.parametrize(
    ("dockerfile", "absent", "help"),
    [
        (f"{PLAIN}COPY reqs.txt .\nRUN pip install -r req.txt\n", "req.txt", "did you mean"),
        (f"{PLAIN}COPY . .\nRUN pip install -r other.txt\n", "other.txt", "put it into"),
        (f"{PLAIN}RUN pip install -r reqs.txt\nCOPY reqs.txt .\n", "reqs.txt", "copy it into"),
        (f"{PLAIN}COPY reqs.txt /tmp/\nRUN pip install -r reqs.txt\n", "reqs.txt", "copy it"),
        (
            "FROM continuumio/miniconda3\nCOPY env.yaml /tmp/env.yaml\n"
            "RUN conda env create -n a -f /tmp/env.yml > /dev/null\n",
            "/tmp/env.yml",
            "did you mean `/tmp/env.yaml`?",
        ),
        (
            f"{PLAIN}COPY reqs.txt .\nRUN apt-get update && apt-get install -y gcc && "
            "pip install -r serve.txt\n",
            "serve.txt",
            "copy it into",
        ),
    ],
)
def test_what_is_installed_from_must_have_been_copied(
    tmp_path: Path, dockerfile: str, absent: str, help: str
) -> None:
    files = built(dockerfile)
    files = {**files, "docker/reqs.txt": "pandas\n", "docker/env.yaml": "dependencies: [pip]\n"}
    report = look(tmp_path, files, **RULE)
    found = only(report)
    assert (found.severity, shown(report, found)) == ("error", absent)
    assert (found.observation.help or "").startswith(help)


@pytest.mark.parametrize(
    "before",
    [
        *("COPY reqs* ./\n", "COPY $FILE .\n", 'COPY ["a.txt", "b.txt", "./"]\n'),
        *("COPY --from=build /out /app\n", "ADD https://host/a.txt .\n", "ADD all.tar.gz .\n"),
        *("RUN echo pandas > requirements.txt\n", "RUN curl -O https://host/requirements.txt\n"),
        *("RUN git clone https://host/ours /app\n", "RUN poetry export -o requirements.txt\n"),
        *("RUN cp a.txt requirements.txt\n", "RUN echo pandas | tee requirements.txt\n"),
        *("WORKDIR $WHERE\n", 'RUN ["sh", "fetch.sh"]\n', "COPY gone.txt .\n"),
        *("COPY requirements.txt /app\n", "COPY a.txt requirements.txt\n"),
        *("COPY sub /app\n", "COPY sub/requirements.txt ./\n", "COPY sub/ .\n"),
        "RUN cat <<EOF > requirements.txt\npandas\nEOF\n",
    ],
)
def test_what_may_have_brought_a_file_is_let_be(tmp_path: Path, before: str) -> None:
    files = built(PLAIN + before + INSTALL)
    more = ("docker/a.txt", "docker/b.txt", "docker/sub/requirements.txt", "docker/all.tar.gz")
    files = {**files, **dict.fromkeys(more, "pandas\n")}
    found = look(tmp_path, files, **RULE).findings
    assert [f for f in found if "installed from" in f.message] == []


@pytest.mark.parametrize(
    "dockerfile",
    [
        f"FROM contoso.azurecr.io/base:1\n{INSTALL}",
        f"FROM python:3.6-onbuild\n{INSTALL}",
        f"{PLAIN}RUN if [ -f requirements.txt ]; then pip install -r requirements.txt; fi\n",
        f"{PLAIN}RUN pip install -r requirements.txt || true\n",
        f"{PLAIN}RUN --mount=type=bind,target=/app pip install -r requirements.txt\n",
        f"{PLAIN}RUN pip install -r https://host/requirements.txt\n",
        f"{PLAIN}RUN pip install -r ~/requirements.txt -r $LIST -r /dev/stdin\n",
        f"FROM python:3.12 AS a\nRUN python make.py\nFROM a\n{INSTALL}",
    ],
)
def test_what_is_not_known_of_an_image_is_let_be(tmp_path: Path, dockerfile: str) -> None:
    assert names(look(tmp_path, built(dockerfile), **RULE)) == []


def test_what_a_copied_folder_may_get_is_advice(tmp_path: Path) -> None:
    files = built(f"{PLAIN}COPY . .\n{INSTALL}")
    made = "steps:\n- run: poetry export > docker/requirements.txt\n"
    files = {**files, ".github/workflows/build.yml": made}
    assert only(look(tmp_path, files, **RULE, persona="pedantic")).severity == "info"


@pytest.mark.parametrize("option", ["-r base.txt", "-c base.txt", "--requirement=base.txt"])
def test_what_a_copied_list_includes_must_be_copied_too(tmp_path: Path, option: str) -> None:
    files = built(DOCKERFILE)
    files = {**files, "docker/requirements.txt": f"{option}\n", "docker/base.txt": "pandas\n"}
    found = only(look(tmp_path, files, **RULE))
    assert (found.location.path, found.severity) == ("docker/requirements.txt", "error")
    both: Files = {"docker/Dockerfile": DOCKERFILE.replace("COPY", "COPY base.txt")}
    assert names(look(tmp_path, both, **RULE)) == []


def test_inclusions_are_looked_for_from_the_list_that_has_them(tmp_path: Path) -> None:
    files = built("FROM python:3.12\nCOPY reqs/ /ctx/reqs/\nRUN pip install -r /ctx/reqs/a.txt\n")
    files = {**files, "docker/reqs/a.txt": "-r sub/b.txt\n", "docker/reqs/sub/b.txt": "-r ../a.txt"}
    assert names(look(tmp_path, files, **RULE)) == []
    deep: Files = {"docker/reqs/sub/b.txt": "-r ../../c.txt\n", "docker/c.txt": "pandas\n"}
    found = only(look(tmp_path, deep, **RULE))
    assert found.location.path == "docker/reqs/sub/b.txt"


def test_nothing_outside_of_the_folder_can_be_copied(tmp_path: Path) -> None:
    files = built("FROM python:3.12\nCOPY ../a.txt /tmp/\nRUN pip install -r /tmp/a.txt\n")
    found = only(look(tmp_path, {**files, "a.txt": "pandas\n"}, **RULE))
    assert "lies outside" in found.message
    inside: Files = {"docker/a.txt": "pandas\n"}  # what stands above is looked for at the top
    assert names(look(tmp_path, inside, **RULE)) == []


def test_a_copied_file_whose_name_is_nearly_there_is_no_advice(tmp_path: Path) -> None:
    files = built("FROM python:3.12\nCOPY requirement.txt /tmp/\n")
    found = only(look(tmp_path, {**files, "docker/requirements.txt": "pandas\n"}, **RULE))
    assert found.severity == "error"
    assert (found.observation.help or "").startswith("did you mean `requirements.txt`?")
