"""The parts of a trial that need no server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from amllint.config import Settings
from amllint.rules.registry import RULES
from amllint.source.overlay import Overlay
from amllint.trial.answers import read
from amllint.trial.client import Answer
from amllint.trial.differences import differences
from amllint.trial.failures import of_call
from amllint.trial.interpreter import Interpreter, NoServer, find_interpreter
from amllint.trial.kinds import KINDS
from amllint.trial.linked import deployment_of, environment_at, repository_of
from amllint.trial.measurements import latency
from amllint.trial.model_layout import Model, NoModel, lay_out, read_model
from amllint.trial.raised import raised_by_script, shown
from tests.checking import write

SCRIPT = "def init():\n    pass\n\n\ndef run(raw_data):\n    return 1\n"

# -- answers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        '{"error": "no such column"}',
        '"{\\"error\\": \\"no such column\\"}"',
        '{"result": [], "exception": {"type": "KeyError"}}',
        '["no inputs", 400]',
        '"Expecting value: line 1 column 1 (char 0)"',
        "\"'data'\"",
        "\"could not convert string to float: 'x'\"",
        '"An error occurred"',
        '"KeyError: no data"',
    ],
)
def test_a_failure_told_as_a_success_is_seen(body: str) -> None:
    assert read(body.encode(), 200).failure
    assert read(body.encode(), 400).failure is None


@pytest.mark.parametrize(
    "body",
    [
        '{"error": null, "result": [1]}',
        '{"error": 0.0314, "prediction": 2.0}',
        '{"errors": []}',
        "[1.5, 404]",
        "[1, 2]",
        '"erroneous"',
        '"data"',
        '{"mean_absolute_error": 0.2}',
        "{}",
        "3",
    ],
)
def test_an_answer_that_is_none_is_not(body: str) -> None:
    assert read(body.encode(), 200).failure is None


def test_json_in_a_text_is_told_from_a_text() -> None:
    assert read(b'"[1, 2]"', 200).doubled
    assert read(b'"{\\"a\\": 1}"', 200).doubled
    assert not read(b'"received"', 200).doubled
    assert not read(b'"12"', 200).doubled
    assert not read(b'"{not json"', 200).doubled


def test_only_python_reads_nan() -> None:
    assert read(b"[NaN]", 200).is_json
    assert not read(b"[NaN]", 200).strict
    assert not read(b"<html>", 200).is_json
    assert read(b"[" * 100_000, 200).is_json is False


def test_an_answer_of_run_is_told_from_one_of_the_server() -> None:
    ran = {"x-ms-run-fn-exec-ms": "0.1"}
    body = b'{"message": "no"}'
    own = of_call(Answer(400, body, ran, 0.1), read(body, 400), "")
    refused = of_call(Answer(400, body, {}, 0.1), read(body, 400), "")
    assert own is not None
    assert own.kind == "own-status"
    assert refused is not None
    assert refused.kind == "refused-request"


# -- tracebacks -------------------------------------------------------------------------------

LOG = """\
2026-01-01 00:00:00,000 I [9] azmlinfsrv.print - Traceback (most recent call last): printed
2026-01-01 00:00:00,000 E [9] azmlinfsrv - Encountered Exception: Traceback (most recent call last):
  File "/lib/azureml_inference_server_http/server/user_script.py", line 132, in invoke_run
    run_output = self._wrapped_user_run(**run_parameters)
                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "/app/score.py", line 5, in run
    return load(raw_data)
           ^^^^^^^^^^^^^^
  File "/lib/json/decoder.py", line 340, in decode
    raise JSONDecodeError("Extra data", s, end)
json.decoder.JSONDecodeError: Extra data
  in two lines

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/lib/azureml_inference_server_http/server/routes.py", line 222, in handle_score
    timed_result = main_blueprint.user_script.invoke_run(request)
azureml_inference_server_http.server.user_script.UserScriptException: Caught

