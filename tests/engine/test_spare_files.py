"""Files that nothing names where the repository deploys others."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checking import Files, look, names

from .test_purpose import SERVED

BAD = '{"computeType": "aks", "numReplica": 2}\n'
DEPLOYS = "az ml model deploy -n svc --ic ic.json --dc {}\n"
MISSING = ("command-file-missing",)


def eased(folder: Path, files: Files) -> list[str]:
    report = look(folder, files, ignore=("entry-script-missing", "service-name", *MISSING))
    assert len(report.eased) + len(report.findings) == 1
    return [f.eased for f in report.eased]


def test_a_configuration_that_nothing_names_is_a_left_over(tmp_path: Path) -> None:
    files: Files = {"deploy/old.json": BAD, "deploy.sh": DEPLOYS.format("deploy/new.json")}
    assert eased(tmp_path, files) == ["unused: deploy/old.json"]
    assert "unknown-deployment-key" in names(look(tmp_path, files, persona="pedantic"))


@pytest.mark.parametrize(
    "more",
    {
        "nothing deploys": {},
        "it is named": {"deploy.sh": DEPLOYS.format("old.json")},
        "a guide names it": {"deploy.sh": DEPLOYS.format("x"), "README.md": "use `old.json`\n"},
        "a variable in the name": {"deploy.sh": DEPLOYS.format("deploy/${WHICH}.json")},
        "a parameter": {"azure-pipelines.yml": DEPLOYS.format("$(config)")},
        "what deploys lies elsewhere": {"other/deploy.sh": DEPLOYS.format("other/new.json")},
    }.items(),
    ids=lambda item: item[0],
)
def test_it_is_none_where(more: tuple[str, Files], tmp_path: Path) -> None:
    assert eased(tmp_path, {"deploy/old.json": BAD, **more[1]}) == []


def test_a_line_that_is_commented_out_names_nothing(tmp_path: Path) -> None:
    commands = DEPLOYS.format("new.json") + "# " + DEPLOYS.format("old.json")
    assert eased(tmp_path, {"old.json": BAD, "deploy.sh": commands}) == ["unused: old.json"]


@pytest.mark.parametrize(
    ("file", "left_over"), [("pipeline.py", True), ("Dockerfile", True), ("README.md", False)]
)
def test_a_variable_stands_for_the_sibling_that_is_named(
    file: str, left_over: bool, tmp_path: Path
) -> None:
    files: Files = {"old.json": BAD, "new.json": BAD.replace("Replica", "Replicas")}
    files |= {"deploy.sh": DEPLOYS.format("$CONFIG"), file: '"new.json"\n'}
    assert eased(tmp_path, files) == (["unused: old.json"] if left_over else [])


def test_a_workflow_s_hidden_folder_counts_as_the_one_around_it(tmp_path: Path) -> None:
    workflow = "steps:\n- run: az ml online-deployment create --file deployment.yml\n"
    files: Files = {"deploy/old.json": BAD, ".github/workflows/cd.yml": workflow}
    assert eased(tmp_path, files) == ["unused: deploy/old.json"]


def test_a_declared_configuration_is_used(tmp_path: Path) -> None:
    from amllint.config import load
    from amllint.engine.check import check
    from amllint.source.overlay import Overlay

    files: Files = {"old.json": BAD, "deploy.sh": DEPLOYS.format("new.json")}
    files["amllint.toml"] = '[[deployment]]\ndeployment-config = "old.json"\n'
    look(tmp_path, files)
    overlay = Overlay(cwd=str(tmp_path))
    report = check(["."], load(str(tmp_path / "amllint.toml"), overlay), overlay)
    assert "unknown-deployment-key" in names(report)


def test_a_script_that_nothing_names_or_imports_is_one_too(tmp_path: Path) -> None:
    files: Files = {
        "score-large.py": SERVED,
        "deploy.sh": "az ml model deploy -n s --es score.py\n",
    }
    assert eased(tmp_path, files) == ["unused: score-large.py"]


def test_a_script_that_another_one_imports_is_none(tmp_path: Path) -> None:
    files: Files = {"score_a.py": SERVED, "deploy.sh": "az ml model deploy -n s --es score.py\n"}
    files["app.py"] = "from score_a import run\n"
    assert eased(tmp_path, files) == []


def test_a_broken_file_is_told_of_wherever_it_is(tmp_path: Path) -> None:
    files: Files = {"deploymentconfig.json": "{", "deploy.sh": DEPLOYS.format("new.json")}
    assert names(look(tmp_path, files, ignore=MISSING)) == ["syntax-error"]


def test_what_a_call_says_is_used_where_it_stands(tmp_path: Path) -> None:
    call = (
        "from azureml.core.webservice import AksWebservice\n\n"
        "config = AksWebservice.deploy_configuration(num_replicas=2, initial_delay_seconds=0)\n"
    )
    assert names(look(tmp_path, {"deploy.py": call})) == ["liveness-probe"]


def test_a_secret_is_told_of_wherever_it_is(tmp_path: Path) -> None:
    config = '{"computeType": "aks", "numReplicas": 2, "keys": {"primaryKey": "kP3vQ8rT1xZ6"}}'
    files: Files = {"deploy/old.json": config, "deploy.sh": DEPLOYS.format("deploy/new.json")}
    found = look(tmp_path, files, ignore=MISSING)
    assert [(f.name, f.severity) for f in found.findings] == [("key-in-file", "error")]


INFERENCE = '{"entryScript": "score.py", "runtime": "python", "condaFile": "conda.yml"}\n'
CONDA = "dependencies:\n- python=3.10\n- pip:\n  - azureml-defaults\n  - os\n"
V2 = "az ml online-deployment create --file deployment.yml\n"


def found_in_conda(folder: Path, more: Files) -> tuple[list[str], list[str]]:
    """What is told of the conda file at default severity, and why what is advice is."""
    files: Files = {"score.py": SERVED, "ic.json": INFERENCE, "conda.yml": CONDA, **more}
    report = look(folder, files, select=("wrong-package-name",))
    return names(report), [f.eased for f in report.eased]


def test_an_environment_that_only_a_left_over_names_is_one_too(tmp_path: Path) -> None:
    commented = V2 + "# az ml model deploy -n s --ic ic.json\n"
    assert found_in_conda(tmp_path, {"cd.sh": commented}) == ([], ["unused: ic.json"])


@pytest.mark.parametrize(
    "more",
    {
        "nothing deploys": {},
        "the configuration is used": {"cd.sh": "az ml model deploy -n s --ic ic.json\n"},
        "code that deploys uses it": {
            "deploy.py": "from azureml.core import Environment\n"
            "from azureml.core.model import InferenceConfig, Model\n"
            "env = Environment.from_conda_specification('e', 'conda.yml')\n"
            "config = InferenceConfig(entry_script='score.py', environment=env)\n"
            "Model.deploy(ws, 'a', [], config)\n",
        },
        "a pipeline uses it as well": {"cd.sh": V2 + "conda env create -f conda.yml\n"},
        "one of two configurations is used": {
            "cd.sh": "az ml model deploy -n s --ic other.json\n",
            "other.json": INFERENCE,
        },
    }.items(),
    ids=lambda item: item[0],
)
def test_an_environment_that_something_else_needs_is_none(
    more: tuple[str, Files], tmp_path: Path
) -> None:
    assert found_in_conda(tmp_path, more[1]) == (["wrong-package-name"], [])


def test_credentials_in_left_overs_are_told_of(tmp_path: Path) -> None:
    feed = "https://build:" + "r7kq3w2yz5xv" * 4 + "@packages.contoso.com/simple"
    files: Files = {
        "score.py": SERVED,
        "ic.json": INFERENCE,
        "conda.yml": CONDA.replace("  - os", f"  - --extra-index-url {feed}"),
        "cd.sh": V2 + "# az ml model deploy -n s --ic ic.json\n",
    }
    assert names(look(tmp_path, files, select=("index-credentials",))) == ["index-credentials"]
