"""What ships together, and through which links."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from amllint.config import Declaration, Settings, load
from amllint.engine.check import Report, check
from amllint.engine.loading import Loader
from amllint.findings.finding import Location
from amllint.source.overlay import Overlay
from amllint.source.repository import Repository
from amllint.source.text import Span
from amllint.units import DeploymentUnit
from tests.checking import Files, look, names, only, places, write

SCRIPT = "def init():\n    pass\n\n\ndef run(raw_data):\n    return {'received': len(raw_data)}\n"
BROKEN = "def init():\n    pass\n\n\ndef run():\n    return 1\n"
INFERENCE = '{"entryScript": "score.py", "runtime": "python", "condaFile": "conda.yml"}\n'
CONDA = "dependencies:\n  - python=3.10\n  - pip:\n      - azureml-defaults\n"
NO_SERVER = "dependencies:\n  - python=3.10\n  - pip:\n      - scikit-learn\n"
AKS = '{"computeType": "aks", "numReplicas": 2}\n'
ONLINE = """\
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
code_configuration:
  code: src
  scoring_script: score.py
environment:
  image: mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20251130.v1
  conda_file: conda.yml
"""
BATCH = """\
$schema: https://azuremlschemas.azureedge.net/latest/batchDeployment.schema.json
name: nightly
code_configuration:
  code: src
  scoring_script: score.py
mini_batch_size: 10
"""
JOB = """\
$schema: https://azuremlschemas.azureedge.net/latest/pipelineJob.schema.json
jobs:
  score:
    type: parallel
    task:
      type: run_function
      code: src
      entry_script: score.py
"""


def units(folder: Path, files: Files, *paths: str, **settings: Any) -> dict[str, DeploymentUnit]:
    """The units of a tree, by name."""
    write(folder, files)
    chosen = Settings(**settings)
    loader = Loader(Overlay(str(folder)), Repository.around(str(folder)), chosen)
    loader.request(paths or ["."])
    return {unit.name: unit for unit in loader.load().units(chosen.deployments)}


def parts(unit: DeploymentUnit) -> dict[str, str]:
    """The paths of a unit's parts, by kind."""
    return {type(part).__name__: part.path for part in unit.parts()}


def declaration(folder: Path, **given: Any) -> Declaration:
    empty = dict.fromkeys(Declaration._fields)
    place = Location("amllint.toml", Span(0, 0))
    paths = {k: str(folder / v) for k, v in given.items() if k != "name"}
    return Declaration(**{**empty, "name": "prod", "models": (), "location": place, **paths})


# -- by reference -----------------------------------------------------------------------------


def test_an_inference_config_ties_script_and_environment(tmp_path: Path) -> None:
    found = units(
        tmp_path, {"score.py": SCRIPT, "conda.yml": CONDA, "inferenceconfig.json": INFERENCE}
    )
    assert {name: parts(unit) for name, unit in found.items()} == {
        "inferenceconfig.json": {
            "ScoringScript": "score.py",
            "InferenceConfig": "inferenceconfig.json",
            "CondaEnvironment": "conda.yml",
        }
    }


def test_what_nothing_ties_is_a_unit_of_its_own(tmp_path: Path) -> None:
    found = units(tmp_path, {"score.py": SCRIPT, "conda.yml": CONDA, "deploymentconfig.json": AKS})
    assert {name: set(parts(unit)) for name, unit in found.items()} == {
        "score.py": {"ScoringScript"},
        "conda.yml": {"CondaEnvironment"},
        "deploymentconfig.json": {"AksDeployment"},
    }


@pytest.mark.parametrize("place", ["score.py", "a/score.py", "a/b/score.py", "a/b/c/score.py"])
def test_a_v1_script_may_stand_below_any_ancestor_of_its_config(place: str, tmp_path: Path) -> None:
    files: Files = {place: SCRIPT, "a/b/c/inferenceconfig.json": '{"entryScript": "score.py"}'}
    unit = units(tmp_path, files)["a/b/c/inferenceconfig.json"]
    assert parts(unit)["ScoringScript"] == place


