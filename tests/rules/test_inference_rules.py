"""Corners of the rules about inference configs, one configuration each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from amllint.artifacts.image_names import image_name
from amllint.config import load
from amllint.engine.check import check
from amllint.rules.inference import source_directory_size
from amllint.schemas import load_table
from amllint.source.overlay import Overlay
from tests.checking import Files, look, names, only, shown, write

SCRIPT = "def init():\n    pass\n\n\ndef run(data):\n    return {'rows': len(data)}\n"
CONDA = (
    "channels: [conda-forge]\ndependencies:\n  - python=3.11\n  - pip\n"
    "  - pip:\n      - azureml-defaults==1.60.0\n"
)
MANAGED = {"name": "serving", "python": {"userManagedDependencies": True}}
IMAGE = "example.azurecr.io/serving:20261101"


def environment(**docker: Any) -> dict[str, Any]:
    return {**MANAGED, "docker": {"baseImage": IMAGE, **docker}}


def said(folder: Path, data: dict[str, Any], **files: Any) -> list[tuple[str, str, str]]:
    """Rule, severity and text of each finding of a configuration, but for the general advice."""
    whole: Files = {
        "inferenceconfig.json": json.dumps({"entryScript": "score.py"} | data, indent=1),
        "score.py": SCRIPT,
        "conda.yml": CONDA,
        "steps": "RUN true\n",
        **files,
    }
    report = look(folder, whole, persona="pedantic", ignore=("legacy-runtime", "no-environment"))
    return [(f.name, f.severity, shown(report, f)) for f in report.findings]


LEGACY: list[tuple[dict[str, Any], list[tuple[str, str, str]]]] = [
    ({"runtime": "python"}, []),
    ({"runtime": "python", "baseImage": IMAGE}, []),
    ({"runtime": "python", "enableGpu": True}, []),
    ({"runtime": "Python"}, [("retired-image-route", "warning", '"Python"')]),
    ({"runtime": "python-slim"}, [("retired-image-route", "warning", '"python-slim"')]),
    (
        {"runtime": "spark-py", "baseImage": IMAGE},
        [("retired-image-route", "error", '"spark-py"')],
    ),
    ({"runtime": "Python", "baseImage": IMAGE}, [("retired-image-route", "warning", '"Python"')]),
    (
        {"runtime": "python", "extraDockerfileSteps": "steps"},
        [("retired-image-route", "warning", '"steps"')],
    ),
    ({"runtime": "python", "cudaVersion": "9.0"}, [("retired-image-route", "warning", '"9.0"')]),
    ({"runtime": "python", "cudaVersion": "9.1"}, [("retired-image-route", "warning", '"9.1"')]),
    ({"runtime": "python", "cudaVersion": "10.0"}, [("retired-image-route", "warning", '"10.0"')]),
    (
        {"runtime": "python", "baseImage": IMAGE, "enableGpu": True},
        [("retired-image-route", "warning", "true")],
    ),
    ({"runtime": "ruby"}, [("inference-config-schema", "error", '"ruby"')]),
    # discarded-key: nothing takes up what has no runtime.
    ({"baseImage": IMAGE}, [("discarded-key", "warning", '"baseImage"')]),
    (
        {"baseImage": IMAGE, "enableGpu": True},
        [("discarded-key", "warning", '"enableGpu"'), ("discarded-key", "warning", '"baseImage"')],
    ),
    ({"enableGpu": False, "baseImage": None, "runtime": None}, []),
    ({"extraDockerfileSteps": "steps"}, [("discarded-key", "error", '"extraDockerfileSteps"')]),
    (
        {"condaFile": "conda.yml", "enableGpu": True},
        [("discarded-key", "error", '"condaFile"')],
    ),
    # A conda file that nothing opens, whether anything else lists packages or not.
    (
        {"environment": {**environment(), "python": {"condaDependenciesFile": "conda.yml"}}},
        [("discarded-key", "warning", '"condaDependenciesFile"')],
    ),
    (
        {
            "environment": {
                **environment(),
                "python": {
                    "condaDependenciesFile": "gone.yml",
                    "condaDependencies": {
                        "dependencies": [
                            "python=3.11",
                            "pip",
                            {"pip": ["azureml-defaults==1.60.0"]},
                        ]
                    },
                },
            }
        },
        [("discarded-key", "warning", '"condaDependenciesFile"')],
    ),
    (
        {
            "environment": {
                **environment(),
                "python": {"condaDependenciesFile": "conda.yml", "userManagedDependencies": True},
            }
        },
        [],
    ),
    ({"environment": {**environment(), "python": {"condaDependenciesFile": ""}}}, []),
    # An image that is thrown away is not judged on top of that.
    (
        {"baseImage": "mcr.microsoft.com/azureml/base:1"},
        [("discarded-key", "warning", '"baseImage"')],
    ),
    # truthy-string
    (
        {"environment": {**MANAGED, "python": {"userManagedDependencies": "False"}}},
        [("truthy-string", "warning", '"False"')],
    ),
    # One environment, or the older keys: the other rule speaks.
    (
        {"environment": environment(), "cudaVersion": "9.0"},
        [("conflicting-environment", "error", '"cudaVersion"')],
    ),
]


@pytest.mark.parametrize(("data", "wanted"), LEGACY, ids=[json.dumps(d)[:60] for d, _ in LEGACY])
def test_the_older_keys_are_told_what_becomes_of_them(
    data: dict[str, Any], wanted: list[tuple[str, str, str]], tmp_path: Path
) -> None:
    assert sorted(said(tmp_path, data)) == sorted(wanted)


@pytest.mark.parametrize("runtime", ["{{RUNTIME}}", "$(runtime)"])
def test_a_runtime_that_is_filled_in_later_may_be_any(runtime: str, tmp_path: Path) -> None:
    data = {"runtime": runtime, "condaFile": "conda.yml", "cudaVersion": "9.0"}
    assert {name for name, _, _ in said(tmp_path, data)} <= {"unchecked-rule"}


@pytest.mark.parametrize(
    ("script", "folder", "wanted"),
    [
        ("../score.py", "src", ["entry-script-outside-source"]),
        ("../src/score.py", "src", []),
        ("./score.py", ".", []),
        ("sub/../score.py", "src", []),
        ("../nowhere.py", "src", ["entry-script-missing"]),
        ("../score.py", None, []),
        ("/srv/score.py", "src", ["entry-script-outside-source"]),
    ],
)
def test_a_script_outside_of_what_is_uploaded_stays_behind(
    script: str, folder: str | None, wanted: list[str], tmp_path: Path
) -> None:
    config = {"entryScript": script, "sourceDirectory": folder, "environment": environment()}
    files: Files = {
        ".git/HEAD": "ref: refs/heads/main\n",
        "score.py": SCRIPT,
        "src/score.py": SCRIPT,
        "src/sub/other.py": "",
        "deploy/inferenceconfig.json": json.dumps(config),
    }
    select = ("entry-script-outside-source", "entry-script-missing")
    assert [f.name for f in look(tmp_path, files, select=select).findings] == wanted


def test_an_absolute_path_alone_is_only_tied_to_a_machine(tmp_path: Path) -> None:
    found = said(tmp_path, {"entryScript": "/srv/score.py", "environment": environment()})
    assert found == [("entry-script-outside-source", "info", '"/srv/score.py"')]


@pytest.mark.parametrize(
    ("image", "wanted"),
    [
        ("mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20251130.v1", None),
        ("mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04", "info"),
        ("mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:latest", "info"),
        ("example.azurecr.io/serving@sha256:" + "ab" * 32, None),
        ("localhost:5000/serving:1", None),
        ("localhost:5000/serving", "info"),
        ("mcr.microsoft.com/azureml/base:intelmpi2018.3-ubuntu16.04", "warning"),
        ("azureml/openmpi3.1.2-ubuntu18.04:20210615.v1", "warning"),
        ("mcr.microsoft.com/azureml/o16n-base/python-slim:1", "warning"),
        ("example.azurecr.io/azureml/base:1", None),
        ("nvidia/cuda:10.2-cudnn8-devel-ubuntu18.04", "warning"),
        ("ubuntu:16.04", "warning"),
        ("ubuntu:22.04", None),
        ("mcr.microsoft.com/azureml/openmpi 4.1.0", None),
        ("<image>", None),
    ],
)
def test_an_image_is_judged_by_its_name(image: str, wanted: str | None, tmp_path: Path) -> None:
    found = said(tmp_path, {"environment": environment(baseImage=image)})
    severities = [severity for name, severity, _ in found if name == "deprecated-base-image"]
    assert severities == ([wanted] if wanted else [])


@pytest.mark.parametrize(
    ("dockerfile", "wanted"),
    [
        ("FROM mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04:1\nRUN true\n", ["warning"]),
        ("FROM ubuntu:18.04 AS build\nFROM ubuntu:22.04\nCOPY --from=build /a /a\n", []),
        ("FROM example.azurecr.io/serving\n", ["info"]),
        ("ARG TAG\nFROM ubuntu:$TAG\n", []),
        ("deploy/Dockerfile", []),
        ("", []),
    ],
)
def test_a_dockerfile_is_judged_by_its_image(
    dockerfile: str, wanted: list[str], tmp_path: Path
) -> None:
    write(tmp_path, {"deploy/Dockerfile": "FROM ubuntu:16.04\nRUN true\n"})
    found = said(tmp_path, {"environment": environment(baseDockerfile=dockerfile)})
    assert [s for name, s, _ in found if name == "deprecated-base-image"] == wanted


def test_a_dockerfile_in_code_is_judged(tmp_path: Path) -> None:
    text = """\
