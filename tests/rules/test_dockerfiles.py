"""What rules about environments say of the Dockerfile that a deployment is built from."""

from __future__ import annotations

from pathlib import Path

import pytest

from amllint.config import Settings
from amllint.engine.check import Report
from amllint.engine.fixing import fix
from amllint.output.style import Style
from amllint.output.text import render
from amllint.source.overlay import Overlay
from tests.checking import Files, look, names, only, shown, write

DEPLOYMENT = """\
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: scoring
code_configuration: {code: ., scoring_script: score.py}
environment: {build: {path: docker}}
instance_type: Standard_DS3_v2
instance_count: 1
"""
SCRIPT = "import cv2\n\n\ndef init():\n    pass\n\n\ndef run(raw_data):\n    return cv2.VERSION\n"
AZURE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20251130.v1"
PIP = "RUN pip install azureml-inference-server-http==1.5.1 opencv-python==4.10.0.84\n"
PAT = "r7kq3w2yz5xv" + "n4mt6hjb8dcp" + "1fgs9qlw0kra" + "z3vxn2mt7hjq"
FEED = f"https://build:{PAT}@packages.contoso.com/simple"


def built(folder: Path, dockerfile: str, rule: str, **more: str) -> Report:
    files: Files = {"deployment.yml": DEPLOYMENT, "score.py": SCRIPT}
    given = {f"docker/{name.replace('_txt', '.txt')}": text for name, text in more.items()}
    return look(folder, {**files, "docker/Dockerfile": dockerfile, **given}, select=(rule,))


@pytest.mark.parametrize(
    ("dockerfile", "number"),
    [
        (f"FROM python:3.11-slim\n{PIP}", 1),
        (f"FROM docker.io/library/python:3.11.9-slim-bullseye\n{PIP}", 1),
        (f"FROM python:3.11-bookworm\n{PIP}", 1),
        (f"FROM {AZURE}\n{PIP}", 1),
        (f"FROM python:3.11-slim AS base\nRUN apt-get update\nFROM base\n{PIP}", 1),
        (f"ARG V=3.11\nFROM python:${{V}}-slim\nRUN pip3 install -U pip\n{PIP}", 1),
        (
            f"FROM python:3.11-slim\nRUN apt upgrade -y && apt-get install -y gcc git=1\n{PIP}",
            1,
        ),
        (f"FROM python:3.11-slim\nRUN apt-get -y -o Acquire::Retries=3 install gcc\n{PIP}", 1),
        (f"FROM python:3.11-slim\nRUN apt-get install -y libgl1 gcc\n{PIP}", 0),
        (f"FROM python:3.11-slim\nRUN apt-get install -y ffmpeg libsm6 libxext6\n{PIP}", 0),
        (f"FROM python:3.11-slim\nRUN apt-get install -y contoso-tools\n{PIP}", 0),
        (f"FROM python:3.11-slim\nRUN apt-get install -y $PACKAGES\n{PIP}", 0),
        (f"FROM python:3.11-slim\nRUN cat list | xargs apt-get install -y\n{PIP}", 0),
        (f"FROM python:3.11-slim\nRUN bash setup.sh\n{PIP}", 0),
        (f"FROM python:3.11-slim\nRUN dpkg -i /tmp/own.deb\n{PIP}", 0),
        (f'FROM python:3.11-slim\nRUN ["apt-get", "install", "libgl1"]\n{PIP}', 0),
        (f"FROM python:3.11-slim\nCOPY --from=other /usr/lib /usr/lib\n{PIP}", 0),
        (f"FROM python:3.11-slim AS gl\nRUN apt-get install libgl1\nFROM gl\n{PIP}", 0),
        (f"FROM python:3.11\n{PIP}", 0),
        (f"FROM python:3.11-alpine\n{PIP}", 0),
        (f"FROM contoso.azurecr.io/python:3.11-slim\n{PIP}", 0),
        (f"FROM python:3.11-slim\n{PIP}RUN pip install opencv-python-headless\n", 0),
        (f"FROM python:3.11-slim\nRUN <<EOF\napt-get install -y libgl1\nEOF\n{PIP}", 0),
    ],
)
def test_a_dockerfile_lacks_the_library_where_nothing_in_it_brings_it(
    dockerfile: str, number: int, tmp_path: Path
) -> None:
    report = built(tmp_path, dockerfile, "opencv-system-libs")
    assert len(report.findings) == number