2026-01-01 00:00:00,000 I [9] azmlinfsrv - POST /score 500 1ms 92
"""


def test_of_a_traceback_the_scripts_own_part_is_shown() -> None:
    chain = raised_by_script(LOG)
    assert [r.short for r in chain] == ["JSONDecodeError"]
    assert [(f.file, f.line) for f in chain[0].frames] == [
        ("/app/score.py", 5),
        ("/lib/json/decoder.py", 340),
    ]
    assert shown(chain).splitlines()[0] == "Traceback (most recent call last):"
    assert shown(chain).endswith("json.decoder.JSONDecodeError: Extra data\n  in two lines")
    assert "azureml_inference_server_http" not in shown(chain)


def test_a_log_without_a_traceback_raises_nothing() -> None:
    assert raised_by_script("") == ()
    assert raised_by_script("Traceback (most recent call last):") == ()
    assert not any(r.frames for r in raised_by_script("Traceback (most recent call last):\n"))


def test_thousands_of_printed_tracebacks_take_no_time() -> None:
    one = 'Traceback (most recent call last):\n  File "a.py", line 1, in f\nKeyError: 1\n'
    began = time.monotonic()
    assert [r.short for r in raised_by_script(one * 30_000 + LOG)] == ["JSONDecodeError"]
    assert time.monotonic() - began < 10


# -- models -----------------------------------------------------------------------------------


def test_one_model_is_the_folder_of_its_version(tmp_path: Path) -> None:
    write(tmp_path, {"models/m.pkl": "x"})
    model = read_model(f"diabetes:3={tmp_path}/models/m.pkl")
    assert model == Model("diabetes", 3, str(tmp_path / "models/m.pkl"))
    folder = lay_out([model], str(tmp_path / "out"))
    assert folder.endswith("azureml-models/diabetes/3")
    assert os.listdir(folder) == ["m.pkl"]


def test_a_folder_keeps_its_own_name(tmp_path: Path) -> None:
    write(tmp_path, {"models/deep/m.pkl": "x", "models/n.json": "{}"})
    folder = Path(lay_out([read_model(str(tmp_path / "models"))], str(tmp_path / "out")))
    assert folder.parts[-3:] == ("azureml-models", "models", "1")
    found = sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())
    assert found == ["models/deep/m.pkl", "models/n.json"]


def test_several_models_lie_below_one_folder(tmp_path: Path) -> None:
    write(tmp_path, {"a.pkl": "x", "b.pkl": "y"})
    models = [read_model(str(tmp_path / "a.pkl")), read_model(f"b:2={tmp_path}/b.pkl")]
    folder = Path(lay_out(models, str(tmp_path / "out")))
    assert folder.name == "azureml-models"
    assert (folder / "a/1/a.pkl").read_text() == "x"
    assert (folder / "b/2/b.pkl").read_text() == "y"


def test_a_model_that_is_not_there_or_there_twice_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {"a.pkl": "x"})
    with pytest.raises(NoModel, match="no model"):
        read_model(str(tmp_path / "nowhere.pkl"))
    model = read_model(str(tmp_path / "a.pkl"))
    with pytest.raises(NoModel, match="two models a:1"):
        lay_out([model, model], str(tmp_path / "out"))


# -- what is around the script ----------------------------------------------------------------


def test_pins_that_the_interpreter_does_not_meet_are_told(tmp_path: Path) -> None:
    conda = (
        "dependencies:\n- python=3.8\n- libgcc\n- pip:\n  - numpy==1.26.4\n  - Flask>=3\n"
        "  - joblib\n  - nowhere==1\n"
    )
    write(tmp_path, {"conda.yml": conda})
    environment = environment_at(
        str(tmp_path / "conda.yml"), Settings(), Overlay(cwd=str(tmp_path))
    )
    assert environment is not None
    here = Interpreter("python", "3.11.7", "1.5.1", {"numpy": "2.1.0", "flask": "3.1.3"})
    found = [(d.name, d.wanted, d.installed) for d in differences(environment, here)]
    assert found == [
        ("python", "python=3.8", "3.11.7"),
        ("numpy", "numpy==1.26.4", "2.1.0"),
        ("joblib", "joblib", None),
        ("nowhere", "nowhere==1", None),
    ]


def test_the_probe_of_the_deployment_says_how_long_a_start_may_take(tmp_path: Path) -> None:
    declared = '[[deployment]]\nscript = "score.py"\ndeployment-config = "deploymentconfig.json"\n'
    probe = {"initialDelaySeconds": 5, "periodSeconds": 2, "timeoutSeconds": 1}
    aks = {"computeType": "aks", "livenessProbeRequirements": {**probe, "failureThreshold": 3}}
    write(tmp_path, {"score.py": SCRIPT, "amllint.toml": declared})
    write(tmp_path, {"deploymentconfig.json": json.dumps(aks)})
    from amllint.config import load

    overlay = Overlay(cwd=str(tmp_path))
    settings = load(str(tmp_path / "amllint.toml"), overlay)
    script = str(tmp_path / "score.py")
    found = deployment_of(script, settings, overlay, repository_of(script, overlay))
    assert (found.start_seconds, found.probe) == (
        5 + 2 * 2 + 1,
        "the liveness probe of deploymentconfig.json",
    )
    alone = deployment_of(script, Settings(), overlay, repository_of(script, overlay))
    assert alone.start_seconds == 310


def test_the_folder_that_a_v2_deployment_ships_is_found(tmp_path: Path) -> None:
    deployment = (
        "endpoint_name: e\nname: blue\ncode_configuration:\n  code: src\n"
        "  scoring_script: online/score.py\n"
    )
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    write(tmp_path, {"src/online/score.py": SCRIPT, "deployment.yml": deployment})
    overlay, script = Overlay(cwd=str(tmp_path)), str(tmp_path / "src/online/score.py")
    found = deployment_of(script, Settings(), overlay, repository_of(script, overlay))
    assert found.folder == str(tmp_path / "src")


def test_percentiles_are_by_nearest_rank() -> None:
    taken = latency([float(n) for n in range(1, 21)])
    assert taken is not None
    assert (taken.p50, taken.p95, taken.most, taken.calls) == (10.0, 19.0, 20.0, 20)
    assert latency([]) is None


# -- what is missing --------------------------------------------------------------------------


def test_an_interpreter_without_the_server_says_what_to_install() -> None:
    with pytest.raises(NoServer) as told:
        find_interpreter(sys.executable)
    assert f"{sys.executable} -m pip install azureml-inference-server-http" in str(told.value)
    with pytest.raises(NoServer, match=r"pip install 'amllint\[try\]'"):
        find_interpreter(None)
    with pytest.raises(NoServer, match="there is no interpreter"):
        find_interpreter("/nowhere/python")
    with pytest.raises(NoServer, match="cannot be run as Python"):
        find_interpreter("/bin/false")


def test_every_rule_that_tells_of_a_failure_exists() -> None:
    known = {rule.name for rule in RULES}
    assert {t.rule for kind in KINDS.values() for t in kind.rules} <= known