from azureml.core import Environment
from azureml.core.model import InferenceConfig

environment = Environment("serving")
environment.docker.base_dockerfile = \"""
FROM ubuntu:18.04
RUN apt-get update
\"""
InferenceConfig("score.py", environment=environment)
InferenceConfig("score.py", environment=Environment.from_dockerfile("b", "./Dockerfile"))
"""
    files: Files = {"deploy.py": text, "Dockerfile": "# ours\nFROM ubuntu:16.04\n"}
    report = look(tmp_path, files, select=("deprecated-base-image",))
    assert [f.message.split("`")[1] for f in report.findings] == ["ubuntu:18.04", "ubuntu:16.04"]
    assert "line 2 of `Dockerfile`" in report.findings[1].message


V2 = """\
$schema: https://azuremlschemas.azureedge.net/latest/{kind}Deployment.schema.json
name: blue
endpoint_name: scoring
code_configuration: {{code: ., scoring_script: score.py}}
environment: {environment}
"""
OLD = "mcr.microsoft.com/azureml/openmpi3.1.2-ubuntu18.04:20211221.v1"


@pytest.mark.parametrize(
    ("kind", "environment", "wanted"),
    [
        ("managedOnline", f"{{image: '{OLD}', conda_file: conda.yml}}", ["deployment.yml"]),
        ("kubernetesOnline", f"{{image: '{OLD}'}}", ["deployment.yml"]),
        ("managedOnline", "{build: {path: docker}}", ["docker/Dockerfile"]),
        ("managedOnline", "file:environment.yml", ["environment.yml"]),
        ("managedOnline", "{image: 'example.azurecr.io/serving:4'}", []),
        ("managedOnline", "azureml:other:4", []),
        ("batch", f"{{image: '{OLD}', conda_file: conda.yml}}", []),
    ],
)
def test_the_images_of_v2_are_judged_where_they_serve(
    kind: str, environment: str, wanted: list[str], tmp_path: Path
) -> None:
    files: Files = {
        "deployment.yml": V2.format(kind=kind, environment=environment),
        "score.py": SCRIPT,
        "conda.yml": "dependencies:\n- python=3.10\n- pip\n- pip:\n  - joblib==1.4.2\n",
        "environment.yml": f"name: serving\nimage: {OLD}\n",
        "docker/Dockerfile": f"FROM {OLD} AS base\nRUN true\nFROM base\nRUN true\n",
    }
    found = look(tmp_path, files, select=("deprecated-base-image",)).findings
    assert [f.location.path for f in found] == wanted
    assert all("azureml-core" not in f.message for f in found)


