"""Files of public repositories that were taken for something else, or told too loudly."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checking import Files, look, names

SCRIPT = "def init():\n    pass\n\n\ndef run(raw_data):\n    return {'received': len(raw_data)}\n"
FRAME = """\
import joblib
from azureml.core.model import Model


def init():
    global model
    model = joblib.load(Model.get_model_path("risk"))


def run(frame):
    try:
        return model.predict(frame)
    except Exception as e:
        return str(e)
"""


@pytest.mark.parametrize("name", ["deployment_config.json", "deploymentconfig.json"])
def test_a_deployment_config_of_another_tool_is_none_of_ours(name: str, tmp_path: Path) -> None:
    report = look(tmp_path, {name: '{"instance_type": "Standard_NC24", "instance_count": 1}\n'})
    assert names(report) == []
    assert [row.kind for row in report.listed] == ["none"]
    ours = look(tmp_path / "ours", {name: '{"NumReplicas": 1}\n'})
    assert "deployment-config-schema" in names(ours)


@pytest.mark.parametrize(
    "path", ["batch_score.py", "risk/batch_score/batch_score.py", "parallel_scoring.py"]
)
def test_a_script_that_is_called_batch_has_no_caller(path: str, tmp_path: Path) -> None:
    report = look(tmp_path, {path: FRAME})
    assert [row.kind for row in report.listed] == ["v1 batch scoring script"]
    assert names(report) == []
    online = look(tmp_path / "online", {"dispatch_score.py": FRAME})
    assert "error-leak" in names(online)


PARTS: Files = {
    "deployment/inferenceConfig.yml": "entryScript: score.py\ncondaFile: conda.yml\n"
    "runtime: python\n",
    "inference/score.py": SCRIPT,
    "envs/conda.yml": "dependencies:\n  - python=3.10\n  - pip:\n      - azureml-defaults\n",
}


def test_what_a_pipeline_puts_together_is_advice(tmp_path: Path) -> None:
    assert names(look(tmp_path, PARTS)) == []
    report = look(tmp_path, PARTS, persona="pedantic")
    assert {f.severity for f in report.findings} == {"info"}
    assert {"entry-script-missing", "referenced-file-missing"} <= set(names(report))
    alone = look(tmp_path / "alone", {"inferenceConfig.yml": "entryScript: score.py\n"})
    assert [f.severity for f in alone.findings] == ["error"]


def test_a_path_of_another_machine_is_not_judged(tmp_path: Path) -> None:
    config = (
        '{"entryScript": "/scripts/score.py", "condaFile": "/scripts/c.yml", "runtime": "python"}'
    )
    found = names(look(tmp_path, {"inferenceconfig.json": config}, persona="pedantic"))
    assert "entry-script-missing" not in found
    assert "referenced-file-missing" not in found


def test_a_note_for_people_is_advice(tmp_path: Path) -> None:
    files: Files = {"score.py": SCRIPT}
    text = '{"entryScript": "score.py", "description": "prices", "schemaFile": "s.json"}'
    report = look(tmp_path, {**files, "inferenceconfig.json": text}, persona="pedantic")
    keys = {f.observation.key: f.severity for f in report.findings if f.code == "AML202"}
    assert keys == {"description": "info", "schemaFile": "warning"}
