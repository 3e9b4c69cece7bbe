"""A trial comes to what the server, started by hand, comes to."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from amllint.trial.interpreter import Interpreter
from amllint.trial.kinds import KINDS
from amllint.trial.trial import Trial
from tests.oracle.oracle_runs import SERVER_VERDICTS
from tests.trial.cases import CASES, Case
from tests.trial.trying import tried_case, write_case

pytestmark = [pytest.mark.oracle, pytest.mark.xdist_group("trial")]

MADE = {
    "schema": '{"data": [[1.0, 2.0]]}',
    "two schema parameters": '{"scale": 2, "data": {"rows": [1, 2]}}',
}
"""The requests that are made from decorators, as a person would write them."""


@pytest.fixture(scope="module")
def by_hand(inference_server: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the server says of each case: whether it starts, and how the call is answered."""
    folder = tmp_path_factory.mktemp("by-hand")
    requests = {}
    for number, (name, case) in enumerate(CASES.items()):
        write_case(case, folder / "cases" / str(number))
        body = case.request or MADE[name]
        requests[str(number)] = {"body": body, "content_type": case.content_type}
        requests[str(number)]["environment"] = {"AZUREML_MODEL_DIR": ""}  # type: ignore[assignment]
    asked = folder / "requests.json"
    asked.write_text(json.dumps(requests))
    command = [str(inference_server), str(SERVER_VERDICTS), str(folder / "cases")]
    command += ["--requests", str(asked), "--start-limit", "8"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    verdicts = json.loads(done.stdout)
    return {name: verdicts[str(number)] for number, name in enumerate(CASES)}


def judged(trial: Trial) -> dict[str, Any]:
    """A trial in the words of the verdicts: `body` is `None` where there is no answer."""
    call = trial.calls[0] if trial.calls else None
    answer = call and {"status": call.status, "body": call.body.value if call.body else None}
    return {"started": trial.failure is None, "exit": trial.start.exit_code, "call": answer}


@pytest.mark.parametrize("name", CASES)
def test_a_trial_comes_to_what_a_run_by_hand_does(
    name: str, by_hand: dict[str, Any], python: Interpreter, tmp_path: Path
) -> None:
    case = CASES[name]
    trial = tried_case(case, tmp_path / "case", python)
    wanted = by_hand[name]
    call = wanted["call"]
    if call is not None and call["status"] is None:
        call = {"status": None, "body": None}
    assert repr(judged(trial)) == repr(
        {"started": wanted["started"], "exit": wanted["exit"], "call": call}
    )
    kinds = [f.kind for f in trial.seen]
    assert kinds == [k for k in (case.kind, case.remark) if k]
    agrees(case, trial)


def agrees(case: Case, trial: Trial) -> None:
    """The rule that is to tell of the failure does, or the page says why none does."""
    for known in trial.agreements:
        names = {told.name for told in known.told}
        if case.rule:
            assert case.rule in names, (names, known)
            assert not known.why
        else:
            assert not names
            assert known.why == KINDS[known.kind].why
            assert known.page == f"docs/try.md#{known.kind}"


def test_there_is_a_case_of_every_kind_that_a_script_alone_can_show() -> None:
    shown = {k for case in CASES.values() for k in (case.kind, case.remark) if k}
    # Shown by tests of their own: limits of memory and time, and a server that is broken.
    assert set(KINDS) - shown == {"memory", "scoring-timeout", "server"}