@pytest.mark.parametrize(
    "code", ["code: ., scoring_script: gone.py", "code: gone, scoring_script: score.py"]
)
def test_the_image_of_a_deployment_without_its_script_is_advice(code: str, tmp_path: Path) -> None:
    deployment = V2.format(kind="managedOnline", environment=f"{{image: '{OLD}'}}")
    files: Files = {
        "deployment.yml": deployment.replace("code: ., scoring_script: score.py", code),
        "score.py": SCRIPT,
    }
    found = look(tmp_path, files, select=("deprecated-base-image",), persona="pedantic").findings
    assert [f.severity for f in found] == ["info"]


def test_every_image_of_the_table_is_the_name_of_one() -> None:
    table = load_table("deprecated-images")
    for repository in table["azureml"]:
        image = image_name(f"mcr.microsoft.com/azureml/{repository}:1")
        assert image is not None
        assert (image.repository, image.is_azure_ml, image.tag) == (repository, True, "1")
    assert table["source"].startswith("https://")
    assert table["date"]


@pytest.mark.parametrize(
    ("password", "wanted"),
    [
        ("vR7+mQ2xLp9/Kd4TzB8wHc6N", ["embedded-credentials"]),
        ("hunter42x", ["embedded-credentials"]),
        ("your-password", []),
        ("", []),
        (None, []),
        ("$(registryPassword)", []),
    ],
)
def test_a_password_that_can_be_read_is_told_of(
    password: str | None, wanted: list[str], tmp_path: Path
) -> None:
    registry = {"address": "example.azurecr.io", "username": "example", "password": password}
    found = said(tmp_path, {"environment": environment(baseImageRegistry=registry)})
    assert [name for name, severity, _ in found if severity == "error"] == wanted