def test_the_headless_package_is_written_where_the_other_stands(tmp_path: Path) -> None:
    listed = "FROM python:3.11-slim\nCOPY r.txt .\nRUN pip install -r r.txt\n"
    for dockerfile in (f"FROM python:3.11-slim\n{PIP}", listed):
        report = built(tmp_path, dockerfile, "opencv-system-libs", r_txt="opencv-python\n")
        told = only(report)
        fix = told.observation.fix
        assert fix is not None
        (edit,) = fix.edits
        assert edit.content == "opencv-python-headless"
        assert edit.path == told.location.path


@pytest.mark.parametrize(
    ("dockerfile", "number"),
    [
        (f"FROM python:3.11\nRUN pip install --index-url {FEED} a\n", 1),
        (f"FROM python:3.11\nRUN pip install --extra-index-url={FEED} a\n", 1),
        (f'FROM python:3.11\nRUN pip install a \\\n    -i "{FEED}" b\n', 1),
        (f"FROM python:3.11\nRUN python -m pip config set global.index-url {FEED}\n", 1),
        (f"FROM python:3.11\nENV PIP_EXTRA_INDEX_URL={FEED}\n", 1),
        (f"FROM python:3.11\nENV A=1 \\\n  UV_INDEX_URL='{FEED}' B=2\n", 1),
        (f"FROM python:3.11\nENV PIP_INDEX_URL {FEED}\n", 1),
        (f"FROM python:3.11\nARG INDEX={FEED}\nRUN pip install -i $INDEX a\n", 1),
        (f"FROM python:3.11\nRUN conda install -c {FEED} a && uv pip install -i {FEED} b\n", 2),
        (f'FROM python:3.11\nRUN ["pip", "install", "--index-url", "{FEED}", "a"]\n', 1),
        (f'FROM python:3.11\nRUN printf "index-url={FEED}" > /etc/pip.conf\n', 1),
        (f"FROM python:3.11 AS first\nRUN pip install -i {FEED} a\nFROM python:3.11\n", 1),
        (f"FROM python:3.11\nRUN pip install git+{FEED}\n", 1),
        ("FROM python:3.11\nRUN pip install -i https://build:${TOKEN}@c.com/simple a\n", 0),
        ("FROM python:3.11\nARG TOKEN\nENV PIP_INDEX_URL=https://build:$TOKEN@c.com/s\n", 0),
        ("FROM python:3.11\nRUN pip install -i https://build:<token>@c.com/simple a\n", 0),
        ("FROM python:3.11\nRUN pip install -i https://packages.contoso.com/simple a\n", 0),
        (f"FROM python:3.11\nRUN git clone {FEED}\n", 0),
        (f"FROM python:3.11\n# RUN pip install -i {FEED} a\n", 0),
    ],
)
def test_secrets_in_addresses_of_a_dockerfile_are_told_and_never_shown(
    dockerfile: str, number: int, tmp_path: Path
) -> None:
    report = built(tmp_path, dockerfile, "index-credentials")
    assert names(report) == ["index-credentials"] * number
    assert all(shown(report, told) == PAT for told in report.findings)
    assert all(told.severity == "error" for told in report.findings)
    assert PAT not in "".join(render(report, Style(False)))


def test_a_line_that_is_shared_is_not_taken_out(tmp_path: Path) -> None:
    dockerfile = "FROM python:3.11-slim\nRUN pip install pywin32==306 numpy==1.26.4\n"
    files: Files = {"deployment.yml": DEPLOYMENT, "score.py": SCRIPT}
    report = look(tmp_path, {**files, "docker/Dockerfile": dockerfile}, select=("AML313",))
    assert only(report).observation.fix is None


