"""Logs of failures, provoked, recorded and written: each taken for the right cause."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.diagnosis.reading import LOGS, cases, diagnosed, log, scanned

FAILING = cases("failing")
INNOCENT = cases("innocent")
MACHINE = re.compile(r"/(?:work|home|Users|root)/|pyenv|diagpip|\.oracle")


def name(case: dict[str, Any]) -> str:
    return str(case["log"])


def first(case: dict[str, Any]) -> str | None:
    found = diagnosed(log("failing", case["log"]))
    return found[0].id if found else None


def test_nearly_all_are_taken_for_the_right_cause() -> None:
    wrong = [name(case) for case in FAILING if first(case) != case["cause"]]
    assert len(FAILING) >= 80
    assert len(wrong) <= 0.05 * len(FAILING), wrong


@pytest.mark.parametrize("case", FAILING, ids=name)
def test_a_failure_is_taken_for_its_cause(case: dict[str, Any]) -> None:
    assert first(case) == case["cause"]


@pytest.mark.parametrize("case", [c for c in FAILING if "line" in c], ids=name)
def test_the_line_of_the_script_is_found(case: dict[str, Any]) -> None:
    frame = diagnosed(log("failing", case["log"]))[0].frame
    assert frame is not None
    assert frame.line == case["line"]
    assert frame.file.endswith("score.py")


@pytest.mark.parametrize("case", [c for c in FAILING if "because" in c], ids=name)
def test_the_packages_that_led_to_it_are_named(case: dict[str, Any]) -> None:
    found = [item.text for item in diagnosed(log("failing", case["log"]))[0].because]
    assert [s for s in case["because"] if not any(s in text for text in found)] == []
    assert not any("https://" in text or "loosen" in text for text in found)


def test_there_are_innocent_logs_enough() -> None:
    assert len(INNOCENT) >= 30


@pytest.mark.parametrize("case", INNOCENT, ids=name)
def test_an_innocent_log_gives_nothing(case: dict[str, Any]) -> None:
    text = log("innocent", case["log"])
    assert diagnosed(text) == []
    assert scanned(text).suspects == []


@pytest.mark.parametrize("kind", ["failing", "innocent"])
def test_each_log_says_where_it_is_from(kind: str) -> None:
    rows = cases(kind)
    assert {p.stem for p in (LOGS / kind).glob("*.log")} == {row["log"] for row in rows}
    assert {row["origin"] for row in rows} <= {"provoked", "recorded", "written"}
    assert all(row["how"] for row in rows)


@pytest.mark.parametrize("kind", ["failing", "innocent"])
def test_no_log_holds_a_path_of_the_machine_that_it_was_made_on(kind: str) -> None:
    found = {p.name: MACHINE.findall(p.read_text("utf-8")) for p in (LOGS / kind).glob("*.log")}
    assert {k: v for k, v in found.items() if v} == {}
