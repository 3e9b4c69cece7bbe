"""Files and variables of the inference server.

Every one was given to azureml-inference-server-http 1.5.1, with the script beside it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.checking import Files, line, look, shown

SCRIPT = "def init():\n    pass\n\n\ndef run(raw_data):\n    return {}\n"
CONFIG = '{"entryScript": "score.py", "sourceDirectory": "."}\n'

REFUSED: list[tuple[str, bytes]] = [
    ("config.json", b'{"a": '),
    ("config.json", b"\n"),
    ("config.json", b"[1]"),
    ("config.json", b"null"),
    ("config.json", b'\xef\xbb\xbf{"a": 1}'),
    ("config.json", '{"a": 1}'.encode("utf-16")),
    ("config.json", b'{"a": "\xe9"}'),
    ("config.json", b'{"a": 1} // why\n'),
    ("config.json", b'{"a": 1,}\n'),
    ("config.json", b'{"SCORING_TIMEOUT_MS": "soon"}'),
    ("config.json", b'{"SCORING_TIMEOUT_MS": 5.5}'),
    ("config.json", b'{"SERVICE_NAME": 1}'),
    ("config.json", b'{"SERVICE_VERSION": 1.0}'),
    ("config.json", b'{"AZUREML_LOG_LEVEL": 20}'),
    ("config.json", b'{"SERVICE_PATH_PREFIX": 5}'),
    ("config.json", b'{"APP_INSIGHTS_LOG_RESPONSE_ENABLED": "maybe"}'),
    ("config.json", b'{"APP_INSIGHTS_LOG_RESPONSE_ENABLED": 2}'),
    ("config.json", b'{"AZUREML_DEBUG_PORT": 5678}'),
    ("logging.json", b"{"),
    ("logging.json", b""),
    ("logging.json", b"[]"),
    ("logging.json", b'{"level": "INFO"}'),
    ("logging.json", b'{"version": 2}'),
    ("logging.json", b'{"version": "1"}'),
    ("logging.json", b'\xef\xbb\xbf{"version": 1}'),
    ("logging.json", b'{"version": 1, "root": {"level": "info"}}'),
    ("logging.json", b'{"version": 1, "root": {"handlers": ["x"]}}'),
    ("logging.json", b'{"version": 1, "handlers": {"h": {}}}'),
    (
        "logging.json",
        b'{"version": 1, "handlers": {"h": {"class": "logging.StreamHandler", "formatter": "f"}}}',
    ),
    ("swagger.json", b"{"),
    ("swagger.json", b""),
    ("swagger2.json", b"{"),
    ("swagger3.json", b"{"),
    ("swagger3.1.json", b"{"),
]
READ: list[tuple[str, bytes]] = [
    ("config.json", b""),
    ("config.json", b'{"model_type": "bert"}'),
    ("config.json", b'{"a": NaN}'),
    ("config.json", b'{"SCORING_TIMEOUT_MS": 5}'),
    ("config.json", b'{"SCORING_TIMEOUT_MS": "5"}'),
    ("config.json", b'{"SCORING_TIMEOUT_MS": 5000.0}'),
    ("config.json", b'{"SCORING_TIMEOUT_MS": null}'),
    ("config.json", b'{"AZUREML_LOG_LEVEL": "LOUD"}'),
    ("config.json", b'{"APP_INSIGHTS_LOG_RESPONSE_ENABLED": "yes"}'),
    ("config.json", b'{"scoring_timeout": "soon"}'),
    ("logging.json", b'{"version": 1}'),
    ("logging.json", b'{"version": true}'),
    ("swagger.json", b"[1]"),
    ("swagger3.0.json", b"{"),
    ("swagger.yaml", b"a: 1\n"),
]
FILES = ("server-settings-file",)
VARIABLES = ("server-environment-variable",)


@pytest.mark.parametrize(("name", "data"), REFUSED)
def test_a_file_that_stops_the_server_is_reported(name: str, data: bytes, tmp_path: Path) -> None:
    files: Files = {"score.py": SCRIPT, "inferenceconfig.json": CONFIG, name: data}
    report = look(tmp_path, files, select=FILES)
    assert [(f.location.path, f.severity) for f in report.findings] == [(name, "error")]


@pytest.mark.parametrize(("name", "data"), READ)
def test_a_file_that_the_server_reads_is_not(name: str, data: bytes, tmp_path: Path) -> None:
    files: Files = {"score.py": SCRIPT, "inferenceconfig.json": CONFIG, name: data}
    assert not look(tmp_path, files, select=FILES, persona="pedantic").findings


def test_a_swagger_file_stands_in_for_that_of_version_2(tmp_path: Path) -> None:
    files: Files = {"score.py": SCRIPT, "swagger.json": '{"a": 1}', "swagger2.json": "{"}
    files["inferenceconfig.json"] = CONFIG
    assert not look(tmp_path, files, select=FILES).findings


def test_the_configuration_of_a_workspace_is_advice(tmp_path: Path) -> None:
    config = '{"subscription_id": "s", "resource_group": "g", "workspace_name": "w"}\n'
    files: Files = {"score.py": SCRIPT, "inferenceconfig.json": CONFIG, "config.json": config}
    report = look(tmp_path, files, select=FILES, persona="pedantic")
    assert [f.severity for f in report.findings] == ["info"]


def test_what_the_server_stops_at_is_shown(tmp_path: Path) -> None:
    files: Files = {"score.py": SCRIPT, "inferenceconfig.json": CONFIG}
    files["config.json"] = '{\n  "SERVICE_NAME": 1\n}\n'
    report = look(tmp_path, files, select=FILES)
    assert [(line(report, f), shown(report, f)) for f in report.findings] == [(2, '"SERVICE_NAME"')]


def test_files_beside_a_batch_script_are_none_of_the_servers(tmp_path: Path) -> None:
    script = "def init():\n    pass\n\n\ndef run(mini_batch):\n    return []\n"
    assert not look(tmp_path, {"score.py": script, "config.json": "{"}, select=FILES).findings


WRONG = [
    ("WORKER_COUNT", 0),
    ("WORKER_COUNT", "-1"),
    ("WORKER_COUNT", "two"),
    ("WORKER_COUNT", ""),
    ("WORKER_COUNT", "2.0"),
    ("WORKER_TIMEOUT", "60s"),
    ("WORKER_TIMEOUT", "1.5"),
    ("WORKER_TIMEOUT", "-1"),
    ("SCORING_TIMEOUT_MS", "soon"),
    ("SCORING_TIMEOUT_MS", "1.5"),
    ("SCORING_TIMEOUT_MS", -5),
    ("AZUREML_DEBUG_PORT", "5678"),
    ("AZUREML_DEBUG_PORT", "x"),
    ("APP_INSIGHTS_LOG_RESPONSE_ENABLED", "maybe"),
    ("WORKER_PRELOAD", "yes"),
    ("SCORE_TIMEOUT", "60000"),
]
RIGHT = [
    ("WORKER_COUNT", 2),
    ("WORKER_COUNT", " 2"),
    ("WORKER_TIMEOUT", 0),
    ("SCORING_TIMEOUT_MS", "0"),
    ("SCORING_TIMEOUT_MS", "5000.0"),
    ("AZUREML_DEBUG_PORT", "0"),
    ("AZUREML_LOG_LEVEL", "LOUD"),
    ("APP_INSIGHTS_LOG_RESPONSE_ENABLED", "Yes"),
    ("WORKER_PRELOAD", "True"),
    ("AML_APP_INSIGHTS_ENABLED", "maybe"),
    ("OTHER", ""),
    ("WORKER_COUNT", "{{count}}"),
]


def deployment(name: str, value: Any, script: str = SCRIPT) -> Files:
    shown_value = value if isinstance(value, int) else f'"{value}"'
    return {
        "score.py": script,
        "deployment.yml": "code_configuration:\n  code: .\n  scoring_script: score.py\n"
        f"environment_variables:\n  {name}: {shown_value}\n",
    }


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_variable_that_does_not_do_what_was_meant(name: str, value: Any, tmp_path: Path) -> None:
    report = look(tmp_path, deployment(name, value), select=VARIABLES)
    assert [(f.location.path, line(report, f)) for f in report.findings] == [("deployment.yml", 5)]


@pytest.mark.parametrize(("name", "value"), RIGHT)
def test_a_variable_that_does(name: str, value: Any, tmp_path: Path) -> None:
    assert not look(tmp_path, deployment(name, value), select=VARIABLES).findings


def test_variables_of_an_inference_config_count(tmp_path: Path) -> None:
    config = '{"entryScript": "score.py", "sourceDirectory": ".",\n "environment":\n'
    config += '  {"environmentVariables": {"WORKER_COUNT": "0"}}}\n'
    files: Files = {"score.py": SCRIPT, "inferenceconfig.json": config}
    report = look(tmp_path, files, select=VARIABLES)
    assert [(f.location.path, line(report, f)) for f in report.findings] == [
        ("inferenceconfig.json", 3)
    ]


def test_a_name_that_the_script_reads_is_its_own(tmp_path: Path) -> None:
    script = 'import os\n\nlimit = os.environ["SCORE_TIMEOUT"]\n\n\n' + SCRIPT
    assert not look(tmp_path, deployment("SCORE_TIMEOUT", "1", script), select=VARIABLES).findings


def test_variables_of_another_server_are_not_looked_at(tmp_path: Path) -> None:
    text = "$schema: https://x/managedOnlineDeployment.schema.json\nenvironment: azureml:x:1\n"
    files: Files = {"deployment.yml": text + "environment_variables:\n  WORKER_COUNT: 0\n"}
    assert not look(tmp_path, files, select=VARIABLES).findings


LATE = {
    'os.environ["SCORING_TIMEOUT_MS"] = "60000"': True,
    'os.environ.setdefault("WORKER_COUNT", "2")': True,
    'os.environ["AZUREML_MODEL_DIR"] = "models"': False,
    'os.environ["TOKENIZERS_PARALLELISM"] = "false"': False,
    'count = os.environ["WORKER_COUNT"]': False,
    'if __name__ == "__main__":\n    os.environ["WORKER_COUNT"] = "2"': False,
    'os.environ["WORKER_COUNT"] = "2"\ncount = os.environ["WORKER_COUNT"]': False,
}


@pytest.mark.parametrize("statement", LATE)
def test_a_variable_that_the_script_sets_comes_too_late(statement: str, tmp_path: Path) -> None:
    files: Files = {"score.py": f"import os\n\n{statement}\n\n\n{SCRIPT}"}
    files["inferenceconfig.json"] = CONFIG
    found = look(tmp_path, files, select=VARIABLES).findings
    assert bool(found) is LATE[statement]