def test_the_nearest_ancestor_is_tried_first(tmp_path: Path) -> None:
    files: Files = {
        "score.py": SCRIPT,
        "a/score.py": SCRIPT,
        "a/b/inferenceconfig.json": '{"entryScript": "score.py"}',
    }
    assert parts(units(tmp_path, files)["a/b/inferenceconfig.json"])["ScoringScript"] == (
        "a/score.py"
    )


def test_ancestors_end_at_the_root_of_the_repository(tmp_path: Path) -> None:
    files: Files = {
        "score.py": SCRIPT,
        "repo/.git": "",
        "repo/deploy/inferenceconfig.json": '{"entryScript": "score.py"}',
    }
    report = look(tmp_path, files, "repo")
    assert names(report) == ["entry-script-missing"]


def test_a_v1_script_stands_below_its_source_directory(tmp_path: Path) -> None:
    files: Files = {
        "code/score.py": SCRIPT,
        "code/env/conda.yml": CONDA,
        "deploy/inferenceconfig.json": '{"entryScript": "score.py", "sourceDirectory": "code",'
        ' "runtime": "python", "condaFile": "env/conda.yml"}',
    }
    unit = units(tmp_path, files)["deploy/inferenceconfig.json"]
    assert parts(unit)["ScoringScript"] == "code/score.py"
    assert parts(unit)["CondaEnvironment"] == "code/env/conda.yml"


def test_a_v1_source_directory_may_go_up(tmp_path: Path) -> None:
    files: Files = {
        "code/score.py": SCRIPT,
        "deploy/inferenceconfig.json": '{"entryScript": "score.py", "sourceDirectory": "../code"}',
    }
    unit = units(tmp_path, files)["deploy/inferenceconfig.json"]
    assert parts(unit)["ScoringScript"] == "code/score.py"


def test_v2_paths_are_relative_to_their_own_file(tmp_path: Path) -> None:
    files: Files = {
        "deploy/online.yml": ONLINE,
        "deploy/src/score.py": SCRIPT,
        "deploy/conda.yml": CONDA,
        "src/score.py": SCRIPT,
    }
    unit = units(tmp_path, files)["deploy/online.yml"]
    assert parts(unit) == {
        "ScoringScript": "deploy/src/score.py",
        "CondaEnvironment": "deploy/conda.yml",
        "DeploymentReference": "deploy/online.yml",
    }


def test_v2_paths_are_not_sought_in_ancestors(tmp_path: Path) -> None:
    unit = units(tmp_path, {"deploy/online.yml": ONLINE, "src/score.py": SCRIPT})
    assert unit["deploy/online.yml"].script is None


@pytest.mark.parametrize(
    ("text", "purpose"), [(ONLINE, "online"), (BATCH, "batch"), (JOB, "batch")]
)
def test_what_names_a_script_says_what_it_is_for(text: str, purpose: str, tmp_path: Path) -> None:
    unit = units(tmp_path, {"deploy.yml": text, "src/score.py": SCRIPT, "conda.yml": CONDA})
    script = unit["deploy.yml"].script
    assert script is not None
    assert (script.purpose, script.named_by) == (purpose, "deploy.yml")
    assert unit["deploy.yml"].serves is (purpose == "online")


def test_a_script_that_serves_online_and_in_batches_is_judged_as_online(tmp_path: Path) -> None:
    files: Files = {"a.yml": BATCH, "b.yml": ONLINE, "src/score.py": SCRIPT, "conda.yml": CONDA}
    found = units(tmp_path, files)
    assert found["b.yml"].script is found["a.yml"].script
    script = found["b.yml"].script
    assert script is not None
    assert script.online


def test_dependencies_written_into_a_deployment_are_its_environment(tmp_path: Path) -> None:
    text = ONLINE.replace(
        "  conda_file: conda.yml\n",
        "  conda_file:\n    dependencies:\n      - pip:\n          - scikit-learn\n",
    )
    report = look(tmp_path, {"online.yml": text, "src/score.py": SCRIPT})
    finding = only(report)
    assert (finding.name, finding.location.path) == ("missing-inference-server", "online.yml")


