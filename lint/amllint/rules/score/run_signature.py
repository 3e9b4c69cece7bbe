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

from amllint.analysis.meanings import NotCallable
from amllint.artifacts.scoring_script import EntryFunction, ScoringScript
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule
from amllint.source.python import syntax as s


@rule("AML104", "run-signature", severity="error", stage="start")
def run_signature(script: ScoringScript) -> Iterator[Observation]:
    """Report what the server's inspection of `run` would refuse."""
    signature = script.facts.run_signature
    if script.run is None or not script.online or "driver_module" in script.bindings.bound:
        return
    if isinstance(signature, NotCallable):
        yield finding(
            script.run.location,
            f"`run` is {signature.what}, which the inference server cannot call",
            help="define a function: `def run(raw_data):`",
            key="parameters",
        )
    elif signature is not None and signature.shown is not None:
        yield from _refused(script, script.run, signature.shown)


def _refused(
    script: ScoringScript, run: EntryFunction, shown: tuple[s.Parameter, ...]
) -> Iterator[Observation]:
    hidden = isinstance(run.function, s.Function) and _is_hidden(run.function, shown)
    through = "seen through its decorator, " if hidden else ""
    refused = [p for p in shown if p.kind not in ("plain", "keyword-only")]
    if refused:
        yield finding(
            script.at(refused[0].span),
            f"{through}`run` takes {_words(refused[0])}, which the inference server refuses",
            help="decorate the wrapper with `functools.wraps(function)`"
            if hidden
            else "take the request in one named parameter: `def run(raw_data):`",
            key="parameters",
        )
    elif all(p.name == "request_headers" for p in shown):
        what = "only `request_headers`" if shown else "no parameter"
        yield finding(
            run.location,
            f"{through}`run` takes {what}: the inference server has nowhere to put the request",
            help="take the request in a parameter: `def run(raw_data):`",
            key="parameters",
        )


def _is_hidden(function: s.Function, shown: tuple[s.Parameter, ...]) -> bool:
    """Whether a decorator shows other parameters than the function's own."""
    return bool(function.decorators) and not set(shown) <= set(function.parameters)


def _words(parameter: s.Parameter) -> str:
    if parameter.kind == "positional-only":
        return f"`{parameter.name}` as positional-only"
    return f"`{parameter.kind}{parameter.name}`"