def test_the_conda_of_an_image_is_nobodys_to_pin(tmp_path: Path) -> None:
    pinned = "RUN conda create -p /env python=3.10.9 && pip install joblib==1.4.2\n"
    files: Files = {"deployment.yml": DEPLOYMENT, "score.py": SCRIPT}
    for line, expected in ((pinned, []), (pinned + "RUN pip install emoji\n", ["info"])):
        files["docker/Dockerfile"] = f"FROM {AZURE}\n{line}"
        report = look(tmp_path, files, select=("AML306",), persona="pedantic")
        assert [told.severity for told in report.findings] == expected


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("sklearn", "scikit-learn"),
        ("scikit-learn=1.5.2", "scikit-learn==1.5.2"),
        ("opencv-python==4.9.0.80", "opencv-python-headless==4.9.0.80"),
    ],
)
def test_what_a_dockerfile_takes_from_a_conda_file_is_told_once_and_mended_there(
    wrong: str, right: str, tmp_path: Path
) -> None:
    dockerfile = (
        "FROM mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20251130.v1\n"
        "COPY conda.yaml .\n"
        "RUN conda env create -p /azureml-envs/churn -f conda.yaml -q && conda clean -a -y\n"
    )
    listed = f"dependencies:\n  - python=3.10\n  - pip\n  - pip:\n      - {wrong}\n"
    files: Files = {"deployment.yml": DEPLOYMENT, "score.py": SCRIPT}
    whole = {**files, "docker/Dockerfile": dockerfile, "docker/conda.yaml": listed}
    write(tmp_path, whole)
    settings = Settings(select=("AML312", "AML314", "AML315"))
    result = fix(["."], settings, Overlay(cwd=str(tmp_path)), unsafe=False, ignores=True)
    assert len(result.applied) == 1
    assert result.after == {"docker/conda.yaml": listed.replace(wrong, right)}


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("pip install numpy>=1.26 flask", [("numpy>=1.26", "warning")]),
        ("pip install -U azureml-rag[all]>=0.2.2", [("azureml-rag[all]>=0.2.2", "warning")]),
        ("pip install mlflow>=1.0 && \\\n    ls", [("mlflow>=1.0", "warning")]),
        ("pip install numpy>=1.26,<2 flask", [("numpy>=1.26,<2", "error")]),
        ("pip install 'a>=1' b<2", [("b<2", "error")]),
        ("pip install a>1 && conda install b>=2", [("a>1", "warning"), ("b>=2", "warning")]),
        ('pip install "numpy>=1.26"', []),
        ("pip install 'numpy>=1.26,<2'", []),
        ("pip install numpy==1.26.4 >/dev/null 2>&1", []),
        ("pip install numpy==1.26.4 > log1.txt", []),
        ("pip install -r requirements.txt 1>2", []),
        ("pip install -r requirements.txt>2.log", []),
        ("pip install -r requirements.txt>2", []),
        (f"pip install {'a' * 50_000}>x", []),
        ("echo numpy>=1.26", []),
        ("pip install numpy\\>=1.26", []),
    ],
)
def test_versions_that_the_shell_takes_for_redirections(
    line: str, wanted: list[tuple[str, str]], tmp_path: Path
) -> None:
    dockerfile = f"FROM python:3.11-slim\nRUN {line}\n"
    report = built(tmp_path, dockerfile, "AML314", requirements_txt="flask\n")
    assert [(shown(report, f), f.severity) for f in report.findings] == wanted


def test_versions_that_the_shell_takes_are_quoted_if_that_is_asked_for(tmp_path: Path) -> None:
    dockerfile = "FROM python:3.11-slim\nRUN pip install numpy>=1.26,<2 'a>1' flask>=3 # note\n"
    files: Files = {"deployment.yml": DEPLOYMENT, "docker/Dockerfile": dockerfile}
    write(tmp_path, files)
    settings = Settings(select=("AML314",))
    safe, asked = (
        fix(["."], settings, Overlay(cwd=str(tmp_path)), unsafe=unsafe, ignores=True)
        for unsafe in (False, True)
    )
    assert not safe.applied
    wanted = 'pip install "numpy>=1.26,<2" \'a>1\' "flask>=3" # note'
    assert wanted in asked.after["docker/Dockerfile"]


@pytest.mark.parametrize(
    ("python", "line", "told"),
    [
        ("3.6.2", "opencv-python", 0),
        ("3.6.2", "opencv-python==4.5.1.48", 1),
        ("3.8", "opencv-python", 1),
    ],
)
def test_a_source_that_pip_builds_may_do_without_the_library(
    python: str, line: str, told: int, tmp_path: Path
) -> None:
    conda = f"dependencies: [python={python}, pip, {{pip: [azureml-defaults, {line}]}}]\n"
    config = '{"entryScript": "score.py", "runtime": "python", "condaFile": "conda.yml"}'
    files: Files = {"conda.yml": conda, "score.py": SCRIPT, "inferenceconfig.json": config}
    assert len(look(tmp_path, files, select=("AML315",)).findings) == told
