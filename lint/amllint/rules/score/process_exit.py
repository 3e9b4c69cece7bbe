"""The script ends the process that serves it.

## What it does
Reports `sys.exit`, `exit`, `quit`, `raise SystemExit`, `os._exit` and `os.abort` where importing
the script, `init` or `run` come to them, helpers and shipped modules included. What is caught
with `except SystemExit` or a bare `except` is not. An error where it always happens; a warning
in `run` on some condition; advice where the start is given up on some condition, since an
exception would stop it just as well and say why.

## Why it matters
While the server starts, an exit stops it with code 3: CrashLoopBackOff on AKS. `os._exit` and
`os.abort` are worse: the server starts another worker, for ever, and never gets healthy. In
`run` no handler for `Exception` sees `sys.exit`, the caller gets an HTML page with status 500
that no client expects; and after `os._exit` gets no answer at all, while `init` runs again.

## Example
```python score.py {15}
import json
import sys


def init():
    pass


def run(raw_data):
    try:
        rows = json.loads(raw_data)["data"]
    except (ValueError, KeyError, TypeError):
        raise
    if not rows:
        sys.exit("no rows")
    return {"rows": len(rows)}
```

## Use instead
```python score.py
import json


def init():
    pass


def run(raw_data):
    try:
        rows = json.loads(raw_data)["data"]
    except (ValueError, KeyError, TypeError):
        raise
    if not rows:
        raise ValueError("no rows")
    return {"rows": len(rows)}
```

## Sources
- azureml-inference-server-http 1.5.1 on gunicorn 27.0 (executed): every form in the module, in
  `init` and in `run`, with two more calls after it. The worker outlives `sys.exit` in `run`, and
  none outlives `os._exit`, which other codes than 3 let gunicorn repeat without end.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.analysis.certainty import catches_it
from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Observation, Severity, finding
from amllint.rules.registry import rule
from amllint.rules.score.reached_places import Place, places

_KILLS: Final = frozenset({"os._exit", "os.abort"})
_EXITS: Final = _KILLS | {"sys.exit", "exit", "quit", "SystemExit"}
_CATCHING: Final = frozenset({"SystemExit", "BaseException"})


@rule("AML129", "process-exit", severity="error", stage="score")
def process_exit(script: ScoringScript) -> Iterator[Observation]:
    """Report each exit that the server comes to."""
    if not script.online:
        return
    for place in places(script, _EXITS):
        kills = place.name in _KILLS
        if not kills and catches_it(place.statements, place.node.span, _CATCHING):
            continue
        yield finding(
            place.module.at(place.node.span),
            f"`{place.module.text(place.node.span)}` {_outcome(place, kills)}",
            help=_help(place),
            severity=_severity(place, kills),
            stage="score" if place.entry == "run" else "start",
            key=f"{place.body.name}/{place.name}",
        )


def _severity(place: Place, kills: bool) -> Severity:
    if place.certainty == "always":
        return "error"
    unsure = place.certainty == "switched" or (place.entry != "run" and not kills)
    return "info" if unsure else "warning"


def _outcome(place: Place, kills: bool) -> str:
    if place.entry == "run":
        if kills:
            return "kills the worker: the caller gets no answer, and `init` runs again"
        return "is no error to the server: the caller gets an HTML page with status 500"
    if kills:
        return "kills the worker while it starts: the server starts the next one, for ever"
    when = "the script is imported" if place.entry == "import" else "`init` runs"
    return f"stops the inference server when {when}"


def _help(place: Place) -> str:
    if place.entry == "run":
        return "raise an exception, or return an `AMLResponse` with an error status"
    return "raise an exception that says why: the server logs it with its traceback"
