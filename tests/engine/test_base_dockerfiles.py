"""v1 configurations with a Dockerfile: what runs the script is what it installs, or a list."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.checking import DAY, Files, look, only, places, shown

SCRIPT = "import pandas\n\n\ndef init():\n    pass\n\n\ndef run(raw_data):\n    return 1\n"
SERVED = "FROM python:3.10-slim\nRUN pip install azureml-defaults==1.60.0\n"
BARE = "FROM python:3.10-slim\nRUN pip install pandas==2.2.3\n"
RULES = ("AML309", "AML302", "AML323")
CONDA = {"dependencies": ["python=3.10", "pip", {"pip": ["azureml-defaults==1.60.0"]}]}
PAT = "r7kq3w2yz5xv" + "n4mt6hjb8dcp" + "1fgs9qlw0kra" + "z3vxn2mt7hjq"


def config(docker: dict[str, Any], more: dict[str, Any] | None = None, **python: Any) -> Files:
    environment = {"name": "a", "docker": docker, "python": python, **(more or {})}
    text = json.dumps({"entryScript": "score.py", "environment": environment})
    return {"inferenceconfig.json": text, "score.py": SCRIPT}


def code(*lines: str) -> Files:
    deploy = (
        "from azureml.core import Environment, Model\n"
        "from azureml.core.model import InferenceConfig\n",
        *(f"{line}\n" for line in lines),
        "config = InferenceConfig('score.py', environment=env)\n",
        "Model.deploy(ws, 'churn', [model], config, target)\n",
    )
    return {"deploy.py": "".join(deploy), "score.py": SCRIPT, "docker/Dockerfile": SERVED}


def told(folder: Path, files: Files) -> list[tuple[str, str]]:
    return [(p, name) for p, _, name in places(look(folder, files, select=RULES))]


MISSED = [("score.py", "import-not-in-environment")]


def test_a_dockerfile_is_all_there_is_where_users_manage_it(tmp_path: Path) -> None:
    files = config({"baseDockerfile": SERVED}, userManagedDependencies=True)
    assert told(tmp_path, files) == MISSED
    files = config({"baseDockerfile": BARE}, userManagedDependencies=True)
    assert told(tmp_path, files) == [("inferenceconfig.json", "missing-inference-server")]
    conda = {"condaDependencies": CONDA}
    files = config({"baseDockerfile": SERVED}, userManagedDependencies=True, **conda)
    assert told(tmp_path, files) == MISSED


def test_packages_are_listed_on_top_of_it_otherwise(tmp_path: Path) -> None:
    files = config({"baseDockerfile": BARE}, condaDependencies=CONDA)
    assert told(tmp_path, files) == MISSED


@pytest.mark.parametrize(
    ("docker", "more", "python"),
    [
        ("FROM contoso.azurecr.io/own:1\n", {}, {}),
        (SERVED + "COPY . .\nRUN pip install -r requirements.txt\n", {}, {}),
        ("Dockerfile", {}, {}),
        ("{{dockerfile}}", {}, {}),
        (BARE, {"inferencingStackVersion": "latest"}, {}),
        (BARE + "ENTRYPOINT ./serve\n", {}, {}),
        (SERVED, {}, {"userManagedDependencies": "{{managed}}"}),
        (SERVED, {}, {"userManagedDependencies": False}),
    ],
)
def test_what_is_not_known_or_brought_otherwise_is_left_alone(
    docker: str, more: dict[str, Any], python: dict[str, Any], tmp_path: Path
) -> None:
    given = {"userManagedDependencies": True, **python}
    files = config({"baseDockerfile": docker}, more, **given)
    assert told(tmp_path, {**files, "Dockerfile": SERVED}) == []


@pytest.mark.parametrize(
    "lines",
    [
        ("env = Environment.from_dockerfile('a', 'docker/Dockerfile')",),
        ("env = Environment.from_dockerfile(name='a', dockerfile='./docker/Dockerfile')",),
        (f"env = Environment.from_dockerfile('a', {SERVED!r})",),
        (
            "env = Environment('a')",
            "env.docker.base_dockerfile = 'docker/Dockerfile'",
            "env.python.user_managed_dependencies = True",
        ),
        (
            "env = Environment('a')",
            "env.docker.base_image = None",
            f"text = {SERVED!r}",
            "env.docker.base_dockerfile = text",
            "env.python.user_managed_dependencies = True",
        ),
    ],
)
def test_code_gives_a_dockerfile_by_path_or_as_a_text(
    lines: tuple[str, ...], tmp_path: Path
) -> None:
    assert told(tmp_path, code(*lines)) == MISSED


@pytest.mark.parametrize(
    "lines",
    [
        ("env = Environment.from_dockerfile('a', 'gone/Dockerfile')",),
        ("env = Environment.from_dockerfile('a', path)",),
        ("env = Environment.from_docker_image('a', 'contoso.azurecr.io/own:1')",),
        (
            "env = Environment.from_docker_image('a', 'contoso.azurecr.io/own:1')",
            "env.python.conda_dependencies = CondaDependencies.create(pip_packages=['joblib'])",
        ),
        ("env = Environment('a')", f"env.docker.base_dockerfile = {SERVED!r}"),
        (
            f"env = Environment.from_dockerfile('a', {SERVED!r})",
            "env.python.user_managed_dependencies = False",
        ),
    ],
)
def test_images_that_are_not_known_stay_so_in_code(lines: tuple[str, ...], tmp_path: Path) -> None:
    assert told(tmp_path, code(*lines)) == []


def test_a_list_beside_a_dockerfile_counts_in_code(tmp_path: Path) -> None:
    lines = "env = Environment.from_dockerfile('a', 'FROM x', conda_specification='conda.yml')"
    files = {**code(lines), "conda.yml": json.dumps(CONDA)}
    assert told(tmp_path, files) == MISSED


def test_places_are_those_of_the_text_in_its_file(tmp_path: Path) -> None:
    docker = f"FROM python:3.10\nRUN pip install -i https://build:{PAT}@c.com/simple a\n"
    files = config({"baseDockerfile": docker}, userManagedDependencies=True)
    report = look(tmp_path, files, select=("AML318",))
    assert shown(report, only(report)) == PAT
    set_alone = (
        f"FROM contoso.azurecr.io/own:1\nENV PIP_INDEX_URL=https://build:{PAT}@c.com/simple\n"
    )
    files = config({"baseDockerfile": set_alone}, userManagedDependencies=True)
    report = look(tmp_path, files, select=("AML318",))
    assert shown(report, only(report)) == PAT
    files = code(f"env = Environment.from_dockerfile('a', {docker!r})")
    report = look(tmp_path, files, "deploy.py", select=("AML318",))
    assert (only(report).location.path, shown(report, only(report))) == ("deploy.py", PAT)


def test_fixes_of_an_embedded_text_leave_the_rest_of_it(tmp_path: Path) -> None:
    docker = SERVED + "RUN pip install opencv-python==4.10.0.84 pandas==2.2.3\n"
    files = config({"baseDockerfile": docker}, userManagedDependencies=True)
    files["score.py"] = SCRIPT.replace("pandas", "cv2")
    fix = only(look(tmp_path, files, select=("AML315",), today=DAY)).observation.fix
    assert fix is not None
    text = str(files["inferenceconfig.json"])
    edit = fix.edits[0]
    mended = text[: edit.span.start] + edit.content + text[edit.span.end :]
    assert mended == text.replace("opencv-python", "opencv-python-headless")