def test_a_placeholder_links_nothing(tmp_path: Path) -> None:
    files: Files = {"inferenceconfig.json": '{"entryScript": "{{SCRIPT}}"}', "score.py": SCRIPT}
    assert units(tmp_path, files)["inferenceconfig.json"].script is None


# -- by search --------------------------------------------------------------------------------


def test_a_lone_script_is_checked_with_the_configs_that_name_it(tmp_path: Path) -> None:
    files: Files = {
        "score.py": SCRIPT,
        "conda.yml": CONDA,
        "deploy/inferenceconfig.json": INFERENCE,
        "other/inferenceconfig.json": '{"entryScript": "else.py"}',
        "else.py": SCRIPT,
    }
    found = units(tmp_path, files, "score.py")
    assert set(found) == {"deploy/inferenceconfig.json"}
    assert parts(found["deploy/inferenceconfig.json"])["CondaEnvironment"] == "conda.yml"


def test_a_script_named_by_a_config_needs_no_marks_of_its_own(tmp_path: Path) -> None:
    files: Files = {"main.py": BROKEN, "inferenceconfig.json": '{"entryScript": "main.py"}'}
    assert places(look(tmp_path, files, "main.py")) == [("main.py", 5, "run-signature")]


def test_without_that_config_the_same_script_is_none_of_ours(tmp_path: Path) -> None:
    assert places(look(tmp_path, {"main.py": BROKEN}, "main.py")) == []


def test_findings_in_files_that_were_not_asked_for_are_not_reported(tmp_path: Path) -> None:
    files: Files = {
        "score.py": SCRIPT,
        "conda.yml": NO_SERVER,
        "inferenceconfig.json": INFERENCE,
    }
    assert places(look(tmp_path, files, "score.py")) == []
    assert names(look(tmp_path, files, "conda.yml")) == ["missing-inference-server"]
    assert names(look(tmp_path, files)) == ["missing-inference-server"]


def test_a_lone_environment_is_checked_with_the_configs_that_name_it(tmp_path: Path) -> None:
    files: Files = {"conda.yml": NO_SERVER, "online.yml": ONLINE, "src/score.py": SCRIPT}
    report = look(tmp_path, files, "conda.yml")
    assert names(report) == ["missing-inference-server"]
    assert only(report).units == ("online.yml",)


def test_an_environment_that_nothing_serves_is_none_of_ours(tmp_path: Path) -> None:
    assert places(look(tmp_path, {"conda.yml": NO_SERVER}, "conda.yml")) == []


def test_an_excluded_config_names_nothing(tmp_path: Path) -> None:
    files: Files = {"main.py": BROKEN, "old/inferenceconfig.json": '{"entryScript": "main.py"}'}
    report = look(tmp_path, files, path=str(tmp_path / "amllint.toml"), exclude=("old",))
    assert places(report) == []


# -- by declaration ---------------------------------------------------------------------------


def test_a_declaration_ties_what_no_file_ties(tmp_path: Path) -> None:
    files: Files = {"main.py": SCRIPT, "env.yml": NO_SERVER, "aks.json": AKS}
    declared = declaration(
        tmp_path, script="main.py", environment="env.yml", deployment_config="aks.json"
    )
    found = units(tmp_path, files, deployments=(declared,))
    assert {name: parts(unit) for name, unit in found.items()} == {
        "prod": {
            "ScoringScript": "main.py",
            "CondaEnvironment": "env.yml",
            "AksDeployment": "aks.json",
        }
    }
    assert found["prod"].serves


def test_a_declared_inference_config_brings_what_it_names(tmp_path: Path) -> None:
    files: Files = {"score.py": SCRIPT, "conda.yml": CONDA, "inferenceconfig.json": INFERENCE}
    declared = declaration(tmp_path, inference_config="inferenceconfig.json")
    assert parts(units(tmp_path, files, deployments=(declared,))["prod"]) == {
        "ScoringScript": "score.py",
        "InferenceConfig": "inferenceconfig.json",
        "CondaEnvironment": "conda.yml",
    }


