"""Files of environments that code of the repository writes anew."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.checking import Files, look, names

CONDA = "dependencies:\n- python=3.10\n- pip:\n  - azureml-defaults\n  - os\n"


def notebook(*cells: str) -> str:
    made = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "source": cell.splitlines(True)}
        for cell in cells
    ]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


WRITES = 'with open("env.yml", "w") as f:\n    f.write(made.serialize_to_string())\n'


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("deploy.py", WRITES),
        ("deploy.ipynb", notebook("import os", WRITES)),
        ("deploy.py", "with open('./env.yml', mode='w') as f:\n    f.write(text)\n"),
        ("deploy.py", "FILE = 'env.yml'\nwith open(FILE, 'w') as f:\n    f.write(text)\n"),
        ("deploy.py", "made.save_to_file(base_directory='.', conda_file_path='env.yml')\n"),
        ("deploy.py", "run.download_file('outputs/conda.yml', 'env.yml')\n"),
        ("deploy.py", "path = 'env.yml'\nrun.download_file('outputs/conda.yml', path)\n"),
    ],
)
def test_what_is_wrong_in_them_is_advice(name: str, text: str, tmp_path: Path) -> None:
    files: Files = {"env.yml": CONDA, name: text}
    report = look(tmp_path, files, select=("wrong-package-name",))
    assert names(report) == []
    assert [f.eased for f in report.eased] == [f"written: {name}"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("deploy.py", "with open('env.yml') as f:\n    text = f.read()\n"),
        ("deploy.py", "with open('env.yml', 'r') as f:\n    text = f.read()\n"),
        ("deploy.py", "with open('other-env.yml', 'w') as f:\n    f.write(text)\n"),
        ("deploy.py", "FILE = 'env.yml'\nwith open(OTHER, 'w') as f:\n    f.write(text)\n"),
        ("deploy.py", "env = Environment.from_conda_specification('e', 'env.yml')\n"),
        ("elsewhere/deploy.py", WRITES),
        ("deploy.py", "with open('outputs/env.yml', 'w') as f:\n    f.write(text)\n"),
        ("deploy.py", "path = 'outputs/env.yml'\nwith open(path, 'w') as f:\n    f.write(text)\n"),
        ("deploy.py", "run.download_file('outputs/env.yml', 'other.yml')\n"),
        ("deploy.ipynb", notebook(f"%%writefile env.yml\n{CONDA}")),
        ("notes.md", WRITES),
    ],
)
def test_others_are_judged_as_they_stand(name: str, text: str, tmp_path: Path) -> None:
    files: Files = {"env.yml": CONDA, name: text}
    report = look(tmp_path, files, select=("wrong-package-name",))
    assert names(report) == ["wrong-package-name"]


def test_credentials_in_them_are_told_of(tmp_path: Path) -> None:
    feed = "https://build:" + "r7kq3w2yz5xv" * 4 + "@packages.contoso.com/simple"
    conda = CONDA.replace("  - os", f"  - --extra-index-url {feed}")
    report = look(tmp_path, {"env.yml": conda, "deploy.py": WRITES}, select=("index-credentials",))
    assert names(report) == ["index-credentials"]


@pytest.mark.parametrize(
    ("place", "path", "writes"),
    [
        ("deploy/env.yml", "env.yml", False),
        ("deploy/env.yml", "deploy/env.yml", True),
        ("env.yml", "env.yml", True),
    ],
)
def test_it_is_that_very_file_that_is_written(
    place: str, path: str, writes: bool, tmp_path: Path
) -> None:
    code = f"with open('{path}', 'w') as f:\n    f.write(text)\n"
    report = look(tmp_path, {place: CONDA, "train.py": code}, select=("wrong-package-name",))
    assert bool(report.eased) == writes
