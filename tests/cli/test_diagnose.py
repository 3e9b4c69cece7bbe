"""`amllint diagnose`: what it reads, prints and says by its exit code."""

from __future__ import annotations

import gzip
import json

import pytest
from jsonschema import Draft202012Validator

from amllint.schemas import load_schema

from .commands import Commands, Done

SCRIPT = """\
import json

import joblib


def init():
    model = joblib.load("model.pkl")


def run(raw_data):
    return model.predict(json.loads(raw_data)["data"]).tolist()
"""
NAME_ERROR = """\
Encountered Exception: Traceback (most recent call last):
  File "/var/azureml-server/app.py", line 78, in run_scoring
    response = main.run(**params)
  File "/var/azureml-app/deploy/score.py", line 11, in run
    return model.predict(json.loads(raw_data)["data"]).tolist()
NameError: name 'model' is not defined
"""


def diagnose(amllint: Commands, *arguments: str, files: dict[str, str]) -> Done:
    amllint.write(dict(files))
    return amllint("diagnose", *arguments)


def test_a_failure_is_told_with_its_remedies(amllint: Commands) -> None:
    done = diagnose(amllint, "log.txt", files={"log.txt": NAME_ERROR})
    assert (done.code, done.err) == (1, "")
    assert done.out.startswith("error[name-error]: `model` is not defined")
    assert "score.py, line 11, in run" in done.out
    assert "1. If `init` sets it: `global model`" in done.out
    assert "missing-global" in done.out
    assert "\x1b" not in done.out


def test_a_deployment_at_hand_gives_file_and_line(amllint: Commands) -> None:
    files = {"log.txt": NAME_ERROR, "deploy/score.py": SCRIPT}
    done = diagnose(amllint, "log.txt", "--deployment", "deploy", "-o", "json", files=files)
    first = done.data["diagnoses"][0]
    places = [(p["path"], p["line"], p["rule"]) for p in first["places"]]
    assert places[:2] == [("deploy/score.py", 11, ""), ("deploy/score.py", 7, "missing-global")]
    assert not first["places"][0]["changed"]


def test_json_has_the_shape_that_its_schema_says(amllint: Commands) -> None:
    files = {"log.txt": NAME_ERROR, "deploy/score.py": SCRIPT, "odd.txt": "ERROR: gone\n"}
    for arguments in (("log.txt", "--deployment", "deploy"), ("log.txt",), ("odd.txt",)):
        done = diagnose(amllint, *arguments, "-o", "json", files=files)
        Draft202012Validator(load_schema("diagnosis")).validate(done.data)


@pytest.mark.parametrize(
    ("log", "code", "said"),
    [
        ("Booting worker with pid: 7\nUsers's init has completed successfully\n", 0, ""),
        ("CrashLoopBackOff\n", 1, "warning[crash-loop]"),
        ("", 3, ""),
        ("\n \n", 3, ""),
        ("ERROR: the flux capacitor is empty\n", 4, "amllint does not know this failure"),
    ],
)
def test_the_exit_code_says_how_it_went(log: str, code: int, said: str, amllint: Commands) -> None:
    done = diagnose(amllint, "log.txt", files={"log.txt": log})
    assert done.code == code
    assert done.out.startswith(said)
    assert bool(done.out) is bool(said)


@pytest.mark.parametrize(
    "arguments", [("missing.txt",), (".",), ("log.txt", "--deployment", "nowhere")]
)
def test_what_cannot_be_read_is_a_matter_of_usage(
    arguments: tuple[str, ...], amllint: Commands
) -> None:
    done = diagnose(amllint, *arguments, files={"log.txt": "CrashLoopBackOff\n"})
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("amllint: ")


