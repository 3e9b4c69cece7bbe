"""A handler takes what is meant for the server.

## What it does
Reports, in an online script, where `run` can come to it:

- `except:` and `except BaseException` that do not raise again. It is advice where the `try`
  only converts or parses, and where the handler answers with an error status;
- as advice, `except Exception` (or OSError, of which TimeoutError is a kind) around the
  model call where the failure is not answered with an error status: a fallback answer, or
  going on.

A handler that `error-leak` or `error-as-success` reports is left to them, and so is one with
a handler for TimeoutError ahead of it.

## Why it matters
The server ends a call that takes too long by raising TimeoutError inside `run`. Whoever
catches it goes on after the time is up, and the caller gets a 200 for a call that was given
up. gunicorn ends a worker that hangs by raising SystemExit there: a bare `except` takes it
too, the worker is killed, and the caller's connection is closed without an answer.

## Example
```python score.py {23}
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
        return AMLResponse({"error": "invalid request"}, 400, json_str=True)
    try:
        return model.predict(data).tolist()
    except:
        logger.exception("the mean is answered instead")
        return [3.5] * len(data)
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
        return AMLResponse({"error": "invalid request"}, 400, json_str=True)
    try:
        return model.predict(data).tolist()
    except TimeoutError:
        raise
    except Exception:
        logger.exception("the mean is answered instead")
        return [3.5] * len(data)
```

## Fix safety
Unsafe: `except Exception` takes the place of the bare one, so that SystemExit and
KeyboardInterrupt get out, and `except TimeoutError: raise` is put ahead of it around a model
call. A TimeoutError of a library's own gets out as well then, and is answered with 500.

## Sources
- azureml-inference-server-http 1.5.1, executed with SCORING_TIMEOUT_MS=700 and a `run` of 4
  seconds: without a handler, and with `except ValueError`, 500 and "Scoring timeout after
  700 ms"; with `except Exception` and `except OSError` 200 and what the handler returns; a
  bare `except` that goes on ran for another two seconds. A `sys.exit()` inside a bare
  `except` was answered with 200. The timeout is one hour unless that variable is set.
- The same with WORKER_TIMEOUT=2 and a bare `except`: gunicorn's SystemExit was swallowed,
  the worker killed, the connection closed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.analysis import known_calls as known
from amllint.analysis.exceptions import catches, caught_names
from amllint.analysis.statements import following
from amllint.analysis.swallowing import assigned, goes_on, may_raise_again, own_calls, tries
from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Edit, Fix, Location, Observation, Severity, finding
from amllint.rules.registry import rule
from amllint.rules.score import error_as_success, error_leak
from amllint.rules.score.handlers import timeout_through
from amllint.source.python import syntax as s
from amllint.source.text import Span

_MODEL_CALLS: Final = frozenset(
    {"predict", "predict_proba", "generate", "infer", "inference", "score_samples", "forward"}
    | {"decision_function", "predict_on_batch"}
)


@rule("AML112", "broad-except", severity="warning", stage="score", fix="unsafe")
def broad_except(script: ScoringScript) -> Iterator[Observation]:
    """Report each handler that keeps what the server raises from getting out."""
    if script.run is None or not script.online or "except" not in script.source.text:
        return
    found = list(_candidates(script))
    spoken_of = list(_spoken_of(script)) if found else []
    for attempt, handler, bare in found:
        around = s.extent(handler)
        if not any(around.contains(place.span) for place in spoken_of):
            yield from _judge(script, attempt, handler, bare)


def _candidates(script: ScoringScript) -> Iterator[tuple[s.Try, s.Handler, bool]]:
    """Handlers of the script that `run` can come to and that swallow too much."""
    for name, body, _ in script.reached("run"):
        function = body.function
        if name or not isinstance(function, s.Function):
            continue
        for attempt in tries(function.body):
            ahead = False
            for handler in attempt.handlers:
                caught = caught_names(handler, script.names)
                if caught is None:
                    break
                bare = "BaseException" in caught
                takes = any(catches(c, "TimeoutError") for c in caught) and not ahead
                ahead = ahead or takes
                if (bare or takes) and not may_raise_again(
                    handler, script.names, script.facts.functions
                ):
                    yield attempt, handler, bare


def _spoken_of(script: ScoringScript) -> Iterator[Location]:
    """Where a rule that knows more of the same handler speaks."""
    for other in (error_leak.error_leak, error_as_success.error_as_success):
        for told in other.check(script):
            if isinstance(told, Observation):
                yield told.location
                yield from (r.location for r in told.related)


def _judge(
    script: ScoringScript, attempt: s.Try, handler: s.Handler, bare: bool
) -> Iterator[Observation]:
    calls = list(own_calls(attempt.body))
    answered = _answers_error(script, handler)
    model = any(_is_model_call(script, call) for call in calls)
    if bare:
        loud = any(_is_loud(script, call) for call in calls)
        severity: Severity | None = None if loud and not answered else "info"
        yield _report(
            script,
            handler,
            f"`{script.text(handler.span)}:` takes everything: the server's TimeoutError for a "
            "call that takes too long, and the SystemExit that ends a worker",
            severity,
            _narrowed(script, handler, model and not answered),
        )
    elif model and not answered and not _fails_anyway(script, attempt, handler):
        edit = timeout_through(script, handler)
        yield _report(
            script,
            handler,
            f"`{script.text(handler.span)}` around the model call takes the server's "
            "TimeoutError too: a call that was given up is answered with 200",
            "info",
            [edit] if edit else [],
        )


def _report(
    script: ScoringScript,
    handler: s.Handler,
    message: str,
    severity: Severity | None,
    edits: list[Edit],
) -> Observation:
    return finding(
        script.at(handler.span),
        message,
        help="name what can fail, or write `except Exception:`, with "
        "`except TimeoutError: raise` ahead of it around the model call",
        severity=severity,
        fix=Fix("unsafe", "let the server's exceptions through", tuple(edits)) if edits else None,
        key=f"{script.facts.enclosing(handler.span)}/handler",
    )


def _answers_error(script: ScoringScript, handler: s.Handler) -> bool:
    """Whether what a handler returns has an error status, or one that is not known."""
    statuses = [r.value.status for r in script.outcome.returns if r.handler == handler]
    return any(n is not None and not (isinstance(n, int) and n < 400) for n in statuses)


def _is_loud(script: ScoringScript, call: s.Call) -> bool:
    """Whether a call may take its time: anything but conversions, parsers and the like."""
    name = script.names.qualify(call.function) or ""
    method = call.function.attr if isinstance(call.function, s.Attribute) else ""
    quiet = name in known.PARSERS or name in known.QUIET_CALLS or name in known.TEXT_OF
    return not quiet and method not in known.QUIET_METHODS | known.PARSER_METHODS.keys()


def _is_model_call(script: ScoringScript, call: s.Call) -> bool:
    function = call.function
    return isinstance(function, s.Attribute) and function.attr in _MODEL_CALLS


def _fails_anyway(script: ScoringScript, attempt: s.Try, handler: s.Handler) -> bool:
    """Whether a handler cannot serialize the exception, or what follows lacks what was tried."""
    for call in own_calls(handler.body):
        if script.names.qualify(call.function) in known.SERIALIZERS and handler.name:
            plain = [n for a in call.arguments for n in _outside_calls(a.value)]
            if any(isinstance(n, s.Name) and n.id == handler.name for n in plain):
                return True
    around = [f for f in script.facts.all_functions if f.span.contains(attempt.span)]
    if not around or not goes_on(handler):
        return False
    body = around[-1].body
    first, last = attempt.body[0].span.start, attempt.body[-1].span.end
    tried = assigned(attempt.body)
    elsewhere = {
        name
        for name, statements in assigned(body).items()
        if any(not first <= st.span.start < last for st in statements)
    }
    lacking = tried.keys() - elsewhere
    later = (n for st in following(body, attempt.span.end) for n in s.walk(st))
    return any(isinstance(n, s.Name) and n.id in lacking for n in later)


def _outside_calls(value: s.Syntax) -> Iterator[s.Syntax]:
    yield value
    if not isinstance(value, s.Call):
        for child in s.children(value):
            yield from _outside_calls(child)


def _narrowed(script: ScoringScript, handler: s.Handler, timeout: bool) -> list[Edit]:
    """`except Exception` in place of a bare one; nothing where several classes are named."""
    start = handler.span.start
    if handler.type is None:
        edit = Edit(script.path, Span(start, start + len("except")), "except Exception")
    elif isinstance(handler.type, s.Name) and handler.type.id == "BaseException":
        edit = Edit(script.path, handler.type.span, "Exception")
    else:
        return []
    ahead = timeout_through(script, handler) if timeout else None
    if timeout and ahead is None:
        return []
    return [ahead, edit] if ahead else [edit]
