"""Uses of the request that its type does not have; each was served by the inference server."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checking import line, look, names, only
from tests.oracle.request_uses import CASES, HEAD


@pytest.mark.parametrize("name", CASES)
def test_uses_of_another_type_are_reported(tmp_path: Path, name: str) -> None:
    text = HEAD + CASES[name][1]
    report = look(tmp_path, {"score.py": text}, select=("AML144",))
    marked = [n for n, one in enumerate(text.splitlines(), 1) if one.endswith("# fails")]
    assert [line(report, f) for f in report.findings] == marked
    assert {f.severity for f in report.findings} <= {"error"}


def test_what_fails_on_every_call_is_no_matter_of_bad_requests(tmp_path: Path) -> None:
    text = HEAD + TRIED.format('data = np.array(raw["data"])')
    report = look(tmp_path, {"score.py": text}, select=("AML108", "AML144"))
    assert names(report) == ["request-type-mismatch"]


TRIED = """\
def run(raw):
    {}
    return data.tolist()
"""
KEPT = """\
def run(raw):
    try:
        result = raw["data"]
    except Exception as e:
        result = str(e)
    return result
"""


def test_a_handler_that_keeps_the_error_hides_nothing(tmp_path: Path) -> None:
    found = only(look(tmp_path, {"score.py": HEAD + KEPT}, select=("AML144",)))
    assert found.observation.help == '`json.loads(raw)["data"]`: parse the text first'


@pytest.mark.parametrize(
    "call",
    [
        'print(run({"data": [1]}))\n',
        'if __name__ == "__main__":\n    init()\n    run({"data": [1]})\n',
        "def handler(event):\n    return run(event)\n",
    ],
)
def test_a_script_that_calls_run_with_an_object_is_left_alone(tmp_path: Path, call: str) -> None:
    text = f'{HEAD}def run(raw):\n    return raw["data"]\n\n\n{call}'
    assert not look(tmp_path, {"score.py": text}, select=("AML144",)).findings


def test_a_script_that_calls_run_with_a_text_is_not(tmp_path: Path) -> None:
    text = f'{HEAD}def run(raw):\n    return raw["data"]\n\n\nbody = json.dumps({{}})\nrun(body)\n'
    assert names(look(tmp_path, {"score.py": text}, select=("AML144",))) == [
        "request-type-mismatch"
    ]


def test_decorators_of_other_origin_may_hand_over_something_else(tmp_path: Path) -> None:
    wrapped = 'from web import parsed\n\n\n@parsed\ndef run(raw):\n    return raw["data"]\n'
    own = """\
def parsed(function):
    def inner(raw):
        return function(json.loads(raw))

    return inner


@parsed
def run(raw):
    return raw["data"]
"""
    for text in (wrapped, own):
        assert not look(tmp_path, {"score.py": HEAD + text}, select=("AML144",)).findings


def test_uses_that_one_mend_removes_are_one_finding(tmp_path: Path) -> None:
    text = (
        f"{HEAD}def run(request):\n    size = len(request.files)\n    return request.method, size\n"
    )
    found = only(look(tmp_path, {"score.py": text}, select=("AML144",)))
    assert [r.message for r in found.observation.related] == ["so does this", "`run` begins here"]
    assert "`@rawhttp`" in (found.observation.help or "")


def test_a_batch_script_gets_something_else(tmp_path: Path) -> None:
    text = f"{HEAD}def run(mini_batch):\n    return mini_batch.to_dict()\n"
    assert not look(tmp_path, {"score.py": text}, select=("AML144",)).findings
