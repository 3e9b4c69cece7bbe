"""Exception texts that are about the caller's own request, or that the script documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checking import look

HEAD = """\
import json

from azureml.contrib.services.aml_response import AMLResponse


def init():
    global model
    model = len


def run(raw_data):
"""
ANSWER = '        return AMLResponse({"error": str(e)}, 400, json_str=True)\n'
APART = '        data = json.loads(raw_data)["data"]\n'
SCORED = "        return {'n': model.predict(data)}\n"
REFUSES = "        if not data:\n            raise ValueError('no rows')\n"


def severity(folder: Path, body: str, rule: str = "error-leak") -> str:
    report = look(folder, {"score.py": HEAD + body}, persona="pedantic")
    return next(f.severity for f in report.findings if f.name == rule)


@pytest.mark.parametrize(
    ("body", "caught", "wanted"),
    [
        (APART, "(ValueError, KeyError, TypeError)", "info"),
        (APART + REFUSES, "ValueError", "info"),
        (APART + REFUSES + SCORED, "ValueError", "info"),
        (APART + SCORED, "ValueError", "warning"),
        (APART + REFUSES + SCORED, "(ValueError, AttributeError)", "warning"),
        (APART + REFUSES + SCORED, "Exception", "warning"),
        (APART, "Exception", "warning"),
        (APART + "        rows = open(data).read()\n", "ValueError", "warning"),
        (APART + "        raise ValueError(str(model))\n" + SCORED, "ValueError", "warning"),
    ],
)
def test_a_text_is_for_callers_where_nothing_else_can_be_in_it(
    body: str, caught: str, wanted: str, tmp_path: Path
) -> None:
    after = "" if "return" in body else "    return {'n': model.predict(data)}\n"
    text = f"    try:\n{body}    except {caught} as e:\n{ANSWER}{after}"
    assert severity(tmp_path, text) == wanted


@pytest.mark.parametrize("rule", ["error-leak", "error-as-success"])
@pytest.mark.parametrize(
    ("says", "wanted"),
    [
        ('Answers {"n": int} or {"error": str}, and never raises.', "info"),
        ("Answers {'error': '...'} so that clients see it.", "info"),
        ("Gives the scores or an error object.", "info"),
        ("Never raises an error.", "warning"),
        ('Answers {"n": int}.', "warning"),
    ],
)
def test_a_documented_answer_is_the_owner_s_choice(
    rule: str, says: str, wanted: str, tmp_path: Path
) -> None:
    text = f"    '''{says}'''\n    try:\n{APART}{SCORED}    except Exception as e:\n"
    if "'" in says and '"' not in says:
        text = text.replace("'''", '"""')
    assert severity(tmp_path, text + '        return {"error": str(e)}\n', rule) == wanted


@pytest.mark.parametrize(
    ("succeeded", "failed", "wanted"),
    [
        ("{'status': 'success', 'n': n}", "{'status': 'error'}", "info"),
        ("{'Status': 'ok', 'n': n}", "{'Status': 'Failed', 'n': None}", "info"),
        ("json.dumps({'status': 'ok'})", "json.dumps({'status': 'error'})", "info"),
        ("{'success': True, 'n': n}", "{'success': False}", "warning"),
        ("{'ok': True, 'n': n}", "{'ok': False}", "warning"),
        ("{'status': 'done', 'n': n}", "{'status': 'done', 'error': 'x'}", "warning"),
        ("{'n': n}", "{'status': 'error'}", "warning"),
        ("{'status': 'success'}", "{'error': 'failed'}", "warning"),
        ("{'n': 1}", "{'n': 0, 'error': 'x'}", "warning"),
    ],
)
def test_an_envelope_tells_callers_of_failures(
    succeeded: str, failed: str, wanted: str, tmp_path: Path
) -> None:
    text = f"    try:\n{APART}        n = model.predict(data)\n        return {succeeded}\n"
    text += f"    except Exception:\n        return {failed}\n"
    assert severity(tmp_path, text, "error-as-success") == wanted


CLIENT = """\
import json

import requests
from azureml.core.model import Model


def init():
    pass


def run(raw_data):
    print(requests.post("http://localhost:8080", json=json.loads(raw_data)["image"]))


if __name__ == "__main__":
    run('{"image": "x"}')
"""


def test_a_client_that_is_run_by_hand_is_no_scoring_script(tmp_path: Path) -> None:
    report = look(tmp_path, {"score.py": CLIENT})
    assert report.findings == []
    (row,) = report.listed
    assert row.reason == "it is run by hand, and its run answers nothing"


@pytest.mark.parametrize(
    ("before", "after"), [("    print(", "    return str("), ("    run('{", "    json.loads('{")]
)
def test_a_script_that_answers_or_is_not_run_so_is_one(
    before: str, after: str, tmp_path: Path
) -> None:
    report = look(tmp_path, {"score.py": CLIENT.replace(before, after)})
    assert "unhandled-run-error" in {f.name for f in report.findings}


def test_one_that_something_names_is_served(tmp_path: Path) -> None:
    config = '{"entryScript": "score.py"}'
    report = look(tmp_path, {"score.py": CLIENT, "inferenceconfig.json": config})
    assert "unhandled-run-error" in {f.name for f in report.findings}
