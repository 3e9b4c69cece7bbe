"""From a traceback and its rules to the files of a deployment."""

from __future__ import annotations

from pathlib import Path

import pytest

from amllint.diagnosis.places import Deployment, Place
from tests.checking import Files, look
from tests.diagnosis.reading import diagnosed, log

SCRIPT = (
    "import json\n\n\ndef init():\n    pass\n\n\ndef run(data):\n    return json.loads(data)['x']\n"
)
LOG = """\
Traceback (most recent call last):
  File "/var/azureml-app/{}", line {}, in run
    {}
KeyError: 'x'
"""
CODE = "return json.loads(data)['x']"


def places(folder: Path, files: Files, log: str) -> list[Place]:
    report = look(folder, files)
    deployment = Deployment({r.path: r.kind for r in report.listed}, report.findings, report.source)
    return deployment.places(diagnosed(log)[0])


def traced(found: list[Place]) -> list[tuple[str, int, bool]]:
    return [(p.path, p.line, p.changed) for p in found if not p.rule]


def test_the_line_of_the_traceback_is_found(tmp_path: Path) -> None:
    found = places(tmp_path, {"src/score.py": SCRIPT}, LOG.format("score.py", 9, CODE))
    assert traced(found) == [("src/score.py", 9, False)]


def test_a_rule_that_tells_of_it_is_named_with_its_place(tmp_path: Path) -> None:
    found = places(tmp_path, {"src/score.py": SCRIPT}, LOG.format("score.py", 9, CODE))
    assert ("src/score.py", "unhandled-run-error") in {(p.path, p.rule) for p in found}


def test_of_two_files_the_one_with_more_of_the_path_is_taken(tmp_path: Path) -> None:
    files: Files = {"a/score.py": SCRIPT, "b/score.py": SCRIPT}
    assert traced(places(tmp_path, files, LOG.format("b/score.py", 9, CODE))) == [
        ("b/score.py", 9, False)
    ]


def test_of_files_alike_in_name_the_one_with_that_line_is_taken(tmp_path: Path) -> None:
    files: Files = {"a/score.py": SCRIPT.replace("'x'", "'y'"), "b/score.py": SCRIPT}
    assert traced(places(tmp_path, files, LOG.format("score.py", 9, CODE))) == [
        ("b/score.py", 9, False)
    ]


@pytest.mark.parametrize(("line", "said"), [(40, 9), (2, 9)])
def test_a_line_that_has_moved_is_found_by_its_text(line: int, said: int, tmp_path: Path) -> None:
    found = places(tmp_path, {"score.py": SCRIPT}, LOG.format("score.py", line, CODE))
    assert traced(found) == [("score.py", said, False)]


def test_a_line_that_is_nowhere_in_the_file_is_said_to_read_otherwise(tmp_path: Path) -> None:
    found = places(tmp_path, {"score.py": SCRIPT}, LOG.format("score.py", 9, "return data['x']"))
    assert traced(found) == [("score.py", 9, True)]


def test_a_load_is_worked_out_with_the_numbers_of_each_deployment(tmp_path: Path) -> None:
    one = '{"computeType": "AKS", "autoScaler": {"autoscaleEnabled": true, "maxReplicas": %d}}'
    files: Files = {f"{n}/deploymentconfig.json": one % n for n in (3, 7)}
    report = look(tmp_path, files)
    deployment = Deployment({r.path: r.kind for r in report.listed}, report.findings, report.source)
    shown = deployment.shown(diagnosed("HTTP/1.1 503 Service Unavailable\n")[0])
    at = [shown.index(f"with {n}/deploymentconfig.json:") for n in (3, 7)]
    assert "at most 3 replicas" in " ".join(shown[at[0] : at[1]])
    assert "at most 7 replicas" in " ".join(shown[at[1] :])


def test_a_file_that_is_not_there_gives_no_place(tmp_path: Path) -> None:
    assert traced(places(tmp_path, {"score.py": SCRIPT}, LOG.format("main2.py", 9, CODE))) == []


CONDA = """\
name: churn
channels: [conda-forge]
dependencies:
- python=3.9
- conda-forge::scikit-learn=0.22.1
- numpy=1.18
- pip
- pip:
  - azureml-inference-server-http==1.5.1
  - flask==1.0.3
"""


@pytest.mark.parametrize(
    ("kept", "lines"),
    [
        ("pip-conflict", [9, 10]),
        ("pip-conflict-parts", [9, 10]),
        ("build-conda-conflict-python", [4, 5, 6]),
        ("build-libmamba-conflict", [4, 5]),
    ],
)
def test_the_lines_of_packages_that_exclude_each_other_are_found(
    kept: str, lines: list[int], tmp_path: Path
) -> None:
    files: Files = {"score.py": SCRIPT, "conda.yml": CONDA}
    found = places(tmp_path, files, log("failing", kept))
    assert [(p.path, p.line) for p in found if not p.rule] == [("conda.yml", n) for n in lines]
