"""The parameters of the GitHub action aml-deploy, and what they amount to."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checking import Files, look, only, places, shown

SCRIPT = "def init():\n    pass\n\n\ndef run(raw_data):\n    return {'received': len(raw_data)}\n"
CONDA = "dependencies:\n  - python=3.10\n  - pip:\n      - azureml-defaults==1.60.0\n"
FILE = ".cloud/.azure/deploy.json"
FOLDER: Files = {"code/deploy/score.py": SCRIPT, "code/deploy/environment.yml": CONDA}


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '{"name": "churn-prod", "test_enabled": true}',
        '{"deployment_compute_target": "aks", "authentication_enabled": true, "num_replicas": 2}',
        '{"inference_entry_script": "score.py", "inference_source_directory": "code/deploy"}',
        '{"inference_entry_script": "<your-script>", "cpu_cores": 1}',
    ],
)
def test_nothing_is_said_of_what_works(tmp_path: Path, text: str) -> None:
    report = look(tmp_path, FOLDER | {FILE: text})
    assert places(report) == []
    rows = {row.path: row.kind for row in report.listed}
    assert rows[FILE] == "aml-deploy configuration"


def test_defaults_link_the_script(tmp_path: Path) -> None:
    report = look(tmp_path, FOLDER | {FILE: "{}"})
    rows = {row.path: row.reason for row in report.listed}
    assert rows["code/deploy/score.py"] == f"named by {FILE}"
    assert rows["code/deploy/environment.yml"] == "key dependencies"


def test_the_environment_is_that_of_the_script(tmp_path: Path) -> None:
    without = "dependencies:\n  - python=3.10\n  - pip:\n      - scikit-learn==1.5.0\n"
    report = look(tmp_path, FOLDER | {FILE: "{}", "code/deploy/environment.yml": without})
    assert only(report).name == "missing-inference-server"


def test_a_model_without_code_needs_no_script(tmp_path: Path) -> None:
    assert places(look(tmp_path, {FILE: '{"name": "churn-prod"}'})) == []


@pytest.mark.parametrize(
    ("text", "name", "place"),
    [
        ('{"name": "Churn_prod"}', "service-name", '"Churn_prod"'),
        ('{"cpu_cores": "1"}', "deployment-config-schema", '"1"'),
        ('{"cpu_cores": 0}', "deployment-config-schema", "0"),
        ('{"cpu_core": 1}', "unknown-deployment-key", '"cpu_core"'),
        ('{"num_replicas": 2}', "unknown-deployment-key", '"num_replicas"'),
        (
            '{"deployment_compute_target": "aks", "ssl_enabled": true}',
            "unknown-deployment-key",
            '"ssl_enabled"',
        ),
        (
            '{"deployment_compute_target": "aks", "num_replicas": 2, "scoring_timeout_ms": 60}',
            "scoring-timeout",
            "60",
        ),
        ('{"inference_entry_script": "main.py"}', "entry-script-missing", '"main.py"'),
    ],
)
def test_what_is_wrong_is_told_by_the_keys_of_the_file(
    tmp_path: Path, text: str, name: str, place: str
) -> None:
    report = look(tmp_path, FOLDER | {FILE: text})
    finding = only(report)
    assert (finding.name, shown(report, finding), finding.location.path) == (name, place, FILE)
    assert finding.observation.fix is None
    for foreign in ("scoringTimeoutMs", "entryScript", "azureml-core refuses this: the action"):
        assert foreign not in finding.message


def test_what_is_not_deployed_is_not_judged(tmp_path: Path) -> None:
    text = (
        '{"skip_deployment": true, "create_image": "docker", "inference_entry_script": "score.py"}'
    )
    report = look(tmp_path, FOLDER | {FILE: text}, persona="pedantic", select=("AML4",))
    assert places(report) == []


def test_a_template_of_azure_is_none(tmp_path: Path) -> None:
    template = '{"$schema": "https://x/deploymentTemplate.json#", "resources": []}'
    report = look(tmp_path, {"infra/deploy.json": template})
    assert places(report) == []
