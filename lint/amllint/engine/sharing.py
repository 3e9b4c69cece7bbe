"""Runs the rules over many units in two processes, where that is worth while."""

from __future__ import annotations

import os
import pickle
from collections.abc import Sequence
from typing import IO, Final

from amllint.engine.parsing import exit_after, may_fork, shared_file
from amllint.engine.running import Results, Runner
from amllint.units import DeploymentUnit

WORTHWHILE: Final = 24
"""Units with a script that make it worth while to fork another process."""


def run_units(runner: Runner, units: Sequence[DeploymentUnit], parallel: bool) -> None:
    """Run every rule over every unit; the results are those of one process, in its order."""
    at = _half(units) if parallel and may_fork() else len(units)
    if at == len(units):
        _run(runner, units)
        return
    file = shared_file()
    process = os.fork()
    if process == 0:
        exit_after(lambda: _answer(runner, units[at:], file))
    _run(runner, units[:at])
    os.waitpid(process, 0)
    rest = _read(file)
    if rest is None:
        _run(runner, units[at:])
    else:
        runner.results.join(rest)


def _run(runner: Runner, units: Sequence[DeploymentUnit]) -> None:
    for unit in units:
        runner.run_unit(unit)


def _half(units: Sequence[DeploymentUnit]) -> int:
    """Where to cut, so that both parts hold as many scripts; the end if it is not worth it."""
    scripts = [number for number, unit in enumerate(units) if unit.script is not None]
    return scripts[len(scripts) // 2] if len(scripts) >= WORTHWHILE else len(units)


def _answer(runner: Runner, units: Sequence[DeploymentUnit], file: IO[bytes]) -> None:
    runner.results = Results()
    _run(runner, units)
    pickle.dump(runner.results, file, pickle.HIGHEST_PROTOCOL)
    file.flush()


def _read(file: IO[bytes]) -> Results | None:
    """What the other process found, `None` if it did not come to its end."""
    with file as stream:
        stream.seek(0)
        try:
            found: Results = pickle.load(stream)
        except (EOFError, pickle.UnpicklingError):
            return None
        return found
