"""The environment of a deployment is that of the YAML file whose name, or path, it gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checking import Files, Place, look, places

SCHEMA = "$schema: https://azuremlschemas.azureedge.net/latest/environment.schema.json\n"
SCRIPT = "import pandas\n\n\ndef init():\n    pass\n\n\ndef run(raw_data):\n    return 1\n"
CONDA = """\
channels: [conda-forge]
dependencies:
  - python=3.12
  - pip
  - pip:
      - azureml-inference-server-http==1.5.1
"""
IMAGE = "image: mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20251130.v1\n"
DEFINED = f"{SCHEMA}name: serving\n{IMAGE}conda_file: conda.yml\n"
MISSED: list[Place] = [("src/score.py", 1, "import-not-in-environment")]


def deployment(environment: str) -> str:
    return (
        "$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json\n"
        "name: blue\nendpoint_name: scoring\n"
        "code_configuration: {code: ../src, scoring_script: score.py}\n"
        f"environment: {environment}\ninstance_type: Standard_DS3_v2\ninstance_count: 1\n"
    )


def tree(environment: str, **more: str) -> Files:
    return {
        ".git/HEAD": "ref: refs/heads/main\n",
        "cloud/deployment.yml": deployment(environment),
        "src/score.py": SCRIPT,
        "envs/environment.yml": DEFINED,
        "envs/conda.yml": CONDA,
        **{name.replace("__", "/").replace("_yml", ".yml"): text for name, text in more.items()},
    }


def told(folder: Path, files: Files, *paths: str) -> list[Place]:
    return places(look(folder, files, *paths, select=("AML309", "AML302")))


@pytest.mark.parametrize(
    "reference",
    [
        "azureml:serving",
        "azureml:serving:4",
        "azureml:serving@latest",
        "'azureml:serving:4'",
        "file:../envs/environment.yml",
    ],
)
def test_a_name_and_a_path_lead_to_the_environment(reference: str, tmp_path: Path) -> None:
    assert told(tmp_path, tree(reference)) == MISSED


@pytest.mark.parametrize(
    "given", ["cloud/deployment.yml", "envs/environment.yml", "envs/conda.yml"]
)
def test_a_file_given_alone_is_seen_with_what_belongs_to_it(given: str, tmp_path: Path) -> None:
    conda = CONDA.replace("azureml-inference-server-http==1.5.1", "joblib==1.4.2")
    files = tree("azureml:serving:4", envs__conda_yml=conda)
    expected = [("envs/conda.yml", 5, "missing-inference-server")]
    alone = {"envs/conda.yml": [*expected, *MISSED]}.get(given, [])
    assert told(tmp_path, files, given) == alone
    assert told(tmp_path, files, given, "src/score.py", "envs/conda.yml") == [*expected, *MISSED]


def test_a_folder_given_alone_is_seen_with_what_belongs_to_it(tmp_path: Path) -> None:
    assert told(tmp_path, tree("azureml:serving:4"), "src") == MISSED
    assert told(tmp_path, tree("azureml:serving:4"), "cloud") == []
    conda = CONDA.replace("azureml-inference-server-http==1.5.1", "joblib==1.4.2")
    files = tree("azureml:serving:4", envs__conda_yml=conda)
    assert told(tmp_path, files, "envs")[0] == ("envs/conda.yml", 5, "missing-inference-server")


def test_a_script_given_alone_is_seen_in_its_environment(tmp_path: Path) -> None:
    assert told(tmp_path, tree("azureml:serving:4"), "src/score.py") == MISSED


@pytest.mark.parametrize(
    "defined",
    [
        f"name: serving\n{IMAGE}conda_file: conda.yml\n",
        f"{SCHEMA}name: serving\nversion: 4\n{IMAGE}conda_file: ./conda.yml\n",
        f"{SCHEMA}name: serving\n{IMAGE}conda_file:\n  " + CONDA.replace("\n", "\n  ").rstrip(" "),
        f"{SCHEMA}name: serving\nbuild: {{path: docker}}\n",
        f"{SCHEMA}name: serving\nbuild: {{path: ., dockerfile_path: docker/Dockerfile}}\n",
    ],
)
def test_an_environment_is_made_of_what_its_file_says(defined: str, tmp_path: Path) -> None:
    files = tree("azureml:serving:4", envs__environment_yml=defined)
    files["envs/docker/Dockerfile"] = (
        "FROM python:3.12-slim\nRUN pip install azureml-inference-server-http==1.5.1\n"
    )
    assert told(tmp_path, files) == MISSED


@pytest.mark.parametrize(
    ("reference", "more"),
    [
        ("azureml:other:4", {}),
        ("azureml:serving-gpu:4", {}),
        ("azureml:AzureML-serving:4", {}),
        ("azureml:serving@prod", {}),
        ("azureml://registries/azureml/environments/serving/versions/4", {}),
        ("azureml:/subscriptions/1/environments/serving/versions/4", {}),
        ("serving:4", {}),
        ("../envs/environment.yml", {}),
        ("file:../envs/other.yml", {}),
        ("file:../envs/conda.yml", {}),
        ("azureml:{{name}}:4", {}),
        ("azureml:serving:4", {"envs__environment_yml": DEFINED + "version: 3\n"}),
        ("azureml:serving:4", {"z_yml": DEFINED}),
        (
            "azureml:AzureML-serving:4",
            {"envs__environment_yml": DEFINED.replace("name: ", "name: AzureML-")},
        ),
        ("azureml:serving:4", {"envs__environment_yml": "name: serving\n" + CONDA}),
        ("azureml:serving:4", {"envs__environment_yml": DEFINED.replace("serving", "{{name}}")}),
        ("azureml:serving:4", {"envs__environment_yml": "a: [\nname: serving\nimage: x\n"}),
        ("azureml:serving:4", {"register.py": "Environment(\n    image='a:1', name='serving')\n"}),
        ("azureml:serving:4", {"a.ipynb": '{"source": ["Environment(name=\\"serving\\")"]}'}),
    ],
)
def test_what_may_be_another_environment_is_unknown(
    reference: str, more: dict[str, str], tmp_path: Path
) -> None:
    assert told(tmp_path, tree(reference, **more)) == []


def test_files_of_other_versions_and_of_services_are_no_candidates(tmp_path: Path) -> None:
    files = tree("azureml:serving:4", old_yml=DEFINED + "version: 3\n")
    files["docker-compose.yml"] = "name: serving\nservices: {a: {image: x}}\nbuild: .\n"
    assert told(tmp_path, files) == MISSED


def test_the_image_and_the_server_are_those_of_the_file(tmp_path: Path) -> None:
    conda = CONDA.replace("azureml-inference-server-http==1.5.1", "pandas==2.2.3")
    files = tree("azureml:serving:4", envs__conda_yml=conda)
    assert told(tmp_path, files) == [("envs/conda.yml", 5, "missing-inference-server")]
    image = "image: mcr.microsoft.com/azureml/minimal-ubuntu22.04-py39-cpu-inference:1\n"
    files["envs/environment.yml"] = DEFINED.replace(IMAGE, image)
    assert told(tmp_path, files) == []
    route = "inference_config: {liveness_route: {port: 80, path: /}}\n"
    files["envs/environment.yml"] = DEFINED + route
    assert told(tmp_path, files) == []


def test_the_files_that_are_read_are_listed(tmp_path: Path) -> None:
    report = look(tmp_path, tree("azureml:serving:4"), "envs/environment.yml")
    kinds = {row.path: (row.kind, row.reason) for row in report.listed}
    assert kinds == {"envs/environment.yml": ("environment", "its schema or keys")}
    files: Files = {"envs/environment.yml": "name: serving\nbuild: {path: .}\n"}
    report = look(tmp_path, {**tree("azureml:serving:4"), **files})
    kinds = {row.path: (row.kind, row.reason) for row in report.listed}
    assert kinds["envs/environment.yml"] == ("environment", "a deployment names it")
