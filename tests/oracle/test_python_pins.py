"""python-pin-lost speaks exactly where azureml-core puts a Python in that the file excludes."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.checking import Files, look, write
from tests.oracle.environments import OracleUnavailable, oracle_environment

CONFIG = '{"entryScript": "score.py", "runtime": "python", "condaFile": "conda.yml"}'
SCRIPT = "def init():\n    pass\n\n\ndef run(data):\n    return len(data)\n"
ENTRIES = {
    "python=3.9": False,
    "python==3.9.13": False,
    "python~=3.9": False,
    "python>=3.8,<3.10": False,
    "python!=3.9": False,
    "python": False,
    "python=3": False,
    "python=3.10.*": False,
    "python >=3.8": False,
    "python=3.9.*": True,
    "python=3.9.16=h6244533_2": True,
    "python==3.9.*": True,
    "python 3.9": True,
    "python =3.9": True,
    "python >=3.8,<3.10": True,
    "Python=3.9": True,
    "conda-forge::python=3.9": True,
}
"""Entries, and whether the Python that is put in is one that they exclude."""


def tree(entry: str) -> Files:
    text = f"dependencies:\n  - {entry}\n  - pip\n  - pip:\n      - azureml-defaults\n"
    return {"conda.yml": text, "inferenceconfig.json": CONFIG, "score.py": SCRIPT}


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_lost_pin_is_told(entry: str, tmp_path: Path) -> None:
    report = look(tmp_path, tree(entry), select=("AML304",))
    assert bool(report.findings) == ENTRIES[entry]


@pytest.mark.parametrize("entry", [entry for entry, lost in ENTRIES.items() if lost])
def test_the_fix_is_seen(entry: str, tmp_path: Path) -> None:
    (told,) = look(tmp_path, tree(entry), select=("AML304",)).findings
    fix = told.observation.fix
    assert fix is not None
    meant = fix.message.removeprefix("write `").removesuffix("`")
    assert not look(tmp_path / "again", tree(meant), select=("AML304",)).findings


@pytest.mark.oracle
def test_azureml_core_puts_its_own_in_there(tmp_path: Path) -> None:
    try:
        python = oracle_environment("azureml-core")
    except OracleUnavailable as reason:
        if os.environ.get("AMLLINT_REQUIRE_ORACLES"):
            raise
        pytest.skip(str(reason))
    for number, entry in enumerate(ENTRIES):
        write(tmp_path / f"{number:02}", tree(entry))
    script = Path(__file__).with_name("python_pins.py")
    command = [str(python), str(script), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    harmless = {"python", "python=3", "python=3.10.*", "python >=3.8"}
    for (entry, lost), after in zip(ENTRIES.items(), found.values(), strict=True):
        assert ("python=3.10.18" in after) == (lost or entry in harmless), entry
        assert (after == [entry]) == (not lost and entry not in harmless), entry
