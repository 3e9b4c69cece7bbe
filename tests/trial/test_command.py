"""`amllint try`: limits, signals, what is left behind, and what comes out."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from amllint.schemas import load_schema
from amllint.trial.interpreter import Interpreter
from tests.checking import write
from tests.cli.commands import Commands
from tests.cli.conftest import amllint as amllint
from tests.trial.cases import CASES, NUMBERS

pytestmark = [pytest.mark.oracle, pytest.mark.xdist_group("trial")]

GOOD = CASES["sums"].script
HANG = CASES["never answers"].script
CHILD = """\
import os
import subprocess
import sys
import tempfile

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]


def init():
    child = subprocess.Popen(SLEEP, start_new_session=True)
    tempfile.NamedTemporaryFile(delete=False)
    with open(os.environ["TOLD"], "w") as stream:
        stream.write(f"{child.pid} {os.getpid()} {os.getppid()} {tempfile.gettempdir()}")
"""


def tried(amllint: Commands, python: Interpreter, *arguments: str) -> Any:
    return amllint("try", "score.py", "--python", python.executable, "-o", "json", *arguments)


def is_alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as stream:
            return stream.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def kill(pid: int) -> None:
    """End the script's own program, if it is still that."""
    with suppress(OSError):
        if b"time.sleep(600)" in Path(f"/proc/{pid}/cmdline").read_bytes():
            os.kill(pid, signal.SIGKILL)


def wait_for(path: Path) -> list[str]:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if path.exists() and len(path.read_text().split()) == 4:
            return path.read_text().split()
        time.sleep(0.05)
    raise AssertionError("the script was not started")


def test_a_script_that_works_is_measured(amllint: Commands, python: Interpreter) -> None:
    amllint.write({"score.py": GOOD, "request.json": NUMBERS})
    done = tried(amllint, python, "--sample", "request.json", "--requests", "4", "--save", "m.json")
    assert done.code == 0, done.err
    assert "executing score.py" in done.err
    Draft202012Validator(load_schema("trial")).validate(done.data)
    saved = json.loads((amllint.folder / "m.json").read_text())
    Draft202012Validator(load_schema("measurements")).validate(saved)
    assert saved == done.data["measurements"]
    assert saved["requests"] == 4
    assert 0 < saved["seconds_per_request"]["p50"] <= saved["seconds_per_request"]["max"] < 5
    assert saved["start_seconds"] > 0
    assert 30 < saved["memory_mib"] < 1000
    assert sorted(os.listdir(amllint.folder)) == ["m.json", "request.json", "score.py"]


def test_without_a_sample_only_the_start_is_tried(amllint: Commands, python: Interpreter) -> None:
    amllint.write({"score.py": GOOD})
    done = tried(amllint, python)
    assert done.code == 4
    assert done.data["calls"] == []
    assert "--sample" in done.data["warnings"][0]
    assert tried(amllint, python, "--requests", "0").code == 0


def test_a_failure_is_told_to_people(amllint: Commands, python: Interpreter) -> None:
    amllint.write({"score.py": CASES["a key that is not there"].script, "r.json": NUMBERS})
    done = amllint("try", "score.py", "--python", python.executable, "--sample", "r.json")
    assert done.code == 1
    assert "calls 1-10 500" in done.out
    assert "KeyError: 'inputs'" in done.out
    assert "azureml_inference_server_http/server" not in done.out
    assert "tells it: score.py:9 AML108 unhandled-run-error" in done.out


def test_models_are_laid_out(amllint: Commands, python: Interpreter) -> None:
    script = (
        "import os\n\n\ndef init():\n    global text\n"
        "    folder = os.environ['AZUREML_MODEL_DIR']\n"
        "    with open(os.path.join(folder, 'm.txt')) as stream:\n"
        "        text = stream.read()\n\n\n"
        "def run(raw_data):\n    return text\n"
    )
    amllint.write({"score.py": script, "r.json": "{}", "models/m.txt": "weights"})
    for given in (["--model", "m:2=models/m.txt"], ["--model-dir", "models"]):
        done = tried(amllint, python, "--sample", "r.json", "--requests", "1", *given)
        assert done.code == 0, done.out
        assert done.data["calls"][0]["body"] == "weights"


def test_a_start_that_is_slower_than_the_probe_allows_is_told(
    amllint: Commands, python: Interpreter
) -> None:
    declared = '[[deployment]]\nscript = "score.py"\ndeployment-config = "d.json"\n'
    probe = {"initialDelaySeconds": 1, "timeoutSeconds": 1, "failureThreshold": 1}
    aks = {"computeType": "aks", "livenessProbeRequirements": probe}
    slow = "import time\n\n\ndef init():\n    time.sleep(2)\n\n\ndef run(raw_data):\n    return 1\n"
    amllint.write({"score.py": slow, "amllint.toml": declared, "d.json": json.dumps(aks)})
    done = tried(amllint, python, "--requests", "0")
    assert done.code == 0
    assert "within 2 s" in done.data["warnings"][0]
    assert done.data["start"]["init_seconds"] == pytest.approx(2, abs=0.5)


