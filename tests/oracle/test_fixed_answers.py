"""What a fixed script answers, asked of the real inference server before and after."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from amllint.engine.fixing import Fixed
from tests.corpus import fixed_scripts
from tests.corpus.test_corpus import SCRIPTS
from tests.oracle.oracle_runs import starting
from tests.oracle.scoring_scripts import ScriptCase, case_from
from tests.oracle.script_mutations import top_level_imports

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = pytest.mark.oracle

#: A model of the standard library alone, with the request's own parts in what it raises.
MODEL = """\
import json
import logging
import os
import traceback

logger = logging.getLogger(__name__)


class Model:
    def predict(self, rows):
        return [sum(row) for row in rows]


def init():
    global model
    model = Model()


"""
GOOD, BAD, BODY = '{"rows": [[1, 2], [3, 4]]}', '{"rows": [["secret"]]}', "nonsense"
RUNS = {
    "guard": "def run(raw):\n    rows = json.loads(raw)['rows']\n    return model.predict(rows)\n",
    "leak": "def run(raw):\n    try:\n        return model.predict(json.loads(raw)['rows'])\n"
    "    except Exception as e:\n        trace = traceback.format_exc()\n"
    "        return {'error': str(e), 'trace': trace}\n",
    "status": "def run(raw):\n    try:\n        return model.predict(json.loads(raw)['rows'])\n"
    "    except Exception:\n        return json.dumps({'error': 'no'})\n",
    "tuple": "def run(raw):\n    try:\n        return model.predict(json.loads(raw)['rows'])\n"
    "    except ValueError:\n        return {'error': 'no'}, 422\n"
    "    except TypeError:\n        return {'error': 'no'}, 422\n",
    "kept": "def run(raw):\n    try:\n        answer = model.predict(json.loads(raw)['rows'])\n"
    "    except Exception as e:\n        answer = {'error': repr(e)}\n"
    "    return json.dumps(answer)\n",
    "nothing": "def run(raw):\n    try:\n        return model.predict(json.loads(raw)['rows'])\n"
    "    except Exception:\n        logger.exception('no')\n",
}


class Counted:
    """How many scripts the server was asked about, by what their fix changes."""

    leak = refused = status = 0


def fixed(folder: Path, scripts: Mapping[str, str]) -> Fixed:
    for name, text in scripts.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "score.py").write_text(text)
    first, _ = fixed_scripts.fixed(folder)
    return first


def decoded(call: Mapping[str, Any]) -> Any:
    """What a call answered; JSON that was encoded twice is meant to come once from then on."""
    body = call["body"]
    return json.loads(body) if isinstance(body, str) else body


def test_a_fixed_script_answers_good_requests_as_before_and_bad_ones_with_an_error(
    inference_server: Path, tmp_path: Path
) -> None:
    scripts = {name: MODEL + run for name, run in RUNS.items()}
    result = fixed(tmp_path, scripts)
    after = {name: result.after[f"{name}/score.py"] for name in scripts}
    cases = [
        replace(case_from(name, text), body=body)
        for texts in (scripts, after)
        for name, text in texts.items()
        for body in (GOOD, BAD, BODY)
    ]
    verdicts = iter(starting(inference_server, cases))
    answers = {(c.kind, c.body, c.text): next(verdicts)["call"] for c in cases}
    for name in scripts:
        good = answers[name, GOOD, after[name]]
        assert decoded(good) == decoded(answers[name, GOOD, scripts[name]]), name
        assert good["status"] == 200
        for body in (BAD, BODY):
            before = answers[name, body, scripts[name]]
            now = answers[name, body, after[name]]
            told_apart = name == "guard" and body == BODY
            assert before["status"] == (500 if name == "guard" else 200), name
            assert now["status"] in ((400,) if told_apart else (400, 422, 500)), (name, now)
            assert "secret" not in str(now), name
            assert "Traceback" not in str(now), name
            assert "Expecting value" not in str(now), name
            if told_apart:
                assert now["body"] == {"error": "invalid request"}


def test_scripts_of_the_corpus_refuse_nonsense_once_they_are_fixed(
    inference_server: Path, tmp_path: Path
) -> None:
    texts = {p.stem: p.read_text("utf-8") for p in SCRIPTS.glob("*.py")}
    result = fixed(tmp_path, texts)
    after = {path.partition("/")[0]: text for path, text in result.after.items()}
    rules: dict[str, set[str]] = {}
    for finding, _ in result.applied:
        rules.setdefault(finding.location.path.partition("/")[0], set()).add(finding.name)
    before = answers(inference_server, {name: texts[name] for name in after})
    now = answers(inference_server, after)
    asked = Counted()
    for name in after:
        if not before[name]["started"] or "get-model-path" in rules[name]:
            continue  # where the model is looked for, the oracle has none
        assert now[name]["started"], (name, now[name]["error"])
        was, is_ = before[name]["call"], now[name]["call"]
        if "error-leak" in rules[name]:
            asked.leak += "Expecting value" in str(was["body"])
            assert "Expecting value" not in str(is_["body"]), name
        # A parser that the oracle has not got takes anything.
        parsed = "orjson" not in texts[name]
        raised = parsed and was["status"] == 500 and "scoring script" in str(was["body"])
        if raised and "unhandled-run-error" in rules[name]:
            assert is_["status"] == 400, (name, is_)
            asked.refused += 1
        if was["status"] == 200 and "error-as-success" in rules[name]:
            asked.status += is_["status"] >= 400
    assert min(asked.leak, asked.refused, asked.status) >= 4, vars(asked)


def answers(python: Path, scripts: Mapping[str, str]) -> dict[str, Any]:
    cases = [
        ScriptCase(name, {"score.py": text.encode()}, BODY, tuple(top_level_imports(text)))
        for name, text in scripts.items()
    ]
    return dict(zip(scripts, starting(python, cases), strict=True))