def test_what_is_declared_counts_over_what_the_config_names(tmp_path: Path) -> None:
    files: Files = {
        "score.py": SCRIPT,
        "other.py": SCRIPT,
        "conda.yml": CONDA,
        "inferenceconfig.json": INFERENCE,
    }
    declared = declaration(tmp_path, inference_config="inferenceconfig.json", script="other.py")
    unit = units(tmp_path, files, deployments=(declared,))["prod"]
    assert parts(unit)["ScoringScript"] == "other.py"


def test_a_declaration_is_read_from_the_configuration(tmp_path: Path) -> None:
    toml = '[[deployment]]\nname = "prod"\nscript = "app/main.py"\nenvironment = "env.yml"\n'
    write(tmp_path, {"amllint.toml": toml, "app/main.py": BROKEN, "env.yml": NO_SERVER})
    overlay = Overlay(str(tmp_path))
    report = check(["."], load(str(tmp_path / "amllint.toml"), overlay), overlay)
    assert sorted(places(report)) == [
        ("app/main.py", 5, "run-signature"),
        ("env.yml", 3, "missing-inference-server"),
    ]
    assert {f.units for f in report.findings} == {("prod",)}


def test_a_declared_file_that_is_missing_is_a_finding(tmp_path: Path) -> None:
    toml = '[[deployment]]\nscript = "main.py"\n'
    write(tmp_path, {"amllint.toml": toml})
    overlay = Overlay(str(tmp_path))
    report = check(["."], load(str(tmp_path / "amllint.toml"), overlay), overlay)
    assert names(report) == ["unreadable-file"]
    assert report.incomplete


# -- files and units are N:M ------------------------------------------------------------------


def shared(folder: Path) -> Report:
    files: Files = {
        "score.py": BROKEN,
        "conda.yml": NO_SERVER,
        "a/inferenceconfig.json": INFERENCE,
        "b/inferenceconfig.json": INFERENCE,
    }
    return look(folder, files)


def test_a_finding_met_in_two_units_is_reported_once_with_both(tmp_path: Path) -> None:
    report = shared(tmp_path)
    assert sorted(names(report)) == ["missing-inference-server", "run-signature"]
    both = ("a/inferenceconfig.json", "b/inferenceconfig.json")
    assert [f.units for f in report.findings] == [both, both]


def test_one_config_with_two_environments_judges_each(tmp_path: Path) -> None:
    two = ONLINE.replace("conda.yml", "env/gpu.yml")
    files: Files = {
        "a.yml": ONLINE,
        "b.yml": two,
        "src/score.py": SCRIPT,
        "conda.yml": CONDA,
        "env/gpu.yml": NO_SERVER,
    }
    finding = only(look(tmp_path, files))
    assert (finding.location.path, finding.units) == ("env/gpu.yml", ("b.yml",))


def test_equal_scripts_at_two_places_are_reported_at_both(tmp_path: Path) -> None:
    script = BROKEN.replace("return 1", "return 'AZUREML_MODEL_DIR'")
    report = look(tmp_path, {"a/score.py": script, "b/score.py": script})
    assert places(report) == [
        ("a/score.py", 5, "run-signature"),
        ("b/score.py", 5, "run-signature"),
    ]
    assert len({f.fingerprint for f in report.findings}) == 2


def test_a_pipeline_with_two_parallel_jobs_names_both_scripts(tmp_path: Path) -> None:
    second = JOB.replace("score:", "again:").replace("score.py", "again.py")
    text = JOB + second.partition("jobs:\n")[2]
    write(tmp_path, {"p.yml": text, "src/score.py": SCRIPT, "src/again.py": SCRIPT})
    loader = Loader(Overlay(str(tmp_path)), Repository.around(str(tmp_path)), Settings())
    loader.request(["."])
    scripts = {u.script.path for u in loader.load().units(()) if u.script}
    assert scripts == {"src/score.py", "src/again.py"}


def test_a_script_outside_of_the_repository_is_not_read(tmp_path: Path) -> None:
    files: Files = {
        "secret.py": BROKEN,
        "repo/.git": "",
        "repo/inferenceconfig.json": '{"entryScript": "secret.py", "sourceDirectory": ".."}',
    }
    report = look(tmp_path, files, "repo")
    assert not [f for f in report.findings if f.location.path.endswith("secret.py")]
