"""How Python is pinned, and what of a newer one is in a script."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.checking import Files, look, only, places, shown

MATCH = """\
def init():
    pass


def run(raw_data):
    match raw_data:
        case str():
            return 1
"""


def unit(script: str, *python: str, pip: str = "") -> Files:
    packages = "".join(f"  - {p}\n" for p in (*python, "pip"))
    conda = f"dependencies:\n{packages}  - pip:\n      - azureml-defaults\n{pip}"
    config = {"entryScript": "score.py", "runtime": "python", "condaFile": "conda.yml"}
    return {"score.py": script, "conda.yml": conda, "inferenceconfig.json": json.dumps(config)}


@pytest.mark.parametrize(
    "python",
    [
        "python=3.8",
        "python=3.9.18",
        "python==3.9",
        "python 3.9.*",
        "python<3.10",
        "python<=3.9",
        "python>=3.6,<3.10",
        "python=3.9=h12_0",
        "conda-forge::python=3.8",
        "python~=3.9.1",
        "'python =3.9'",
        "python=3.9.*",
        "python>=3.8,<3.9.5",
    ],
)
def test_a_python_that_is_older_for_certain(python: str, tmp_path: Path) -> None:
    report = look(tmp_path, unit(MATCH, python), select=("syntax-too-new",))
    assert places(report) == [("score.py", 6, "syntax-too-new")]
    assert shown(report, only(report)) == "match raw_data:"
    assert "`match` needs Python 3.10" in only(report).observation.message


@pytest.mark.parametrize(
    "python",
    [
        "python=3.10",
        "python",
        "python>=3.6",
        "python=3",
        "python>3.8",
        "python=3.9|3.10",
        "python=3.11",
        "python<=3.10",
        "python<3.10.1",
        "'python={{PYTHON}}'",
        "python!=3.9",
    ],
)
def test_a_python_that_may_be_new_enough(python: str, tmp_path: Path) -> None:
    report = look(tmp_path, unit(MATCH, python), select=("syntax-too-new",))
    assert places(report) == []


def test_no_python_no_environment_and_two_of_them(tmp_path: Path) -> None:
    lone = {"score.py": MATCH}
    for number, files in enumerate(
        (lone, unit(MATCH), unit(MATCH, "python=3.8", "python=3.9"), unit(MATCH, "pythonnet=3.0"))
    ):
        report = look(tmp_path / str(number), files, select=("syntax-too-new",))
        assert places(report) == []


SILENT = {
    "annotations that stay text": "from __future__ import annotations\n\n\n"
    "def helper(x: int | None, y: list[int]):\n    return x\n",
    "a variable of a function": "def helper():\n    x: int | None = 1\n    return x\n",
    "quoted": "def helper(x: 'int | None'):\n    return x\n",
    "a flag of its own": "from enum import Flag\n\n\nclass Mode(Flag):\n    A = 1\n    B = 2\n\n\n"
    "BOTH = Mode.A | Mode.B\n",
    "a list of its own": "list = {1: 2}\nX = list[1]\n",
    "under a test": "import sys\n\nif sys.version_info >= (3, 9):\n    X = list[int]\n",
}


@pytest.mark.parametrize("case", SILENT)
def test_what_older_versions_do_not_evaluate(case: str, tmp_path: Path) -> None:
    script = SILENT[case] + "\n\ndef init():\n    pass\n\n\ndef run(raw_data):\n    return 1\n"
    report = look(tmp_path, unit(script, "python=3.8"), select=("syntax-too-new",))
    assert places(report) == []


def test_each_kind_is_told_once(tmp_path: Path) -> None:
    script = MATCH + MATCH.replace("def init", "def other").replace("run", "again")
    script += "\n\ndef helper(x: int | None) -> list[int]:\n    return (y := x)\n"
    report = look(tmp_path, unit(script, "python=3.7"), select=("syntax-too-new",))
    assert sorted(f.key for f in report.findings) == [
        "builtin-generic",
        "match",
        "type-union",
        "walrus",
    ]