def test_what_gzip_has_packed_is_read(amllint: Commands) -> None:
    packed = gzip.compress(NAME_ERROR.encode())
    done = amllint("diagnose", stdin=packed)
    assert done.code == 1
    assert "error[name-error]" in done.out


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (gzip.compress(b"fine\n" * 9000, mtime=0)[:60], "packed with gzip, and damaged"),
        (b"PK\x03\x04" + bytes(40), "a zip archive"),
        (bytes(range(256)) * 4, "binary data"),
        (gzip.compress(bytes(range(256)) * 4, mtime=0), "binary data"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, said: str, amllint: Commands) -> None:
    done = amllint("diagnose", stdin=data)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_what_is_unpacked_has_an_end(monkeypatch: pytest.MonkeyPatch, amllint: Commands) -> None:
    monkeypatch.setattr("amllint.source.log_file.MOST", 1000)
    done = amllint("diagnose", stdin=gzip.compress(b"fine\n" * 9000))
    assert done.code == 2
    assert "unpacked" in done.err


def test_standard_input_is_read(amllint: Commands) -> None:
    assert amllint("diagnose", stdin=b"OOMKilled\n").code == 1
    assert amllint("diagnose", "-", stdin=b"OOMKilled\n").code == 1


def test_unknown_lines_are_shown_with_their_numbers(amllint: Commands) -> None:
    done = diagnose(amllint, "log.txt", files={"log.txt": "fine\nFATAL: out of dilithium\n"})
    assert "     2  FATAL: out of dilithium" in done.out


def test_the_snippet_for_the_container_is_printed(amllint: Commands) -> None:
    text = "Message: Model fraud not found in cache at x or in current working directory y."
    done = diagnose(amllint, "log.txt", files={"log.txt": text})
    assert 'Model.get_model_path("fraud")' in done.out
    assert "logging.DEBUG" in done.out


def test_the_replica_arithmetic_is_printed(amllint: Commands) -> None:
    done = diagnose(amllint, "log.txt", files={"log.txt": "HTTP/1.1 503 Service Unavailable"})
    assert "20 per second × 10 s / 0.7 / 1: 286 replicas" in done.out


def test_both_remedies_for_a_gpu_are_printed(amllint: Commands) -> None:
    text = "0/3 nodes are available: 3 Insufficient nvidia.com/gpu"
    done = diagnose(amllint, "log.txt", files={"log.txt": text})
    assert "1. If the nodes are of a GPU size: add nodes" in done.out
    assert "2. If they are not:" in done.out


KEY = "8" + "Ab1+" * 21 + "c=="


@pytest.mark.parametrize("format", ["text", "json"])
@pytest.mark.parametrize(
    "line",
    [
        f"ERROR: connecting with AccountKey={KEY}",
        "ERROR: GET failed, Authorization: Bearer q8Zr2nVx7LpT4sKd9WfB3mHc6Jy",
        "CrashLoopBackOff: password=q8Zr2nVx7LpT4sKd9WfB",
        "No module named 'x' Authorization: Bearer q8Zr2nVx7LpT4sKd9WfB3mHc6Jy",
    ],
)
def test_secrets_are_struck_out(line: str, format: str, amllint: Commands) -> None:
    done = diagnose(amllint, "log.txt", "-o", format, files={"log.txt": line})
    assert "****" in done.out
    assert "2nVx7LpT4sKd9WfB" not in done.out
    assert "Ab1+Ab1+Ab1+" not in done.out


def test_escapes_of_a_log_do_not_reach_the_terminal(amllint: Commands) -> None:
    done = diagnose(amllint, "log.txt", files={"log.txt": "OOMKilled \x1b]0;x\x07 \x9b31m\n"})
    assert done.code == 1
    assert not set(done.out) & {"\x1b", "\x07", "\x9b"}


def test_colour_is_for_those_who_ask(amllint: Commands) -> None:
    files = {"log.txt": "OOMKilled\n"}
    assert "\x1b" not in diagnose(amllint, "log.txt", files=files).out
    assert "\x1b[1;31m" in diagnose(amllint, "log.txt", "--color", "always", files=files).out


def test_the_help_has_examples_and_exit_codes(amllint: Commands) -> None:
    out = amllint("diagnose", "--help").out
    assert "examples:" in out
    assert "exit codes:" in out