def test_a_secret_among_the_variables_is_shown_by_its_beginning_alone(tmp_path: Path) -> None:
    secret = "q7Rt2mXv9LbK4nWc8ZdP1sHy6GfJ3aTe"
    variables = {"API_KEY": secret, "MODE": "fast", "OTHER_KEY": "{{KEY}}"}
    files: Files = {
        "inferenceconfig.json": json.dumps(
            {
                "entryScript": "score.py",
                "environment": {**environment(), "environmentVariables": variables},
            }
        ),
        "score.py": SCRIPT,
    }
    found = only(look(tmp_path, files))
    assert found.name == "embedded-credentials"
    assert "`API_KEY`" in found.message
    assert secret not in found.message


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        ({"src/.git/HEAD": ""}, "`.git`"),
        ({"src/env/pyvenv.cfg": ""}, "`env`"),
        ({"src/web/node_modules/x/index.js": ""}, "`web/node_modules`"),
        ({"src/.git": "gitdir: ..\n"}, None),
        ({"src/model.bin": "x"}, None),
        ({".git/HEAD": ""}, None),
    ],
)
def test_what_nobody_wants_in_an_image_is_named(
    files: Files, wanted: str | None, tmp_path: Path
) -> None:
    config = {"entryScript": "score.py", "sourceDirectory": "src", "environment": environment()}
    whole: Files = {"src/score.py": SCRIPT, "inferenceconfig.json": json.dumps(config), **files}
    select = ("source-directory-size",)
    found = look(tmp_path, whole, select=select, persona="pedantic").findings
    assert [wanted in f.message for f in found if wanted] == ([True] if wanted else [])
    assert len(found) == (1 if wanted else 0)


@pytest.mark.parametrize(
    ("megabytes", "more", "severity"),
    [
        (1, {}, "info"),
        (11, {}, "warning"),
        (1, {"src/env/pyvenv.cfg": "home = /usr/bin\n"}, "warning"),
    ],
)
def test_a_history_that_is_uploaded_in_no_time_is_advice(
    megabytes: int, more: Files, severity: str, tmp_path: Path
) -> None:
    config = {"entryScript": "score.py", "sourceDirectory": "src", "environment": environment()}
    files: Files = {"src/score.py": SCRIPT, "inferenceconfig.json": json.dumps(config), **more}
    write(tmp_path, {"src/.git/HEAD": "ref: refs/heads/main\n"})
    with open(tmp_path / "src" / ".git" / "pack", "wb") as stream:
        stream.truncate(megabytes * 10**6)
    report = look(tmp_path, files, select=("source-directory-size",), persona="pedantic")
    assert [f.severity for f in report.findings] == [severity]


def test_a_heavy_folder_is_told_its_weight(tmp_path: Path) -> None:
    config = {"entryScript": "score.py", "sourceDirectory": "src", "environment": environment()}
    write(tmp_path, {"src/score.py": SCRIPT, "inferenceconfig.json": json.dumps(config)})
    with open(tmp_path / "src" / "weights.bin", "wb") as stream:
        stream.truncate(250 * 10**6)
    message = only(look(tmp_path, {}, select=("source-directory-size",))).message
    assert "250 MB, and the largest file is `weights.bin`" in message


def test_a_folder_outside_of_the_repository_is_not_weighed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    write(outside, {"score.py": SCRIPT, ".git/HEAD": ""})
    config = {"entryScript": "score.py", "sourceDirectory": str(outside)}
    files: Files = {".git/HEAD": "", "inferenceconfig.json": json.dumps(config)}
    found = look(tmp_path / "inside", files, select=("source-directory-size",)).findings
    assert found == []


