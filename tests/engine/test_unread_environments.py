"""Files of environments that are named and cannot be read are told, never passed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from amllint.config import Settings
from amllint.engine.fixing import fix
from amllint.source.overlay import Overlay
from tests.checking import Files, look, names, only, places

SCRIPT = "def init():\n    pass\n\n\ndef run(raw_data):\n    return {'n': len(raw_data)}\n"
SCHEMA = "https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json"
DEPLOYMENT = f"""\
$schema: {SCHEMA}
name: blue
endpoint_name: scoring
code_configuration: {{code: src, scoring_script: score.py}}
environment: {{build: {{path: docker}}}}
instance_type: Standard_DS3_v2
instance_count: 1
"""
NO_CODE = f"""\
$schema: {SCHEMA}
name: blue
endpoint_name: scoring
model: {{path: model, type: mlflow_model}}
instance_type: Standard_DS3_v2
instance_count: 1
"""
DOCKERFILE = "FROM python:3.12-slim\nCOPY req.txt .\nRUN pip install -r req.txt\n"
LISTED = "azureml-inference-server-http==1.5.1\nsklearn\n"


def built(requirements: bytes, dockerfile: str | bytes = DOCKERFILE) -> Files:
    files: Files = {"deployment.yml": DEPLOYMENT, "src/score.py": SCRIPT}
    return {**files, "docker/Dockerfile": dockerfile, "docker/req.txt": requirements}


@pytest.mark.parametrize(
    "content",
    [
        *(LISTED.encode("utf-16"), b"\xfe\xff" + LISTED.encode("utf-16-be")),
        b"# coding: latin-1 \xe4\n" + LISTED.encode(),
    ],
)
def test_requirements_are_decoded_as_pip_does(tmp_path: Path, content: bytes) -> None:
    report = look(tmp_path, built(content))
    assert [name for _, _, name in places(report)] == ["wrong-package-name"]
    assert not report.incomplete


def test_a_fix_keeps_the_encoding(tmp_path: Path) -> None:
    look(tmp_path, built(b"\xfe\xff" + LISTED.encode("utf-16-be")))
    overlay = Overlay(cwd=str(tmp_path))
    fix(["."], Settings(today="2026-11-27"), overlay, unsafe=False, ignores=True)
    changed = LISTED.replace("sklearn", "scikit-learn").encode("utf-16-be")
    assert overlay.data(str(tmp_path / "docker/req.txt")) == b"\xfe\xff" + changed


@pytest.mark.parametrize(
    "content",
    [
        *("# abhängig\npandas\n".encode("latin-1"), b"\xff\xfea"),
        LISTED.encode("utf-32"),
        *(b"# coding: punycode \xe4\n", b"# coding: gone \xe4\n"),
    ],
)
def test_requirements_that_pip_cannot_decode_are_told(tmp_path: Path, content: bytes) -> None:
    report = look(tmp_path, built(content))
    found = only(report)
    assert (found.name, found.location.path) == ("unreadable-file", "docker/req.txt")
    assert [r.location.path for r in found.observation.related] == ["docker/Dockerfile"]
    assert report.incomplete
    listed = {row.path: row.kind for row in report.listed}
    assert listed["docker/req.txt"] == "unreadable"


def test_azureml_core_reads_requirements_as_utf_8(tmp_path: Path) -> None:
    code = (
        "from azureml.core import Environment, Workspace\n"
        "from azureml.core.model import InferenceConfig, Model\n"
        "env = Environment.from_pip_requirements('a', 'requirements.txt')\n"
        "config = InferenceConfig(entry_script='score.py', environment=env)\n"
        "Model.deploy(Workspace.from_config(), 'a', [], config)\n"
    )
    files: Files = {"deploy.py": code, "score.py": SCRIPT}
    report = look(tmp_path, {**files, "requirements.txt": LISTED.encode("utf-16")})
    assert "unreadable-file" in names(report)


def test_a_dockerfile_that_is_no_text_is_told(tmp_path: Path) -> None:
    report = look(tmp_path, built(b"pandas\n", bytes(range(256))))
    found = only(report)
    assert (found.name, found.location.path) == ("unreadable-file", "docker/Dockerfile")
    assert [r.location.path for r in found.observation.related] == ["deployment.yml"]


def test_a_conda_file_of_a_build_is_told(tmp_path: Path) -> None:
    text = "FROM continuumio/miniconda3\nCOPY env.yml .\nRUN conda env update -f env.yml\n"
    files = {**built(b"pandas\n", text), "docker/env.yml": "dependencies: [\n"}
    assert names(look(tmp_path, files)) == ["syntax-error"]
    assert names(look(tmp_path, {"docker/env.yml": b"\xff\xfea\0"})) == ["unreadable-file"]


def test_what_nothing_names_is_nobodys_business(tmp_path: Path) -> None:
    files: Files = {"req.txt": b"\xff", "Dockerfile": b"\xff", "MLmodel": "- 1\n"}
    assert names(look(tmp_path, files)) == []


@pytest.mark.parametrize(
    ("content", "name"),
    [
        *(("- flavors\n", "unreadable-file"), ("", "unreadable-file")),
        *((b"\xff\xfea\0", "unreadable-file"), ("flavors:\n  a: [\n", "syntax-error")),
    ],
)
def test_an_mlmodel_that_says_nothing_is_told(
    tmp_path: Path, content: str | bytes, name: str
) -> None:
    files: Files = {"deployment.yml": NO_CODE, "model/MLmodel": content}
    report = look(tmp_path, files, select=("AML9",))
    assert [(f.name, f.location.path) for f in report.findings] == [(name, "model/MLmodel")]


@pytest.mark.parametrize(
    ("file", "files"),
    [
        ("docker/req.txt", built(b"# \n" * 400_000)),
        ("docker/Dockerfile", built(LISTED.encode(), DOCKERFILE + "# more\n" * 10_000)),
    ],
)
def test_what_is_too_long_to_be_read_is_told(file: str, files: Files, tmp_path: Path) -> None:
    report = look(tmp_path, files)
    told = only(report)
    assert (told.name, told.location.path) == ("unreadable-file", file)
    assert "characters" in told.message
    assert report.incomplete
