"""`init` cannot be called without arguments.

## What it does
Reports `init` with a parameter that has no default, however `init` came to be: a function or
lambda, a partial, a method, a class, an object with `__call__`, what a decorator or a factory of
the same script makes of it. `init` that cannot be called at all, such as `init = None`, is
reported too.

## Why it matters
The inference server calls `init()` when it starts. The call raises `TypeError` and the server
stops with exit code 3: CrashLoopBackOff on AKS, a failed deployment on an online endpoint.

## Example
```python score.py {5}
import joblib


def init(
    model_path,
):
    global model
    model = joblib.load(model_path)


def run(raw_data):
    return {"rows": len(raw_data)}
```

## Use instead
```python score.py
import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(raw_data):
    return {"rows": len(raw_data)}
```

## Sources
- azureml-inference-server-http 1.5.1, `server/user_script.py`: executed for every kind of
  parameter and for wrapped, partial, bound and constructed entries. Batch jobs have another
  driver, for which this was not executed: nothing is said about their scripts.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.analysis.meanings import Answer, NotCallable
from amllint.analysis.parameters import Parameters, required
from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule


@rule("AML103", "init-parameters", severity="error", stage="start")
def init_parameters(script: ScoringScript) -> Iterator[Observation]:
    """Report what makes the call `init()` fail."""
    failures = [_failure(answer) for answer in script.facts.init_signatures]
    if script.init is None or not script.online or not failures or None in failures:
        return
    for why, missing in filter(None, failures[-1:]):
        yield finding(
            script.at(missing[0].span) if missing else script.init.location,
            f"{why}: the inference server calls `init()` and does not start",
            help="take no arguments: `def init():`; what it needs is in environment variables",
            key="parameters",
        )


def _failure(answer: Answer) -> tuple[str, Parameters] | None:
    """Why the call fails, and the parameters that lack an argument."""
    if isinstance(answer, NotCallable):
        return f"`init` is {answer.what}, which cannot be called", ()
    if answer is None:
        return None
    if answer.fault is not None:
        return f"`init` fails at once, {answer.fault}", ()
    missing = required(answer.taken or ())
    return (f"`init` needs an argument for `{missing[0].name}`", missing) if missing else None
