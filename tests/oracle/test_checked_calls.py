"""Calls that change services and clusters: amllint's errors are what azureml-core refuses."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.checking import Files, line, look
from tests.oracle import checked_calls

SCRIPT = Path(checked_calls.__file__)
HEAD = """\
from azureml.core import Environment, Model, Workspace
from azureml.core.compute import AksCompute
from azureml.core.image import ContainerImage
from azureml.core.webservice import AciWebservice, AksEndpoint, AksWebservice, LocalWebservice

ws = Workspace.from_config()
service = AksWebservice(ws, "scoring")
endpoint = AksEndpoint(ws, "scoring")
aci = AciWebservice(ws, "scoring")
local = LocalWebservice(ws, "scoring")
"""
LINES = HEAD.count("\n")


@pytest.mark.oracle
def test_errors_are_what_azureml_core_refuses(azureml_core: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [str(azureml_core), str(SCRIPT)],
        input=json.dumps(checked_calls.CALLS),
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    files: Files = {"deploy.py": HEAD + "".join(f"{call}\n" for call in checked_calls.CALLS)}
    report = look(tmp_path, files, select=("AML4", "AML8"))
    errors = {line(report, f) - LINES for f in report.findings if f.severity == "error"}
    ours = {
        call: "refused" if number in errors else "passed"
        for number, call in enumerate(checked_calls.CALLS, 1)
    }
    assert ours == json.loads(done.stdout)
    assert sum(said == "refused" for said in ours.values()) > 40
