"""Calls that change a service or a version of an endpoint, judged as its configuration is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checking import look, names, only, shown

HEAD = """\
from azureml.core import Model, Workspace
from azureml.core.webservice import AciWebservice, AksEndpoint, AksWebservice, Webservice

ws = Workspace.from_config()
"""
ENDPOINT = 'endpoint = AksEndpoint(ws, "scoring")\n'
DEPLOYED = """\
config = AksEndpoint.deploy_configuration(version_name="blue", traffic_percentile=60)
endpoint = Model.deploy(ws, "scoring", [], None, config)
"""
QUIET = ("default-resources", "deploy-config-shift", "retired-api", "wait-missing")


def told(folder: Path, text: str, *rules: str) -> list[tuple[str, str, str]]:
    """Rule, severity and text of what is said of deployments and their values."""
    select = rules or ("AML4",)
    files: dict[str, str | bytes] = {"deploy.py": HEAD + text}
    report = look(folder, files, select=select, ignore=QUIET, persona="pedantic")
    return [(f.name, f.severity, shown(report, f)) for f in report.findings]


SCHEMA, CONFLICT = "deployment-config-schema", "autoscale-conflict"


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        ("cpu_cores=-1", [(SCHEMA, "error", "-1")]),
        ('memory_gb="2"', [(SCHEMA, "error", '"2"')]),
        ("cpu_cores=2, cpu_cores_limit=1", [(SCHEMA, "error", "1")]),
        # A limit of zero, which a new service may have, is refused where one is changed.
        ("cpu_cores_limit=0", [(SCHEMA, "error", "0")]),
        ("memory_gb_limit=-1", [(SCHEMA, "error", "-1")]),
        ("autoscale_min_replicas=3", [(CONFLICT, "error", "3")]),
        ("autoscale_enabled=False", [(CONFLICT, "error", "False")]),
        ("autoscale_enabled=True, num_replicas=2", [(CONFLICT, "error", "True")]),
        ("auth_enabled=True, token_auth_enabled=True", [("auth-conflict", "error", "True")]),
        ("period_seconds=0, cpu_cores=1", [("liveness-probe", "error", "0")]),
        ("gpu_cores=0.5", [("gpu-request-ignored", "warning", "0.5")]),
        ("scoring_timeout_ms=600000", [("scoring-timeout", "warning", "600000")]),
        ("max_request_wait_time=5", [("queue-wait", "warning", "5")]),
        ('enable_app_insights="no"', [("truthy-string", "warning", '"no"')]),
        # What is not given stays as it is: nothing is said of defaults.
        ("autoscale_enabled=True, autoscale_min_replicas=12", []),
        ("initial_delay_seconds=10", []),
        ("auth_enabled=False", []),
        ("cpu_cores=2", []),
        ("**values", []),
    ],
)
def test_an_update_is_checked_as_a_new_service_is(
    arguments: str, wanted: list[tuple[str, str, str]], tmp_path: Path
) -> None:
    service = 'from elsewhere import values\n\nservice = AksWebservice(ws, "a")\n'
    assert told(tmp_path, f"{service}service.update({arguments})\n") == wanted


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        ("cpu_cores=-1", [(SCHEMA, "error", "-1")]),
        ("token_auth_enabled=True, auth_enabled=True", [("auth-conflict", "error", "True")]),
        ('ssl_cname="a.b", ssl_enabled="no"', [("truthy-string", "warning", '"no"')]),
        ('enable_app_insights="no"', []),
    ],
)
def test_the_arguments_tell_which_service_is_updated(
    arguments: str, wanted: list[tuple[str, str, str]], tmp_path: Path
) -> None:
    text = f'service = Webservice(ws, "a")\nservice.update({arguments})\n'
    assert told(tmp_path, text) == wanted


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        ("auth_enabled=False", [("auth-disabled", "info", "False")]),
        ('ssl_enabled="False"', [("truthy-string", "warning", '"False"')]),
        ("enable_app_insights=True", []),
        ("ssl_enabled=True", []),
    ],
)
def test_an_update_of_a_service_on_aci_leaves_the_rest_as_it_is(
    arguments: str, wanted: list[tuple[str, str, str]], tmp_path: Path
) -> None:
    text = f'service = AciWebservice(ws, "a")\nservice.update({arguments})\n'
    assert told(tmp_path, text) == wanted


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        ('"green", cpu_cores=0', [(SCHEMA, "error", "0")]),
        ('"green", cpu_cores_limit=0', [(SCHEMA, "error", "0")]),
        ('"v1"', [("service-name", "error", '"v1"')]),
        ('"green", traffic_percentile=110', [("traffic-percentile", "error", "110")]),
        ('"green", autoscale_min_replicas=2', [(CONFLICT, "error", "2")]),
        ('"green", traffic_percentile=0.5', [("traffic-percentile", "warning", "0.5")]),
        ('"green", cpu_cores=1, traffic_percentile=10', []),
    ],
)
def test_a_version_that_is_added_is_checked_whole(
    arguments: str, wanted: list[tuple[str, str, str]], tmp_path: Path
) -> None:
    assert told(tmp_path, f"{ENDPOINT}endpoint.create_version({arguments})\n") == wanted


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        ("cpu_cores=-1", [(SCHEMA, "warning", "-1")]),
        ('num_replicas="2"', [(SCHEMA, "warning", '"2"')]),
        ("traffic_percentile=110", [("traffic-percentile", "warning", "110")]),
        ("gpu_cores=0.5", [("gpu-request-ignored", "warning", "0.5")]),
        ('collect_model_data="no"', [("truthy-string", "warning", '"no"')]),
        ("autoscale_enabled=True, num_replicas=3", []),
        ("traffic_percentile=100", []),
    ],
)
def test_nothing_checks_a_version_that_is_updated(
    arguments: str, wanted: list[tuple[str, str, str]], tmp_path: Path
) -> None:
    assert told(tmp_path, f'{ENDPOINT}endpoint.update_version("blue", {arguments})\n') == wanted


# -- what versions come to ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (DEPLOYED + 'endpoint.create_version("green", traffic_percentile=50)\n', ["50"]),
        (DEPLOYED + 'endpoint.create_version("green", traffic_percentile=40)\n', []),
        (
            DEPLOYED
            + 'endpoint.update_version("blue", traffic_percentile=10)\n'
            + 'endpoint.create_version("green", traffic_percentile=90)\n',
            [],
        ),
        (
            DEPLOYED
            + 'endpoint.delete_version("blue")\n'
            + 'endpoint.create_version("green", traffic_percentile=90)\n',
            [],
        ),
        (
            ENDPOINT
            + 'endpoint.update_version("blue", traffic_percentile=70)\n'
            + 'endpoint.update_version("green", traffic_percentile=40)\n'
            + 'endpoint.update_version("blue", traffic_percentile=20)\n',
            ["40"],
        ),
        # What cannot be told, or may not happen.
        (DEPLOYED + 'if ws:\n    endpoint.create_version("green", traffic_percentile=50)\n', []),
        (
            DEPLOYED
            + "endpoint.update_version(ws.name, traffic_percentile=10)\n"
            + 'endpoint.create_version("green", traffic_percentile=50)\n',
            [],
        ),
        (
            'one = AksEndpoint(ws, "one")\ntwo = AksEndpoint(ws, "two")\n'
            'one.update_version("blue", traffic_percentile=70)\n'
            'two.update_version("green", traffic_percentile=70)\n',
            [],
        ),
    ],
)
def test_versions_share_a_hundred_percent(text: str, wanted: list[str], tmp_path: Path) -> None:
    found = told(tmp_path, text, "traffic-percentile")
    assert found == [("traffic-percentile", "warning", value) for value in wanted]


def test_an_endpoint_has_six_versions(tmp_path: Path) -> None:
    lines = [f'endpoint.create_version("green{n}")\n' for n in range(1, 7)]
    assert told(tmp_path, DEPLOYED + "".join(lines[:5]), "traffic-percentile") == []
    found = told(tmp_path, DEPLOYED + "".join(lines), "traffic-percentile")
    assert found == [("traffic-percentile", "warning", "endpoint.create_version")]


# -- which service it is ------------------------------------------------------------------------


def test_a_service_is_of_the_kind_that_its_configuration_says(tmp_path: Path) -> None:
    text = """\
