"""What handlers do to the server's own exceptions, asked of the real inference server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from amllint.config import Settings
from amllint.engine import fixing
from amllint.source.overlay import Overlay
from tests.checking import look, names
from tests.oracle.oracle_runs import starting
from tests.oracle.scoring_scripts import case_from

pytestmark = pytest.mark.oracle

#: The script itself shortens the time that the server gives it: its environment is the oracle's.
SLOW = """\
import time

from azureml_inference_server_http.server.config import config

config.scoring_timeout = 300


class Model:
    def predict(self, rows):
        time.sleep(2)
        return rows


def init():
    global model
    model = Model()


"""
TRIED = "def run(raw_data):\n    try:\n        return model.predict(raw_data)\n    {}\n"
FALLBACK = {
    "bare": TRIED.format("except:\n        return ['instead']"),
    "Exception": TRIED.format("except Exception:\n        return ['instead']"),
    "OSError": TRIED.format("except OSError:\n        return ['instead']"),
}
LOADING = (
    "def init():\n    global model\n    try:\n        model = open('/nowhere')\n"
    "    except OSError as e:\n        {}\n\n\ndef run(raw_data):\n    return model.read()\n"
)
ASKING = "def init():\n    {}\n\n\ndef run(raw_data):\n    {}\n"


def asked(python: Path, scripts: dict[str, str]) -> dict[str, Any]:
    cases = [case_from(name, text) for name, text in scripts.items()]
    return dict(zip(scripts, starting(python, cases), strict=True))


def test_a_handler_takes_the_servers_timeout_until_it_is_fixed(
    inference_server: Path, tmp_path: Path
) -> None:
    scripts = {name: SLOW + text for name, text in FALLBACK.items()}
    for name, text in scripts.items():
        report = look(
            tmp_path / name, {"score.py": text}, select=("broad-except",), persona="pedantic"
        )
        assert names(report) == ["broad-except"]
    settings = Settings(select=("broad-except",), persona="pedantic")
    overlay = Overlay(cwd=str(tmp_path))
    after = fixing.fix(["."], settings, overlay, unsafe=True, ignores=True).after
    scripts |= {f"{name}, fixed": after[f"{name}/score.py"] for name in FALLBACK}
    scripts["none"] = SLOW + TRIED.format("except ValueError:\n        return ['instead']")
    answers = {name: verdict["call"] for name, verdict in asked(inference_server, scripts).items()}
    for name in FALLBACK:
        assert answers[name] == {"status": 200, "body": ["instead"]}
        assert answers[f"{name}, fixed"] == answers["none"]
    assert answers["none"]["status"] == 500
    assert "Scoring timeout after 300 ms" in str(answers["none"]["body"])


def test_an_init_that_swallows_starts_and_fails_every_call(
    inference_server: Path, tmp_path: Path
) -> None:
    scripts = {"prints": LOADING.format("print(e)"), "raises": LOADING.format("raise")}
    verdicts = asked(inference_server, scripts)
    assert verdicts["prints"]["started"]
    assert verdicts["prints"]["call"]["status"] == 500
    assert not verdicts["raises"]["started"]
    found = {
        name: names(look(tmp_path / name, {"score.py": text}, select=("swallowed-init-error",)))
        for name, text in scripts.items()
    }
    assert found == {"prints": ["swallowed-init-error"], "raises": []}


def test_nobody_answers_a_terminal(inference_server: Path) -> None:
    verdicts = asked(
        inference_server,
        {"init": ASKING.format("input()", "return 1"), "run": ASKING.format("pass", "input()")},
    )
    assert not verdicts["init"]["started"]
    assert verdicts["init"]["exit"] == 3
    assert verdicts["run"]["call"]["status"] == 500


def test_basic_configuration_does_nothing_unless_it_is_forced(inference_server: Path) -> None:
    script = (
        "import logging\n\nlogging.basicConfig(level=logging.INFO{})\n\n\ndef init():\n    pass\n"
        "\n\ndef run(raw_data):\n    return logging.getLogger().level\n"
    )
    verdicts = asked(
        inference_server, {"plain": script.format(""), "forced": script.format(", force=True")}
    )
    assert verdicts["plain"]["call"]["body"] == 30
    assert verdicts["forced"]["call"]["body"] == 20
