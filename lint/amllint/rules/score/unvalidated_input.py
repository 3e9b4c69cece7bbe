"""What the request lacks is told like a failure of the service.

## What it does
Reports an online `run` that indexes what came in the request, with nothing that looks at its
shape first, where only a broad handler (`except Exception`) catches that a key is missing. A
schema (`@input_schema`), a test (`"data" in body`, `isinstance`), a validator (pydantic,
jsonschema), `get` with a check, and a handler that names `KeyError` all count as looking.
Where nothing catches it, that is `unhandled-run-error`.

## Why it matters
A body without the key is the caller's mistake, and a model that fails is the service's. With
one handler for both, the caller cannot know which it was, retries what can never work, and
the alert for a broken model goes off for a typing mistake.

## Example
```python score.py {14} persona=pedantic
import json
import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(raw_data):
    try:
        data = json.loads(raw_data)["data"]
        return model.predict(data).tolist()
    except Exception:
        raise
```

## Use instead
```python score.py
import json
import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(raw_data):
    try:
        body = json.loads(raw_data)
        if not isinstance(body, dict) or not isinstance(body.get("data"), list):
            raise ValueError("send {'data': [[...], ...]}")
        return model.predict(body["data"]).tolist()
    except Exception:
        raise
```

## Sources
- azureml-inference-server-http 1.5.1: the body reaches an undecorated `run` as text, and
  nothing has looked at it; with `@input_schema` a missing key is answered with 400 (executed).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.analysis.exceptions import caught_names
from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Observation, Related, finding
from amllint.rules.registry import rule
from amllint.source.python import syntax as s

_BROAD: Final = frozenset({"Exception", "BaseException"})


@rule("AML124", "unvalidated-input", severity="info", stage="score")
def unvalidated_input(script: ScoringScript) -> Iterator[Observation]:
    """Report the first place where `run` relies on a key of the request."""
    if script.run is None or not script.online or script.outcome.refusals:
        return
    if any(r.from_request for r in script.outcome.risks):
        return
    for risk, handler in script.outcome.caught:
        if risk.verb == "indexes" and _is_broad(script, handler):
            yield finding(
                script.at(risk.span),
                f"`{script.text(risk.span)}` relies on the shape of the request, and what is "
                "missing there is caught with everything else: the caller's mistake looks like "
                "the service's",
                help="look at the body first, or catch KeyError and TypeError by name",
                related=(Related(script.at(handler.span), "caught here"),),
                key="run",
            )
            return


def _is_broad(script: ScoringScript, handler: s.Handler) -> bool:
    """Whether a handler catches without naming what a bad request raises."""
    names = caught_names(handler, script.names)
    return names is None or bool({n.rpartition(".")[2] for n in names} & _BROAD)
