"""Layouts of scripts and the files that they import; the server's side of each was executed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.checking import Files, look, only, places

ENTRIES = """

def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
"""
HELPER = "def prepare(text):\n    return text\n"
CONDA = """\
name: serving
dependencies:
  - python=3.10
  - pip
  - pip:
      - azureml-defaults
"""


def config(**keys: str) -> str:
    return json.dumps({"entryScript": "score.py", **keys})


def deployment(code: str, script: str) -> str:
    return (
        "name: blue\nendpoint_name: scoring\ncode_configuration:\n"
        f"  code: {code}\n  scoring_script: {script}\n"
    )


TOLD: dict[str, tuple[Files, str, str, str]] = {
    "the script ships alone": (
        {
            "inferenceconfig.json": config(),
            "score.py": f"import helper{ENTRIES}",
            "helper.py": HELPER,
        },
        "score.py",
        "the entry script alone is uploaded",
        "sourceDirectory",
    ),
    "beside a script in a sub-folder": (
        {
            "inferenceconfig.json": config(entryScript="sub/score.py", sourceDirectory="src"),
            "src/sub/score.py": f"from helper import prepare{ENTRIES}",
            "src/sub/helper.py": HELPER,
        },
        "src/sub/score.py",
        "it looks into `src`, not into the script's own folder",
        "import it as `sub.helper`",
    ),
    "above what ships": (
        {
            "inferenceconfig.json": config(
                entryScript="score.py",
                sourceDirectory="deploy",
                runtime="python",
                condaFile="conda.yml",
            ),
            "deploy/score.py": f"from lib.helper import prepare{ENTRIES}",
            "deploy/conda.yml": CONDA,
            "lib/helper.py": HELPER,
        },
        "deploy/score.py",
        "only `deploy` is uploaded",
        "install it as a package",
    ),
    "relative": (
        {
            "inferenceconfig.json": config(sourceDirectory="."),
            "score.py": f"from .helper import prepare{ENTRIES}",
            "helper.py": HELPER,
            "__init__.py": "",
        },
        "score.py",
        "relative to a package, and an entry script has none",
        "import `helper` absolutely",
    ),
}


@pytest.mark.parametrize("case", TOLD)
def test_what_the_server_does_not_find_is_told(case: str, tmp_path: Path) -> None:
    files, path, message, help_ = TOLD[case]
    report = look(tmp_path, files, select=("local-import-unresolved",))
    assert places(report) == [(path, 1, "local-import-unresolved")]
    found = only(report)
    assert (found.severity, found.stage) == ("error", "start")
    assert message in found.observation.message
    assert help_ in (found.observation.help or "")


def shipped(head: str, **more: str) -> Files:
    """A script that ships alone beside `helper.py`, with something at its head."""
    files: Files = {"inferenceconfig.json": config(), "score.py": head + ENTRIES}
    return {**files, "helper.py": HELPER, **more}


SILENT: dict[str, Files] = {
    "in the source directory": {
        "inferenceconfig.json": config(sourceDirectory="src"),
        "src/score.py": f"from helper import prepare{ENTRIES}",
        "src/helper.py": HELPER,
    },
    "at the root, the script in a sub-folder": {
        "inferenceconfig.json": config(entryScript="sub/score.py", sourceDirectory="src"),
        "src/sub/score.py": f"from helper import prepare{ENTRIES}",
        "src/helper.py": HELPER,
    },
    "named by the source directory": {
        "inferenceconfig.json": config(entryScript="score.py", sourceDirectory="src"),
        "src/score.py": f"from src.helper import prepare{ENTRIES}",
        "src/helper.py": HELPER,
    },
    "v2, beside a script in a sub-folder": {
        "deployment.yml": deployment("src", "sub/score.py"),
        "src/sub/score.py": f"from helper import prepare{ENTRIES}",
        "src/sub/helper.py": HELPER,
    },
    "nothing says what ships": {
        "score.py": f"from helper import prepare{ENTRIES}",
        "helper.py": HELPER,
    },
    "the failure is caught": shipped(
        "try:\n    import helper\nexcept ImportError:\n    helper = None"
    ),
    "under a test": shipped("import os\n\nif os.name == 'nt':\n    import helper"),
    "for type checkers": shipped(
        "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    import helper"
    ),
    "in a function that nothing calls": shipped("def test():\n    import helper\n"),
    "the path is changed": shipped("import sys\n\nsys.path.append('lib')\nimport helper"),
    "the path is changed by its own name": shipped(
        "from sys import path\n\npath.append('lib')\nimport helper"
    ),
    "PYTHONPATH is set": {
        **shipped("import helper"),
        "inferenceconfig.json": json.dumps(
            {
                "entryScript": "score.py",
                "environment": {"environmentVariables": {"PYTHONPATH": "/opt/lib"}},
            }
        ),
    },
    "the environment brings it": {
        "inferenceconfig.json": config(runtime="python", condaFile="conda.yml"),
        "conda.yml": CONDA + "      - helper==1.0\n",
        "score.py": f"import helper{ENTRIES}",
        "helper.py": HELPER,
    },
    "the standard library has it": shipped("import queue", **{"queue.py": HELPER}),
    "nowhere in the repository": shipped("import numpy"),
    "a placeholder for the folder": {
        **shipped("import helper"),
        "inferenceconfig.json": config(sourceDirectory="{{FOLDER}}"),
    },
    "the script itself": shipped("import score"),
    "batch": {
        "deployment.yml": "$schema: https://x/batchDeployment.schema.json\n"
        + deployment("src", "score.py"),
        "src/score.py": "from .helper import prepare\n\n\ndef init():\n    pass\n\n\n"
        "def run(mini_batch):\n    return [1]\n",
        "src/helper.py": HELPER,
    },
}


@pytest.mark.parametrize("case", SILENT)
def test_what_the_server_finds_or_may_find_is_not_told(case: str, tmp_path: Path) -> None:
    report = look(tmp_path, SILENT[case], select=("local-import-unresolved",))
    assert any("scoring script" in row.kind for row in report.listed)
    assert places(report) == []


@pytest.mark.parametrize("name", ["utils", "config", "routes"])
def test_a_sibling_with_the_name_of_a_module_of_the_server(name: str, tmp_path: Path) -> None:
    files: Files = {
        "inferenceconfig.json": config(sourceDirectory="."),
        "score.py": f"from {name} import prepare{ENTRIES}",
        f"{name}.py": HELPER,
    }
    report = look(tmp_path, files, select=("local-import-unresolved",))
    assert only(report).severity == "warning"
    assert "the server's own module" in only(report).observation.message


def test_an_old_server_has_other_modules(tmp_path: Path) -> None:
    files: Files = {
        "inferenceconfig.json": config(
            sourceDirectory=".", runtime="python", condaFile="conda.yml"
        ),
        "conda.yml": CONDA.replace("azureml-defaults", "azureml-defaults==1.34.0"),
        "score.py": f"from utils import prepare{ENTRIES}",
        "utils.py": HELPER,
    }
    report = look(tmp_path, files, select=("local-import-unresolved",))
    assert places(report) == []


def test_a_relative_import_in_a_script_that_nothing_names(tmp_path: Path) -> None:
    files: Files = {"score.py": f"from . import helper{ENTRIES}", "helper.py": HELPER}
    report = look(tmp_path, files, select=("local-import-unresolved",))
    assert only(report).severity == "warning"


def test_an_import_in_run_fails_the_call(tmp_path: Path) -> None:
    script = ENTRIES.replace("return", "import helper\n\n    return helper and")
    files: Files = {**shipped(""), "score.py": script}
    report = look(tmp_path, files, select=("local-import-unresolved",))
    assert only(report).stage == "score"
