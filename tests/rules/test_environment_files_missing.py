"""Files that a v2 environment names and that are not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from amllint.engine.check import Report
from tests.checking import Files, look, only, places, shown

IMAGE = "image: mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20251130.v1"
SCHEMA = "https://azuremlschemas.azureedge.net/latest"
CONDA = "dependencies: [python=3.12, pip, {pip: [azureml-inference-server-http==1.5.1]}]\n"


def deployment(environment: str) -> str:
    return (
        f"$schema: {SCHEMA}/managedOnlineDeployment.schema.json\n"
        "name: blue\nendpoint_name: scoring\n"
        "code_configuration: {code: ., scoring_script: score.py}\n"
        f"environment: {environment}\ninstance_type: Standard_DS3_v2\ninstance_count: 1\n"
    )


def seen(folder: Path, environment: str, **more: str) -> Report:
    named = {name.replace("__", "/").replace("_yml", ".yml"): text for name, text in more.items()}
    files: Files = {"a/deployment.yml": deployment(environment), "a/conda.yml": CONDA, **named}
    return look(folder, files, select=("AML210",), persona="pedantic")


@pytest.mark.parametrize(
    ("environment", "said", "help"),
    [
        (f"{{{IMAGE}, conda_file: conda.yaml}}", "conda.yaml", "did you mean `conda.yml`?"),
        (f"{{{IMAGE}, conda_file: gone/x.yml}}", "gone/x.yml", "the path is relative"),
        (f"{{{IMAGE}, conda_file: a/conda.yml}}", "a/conda.yml", "did you mean `conda.yml`?"),
        (f"{{{IMAGE}, conda_file: 'file:conda.yml'}}", "'file:conda.yml'", "write `conda.yml`"),
        ("{build: {path: docker}}", "docker", "the path is relative"),
        ("file:env.yml", "file:env.yml", "the path is relative"),
    ],
)
def test_what_is_not_there_is_told(environment: str, said: str, help: str, tmp_path: Path) -> None:
    report = seen(tmp_path, environment)
    told = only(report)
    assert (told.severity, told.stage, shown(report, told)) == ("error", "submit", said)
    assert (told.observation.help or "").startswith(help)


def test_a_deployment_whose_code_is_not_there_either_is_advice(tmp_path: Path) -> None:
    copied = deployment(f"{{{IMAGE}, conda_file: env/x.yml}}").replace("code: .", "code: ../src")
    files: Files = {"a/deployment.yml": copied}
    report = look(tmp_path, files, select=("AML210",), persona="pedantic")
    assert [(shown(report, f), f.severity) for f in report.findings] == [
        ("../src", "error"),
        ("env/x.yml", "info"),
    ]
    near = {**files, "a/src/env/x.yml": CONDA}
    report = look(tmp_path / "near", near, select=("AML210",))
    assert [f.severity for f in report.findings] == ["error", "error"]


def test_a_folder_is_no_conda_file(tmp_path: Path) -> None:
    report = seen(tmp_path, f"{{{IMAGE}, conda_file: envs}}", a__envs__x_yml=CONDA)
    assert "is a folder" in only(report).message


def test_it_is_told_in_the_file_that_says_it(tmp_path: Path) -> None:
    defined = f"$schema: {SCHEMA}/environment.schema.json\nname: e\n{IMAGE}\nconda_file: c.yml\n"
    report = seen(tmp_path, "azureml:e:1", envs__env_yml=defined)
    assert places(report) == [("envs/env.yml", 4, "referenced-file-missing")]
    assert places(seen(tmp_path, "azureml:e:1", envs__env_yml=defined, envs__c_yml=CONDA)) == []


@pytest.mark.parametrize(
    "environment",
    [
        f"{{{IMAGE}, conda_file: conda.yml}}",
        f"{{{IMAGE}, conda_file: ./conda.yml}}",
        f"{{{IMAGE}, conda_file: {{dependencies: [python=3.12]}}}}",
        f"{{{IMAGE}, conda_file: '{{{{file}}}}'}}",
        f"{{{IMAGE}, conda_file: ''}}",
        f"{{{IMAGE}, conda_file: /home/me/conda.yml}}",
        f"{{{IMAGE}, conda_file: ../../elsewhere/conda.yml}}",
        "{build: {path: .}}",
        "{build: {path: 'https://github.com/contoso/serving'}}",
        "azureml:e:1",
        "gone.yml",
    ],
)
def test_what_is_there_or_is_not_known_is_left_alone(environment: str, tmp_path: Path) -> None:
    assert places(seen(tmp_path, environment, a__Dockerfile="FROM python:3.12\n")) == []


@pytest.mark.parametrize(
    ("name", "severity"),
    [
        ("make.py", "info"),
        ("make.sh", "info"),
        (".github/workflows/deploy.yml", "info"),
        ("other.yml", "error"),
    ],
)
def test_what_may_be_made_is_advice(name: str, severity: str, tmp_path: Path) -> None:
    told = only(seen(tmp_path, f"{{{IMAGE}, conda_file: x.yml}}", **{name: "write: a/x.yml\n"}))
    assert told.severity == severity


@pytest.mark.parametrize(
    ("build", "said"),
    [
        ("path: docker", "docker"),
        ("path: docker, dockerfile_path: Dockerfile.gpu", "Dockerfile.gpu"),
    ],
)
def test_a_folder_to_build_from_has_a_dockerfile(tmp_path: Path, build: str, said: str) -> None:
    report = seen(tmp_path, f"{{build: {{{build}}}}}", a__docker__x_yml="")
    told = only(report)
    assert (told.severity, told.stage, shown(report, told)) == ("error", "build", said)
    name = said if said != "docker" else "Dockerfile"
    (tmp_path / "a/docker" / name).write_text("FROM python:3.12\n")
    assert places(seen(tmp_path, f"{{build: {{{build}}}}}")) == []


def test_a_dockerfile_that_a_script_may_write_is_advice(tmp_path: Path) -> None:
    files: Files = {
        "a/deployment.yml": deployment("{build: {path: docker}}"),
        "a/docker/x.txt": "",
        "build.sh": "cp templates/Dockerfile a/docker/\n",
    }
    assert only(look(tmp_path, files, select=("AML210",), persona="pedantic")).severity == "info"


@pytest.mark.parametrize(
    ("given", "severity"),
    [
        ("--set environment.conda_file=$HERE/conda.yml", "info"),
        ("--set name=blue --set environment=azureml:serving:3", "info"),
        ("--set=environment.conda_file=$HERE/conda.yml", "info"),
        ("--set environment.image=$IMAGE", "error"),
        ("--set environment_variables.A=b", "error"),
    ],
)
def test_what_the_command_line_gives_instead_makes_it_advice(
    given: str, severity: str, tmp_path: Path
) -> None:
    run = f'az ml online-deployment create --file "a/deployment.yml" {given}\n'
    for name in ("cd.sh", "vars/deploy.groovy"):
        files: Files = {
            "a/deployment.yml": deployment(f"{{{IMAGE}, conda_file: env/x.yml}}"),
            "a/score.py": "def init():\n    pass\n\n\ndef run(data):\n    return data\n",
            name: run,
        }
        report = look(tmp_path / name, files, select=("AML210",), persona="pedantic")
        assert only(report).severity == severity
