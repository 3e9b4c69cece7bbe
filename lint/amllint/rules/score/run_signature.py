"""`run` has a signature that the inference server refuses.

## What it does
Reports `run` with `*args`, `**kwargs` or positional-only parameters, with no parameter at
all, or with none but `request_headers`. Decorators are seen through where they use
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

from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule
from amllint.source.python import syntax as s


@rule("AML104", "run-signature", severity="error", stage="start")
def run_signature(script: ScoringScript) -> Iterator[Observation]:
    """Report what the server's inspection of `run` would refuse."""
    parameters = script.facts.seen_parameters
    if script.run is None or not script.online or parameters is None:
        return
    if "driver_module" in script.bindings.bound:
        return
    own = script.run.function.parameters if script.run.function else ()
    hidden = parameters is not own
    through = "seen through its decorator, " if hidden else ""
    refused = [p for p in parameters if p.kind not in ("plain", "keyword-only")]
    if refused:
        first = refused[0]
        yield finding(
            script.at(first.span),
            f"{through}`run` takes {_words(first)}, which the inference server refuses",
            help="take the request in one named parameter: `def run(raw_data):`"
            if not hidden
            else "decorate the wrapper with `functools.wraps(function)`",
            key="parameters",
        )
        return
    if all(p.name == "request_headers" for p in parameters):
        what = "only `request_headers`" if parameters else "no parameter"
        yield finding(
            script.run.location,
            f"{through}`run` takes {what}: the inference server has nowhere to put the request",
            help="take the request in a parameter: `def run(raw_data):`",
            key="parameters",
        )


def _words(parameter: s.Parameter) -> str:
    if parameter.kind == "positional-only":
        return f"`{parameter.name}` as positional-only"
    return f"`{parameter.kind}{parameter.name}`"
