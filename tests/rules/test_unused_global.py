"""What binds a name that is declared global, and what its removal leaves behind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.checking import look, only, places, shown

PEDANTIC: dict[str, Any] = {"select": ("unused-global",), "persona": "pedantic"}
RUN = "def run(raw_data):\n    return raw_data\n"


def script(body: str) -> str:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return f"def init():\n{lines}\n\n{RUN}"


BOUND = [
    "global x\nx = 1",
    "global x\nx += 1",
    "global x\nimport x",
    "global x\nimport x.y",
    "global x\nfrom y import z as x",
    "global x\nfor x in [1]:\n    pass",
    "global x\nwith open('a') as x:\n    pass",
    "global x\ndef x():\n    pass",
    "global x\nclass x:\n    pass",
    "global x\nif (x := 1):\n    pass",
    "global x\ndel x",
    "global x\n(a, *x) = [1, 2]",
    "global x\ntry:\n    pass\nexcept ValueError as x:\n    pass",
    "x = 1\ndef inner():\n    global x\n    return x\ninner()",
]


@pytest.mark.parametrize("body", BOUND)
def test_a_name_that_is_bound_is_not_told(body: str, tmp_path: Path) -> None:
    report = look(tmp_path, {"score.py": script(body)}, **PEDANTIC)
    assert places(report) == []


UNUSED = {
    "global x\nprint(x)": "print(x)",
    "global x, y\ny = x": "global y\ny = x",
    "global x, y\nprint(x, y)": "print(x, y)",
    "print(1)\nif True:\n    global x\n    print(x)": "print(1)\nif True:\n    print(x)",
    "global x\nx.y = 1": "x.y = 1",
    "global x\nx['y'] = 1": "x['y'] = 1",
    "def inner():\n    global x\n    return x\ninner()": "def inner():\n    return x\ninner()",
}


@pytest.mark.parametrize("body", UNUSED)
def test_what_is_only_read_is_told_and_taken_out(body: str, tmp_path: Path) -> None:
    report = look(tmp_path, {"score.py": script(body)}, **PEDANTIC)
    found = only(report)
    assert found.severity == "info"
    fix = found.observation.fix
    assert fix is not None
    (edit,) = fix.edits
    text = script(body)
    text = text[: edit.span.start] + edit.content + text[edit.span.end :]
    assert text == script(UNUSED[body])


def test_a_stub_that_only_declares_is_left_alone(tmp_path: Path) -> None:
    assert places(look(tmp_path, {"score.py": script("global x")}, **PEDANTIC)) == []


def test_module_level_declarations_say_nothing(tmp_path: Path) -> None:
    text = "global model\nmodel = None\n\n\n" + script("global model\nmodel = 1")
    report = look(tmp_path, {"score.py": text}, **PEDANTIC)
    assert shown(report, only(report)) == "global model"


@pytest.mark.parametrize("body", ["global x; print(x)", "global x  # from init\nprint(x)"])
def test_what_would_take_more_with_it_is_left_to_the_owner(body: str, tmp_path: Path) -> None:
    report = look(tmp_path, {"score.py": script(body)}, **PEDANTIC)
    assert only(report).observation.fix is None
