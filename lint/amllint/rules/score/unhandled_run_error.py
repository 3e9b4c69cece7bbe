"""`run` takes the request apart without handling what can go wrong.

## What it does
Reports an online `run` that parses, indexes or converts what came in the request where no
`try` catches the exception that this raises. Helpers of the same script are followed; a
`try` counts where it catches the exception in question, wherever it stands: around the
whole body, around the part, in the helper, in a decorator. What the handler does is its own
affair: raising again or answering with an error status is handling. Statements that do not
depend on the request's shape, such as the model call, are reported as advice.

It is advice, too, where the script raises exceptions of its own choice about the request
(raising is its way of refusing one then), and where a function that it calls is a stub with
`...` in place of its code.

With `@input_schema` the server has checked the request before `run` sees it, so nothing is
reported. Batch scripts have no caller and are left alone.

## Why it matters
A body that is not JSON, or lacks a key, raises. The caller gets a bare 500 that does not
say whose fault it was, the v1 front end turns it into a 502, retries pile up, and alerts on
5xx go off for a client's typing mistake. A `try` adds a 4xx with a fixed message for bad
input, and a log line that says what happened.

## Example
```python score.py {13}
import json
import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(raw_data):
    data = json.loads(raw_data)["data"]
    return model.predict(data).tolist()
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
    except (ValueError, KeyError, TypeError):
        logger.warning("the request is not of the form {'data': [[…], …]}")
        return AMLResponse({"error": "send {'data': [[...], ...]}"}, 400, json_str=True)
    return model.predict(data).tolist()
```

## Fix safety
Unsafe: a bad request is answered with status 400, a fixed message and a line in the log,
where it was a 500. The statements that take the request apart are put into a `try`, with
what stands between them if that cannot raise. Where a model or another service is asked in the
same statement, only what parsing alone raises counts as a bad request: a ValueError or KeyError
may be the model's, is logged as a failure and answered with 500. AMLResponse is
imported from a module that only exists in the server: import the script elsewhere, in a
test say, with azureml-contrib-services. No fix is offered where the script is run by hand
too (`__main__`), where a `try` catches a part of what is raised, where a download could be
what fails, or where other code shares the line.

## Sources
- azureml-inference-server-http 1.5.1: an exception in `run` is answered with 500 and a
  fixed body (executed); since 0.8.1 without the exception's text.
- Troubleshooting guide for remote deployments: catch errors in `run(input_data)`.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.analysis.values import Risk
from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Fix, Observation, Related, finding
from amllint.rules.registry import rule
from amllint.rules.score.request_guard import guard

_MORE = 3


@rule(
    "AML108",
    "unhandled-run-error",
    severity="warning",
    stage="score",
    fix="unsafe",
    hardening="demo",
)
def unhandled_run_error(script: ScoringScript) -> Iterator[Observation]:
    """Report the first place in `run` that a bad request reaches unguarded."""
    if script.run is None or not script.online:
        return
    risks = _outermost(script.outcome.risks)
    from_request = [r for r in risks if r.from_request]
    if from_request:
        every = [r for r in script.outcome.risks if r.from_request]
        yield _request_risk(script, from_request, guard(script, every))
    elif risks:
        first = risks[0]
        yield finding(
            script.at(first.span),
            f"`{script.text(first.span)}` is called {_guard(first)}: "
            "what else it raises reaches the caller as a bare 500"
            if first.missed
            else f"`{script.text(first.span)}` is called outside any `try`: "
            "what it raises reaches the caller as a bare 500",
            help="log it with `logger.exception` and answer with a fixed message and status 500",
            severity="info",
            related=(Related(script.run.location, "`run` begins here"),),
            key="run/calls",
        )


def _request_risk(script: ScoringScript, risks: list[Risk], fix: Fix | None) -> Observation:
    assert script.run is not None
    first = risks[0]
    guard = _guard(first)
    more = tuple(
        Related(script.at(r.span), f"so does this: it {r.verb} what came in the request")
        for r in risks[1 : _MORE + 1]
    )
    return finding(
        script.at(first.span),
        f"`{script.text(first.span)}` {first.verb} what came in the request {guard}: "
        f"a bad request raises {_raised(script, first)}, and the caller gets a bare 500 "
        "(v1's front end makes it a 502, a managed endpoint a 424)",
        severity="info" if _is_by_choice(script) else None,
        help="catch it, log it, and return "
        'AMLResponse({"error": "…"}, 400, json_str=True), '
        "from azureml.contrib.services.aml_response",
        related=(*more, Related(script.run.location, "`run` begins here")),
        fix=fix,
        key="run",
    )


def _guard(risk: Risk) -> str:
    if not risk.missed:
        return "outside any `try`"
    named = ", ".join(dict.fromkeys(n.rpartition(".")[2] for n in risk.missed))
    return f"where only {named} is caught"


def _is_by_choice(script: ScoringScript) -> bool:
    """Whether the script refuses requests by raising, or is not finished."""
    return script.facts.is_unfinished or bool(script.outcome.refusals)


def _raised(script: ScoringScript, risk: Risk) -> str:
    """Everything that the parts of an expression raise, in the order they are evaluated."""
    parts = [r for r in script.outcome.risks if r.from_request and risk.span.contains(r.span)]
    plain = {"binascii.Error": "binascii.Error"}
    names = dict.fromkeys(plain.get(r.raises, r.raises.rpartition(".")[2]) for r in parts)
    *rest, last = names
    return f"{', '.join(rest)} or {last}" if rest else last


def _outermost(risks: list[Risk]) -> list[Risk]:
    """Risks that are not part of a larger one that depends on the request just the same."""
    kept: list[Risk] = []
    for risk in dict.fromkeys(risks):
        inside = any(
            other.span.contains(risk.span) and other.span != risk.span
            for other in risks
            if other.from_request >= risk.from_request
        )
        if not inside and risk.span not in [k.span for k in kept]:
            kept.append(risk)
    return kept
