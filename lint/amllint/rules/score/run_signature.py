"""`run` has a signature that the inference server refuses.

## What it does
Reports `run` with `*args`, `**kwargs` or positional-only parameters, with no parameter at
all, or with none but `request_headers`, and `run` that cannot be called, such as `run = None`.
Partials, methods, classes, objects with `__call__` and what a factory of the same script
returns are seen as `inspect.signature` sees them. Decorators are seen through where they use
`functools.wraps`, as the server does; one of the same script that returns a plain
`def wrapper(*args, **kwargs)` shows the wrapper's signature.

## Why it matters
The server inspects `run` when it starts, before `init`, and stops with exit code 3:
CrashLoopBackOff on AKS, a failed deployment on an online endpoint.

## Example
```python score.py {5}
def init():
    pass


def run(*args):
    return {"received": len(args)}
```

## Use instead
```python score.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```

## Sources
- azureml-inference-server-http 1.5.1, `server/user_script.py`: executed for every kind of
  parameter and for wrapped, partial and bound functions.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.analysis.meanings import Answer, NotCallable
from amllint.analysis.parameters import Parameters
from amllint.artifacts.scoring_script import EntryFunction, ScoringScript
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule
from amllint.source.python import syntax as s
from amllint.source.text import Span


@rule("AML104", "run-signature", severity="error", stage="start")
def run_signature(script: ScoringScript) -> Iterator[Observation]:
    """Report what the server's inspection of `run` would refuse."""
    run = script.run
    if run is None or not script.online or "driver_module" in script.bindings.bound:
        return
    refusals = [_refusal(answer, run) for answer in script.facts.run_signatures]
    if refusals and None not in refusals:
        for where, what, advice in filter(None, refusals[-1:]):
            yield finding(script.at(where), what, help=advice, key="parameters")


def _refusal(answer: Answer, run: EntryFunction) -> tuple[Span, str, str] | None:
    """Why the server refuses, with the place and the advice."""
    here = run.location.span
    if isinstance(answer, NotCallable):
        what = f"`run` is {answer.what}, which the inference server cannot call"
        return here, what, "define a function: `def run(raw_data):`"
    shown = answer.shown if answer else None
    reason = None if shown is None else _refused(shown)
    if shown is None or reason is None:
        return None
    place, what, advice = reason
    hidden = isinstance(run.function, s.Function) and _is_hidden(run.function, shown)
    if hidden:
        advice = "decorate the wrapper with `functools.wraps(function)`"
    through = "seen through its decorator, " if hidden else ""
    return place or here, f"{through}`run` takes {what}", advice


def _refused(shown: Parameters) -> tuple[Span | None, str, str] | None:
    refused = [p for p in shown if p.kind not in ("plain", "keyword-only")]
    if refused:
        what = f"{_words(refused[0])}, which the inference server refuses"
        advice = "take the request in one named parameter: `def run(raw_data):`"
        return refused[0].span, what, advice
    if all(p.name == "request_headers" for p in shown):
        what = "only `request_headers`" if shown else "no parameter"
        advice = "take the request in a parameter: `def run(raw_data):`"
        return None, f"{what}: the inference server has nowhere to put the request", advice
    return None


def _is_hidden(function: s.Function, shown: Parameters) -> bool:
    """Whether a decorator shows other parameters than the function's own."""
    return bool(function.decorators) and not set(shown) <= set(function.parameters)


def _words(parameter: s.Parameter) -> str:
    if parameter.kind == "positional-only":
        return f"`{parameter.name}` as positional-only"
    return f"`{parameter.kind}{parameter.name}`"
