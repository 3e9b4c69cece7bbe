"""Corners of the rules about conda files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checking import Files, look, places

CONFIG = '{"entryScript": "score.py", "runtime": "python", "condaFile": "conda.yml"}\n'
SCRIPT = "def init():\n    pass\n\n\ndef run(raw_data):\n    return {'received': len(raw_data)}\n"


def conda(folder: Path, text: str) -> list[tuple[str, int, str]]:
    files: Files = {"inferenceconfig.json": CONFIG, "score.py": SCRIPT, "conda.yml": text}
    return places(look(folder, files))


DEEP = """\
dependencies:
  - python=3.10
  - pip:
      - azureml-defaults==1.60.0
      - scikit-learn==1.4.2
         - joblib==1.4.2
"""
NO_COLON = """\
dependencies:
  - python=3.10
  - pip
      - azureml-defaults==1.60.0
      - joblib==1.4.2
"""


def test_items_that_yaml_runs_together_are_told_and_nothing_is_made_of_them(
    tmp_path: Path,
) -> None:
    assert conda(tmp_path / "deep", DEEP) == [("conda.yml", 5, "conda-schema")]
    assert conda(tmp_path / "colon", NO_COLON) == [("conda.yml", 3, "conda-schema")]
    report = look(tmp_path / "colon", {})
    assert report.findings[0].observation.help == "write `- pip:`, with a colon"
    assert report.findings[0].observation.fix is None


@pytest.mark.parametrize(
    "line",
    ["joblib==1.4.2  # once - in a comment", "-e git+https://host/a-b", "a-b==1.0-2"],
)
def test_a_dash_within_a_name_or_a_comment_is_none(line: str, tmp_path: Path) -> None:
    text = f"dependencies:\n  - pip:\n      - azureml-defaults\n      - {line}\n"
    assert conda(tmp_path, text) == []


@pytest.mark.parametrize(
    ("name", "meant", "rule"),
    [
        ("azureml-default==1.58.0", "azureml-defaults", "wrong-package-name"),
        ("azureml-defautls", "azureml-defaults", "wrong-package-name"),
        ("azureml-inference-server", "azureml-inference-server-http", "missing-inference-server"),
    ],
)
def test_a_misspelt_server_is_told_once_with_what_is_meant(
    name: str, meant: str, rule: str, tmp_path: Path
) -> None:
    text = f"dependencies:\n  - pip:\n      - {name}\n"
    assert conda(tmp_path, text) == [("conda.yml", 3, rule)]
    (found,) = look(tmp_path, {}).findings
    assert found.observation.help == f"did you mean `{meant}`?"
    assert found.stage == "build"


def test_others_of_the_family_are_not_taken_for_a_misspelling(tmp_path: Path) -> None:
    text = "dependencies:\n  - pip:\n      - azureml-dataset-runtime\n      - azureml-sdk\n"
    assert conda(tmp_path, text) == []


@pytest.mark.parametrize("before", ["", "  - pip\n"])
def test_a_dash_without_a_blank_is_found_where_it_is(before: str, tmp_path: Path) -> None:
    text = f"dependencies:\n  -python=3.10\n{before}  - pip:\n      - azureml-defaults\n"
    (found,) = look(
        tmp_path, {"inferenceconfig.json": CONFIG, "conda.yml": text, "score.py": SCRIPT}
    ).findings
    assert (found.name, found.location.span.start) == ("syntax-error", text.index("-python"))
    assert "no blank" in found.message