DEPLOYMENT = {
    "d/deploymentconfig.json": """{
  "computeType": "aks",
  "autoScaler": {"autoscaleEnabled": true, "maxReplicas": 4, "targetUtilization": 50},
  "containerResourceRequirements": {"cpu": 2, "memoryInGB": 4}
}
""",
    "d/conda.yml": """dependencies:
  - python=3.10
  - pip:
      - azureml-defaults
      - scikit_learn==1.0  # numpy
      - numpy==2.0
""",
    "d/inferenceconfig.json": '{"entryScript": "score.py", "condaFile": "conda.yml"}',
    "d/score.py": SCRIPT,
}


@pytest.mark.parametrize(
    ("log", "places"),
    [
        ("0/3 nodes are available: 3 Insufficient cpu.", [("d/deploymentconfig.json", 4)]),
        ("0/3 nodes are available: 3 Insufficient memory.", [("d/deploymentconfig.json", 4)]),
        (
            "Cannot install numpy==2.0 and scikit-learn==1.0 because these package versions have "
            "conflicting dependencies.",
            [("d/conda.yml", 5), ("d/conda.yml", 6)],
        ),
    ],
)
def test_what_has_to_do_with_it_is_shown(
    log: str, places: list[tuple[str, int]], amllint: Commands
) -> None:
    files = {"log.txt": log + "\n", **DEPLOYMENT}
    done = diagnose(amllint, "log.txt", "--deployment", "d", "-o", "json", files=files)
    found = done.data["diagnoses"][0]["places"]
    assert [(p["path"], p["line"]) for p in found if not p["rule"]] == places


def test_the_arithmetic_is_that_of_the_deployment(amllint: Commands) -> None:
    files = {"log.txt": "HTTP/1.1 503 Service Unavailable\n", **DEPLOYMENT}
    out = diagnose(amllint, "log.txt", "--deployment", "d", files=files).out
    assert "utilization: 0.5, from targetUtilization" in out
    assert "at most 4 replicas (maxReplicas)" in out


def test_several_deployments_are_looked_at(amllint: Commands) -> None:
    files = {"log.txt": NAME_ERROR, "a/score.py": "x = 1\n", "b/score.py": SCRIPT}
    arguments = ("log.txt", "--deployment", "b", "--deployment", "a")
    done = diagnose(amllint, *arguments, files=files)
    assert "--> b/score.py:11" in done.out


def test_a_deployment_without_files_is_said_and_no_hindrance(amllint: Commands) -> None:
    files = {"log.txt": NAME_ERROR, "empty/notes.md": "none\n"}
    done = diagnose(amllint, "log.txt", "--deployment", "empty", files=files)
    assert done.code == 1
    assert "there is no file to look at in empty" in done.err


def test_a_place_in_a_notebook_has_its_cell(amllint: Commands) -> None:
    cells = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": s}
        for s in ("x = 1", "%%writefile score.py\n" + SCRIPT)
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    files = {"log.txt": NAME_ERROR, "n/a.ipynb": json.dumps(notebook)}
    out = diagnose(amllint, "log.txt", "--deployment", "n", files=files).out
    assert "--> n/a.ipynb:cell 2:" in out


def test_several_logs_are_refused_with_what_to_do(amllint: Commands) -> None:
    done = diagnose(amllint, "a.txt", "b.txt", files={"a.txt": "x", "b.txt": "y"})
    assert done.code == 2
    assert "cat a.txt b.txt | amllint diagnose" in done.err


def test_a_failure_is_explained(amllint: Commands) -> None:
    done = amllint("explain", "http-503")
    assert done.code == 0
    assert "What to do, the likeliest first:" in done.out
    assert "did you mean the failure `crash-loop`" in amllint("explain", "crash-lop").err


def test_json_is_one_document(amllint: Commands) -> None:
    done = diagnose(amllint, "log.txt", "-o", "json", files={"log.txt": "fine\n"})
    assert json.loads(done.out) == {
        "version": 1,
        "lines": 1,
        "known": False,
        "diagnoses": [],
        "unknown": [],
    }
