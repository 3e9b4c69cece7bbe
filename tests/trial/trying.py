"""Trials in this process, of cases and of scripts that lie in folders."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from amllint.config import Settings
from amllint.source.overlay import Overlay
from amllint.trial.agreement import look
from amllint.trial.interpreter import Interpreter, find_interpreter
from amllint.trial.linked import deployment_of, repository_of
from amllint.trial.samples import Sample
from amllint.trial.server import Serving
from amllint.trial.trial import Trial, compared, run
from tests.trial.cases import Case


def interpreter(python: Path) -> Interpreter:
    """The interpreter of the oracle, described once for all trials."""
    return find_interpreter(str(python))


def write_case(case: Case, folder: Path) -> Path:
    """Write a case's files; the script."""
    folder.mkdir(parents=True)
    for name, text in (("score.py", case.script), *case.files):
        (folder / name).write_text(text, "utf-8")
    return folder / "score.py"


def tried(script: Path, python: Interpreter, samples: list[Sample], **serving: Any) -> Trial:
    """Try a script, one call for each sample, one without any; and compare with `check`."""
    given = Serving(str(script), str(script.parent), python, seconds=30)
    trial = run(replace(given, **serving), (), samples, max(len(samples), 1))
    overlay = Overlay(cwd=str(script.parent))
    repository = repository_of(str(script), overlay)
    deployment = deployment_of(str(script), Settings(), overlay, repository)
    return compared(trial, look(str(script), trial.seen, deployment.settings, overlay, repository))


def tried_case(case: Case, folder: Path, python: Interpreter) -> Trial:
    """Try a case."""
    samples = [Sample(case.request.encode(), case.content_type, "given")] if case.request else []
    return tried(write_case(case, folder), python, samples, seconds=case.seconds)
