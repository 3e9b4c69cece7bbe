"""The text of an exception goes to the caller.

## What it does
Reports an online `run` whose answer carries the text of an exception: `str(e)`, `repr(e)`,
`e.args`, `traceback.format_exc()`. It is followed through variables, f-strings, `%` and
`format`, dicts and lists, `json.dumps`, `AMLResponse`, decorators and helper functions of
the same script. Logging it is fine; so are status codes, the name of the class, and the text
of an exception class that the script defines itself, since its author wrote it. The
exception object itself (`return e`) never gets out: the server fails to serialize it.

It is advice where the text is about the caller's own request: the handler takes ValueError,
KeyError and their like alone, and its `try` only takes the request apart or raises them itself,
in words of its own. So it is where the function's docstring writes down an answer `{"error": …}`.

## Why it matters
The text of an exception names paths, hosts, library versions, SQL, and pieces of other
people's data. Microsoft's guide returns it while debugging and warns in the same breath
that this is a security risk in production; the inference server stopped sending it on its
own in 0.8.1. Anyone who may call the endpoint may read it.

## Example
```python score.py {18}
import json
import os

import joblib
from azureml.contrib.services.aml_response import AMLResponse


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(raw_data):
    try:
        data = json.loads(raw_data)["data"]
        return model.predict(data).tolist()
    except Exception as e:
        message = f"prediction failed: {e}"
        return AMLResponse({"error": message}, 500, json_str=True)
```

## Use instead
```python score.py
import json
import logging
import os

import joblib
from azureml.contrib.services.aml_response import AMLResponse

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(raw_data):
    try:
        data = json.loads(raw_data)["data"]
        return model.predict(data).tolist()
    except Exception:
        logger.exception("prediction failed")
        return AMLResponse({"error": "prediction failed"}, 500, json_str=True)
```

## Fix safety
Unsafe: the answer says something else. Where the exception's text was there stands what the
text said ahead of it, or a fixed message, and the handler logs the exception if it did not.
A text that is made in another function than the handler's is left to you, and so is that of
an exception which the script raises itself for a bad request: it is meant for the caller.

## Sources
- Troubleshooting guide for remote deployments, the part on `run(input_data)`: return the
  error text for debugging only.
- azureml-inference-server-http, changes of 0.8.1: exception text no longer in responses.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.analysis.exceptions import caught_names
from amllint.analysis.values import ErrorText, Returned
from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Observation, Related, finding
from amllint.rules.registry import rule
from amllint.rules.score.fixed_text import fixed_text
from amllint.rules.score.own_words import about_request, is_contract

_ABOUT_INPUT: Final = frozenset(
    {"ValidationError", "BadRequest", "HTTPException", "MarshmallowError", "SchemaError"}
    | {"JSONDecodeError", "KeyError"}
)
"""Exceptions that describe the caller's own input; returning them is advice at most."""


@rule("AML109", "error-leak", severity="warning", stage="score", fix="unsafe", hardening="demo")
def error_leak(script: ScoringScript) -> Iterator[Observation]:
    """Report each place where an exception's text is taken that `run` returns."""
    if script.run is None or not script.online:
        return
    seen = set()
    for returned in script.outcome.returns:
        for label in sorted(returned.value.labels, key=str):
            if not isinstance(label, ErrorText) or label.own or not label.shown:
                continue
            if label.taken not in seen:
                seen.add(label.taken)
                yield _leak(script, label, returned)


def _leak(script: ScoringScript, label: ErrorText, returned: Returned) -> Observation:
    assert script.run is not None
    if label.handler is None or not label.name.isidentifier():
        what = f"what `{script.text(label.taken)}` says of the exception"
    else:
        what = f"the text of the exception `{label.name}`"
    related = [] if returned.span.contains(label.taken) else [script.at(returned.span)]
    return finding(
        script.at(label.taken),
        f"{what} goes to the caller: paths, versions and data of the service with it",
        help="log it (`logger.exception`), and answer with a fixed message and an error status",
        severity="info" if _is_for_callers(script, label) else None,
        related=(
            *(Related(place, "returned here") for place in related),
            *([Related(script.at(label.handler.span), "caught here")] if label.handler else []),
        ),
        fix=fixed_text(script, label),
        key=script.structural(label.taken),
    )


def _is_for_callers(script: ScoringScript, label: ErrorText) -> bool:
    """Whether the text tells callers of their own mistake, or the script documents it."""
    if is_contract(script, label.taken) or _describes_input(script, label):
        return True
    return label.handler is not None and about_request(script, label.handler)


def _describes_input(script: ScoringScript, label: ErrorText) -> bool:
    names = caught_names(label.handler, script.names) if label.handler else None
    short = {n.rpartition(".")[2] for n in names or ()}
    return bool(short & _ABOUT_INPUT) and short <= _ABOUT_INPUT | {"TypeError"}
