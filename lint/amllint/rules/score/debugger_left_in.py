"""A debugger is waited for where nobody will come.

## What it does
Reports calls that stop for a debugger or wait for one to connect, where importing the script,
`init` or `run` come to them: `debugpy.wait_for_client()`, `debugpy.connect`,
`ptvsd.wait_for_attach()`, `breakpoint()`, `pdb.set_trace()` and the like. Behind a test of the
environment or of something called debug it is advice, on any other condition a warning.
`debugpy.listen` alone does not wait, and is not reported.

## Why it matters
`wait_for_client` never returns: the server has no limit for `init`, so that the container stays
unhealthy until the platform gives up. `breakpoint()` and `pdb` read commands from a standard
input that is closed, and raise `BdbQuit`: in `init` the server stops with exit code 3, in `run`
every call answers 500, even with an `except Exception` around it.

## Example
```python score.py {7}
import debugpy


def init():
    global ready
    debugpy.listen(("0.0.0.0", 5678))
    debugpy.wait_for_client()
    ready = True


def run(raw_data):
    return {"ready": ready}
```

## Use instead
```python score.py
def init():
    global ready
    ready = True


def run(raw_data):
    return {"ready": ready}
```
To debug, start the server by hand: `azmlinfsrv --entry_script score.py` under the debugger.

## Fix safety
Unsafe: the statement is taken out, with the calls of the same debugger around it and its import
where nothing else needs it. What the debugger was meant for is not known.

## Sources
- azureml-inference-server-http 1.5.1 with debugpy 1.8, ptvsd 4.3 and pdb of Python 3.11: executed
  in the module, `init` and `run`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.analysis.certainty import catches_it
from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Observation, Severity, finding
from amllint.rules.registry import rule
from amllint.rules.score.debugger_edits import without_debugger
from amllint.rules.score.reached_places import Place, places

_WAITS: Final = frozenset({"debugpy.wait_for_client", "ptvsd.wait_for_attach"})
_CONNECTS: Final = frozenset({"debugpy.connect", "pydevd.settrace", "pydevd_pycharm.settrace"})
_STOPS: Final = frozenset(
    {"breakpoint", "pdb.set_trace", "ipdb.set_trace", "pudb.set_trace", "pdb.Pdb().set_trace"}
)
_MISSING: Final = frozenset({"ImportError", "ModuleNotFoundError"})


@rule("AML128", "debugger-left-in", severity="error", stage="start", fix="unsafe")
def debugger_left_in(script: ScoringScript) -> Iterator[Observation]:
    """Report each call that waits for a debugger."""
    if not script.online:
        return
    found = places(script, _WAITS | _CONNECTS | _STOPS)
    for place in found:
        yield finding(
            place.module.at(place.node.span),
            f"`{place.module.text(place.node.span)}` {_outcome(place)}",
            help="take it out; to debug, start `azmlinfsrv` by hand",
            severity=_severity(place),
            stage="score" if place.entry == "run" else "start",
            fix=without_debugger(script, place) if place.module is script.itself else None,
            key=f"{place.body.name}/{place.name}",
        )


def _severity(place: Place) -> Severity:
    if place.certainty == "switched":
        return "info"
    optional = catches_it(place.statements, place.node.span, _MISSING)
    return "error" if place.certainty == "always" and not optional else "warning"


def _outcome(place: Place) -> str:
    served = place.entry == "run"
    if place.name in _WAITS:
        never = "no call is answered" if served else "the container never becomes healthy"
        return f"waits for a debugger without limit: {never}"
    ends = "every call answers 500" if served else "the server does not start"
    if place.name in _CONNECTS:
        return f"fails where no debugger listens: {ends}"
    return f"finds no terminal and raises: {ends}"
