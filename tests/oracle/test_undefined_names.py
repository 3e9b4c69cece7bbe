"""What the real inference server makes of names that nothing binds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.oracle.oracle_runs import starting
from tests.oracle.scoring_scripts import case_from
from tests.rules.test_undefined_name import SILENT, TOLD

pytestmark = pytest.mark.oracle

ELSEWHERE = {
    "star import": "numpy is not there",
    "version by six": "six is not there",
    "conditional binding": "bound on another system",
    "deleted": "what `del` leaves is not looked at",
    "global by a helper that is passed on": "whether anyone calls it is not known",
    "global in a batch hook": "a batch job calls it",
    "not finished": "says so itself",
    "IPython": "not the server's shell",
    "type parameters": "needs Python 3.12",
    "newer builtins": "needs Python 3.11",
}


def test_what_is_told_fails_and_what_is_not_does_not(inference_server: Path) -> None:
    texts = {**{k: text for k, (text, _) in TOLD.items()}, **SILENT}
    asked = {name: text for name, text in texts.items() if name not in ELSEWHERE}
    cases = [replace(case_from(n, t), body='{"data": [1]}') for n, t in asked.items()]
    verdicts = dict(zip(asked, starting(inference_server, cases), strict=True))
    for name, verdict in verdicts.items():
        _, severity, stage, *_ = TOLD[name][1] if name in TOLD else (0, "silent", "")
        named = "NameError" in str(verdict)
        if severity == "silent" or name == "in a handler":
            assert verdict["started"], (name, verdict)
            assert not named, (name, verdict)
        else:
            assert named, (name, verdict)
            assert verdict["started"] is (stage == "score"), (name, verdict)
            assert not verdict["started"] or verdict["call"]["status"] == 500
