"""Rules that are run in two processes say what they say in one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from amllint.config import Settings
from amllint.engine import sharing
from amllint.engine.check import Report, check
from amllint.source.overlay import Overlay
from tests.checking import Files, write

CORPUS = Path(__file__).parent.parent / "corpus" / "scoring"


def _tree() -> Files:
    scripts = sorted(CORPUS.glob("*.py"))[:60]
    return {f"{n}/score.py": script.read_text() for n, script in enumerate(scripts)}


def _check(folder: Path, parallel: bool) -> Report:
    return check(["."], Settings(persona="pedantic"), Overlay(cwd=str(folder)), parallel=parallel)


def _said(report: Report) -> list[object]:
    return [(f.name, f.location, f.severity, f.units, f.observation) for f in report.findings]


def test_two_processes_find_what_one_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, _tree())
    forked = []
    fork = os.fork
    monkeypatch.setattr(sharing, "may_fork", lambda: True)
    monkeypatch.setattr(sharing.os, "fork", lambda: forked.append(1) or fork())
    alone, shared = _check(tmp_path, False), _check(tmp_path, True)
    assert forked
    assert len(alone.findings) > 60
    assert _said(shared) == _said(alone)
    assert shared.unchecked == alone.unchecked


def test_what_a_process_that_died_was_to_do_is_done_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, _tree())
    monkeypatch.setattr(sharing, "may_fork", lambda: True)
    monkeypatch.setattr(sharing, "_answer", lambda *_: os._exit(9))
    assert _said(_check(tmp_path, True)) == _said(_check(tmp_path, False))


def test_a_rule_that_fails_in_the_other_process_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from amllint.engine.running import Runner

    write(tmp_path, _tree())
    run = Runner.run_unit

    def fail(self: Runner, unit: object) -> None:
        run(self, unit)  # type: ignore[arg-type]
        from amllint.artifacts.run_records import RuleFailure
        from amllint.findings.finding import Location
        from amllint.source.text import Span

        path = unit.script.path  # type: ignore[attr-defined]
        if os.getpid() != parent:
            self.results.failures.append(RuleFailure("x", Location(path, Span(0, 0)), "by design"))

    parent = os.getpid()
    monkeypatch.setattr(sharing, "may_fork", lambda: True)
    monkeypatch.setattr(Runner, "run_unit", fail)
    report = _check(tmp_path, True)
    assert report.incomplete
    assert "internal-error" in [f.name for f in report.findings]
