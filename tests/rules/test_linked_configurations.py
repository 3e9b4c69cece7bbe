"""Rules that hold a deployment config against the environment and the script it ships with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from amllint.config import load
from amllint.engine.check import Report, check
from amllint.source.overlay import Overlay
from tests.checking import Files, look, names, shown, write

AKS: dict[str, Any] = {"computeType": "aks", "numReplicas": 2}
COLLECTS = AKS | {"dataCollection": {"storageEnabled": True}}
SCORE = """\
def init():
    pass


def run(data):
    return {"rows": len(data)}
"""
COLLECTOR = "from azureml.monitoring import ModelDataCollector\n\n\n" + SCORE
IMAGE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20251130.v1"


def inference(*pip: str, image: str = IMAGE, **more: Any) -> str:
    """An inference config with an environment of some pip packages."""
    dependencies = ["python=3.10", "pip", {"pip": ["azureml-defaults==1.60.0", *pip]}]
    environment = {
        "name": "serving",
        "docker": {"baseImage": image},
        "python": {"condaDependencies": {"dependencies": dependencies}, **more},
    }
    return json.dumps({"entryScript": "score.py", "environment": environment})


def linked(folder: Path, rule: str, files: Files, **table: str) -> Report:
    """What one rule says of files that a deployment of the configuration puts together."""
    named = {"deployment-config": "deploymentconfig.json", **table}
    if "inferenceconfig.json" in files:
        named["inference-config"] = "inferenceconfig.json"
    lines = [f'{key} = "{value}"' for key, value in named.items()]
    config = "\n".join(["[[deployment]]", *lines, "", ""])
    head = f'select = ["{rule}"]\npersona = "pedantic"\n'
    write(folder, {"score.py": SCORE, **files, "amllint.toml": head + config})
    overlay = Overlay(cwd=str(folder))
    return check(["."], load(str(folder / "amllint.toml"), overlay), overlay)


def told(report: Report) -> list[tuple[str, str]]:
    """Severity and text of each finding."""
    return [(f.severity, shown(report, f)) for f in report.findings]


# -- telemetry-disabled -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("insights", "purpose", "wanted"),
    [
        ({"appInsightsEnabled": False}, "production", [("info", "false")]),
        ({}, "production", [("info", "{")]),
        ({"appInsightsEnabled": True}, "production", []),
        ({"appInsightsEnabled": False}, "development", []),
        ({"appInsightsEnabled": False}, None, []),
    ],
)
def test_a_service_in_production_is_watched(
    insights: dict[str, Any], purpose: str | None, wanted: list[tuple[str, str]], tmp_path: Path
) -> None:
    files: Files = {"deploymentconfig.json": json.dumps(AKS | insights)}
    table = {"purpose": purpose} if purpose else {}
    report = linked(tmp_path, "telemetry-disabled", files, **table)
    assert told(report) == wanted


def test_production_that_is_only_guessed_says_nothing(tmp_path: Path) -> None:
    files: Files = {
        "prod/deploymentconfig.json": json.dumps(AKS | {"appInsightsEnabled": False}),
        "prod/score.py": SCORE,
    }
    assert names(look(tmp_path, files, select=("AML416",), persona="pedantic")) == []


@pytest.mark.parametrize(
    ("script", "pip", "wanted"),
    [
        (SCORE, ("azureml-monitoring",), ["collector"]),
        (SCORE, (), ["collector"]),
        (COLLECTOR, (), ["package"]),
        (COLLECTOR, ("azureml_monitoring==0.1.0a21",), []),
        ("import azureml.monitoring as m\n\n\n" + SCORE, ("azureml-monitoring",), []),
        ("from azureml import monitoring\n\n\n" + SCORE, ("azureml-monitoring",), []),
        (COLLECTOR, ("-r requirements.txt",), []),
        (COLLECTOR, ("azureml-something-new",), []),
    ],
)
def test_data_is_collected_by_a_collector(
    script: str, pip: tuple[str, ...], wanted: list[str], tmp_path: Path
) -> None:
    files: Files = {
        "score.py": script,
        "inferenceconfig.json": inference(*pip),
        "deploymentconfig.json": json.dumps(COLLECTS),
    }
    report = linked(tmp_path, "telemetry-disabled", files)
    assert [f.observation.key for f in report.findings] == wanted


def test_a_module_that_ships_may_collect(tmp_path: Path) -> None:
    files: Files = {
        "score.py": "import recording\n\n\n" + SCORE,
        "recording.py": "from azureml.monitoring import ModelDataCollector\n",
        "inferenceconfig.json": inference("azureml-monitoring"),
        "deploymentconfig.json": json.dumps(COLLECTS),
    }
    assert told(linked(tmp_path, "telemetry-disabled", files)) == []


def test_packages_of_an_image_of_ones_own_are_not_known(tmp_path: Path) -> None:
    files: Files = {
        "score.py": COLLECTOR,
        "inferenceconfig.json": inference(userManagedDependencies=True),
        "deploymentconfig.json": json.dumps(COLLECTS),
    }
    assert told(linked(tmp_path, "telemetry-disabled", files)) == []
