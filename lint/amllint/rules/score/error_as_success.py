"""A failure is answered with HTTP 200.

## What it does
Reports an exception handler in an online `run` that returns a plain body telling of a
failure: an error text, a message, `None`, a dict with an `error` key. The server answers
every plain body with status 200. The Flask idiom `return body, 400` is reported wherever it
stands: this server sends the list `[body, 400]`, with status 200. A fallback answer, such
as a default prediction, is not a failure. An answer `{"error": …}` that the function's
docstring writes down is advice, and so is one with a `status` or `state`, if answers to good
requests have it too (`{"status": "error"}` and `{"status": "success"}`).

## Why it matters
Clients, retries, dashboards and alerts go by the status. A failure with status 200 is taken
for a prediction; nobody notices until the numbers are wrong.

## Example
```python score.py {18}
import json
import logging
import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(raw_data):
    try:
        return model.predict(json.loads(raw_data)["data"]).tolist()
    except Exception:
        logging.exception("prediction failed")
        return {"error": "prediction failed"}
```

## Use instead
```python score.py
import json
import logging
import os

import joblib
from azureml.contrib.services.aml_response import AMLResponse


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(raw_data):
    try:
        return model.predict(json.loads(raw_data)["data"]).tolist()
    except (ValueError, KeyError, TypeError):
        logging.warning("invalid request", exc_info=True)
        return AMLResponse({"error": "invalid request"}, 400, json_str=True)
    except Exception:
        logging.exception("prediction failed")
        return AMLResponse({"error": "prediction failed"}, 500, json_str=True)
```

## Fix safety
Unsafe: callers get an error status where they got 200. The body stays what it was, except
that `json.dumps` around it is taken out, since the response encodes it itself. Where the
handler also takes what a bad request raises, one that answers that with 400 is put ahead of
it: only for what parsing raises, if a model or another service is asked in the same `try`.
AMLResponse is imported from a module that only exists in the server: import the script
elsewhere, in a test say, with azureml-contrib-services. No fix is offered where the script
is run by hand too (`__main__`).

## Sources
- azureml-inference-server-http 1.5.1: plain bodies, `None` and tuples are answered with
  200 (executed); an exception that is not caught is answered with 500.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.analysis.known_calls import status_value
from amllint.analysis.values import Failed, Returned
from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Observation, Related, finding
from amllint.rules.registry import rule
from amllint.rules.score.error_status import error_status, flask_idiom, kept_failure
from amllint.rules.score.handlers import status_of
from amllint.rules.score.own_words import is_contract, is_envelope
from amllint.source.python import syntax as s


@rule(
    "AML110",
    "error-as-success",
    severity="warning",
    stage="score",
    fix="unsafe",
    hardening="sample",
)
def error_as_success(script: ScoringScript) -> Iterator[Observation]:
    """Report failures that `run` returns with status 200."""
    if script.run is None or not script.online:
        return
    seen = set()
    for returned in script.outcome.returns:
        observation = _judge(script, returned)
        if observation is not None and observation.location not in seen:
            seen.add(observation.location)
            yield observation


def _judge(script: ScoringScript, returned: Returned) -> Observation | None:
    status = returned.value.status
    if status is not None and not (isinstance(status, int) and status < 400):
        return None
    intended = _flask_status(returned.expression)
    if intended is not None:
        return finding(
            script.at(returned.span),
            f"`return body, {intended}` is answered with HTTP 200 and the list "
            f"[body, {intended}]: the server does not know this Flask idiom",
            help=f"return AMLResponse(body, {intended}, json_str=True)",
            fix=flask_idiom(script, returned),
            key=script.structural(returned.span),
        )
    if returned.value.holds_exception and status is None:
        return None  # the server cannot serialize it and answers 500
    if returned.handler is not None and returned.failure:
        return _failure(script, returned, returned.handler)
    for label in sorted(returned.value.labels, key=str):
        if isinstance(label, Failed):
            return _failure(script, returned, label.handler, label)
    return None


def _failure(
    script: ScoringScript, returned: Returned, handler: s.Handler, failed: Failed | None = None
) -> Observation:
    if returned.span == handler.span:
        return finding(
            script.at(handler.span),
            "this handler ends without an answer: the caller gets an empty one, with HTTP 200",
            help=_help(handler, script),
            fix=error_status(script, returned, handler),
            key=script.structural(handler.span),
        )
    nothing = returned.expression is None or (
        isinstance(returned.expression, s.Constant) and returned.expression.value is None
    )
    what = "with nothing" if nothing else "like a success"
    where = [Related(script.at(failed.assigned), "the failure is put in here")] if failed else []
    fix = (
        kept_failure(script, returned, failed)
        if failed
        else error_status(script, returned, handler)
    )
    return finding(
        script.at(returned.span),
        f"a failure is answered {what}: the caller gets HTTP 200",
        help=_help(handler, script),
        related=(*where, Related(script.at(handler.span), "in the handler that begins here")),
        severity="info" if _is_by_choice(script, returned) else None,
        fix=fix,
        key=script.structural(returned.span),
    )


def _is_by_choice(script: ScoringScript, returned: Returned) -> bool:
    """Whether callers are told how a failure looks, and have to look for it."""
    return is_contract(script, returned.span) or is_envelope(script, returned.span)


def _help(handler: s.Handler, script: ScoringScript) -> str:
    status = status_of(script, handler)
    answer = f'return AMLResponse({{"error": "…"}}, {status}, json_str=True)'
    raised = "" if status == 400 else ", or `raise`"
    return f"{answer}, from azureml.contrib.services.aml_response{raised}"


def _flask_status(expression: s.Expr | None) -> int | None:
    """The error status in `body, 400`."""
    if not isinstance(expression, s.Display) or expression.kind != "tuple":
        return None
    if not 2 <= len(expression.items) <= 3:
        return None
    body, status = expression.items[0], status_value(expression.items[1])
    number = isinstance(body, s.Constant) and isinstance(body.value, (int, float))
    return status if status is not None and 400 <= status < 600 and not number else None