config = AciWebservice.deploy_configuration(cpu_cores=1, memory_gb=1, auth_enabled=True)
service = Model.deploy(ws, "scoring", [], None, config)
service.wait_for_deployment()
service.update(num_replicas=2)
"""
    assert told(tmp_path, text, "unknown-argument") == [
        ("unknown-argument", "error", "num_replicas")
    ]
    aks = text.replace("Aci", "Aks")
    assert told(tmp_path, aks, "unknown-argument") == []


def test_a_service_of_an_unknown_configuration_may_be_of_any_kind(tmp_path: Path) -> None:
    text = """\
from elsewhere import config

service = Model.deploy(ws, "scoring", [], None, config)
service.update(num_replicas=2, ssl_cname="a.b")
"""
    assert told(tmp_path, text, "unknown-argument") == []


def test_an_update_links_its_script_with_its_values(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "deploy.py": HEAD
        + """\
from azureml.core import Environment
from azureml.core.model import InferenceConfig

environment = Environment("serving")
environment.environment_variables = {"WORKER_TIMEOUT": "60"}
inference = InferenceConfig("score.py", environment=environment)
service = AksWebservice(ws, "scoring")
service.update(inference_config=inference, scoring_timeout_ms=90000)
""",
        "score.py": "def init():\n    pass\n\n\ndef run(data):\n    return {'n': len(data)}\n",
    }
    report = look(tmp_path, files, select=("scoring-timeout", "gpu-request-ignored"))
    assert names(report) == ["scoring-timeout"]
    assert shown(report, only(report)) == "90000"