def test_memory_over_the_limit_ends_the_trial(amllint: Commands, python: Interpreter) -> None:
    hoards = (
        "import time\n\nheld = []\n\n\ndef init():\n    pass\n\n\ndef run(raw_data):\n"
        "    while True:\n        held.append(bytearray(b'x' * 10_000_000))\n"
        "        time.sleep(0.02)\n"
    )
    amllint.write({"score.py": hoards, "r.json": "{}"})
    done = tried(amllint, python, "--sample", "r.json", "--memory", "300", "--timeout", "60")
    assert done.code == 1
    assert [c["failure"]["kind"] for c in done.data["calls"]] == ["memory"]


def test_the_servers_own_time_limit_is_told(
    amllint: Commands, python: Interpreter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCORING_TIMEOUT_MS", "300")
    amllint.write({"score.py": HANG, "r.json": "{}"})
    done = tried(amllint, python, "--sample", "r.json", "--requests", "1")
    assert [c["failure"]["kind"] for c in done.data["calls"]] == ["scoring-timeout"]
    assert done.data["agreement"][0]["told_by"][0]["name"] == "blocking-call"


def test_a_server_that_cannot_start_is_told(
    amllint: Commands, python: Interpreter, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(amllint.folder / "broken", {"flask.py": "raise ImportError('no flask today')\n"})
    monkeypatch.setenv("PYTHONPATH", str(amllint.folder / "broken"))
    amllint.write({"score.py": GOOD})
    done = tried(amllint, python, "--requests", "0")
    assert done.code == 1
    assert done.data["start"]["failure"]["kind"] == "server"
    assert "no flask today" in done.data["start"]["failure"]["message"]
    assert done.data["agreement"][0]["why_not"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_behind(
    number: int, python: Interpreter, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    body = "\n\ndef run(raw_data):\n    while True:\n        pass\n"
    write(tmp_path, {"app/score.py": CHILD + body, "r.json": "{}"})
    (tmp_path / "tmp").mkdir()
    told = tmp_path / "told"
    command = [sys.executable, "-m", "amllint", "try", "app/score.py", "--sample", "r.json"]
    process = subprocess.Popen(
        [*command, "--python", python.executable],
        cwd=tmp_path,
        env={**os.environ, "TOLD": str(told), "TMPDIR": str(tmp_path / "tmp")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    child, worker, master, folder = wait_for(told)
    request.addfinalizer(lambda: kill(int(child)))
    assert Path(folder).parent == tmp_path / "tmp"
    time.sleep(0.5)  # the call that never ends has begun
    process.send_signal(number)
    process.send_signal(number)  # an impatient second one changes nothing
    process.communicate(timeout=30)
    assert process.returncode == {2: 130, 15: 143, 9: -9}[number]
    end = time.monotonic() + 5
    while time.monotonic() < end and any(map(is_alive, (int(worker), int(master)))):
        time.sleep(0.05)
    assert not is_alive(int(worker))
    assert not is_alive(int(master))
    if number == signal.SIGKILL:  # nobody is there to look for what left the server's session
        return
    assert not is_alive(int(child))
    assert os.listdir(tmp_path / "tmp") == []
    assert os.listdir(tmp_path / "app") == ["score.py"]


def test_usage(amllint: Commands, python: Interpreter) -> None:
    amllint.write({"score.py": GOOD})
    at = ("--python", python.executable)
    assert amllint("try", "nowhere.py", *at).code == 3
    assert amllint("try", "score.py", *at, "--sample", "nowhere.json").code == 2
    assert amllint("try", "score.py", *at, "--model", "nowhere.pkl").code == 2
    assert amllint("try", "score.py", *at, "--model-dir", "nowhere").code == 2
    assert amllint("try", "score.py", *at, "--env", "score.py").code == 2
    assert amllint("try", "score.py", *at, "--memory", "1").code == 2
    missing = amllint("try", "score.py")
    assert missing.code == 2
    assert "pip install 'amllint[try]'" in missing.err


def test_a_server_on_other_addresses_is_ended(
    amllint: Commands, python: Interpreter, monkeypatch: pytest.MonkeyPatch
) -> None:
    from amllint.trial import processes

    # As if the loopback address were not known for what it is.
    monkeypatch.setattr(processes, "_LOOPBACK", frozenset())
    amllint.write({"score.py": GOOD})
    done = tried(amllint, python, "--requests", "0")
    assert done.code == 1
    assert "other addresses than 127.0.0.1" in done.data["start"]["failure"]["message"]
