"""`run` or `init` sleeps, asks a terminal, or never comes to an end.

## What it does
Reports, where `run` or `init` can come to it, through helpers and modules of the source
directory too:

- `input()`: nobody answers in a container, so it raises EOFError (an error);
- `while True` without `break`, `return` or `raise`, and servers that serve for ever
  (`serve_forever`, `uvicorn.run`), unless a thread of its own runs them;
- `time.sleep` of a written length in `run`. It is advice where the sleep waits for
  something, in a loop or an exception handler, where the length is not written, below a
  tenth of a second, and in batch jobs. In `init` only sleeps of 30 seconds and more outside
  any loop are advice: waiting for another process is what `init` is for.

## Why it matters
A replica has one worker that answers one request at a time. While it sleeps, later requests
wait, and so do the probes. A loop without end is cut by gunicorn after 300 s in `run`, and
by nothing in `init`: the container never becomes healthy.

## Example
```python score.py {9}
import time


def init():
    pass


def run(raw_data):
    time.sleep(2)
    return {"received": len(raw_data)}
```

## Use instead
```python score.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```

## Sources
- azureml-inference-server-http 1.5.1, executed: `input()` in `run` is answered with 500, in
  `init` the server exits with 3 (EOFError); an endless loop in `run` is answered with 500
  after WORKER_TIMEOUT, in `init` the server never becomes healthy and WORKER_TIMEOUT does
  not end it; three parallel requests of one second take three.
- Troubleshooting guide for remote deployments: look for endless loops on a 504.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.analysis.blocking import (
    SERVERS,
    endless_loops,
    is_tried,
    seconds,
    waits_for_something,
)
from amllint.artifacts.scoring_script import EntryPoint, ScoringScript
from amllint.artifacts.script_module import ReachedCall
from amllint.findings.finding import Location, Observation, Severity, Stage, finding
from amllint.rules.registry import rule
from amllint.rules.score.reached_once import called_from, reached_once
from amllint.source.python import syntax as s

_LONG_START = 30.0
_SHORT = 0.1


@rule("AML125", "blocking-call", severity="warning", stage="score")
def blocking_call(script: ScoringScript) -> Iterator[Observation]:
    """Report what `run` and `init` wait for."""
    yield from _calls(script)
    yield from _loops(script)


def _calls(script: ScoringScript) -> Iterator[Observation]:
    for entry, reached in reached_once(script):
        name = reached.name
        serves = name in SERVERS or name.endswith(".serve_forever")
        if not (serves or name in ("input", "time.sleep")):
            continue
        if not called_from(script, entry, reached.body.name, reached.via):
            continue
        if name == "input":
            yield from _asks(entry, reached)
        elif serves:
            what = f"`{reached.module.text(reached.call.function.span)}`"
            yield _endless(entry, reached.module.at(reached.call.span), what)
        else:
            yield from _sleeps(script, entry, reached)


def _asks(entry: EntryPoint, reached: ReachedCall) -> Iterator[Observation]:
    function = reached.body.function
    own = "input" in reached.module.facts.bindings.bound
    shadowed = function is not None and any(p.name == "input" for p in function.parameters)
    if own or shadowed or is_tried(_path(reached)):
        return
    then = "the server exits with code 3" if entry == "init" else "every call fails with 500"
    yield finding(
        reached.module.at(reached.call.span),
        f"`input()` is called from `{entry}`: nobody answers it in a container, and {then}",
        help='take it out, or put it under `if __name__ == "__main__":`',
        severity="error",
        stage=_stage(entry),
        key=f"{reached.body.name}/input",
    )


def _sleeps(
    script: ScoringScript, entry: EntryPoint, reached: ReachedCall
) -> Iterator[Observation]:
    length = seconds(reached.call)
    waits = waits_for_something(_path(reached))
    if entry == "init" and (waits or length is None or length < _LONG_START):
        return
    arguable = waits or length is None or length <= _SHORT
    severity: Severity | None = "info" if arguable or entry == "init" or not script.online else None
    then = "every call takes that much longer, and those behind it wait too"
    if entry == "init":
        then = "every start and every new replica takes that much longer"
    elif not script.online:
        then = "every mini batch takes that much longer"
    yield finding(
        reached.module.at(reached.call.span),
        f"`{reached.module.text(reached.call.span)}` is called from `{entry}`: {then}",
        help="take it out; what has to be waited for wants a limit and a queue behind the endpoint"
        if entry == "run"
        else "ask for what it waits for, in a loop with a limit",
        severity=severity,
        stage=_stage(entry),
        key=f"{reached.body.name}/sleep",
    )


def _loops(script: ScoringScript) -> Iterator[Observation]:
    seen = set()
    entries: tuple[EntryPoint, ...] = ("run", "init")
    for entry in entries:
        for name, body, via in script.reached(entry):
            module = script.modules[name] if name else script.itself
            function = body.function
            if not isinstance(function, s.Function) or "while" not in module.source.text:
                continue
            for loop in endless_loops(function.body, module.facts.names):
                place = module.at(loop.test.span)
                if place not in seen and called_from(script, entry, body.name, via):
                    seen.add(place)
                    yield _endless(entry, place, f"`while {module.text(loop.test.span)}` in")


def _endless(entry: EntryPoint, place: Location, what: str) -> Observation:
    told = f"{what} `{entry}`" if what.endswith(" in") else f"{what} in `{entry}`"
    then = "the container never becomes healthy" if entry == "init" else "no call is ever answered"
    return finding(
        place,
        f"{told} never ends: {then}",
        help="leave the loop (`break`, `return`), or run it in a thread of its own",
        stage=_stage(entry),
        key=f"{entry}/endless",
    )


def _path(reached: ReachedCall) -> list[s.Syntax]:
    function = reached.body.function
    root: s.Syntax = function if function is not None else reached.module.facts.module
    return s.path_to(root, reached.call.span)


def _stage(entry: EntryPoint) -> Stage:
    return "score" if entry == "run" else "start"
