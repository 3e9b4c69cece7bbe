"""Rules that hold a deployment config against the environment and the script it ships with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from amllint.config import load
from amllint.engine.check import Report, check
from amllint.source.overlay import Overlay
from tests.checking import Files, look, shown, write

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


def test_a_version_of_an_endpoint_has_the_telemetry_of_the_endpoint(tmp_path: Path) -> None:
    text = """\
from azureml.core import Workspace
from azureml.core.webservice import AksEndpoint, AksWebservice

AksEndpoint(Workspace.from_config(), "scoring").create_version("green", cpu_cores=1)
AksWebservice.deploy_configuration(cpu_cores=2)
"""
    settings = {"select": ("AML416",), "persona": "pedantic", "purpose": "production"}
    report = look(tmp_path, {"deploy.py": text}, **settings)
    assert told(report) == [("info", "AksWebservice.deploy_configuration")]


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


# -- gpu-request-ignored ------------------------------------------------------------------------

CUDA = "mcr.microsoft.com/azureml/openmpi4.1.0-cuda11.8-cudnn8-ubuntu22.04:20240101.v1"


@pytest.mark.parametrize(
    ("image", "pip", "wanted"),
    [
        (IMAGE, ("scikit-learn==1.3.2", "pandas"), ["cpu image"]),
        (IMAGE, ("onnxruntime",), ["cpu image"]),
        (IMAGE, ("tensorflow==2.15.0",), ["cpu image"]),
        (IMAGE, ("onnxruntime-gpu",), ["cpu image"]),
        # Wheels of their own with CUDA, and packages of which nothing is known.
        (IMAGE, ("torch==2.3.0",), []),
        (IMAGE, ("tensorflow[and-cuda]==2.15.0",), []),
        (IMAGE, ("tensorflow", "nvidia-cudnn-cu12"), []),
        (IMAGE, ("sentence-transformers",), []),
        (IMAGE, ("-r requirements.txt",), []),
        # Images with CUDA, or of which nothing is known.
        (CUDA, ("scikit-learn",), []),
        ("example.azurecr.io/serving:1", ("scikit-learn",), []),
        ("mcr.microsoft.com/azureml/pytorch-1.9-ubuntu18.04:1", ("scikit-learn",), []),
    ],
)
def test_a_gpu_wants_something_that_uses_it(
    image: str, pip: tuple[str, ...], wanted: list[str], tmp_path: Path
) -> None:
    files: Files = {
        "inferenceconfig.json": inference(*pip, image=image),
        "deploymentconfig.json": json.dumps(AKS | {"gpuCores": 1}),
    }
    report = linked(tmp_path, "gpu-request-ignored", files)
    assert [f.observation.key for f in report.findings] == wanted
    assert {f.severity for f in report.findings} <= {"warning"}


@pytest.mark.parametrize(
    ("runtime", "enable_gpu", "wanted"),
    [
        ("python", False, ["cpu image"]),
        ("python", True, []),
        ("spark-py", False, []),
    ],
)
def test_the_older_way_takes_an_image_without_cuda(
    runtime: str, enable_gpu: bool, wanted: list[str], tmp_path: Path
) -> None:
    config = {"entryScript": "score.py", "runtime": runtime, "condaFile": "conda.yml"}
    files: Files = {
        "inferenceconfig.json": json.dumps(config | {"enableGpu": enable_gpu}),
        "conda.yml": "dependencies:\n- python=3.10\n- pip:\n  - azureml-defaults\n",
        "deploymentconfig.json": json.dumps(AKS | {"gpuCores": 1}),
    }
    report = linked(tmp_path, "gpu-request-ignored", files)
    assert [f.observation.key for f in report.findings] == wanted


@pytest.mark.parametrize(
    ("deployment", "wanted"),
    [
        (AKS, [("info", json.dumps(CUDA))]),
        (AKS | {"gpuCores": 0}, [("info", json.dumps(CUDA))]),
        ({"computeType": "aci"}, [("info", json.dumps(CUDA))]),
        (AKS | {"gpuCores": 1}, []),
        (AKS | {"gpuCores": "{{GPUS}}"}, []),
        ({"computeType": "local"}, []),
    ],
    ids=json.dumps,
)
def test_an_image_with_cuda_wants_a_gpu(
    deployment: dict[str, Any], wanted: list[tuple[str, str]], tmp_path: Path
) -> None:
    files: Files = {
        "inferenceconfig.json": inference("torch", image=CUDA),
        "deploymentconfig.json": json.dumps(deployment),
    }
    assert told(linked(tmp_path, "gpu-request-ignored", files)) == wanted


CHANGED = """\
from azureml.core import Environment, Model, Workspace
from azureml.core.model import InferenceConfig
from azureml.core.webservice import AksWebservice