def test_a_folder_with_more_than_anyone_counts_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_directory_size, "_MOST_ENTRIES", 5)
    config = {"entryScript": "score.py", "sourceDirectory": "src", "environment": environment()}
    folders: Files = {f"src/{number}/empty": "" for number in range(4)}
    files: Files = {"src/score.py": SCRIPT, "inferenceconfig.json": json.dumps(config), **folders}
    message = only(look(tmp_path, files, select=("source-directory-size",))).message
    assert "more than 5 files and folders" in message


def test_a_folder_that_may_be_one_of_two_is_not_weighed(tmp_path: Path) -> None:
    config = {"entryScript": "score.py", "sourceDirectory": ".", "environment": environment()}
    files: Files = {
        ".git/HEAD": "ref: refs/heads/main\n",
        "score.py": SCRIPT,
        "deploy/score.py": SCRIPT,
        "deploy/inferenceconfig.json": json.dumps(config),
    }
    assert look(tmp_path, files, select=("source-directory-size",)).findings == []


@pytest.mark.parametrize(
    ("environment_line", "wanted"),
    [("", [("no-environment", "warning")]), ('environment = "conda.yml"\n', [])],
)
def test_a_declared_deployment_says_whether_it_has_an_environment(
    environment_line: str, wanted: list[tuple[str, str]], tmp_path: Path
) -> None:
    write(
        tmp_path,
        {
            "inferenceconfig.json": '{"entryScript": "score.py"}',
            "score.py": SCRIPT,
            "conda.yml": CONDA,
            "amllint.toml": '[[deployment]]\ninference-config = "inferenceconfig.json"\n'
            + environment_line,
        },
    )
    overlay = Overlay(cwd=str(tmp_path))
    report = check(["."], load(str(tmp_path / "amllint.toml"), overlay), overlay)
    assert [(f.name, f.severity) for f in report.findings] == wanted


def test_an_endpoint_refuses_the_older_way_of_building_images(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "inferenceconfig.json": '{"entryScript": "score.py", "runtime": "Python"}',
            "deploymentconfig.json": '{"computeType": "aksendpoint", "numReplicas": 2}',
            "score.py": SCRIPT,
            "amllint.toml": '[[deployment]]\ninference-config = "inferenceconfig.json"\n'
            'deployment-config = "deploymentconfig.json"\n',
        },
    )
    overlay = Overlay(cwd=str(tmp_path))
    report = check(["."], load(str(tmp_path / "amllint.toml"), overlay), overlay)
    assert [(f.name, f.severity, f.stage) for f in report.findings] == [
        ("retired-image-route", "error", "submit")
    ]


@pytest.mark.parametrize("folder", ['""', "0", "-0.0", "false", "[]"])
def test_a_source_directory_that_is_empty_is_none(folder: str, tmp_path: Path) -> None:
    config = f'{{"entryScript": "broken.py", "sourceDirectory": {folder}}}'
    report = look(tmp_path, {"inferenceconfig.json": config, "broken.py": "def run(data:\n"})
    assert "syntax-error" in names(report)


@pytest.mark.parametrize("folder", ['""', "0", "false", "[]"])
def test_a_script_is_missing_where_the_source_directory_is_empty(
    folder: str, tmp_path: Path
) -> None:
    config = f'{{"entryScript": "nowhere.py", "sourceDirectory": {folder}}}'
    report = look(tmp_path, {"inferenceconfig.json": config}, select=("entry-script-missing",))
    assert names(report) == ["entry-script-missing"]


@pytest.mark.parametrize(
    ("image", "severity", "instead"),
    [
        ("mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04", "warning", "4.1.0-ubuntu22.04:"),
        (
            "mcr.microsoft.com/azureml/openmpi4.1.0-cuda11.1-cudnn8-ubuntu18.04",
            "warning",
            "cuda11.8-cudnn8-ubuntu22.04`",
        ),
        ("ubuntu:18.04", "warning", "4.1.0-ubuntu22.04:"),
        ("own.azurecr.io/team/cuda10.2-ubuntu18.04:7", "info", "cuda11.8-cudnn8-ubuntu22.04`"),
    ],
)
def test_a_name_in_a_registry_of_ones_own_is_only_a_hint(
    image: str, severity: str, instead: str, tmp_path: Path
) -> None:
    config = {"entryScript": "score.py", "environment": {"docker": {"baseImage": image}}}
    files = {"inferenceconfig.json": json.dumps(config)}
    report = look(tmp_path, files, select=("deprecated-base-image",), persona="pedantic")
    told = next(f for f in report.findings if f.name == "deprecated-base-image")
    assert told.severity == severity
    assert instead in (told.observation.help or "")
