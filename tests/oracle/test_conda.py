"""conda-schema says "azureml-core refuses this" exactly where azureml-core does."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from itertools import product
from pathlib import Path

import pytest

from amllint.config import Settings
from amllint.engine.check import check
from amllint.source.overlay import Overlay
from tests.oracle.environments import OracleUnavailable, oracle_environment

NAMES = ("", "name: serving\n", "name:\n", "name: 3\n", "Name: serving\n", "name: a\nname: b\n")
REST = (
    "",
    "channels: [conda-forge]\n",
    "channels: conda-forge\n",
    "prefix: /opt\n",
    "variables: {A: 1}\n",
    "variables:\n",
    "platforms: [linux-64]\n",
    "pip: [azureml-defaults]\n",
)
DEPENDENCIES = (
    "dependencies:\n  - python=3.10\n  - pip:\n      - azureml-defaults\n",
    "dependencies: []\n",
    "dependencies: python=3.10\n",
    "dependencies: [3, null, azureml]\n",
    "dependencies:\n  - scikit-learn: 1.5\n",
    "dependencies:\n  - pip: azureml-defaults\n",
    "dependencies: {conda: [python]}\n",
    "Dependencies: [python]\n",
    "dependencies: [python]\ndependencies: [pip]\n",
)
WHOLE = ("- python=3.10\n", "python=3.10\n", "[]\n", "3\n")
CONFIG = '{"entryScript": "score.py", "runtime": "python", "condaFile": "conda.yml"}'
SCRIPT = "def init():\n    pass\n\n\ndef run(data):\n    return len(data)\n"


def cases() -> list[str]:
    return [*("".join(parts) for parts in product(NAMES, REST, DEPENDENCIES)), *WHOLE]


@pytest.mark.oracle
def test_what_azureml_core_refuses_is_said_to_be_refused() -> None:
    try:
        python = oracle_environment("azureml-core")
    except OracleUnavailable as reason:
        if os.environ.get("AMLLINT_REQUIRE_ORACLES"):
            raise
        pytest.skip(str(reason))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, text in enumerate(cases()):
            place = folder / f"{number:04}"
            place.mkdir()
            for file, content in (
                ("conda.yml", text),
                ("inferenceconfig.json", CONFIG),
                ("score.py", SCRIPT),
            ):
                (place / file).write_text(content, "utf-8")
        script = Path(__file__).with_name("conda_verdicts.py")
        done = subprocess.run([python, script, name], capture_output=True, text=True, check=True)
        verdicts = json.loads(done.stdout.splitlines()[-1])
        report = check(["."], Settings(persona="pedantic"), Overlay(name))
    refused = {
        f.location.path.split("/")[0]
        for f in report.findings
        if f.code == "AML301" and "azureml-core refuses" in f.message
    }
    assert len(verdicts) == len(cases())
    differing = [
        (cases()[int(case)], error)
        for case, error in verdicts.items()
        if (error is not None) != (case in refused)
    ]
    assert differing == []