ws = Workspace.from_config()
environment = Environment("serving")
environment.docker.base_image = "{image}"
inference = InferenceConfig("score.py", environment=environment)
{call}
"""
UPDATE = 'AksWebservice(ws, "a").update(inference_config=inference, cpu_cores=2)'
DEPLOY = 'Model.deploy(ws, "a", [], inference, AksWebservice.deploy_configuration(cpu_cores=2))'


@pytest.mark.parametrize(("call", "severities"), [(UPDATE, []), (DEPLOY, ["info"])])
def test_a_change_leaves_the_gpus_of_a_service_as_they_are(
    call: str, severities: list[str], tmp_path: Path
) -> None:
    files: Files = {"deploy.py": CHANGED.format(image=CUDA, call=call), "score.py": SCORE}
    report = look(tmp_path, files, select=("gpu-request-ignored",), persona="pedantic")
    assert [f.severity for f in report.findings] == severities


@pytest.mark.parametrize(("call", "severities"), [(UPDATE, []), (DEPLOY, ["warning"])])
def test_a_service_that_is_changed_may_have_a_gpu(
    call: str, severities: list[str], tmp_path: Path
) -> None:
    script = "import torch\n\nmodel = torch.nn.Linear(1, 1)\n\n\n" + SCORE
    files: Files = {
        "deploy.py": CHANGED.format(image=IMAGE, call=call),
        "score.py": script.replace("pass", "model.cuda()"),
    }
    report = look(tmp_path, files, select=("cuda-on-cpu",))
    assert [f.severity for f in report.findings] == severities


def test_a_gpu_is_asked_for_in_code_too(tmp_path: Path) -> None:
    text = """\
from azureml.core import Environment, Model, Workspace
from azureml.core.conda_dependencies import CondaDependencies
from azureml.core.model import InferenceConfig
from azureml.core.webservice import AksWebservice

environment = Environment("serving")
environment.python.conda_dependencies = CondaDependencies.create(
    pip_packages=["azureml-defaults", "scikit-learn"]
)
inference = InferenceConfig("score.py", environment=environment)
deployment = AksWebservice.deploy_configuration(gpu_cores=1)
Model.deploy(Workspace.from_config(), "scoring", [], inference, deployment)
"""
    report = look(tmp_path, {"deploy.py": text, "score.py": SCORE}, select=("AML414",))
    assert told(report) == [("warning", "1")]
    assert "`gpu_cores` is 1" in report.findings[0].message


# -- scoring-timeout ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variables", "wanted"),
    [
        ('environment.environment_variables = {"WORKER_TIMEOUT": "60"}', [("warning", "90000")]),
        ('environment.environment_variables["WORKER_TIMEOUT"] = 60', [("warning", "90000")]),
        ('environment.environment_variables = {"WORKER_TIMEOUT": "90"}', []),
        ("environment.environment_variables = read()", []),
    ],
)
def test_a_timeout_in_code_is_held_against_the_servers_workers(
    variables: str, wanted: list[tuple[str, str]], tmp_path: Path
) -> None:
    text = f"""\
from azureml.core import Environment, Model, Workspace
from azureml.core.model import InferenceConfig
from azureml.core.webservice import AksWebservice
from elsewhere import read

environment = Environment("serving")
{variables}
inference = InferenceConfig("score.py", environment=environment)
deployment = AksWebservice.deploy_configuration(scoring_timeout_ms=90000)
Model.deploy(Workspace.from_config(), "scoring", [], inference, deployment)
"""
    report = look(tmp_path, {"deploy.py": text, "score.py": SCORE}, select=("AML410",))
    assert told(report) == wanted
