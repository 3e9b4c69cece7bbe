"""What becomes of environment variables, as azureml-core and azure-ai-ml were seen to send them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checking import look, names, only

SCRIPT = "def init():\n    pass\n\n\ndef run(raw_data):\n    return {'received': len(raw_data)}\n"
ONLINE = """\
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: scoring
code_configuration: {code: ., scoring_script: score.py}
environment: azureml:serving:1
instance_type: Standard_DS3_v2
instance_count: 1
environment_variables:
"""
RULE = ("environment-variables-overwritten",)


def found(folder: Path, line: str) -> list[str]:
    files = {"deployment.yml": f"{ONLINE}  {line}\n", "score.py": SCRIPT}
    report = look(folder, files, select=RULE, persona="pedantic")
    return [f"{f.severity}: {f.message}" for f in report.findings]


@pytest.mark.parametrize(
    ("line", "sent"),
    [
        ("A: 1.10", "`1.1`"),
        ("A: 010", "`8`"),
        ("A: 1_000", "`1000`"),
        ("A: [1, 2]", "`repr`"),
        ("A: {b: 1}", "`repr`"),
    ],
)
def test_what_is_sent_as_another_text_is_told(line: str, sent: str, tmp_path: Path) -> None:
    (told,) = found(tmp_path, line)
    assert told.startswith("warning")
    assert sent in told


@pytest.mark.parametrize("line", ["A: true", "A: off", "A:", "A: null"])
def test_flags_and_empty_values_are_advice(line: str, tmp_path: Path) -> None:
    (told,) = found(tmp_path, line)
    assert told.startswith("info")


@pytest.mark.parametrize(
    "line", ["A: 3", "A: 1.5", "A: '010'", "A: text", "A: {{ release }}", "A: [$(B)]"]
)
def test_what_arrives_as_it_is_written_is_fine(line: str, tmp_path: Path) -> None:
    assert found(tmp_path, line) == []


def v1(folder: Path, variables: str, more: str = "") -> list[str]:
    config = (
        f'{{"entryScript": "score.py", {more} "environment": {{"name": "a", '
        f'"environmentVariables": {variables}}}}}'
    )
    files = {"inferenceconfig.json": config, "src/score.py": SCRIPT, "score.py": SCRIPT}
    return names(look(folder, files, select=RULE, persona="pedantic"))


def test_azureml_core_puts_its_own_values_in(tmp_path: Path) -> None:
    both = '{"AZUREML_ENTRY_SCRIPT": "a.py", "AZUREML_SOURCE_DIRECTORY": "b"}'
    assert len(v1(tmp_path / "a", both)) == 1, "without a source directory only one is overwritten"
    assert len(v1(tmp_path / "b", both, '"sourceDirectory": "src",')) == 2


def test_the_script_is_looked_for_below_the_root(tmp_path: Path) -> None:
    assert v1(tmp_path / "a", '{"AML_APP_ROOT": "/app"}') == list(RULE)
    assert v1(tmp_path / "b", '{"AML_APP_ROOT": "/var/azureml-app/"}') == []


def test_an_entry_in_the_yaml_of_a_batch_deployment_is_not_judged(tmp_path: Path) -> None:
    text = ONLINE.replace("managedOnline", "batch") + "  A: 010\n"
    assert names(look(tmp_path, {"deployment.yml": text, "score.py": SCRIPT}, select=RULE)) == []


def test_the_message_names_what_is_sent_and_what_is_written(tmp_path: Path) -> None:
    files = {"deployment.yml": f"{ONLINE}  BUILD: 010\n", "score.py": SCRIPT}
    told = only(look(tmp_path, files, select=RULE))
    assert told.message == "`BUILD` arrives as `8`, not as `010`: the script reads another text"
