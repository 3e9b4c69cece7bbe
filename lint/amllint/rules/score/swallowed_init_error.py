"""`init` goes on although what it loads could not be loaded.

## What it does
Reports an exception handler in `init`, or in a function that it calls, after which a global
that `run` uses is missing: the `try` was to bind it, the handler logs or prints, and `init`
returns. A helper that returns `None` once it has failed is followed.

It is not reported where the handler, or what comes after it, raises, exits, or binds the
name to something else; where `init` or `run` looks whether the name is there; where `run`
loads it itself, or does without it; and where the handler sets another global that `run`
reads.

## Why it matters
The server takes an `init` that returns for a success: the container becomes healthy, the
deployment replaces the one that worked, traffic comes, and every call fails. Had the
exception got out, the server would have stopped with the reason in its log and the tree of
the model folder, the deployment would have failed, and the old one would serve on.

## Example
```python score.py {14}
import json
import logging
import os

import joblib
from azureml.contrib.services.aml_response import AMLResponse


def init():
    global model
    try:
        folder = os.environ["AZUREML_MODEL_DIR"]
        model = joblib.load(os.path.join(folder, "model.pkl"))
    except Exception:
        logging.exception("the model could not be loaded")


def run(raw_data):
    try:
        data = json.loads(raw_data)["data"]
    except (ValueError, KeyError, TypeError):
        return AMLResponse({"error": "invalid request"}, 400, json_str=True)
    return model.predict(data).tolist()
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
    try:
        folder = os.environ["AZUREML_MODEL_DIR"]
        model = joblib.load(os.path.join(folder, "model.pkl"))
    except Exception:
        logging.exception("the model could not be loaded")
        raise


def run(raw_data):
    try:
        data = json.loads(raw_data)["data"]
    except (ValueError, KeyError, TypeError):
        return AMLResponse({"error": "invalid request"}, 400, json_str=True)
    return model.predict(data).tolist()
```

## Sources
- azureml-inference-server-http 1.5.1, executed: with such a handler the server reports
  healthy and answers every call with 500; an exception that leaves `init` stops it with
  exit code 3.
- Troubleshooting guide for remote deployments, the part on CrashLoopBackOff.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from amllint.analysis.swallowing import (
    assigned,
    gives_value,
    goes_on,
    may_raise_again,
    own_calls,
    raises_after,
    returns_nothing,
    tries,
)
from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Observation, Related, finding
from amllint.rules.registry import rule
from amllint.source.python import syntax as s
from amllint.source.text import Span


class _Lost(NamedTuple):
    """A handler that swallows, and a global that is missing then."""

    handler: s.Handler
    name: str


@rule("AML111", "swallowed-init-error", severity="warning", stage="start")
def swallowed_init_error(script: ScoringScript) -> Iterator[Observation]:
    """Report each handler after which `run` lacks what it uses."""
    if script.run is None or "except" not in script.source.text:
        return
    told = set()
    for function in _loaders(script):
        for lost in (*_in_tries(script, function), *_in_helpers(script, function)):
            read = _needed(script, lost.name)
            if read is not None and lost.handler.span not in told:
                told.add(lost.handler.span)
                yield _report(script, lost, read)


def _report(script: ScoringScript, lost: _Lost, read: Span) -> Observation:
    name = lost.name
    return finding(
        script.at(lost.handler.span),
        f"`init` goes on when `{name}` could not be set: the container becomes healthy, "
        f"and every call that needs `{name}` fails",
        help="end the handler with `raise`: the server then stops with the reason in its log, "
        "and the deployment fails in place of the calls",
        related=(Related(script.at(read), f"`run` uses `{name}` here"),),
        key=f"init/{name}",
    )


def _loaders(script: ScoringScript) -> list[s.Function]:
    bodies = (body for name, body, _ in script.reached("init") if not name)
    return [b.function for b in bodies if isinstance(b.function, s.Function)]


def _in_tries(script: ScoringScript, function: s.Function) -> Iterator[_Lost]:
    """Globals that a `try` of a function was to bind, and that nothing else does."""
    for attempt in tries(function.body):
        scope = script.facts.scope(function)
        wanted = [n for n, st in assigned(attempt.body).items() if gives_value(st)]
        wanted = [n for n in wanted if n in scope.declared_global]
        if not wanted or raises_after(function.body, attempt.span.end, script.names):
            continue
        for handler in attempt.handlers:
            if not _swallows(script, handler):
                continue
            in_handler = assigned(handler.body)
            instead = {n for n, st in in_handler.items() if gives_value(st)}
            instead |= _bound_by_calls(script, handler.body)
            if _tells(script, {*assigned(attempt.body), *in_handler, *instead}):
                continue
            inside = Span(attempt.span.start, max(attempt.span.end, attempt.body[-1].span.end))
            for name in wanted:
                if name not in instead and not _bound_outside(function, name, inside):
                    yield _Lost(handler, name)


def _tells(script: ScoringScript, names: set[str]) -> bool:
    """Whether `run` tests one of the globals that a `try` and its handler set."""
    scopes = map(script.facts.scope, _loaders(script))
    declared = {name for scope in scopes for name in scope.declared_global if name in names}
    return any(
        next(script.facts.reads_of(name, "run"), None) and _is_tested(script, name)
        for name in declared
    )


def _is_tested(script: ScoringScript, name: str) -> bool:
    return name in script.facts.tested


def _swallows(script: ScoringScript, handler: s.Handler) -> bool:
    returned = (n for b in handler.body for n in s.walk(b) if isinstance(n, s.Return))
    told = any(n.value is not None and not _is_none(n.value) for n in returned)
    return not told and not may_raise_again(handler, script.names, script.facts.functions)


def _is_none(value: s.Expr) -> bool:
    return isinstance(value, s.Constant) and value.value is None


def _bound_by_calls(script: ScoringScript, body: tuple[s.Stmt, ...]) -> set[str]:
    """Globals that functions of the script bind which a body calls."""
    found: set[str] = set()
    for call in own_calls(body):
        own = script.facts.functions.get(script.names.qualify(call.function) or "")
        if own is not None:
            scope = script.facts.scope(own)
            found |= scope.declared_global.keys() & scope.bound.keys()
    return found


def _bound_outside(function: s.Function, name: str, inside: Span) -> bool:
    statements = assigned(function.body).get(name, [])
    return gives_value([st for st in statements if not inside.contains(st.span)])


def _in_helpers(script: ScoringScript, function: s.Function) -> Iterator[_Lost]:
    """Globals that get what a helper returns, where that is nothing once it has failed."""
    for name, statements in assigned(function.body).items():
        value = statements[0].value if isinstance(statements[0], s.Assign) else None
        if not isinstance(value, s.Call) or len(statements) != 1:
            continue
        helper = script.facts.functions.get(script.names.qualify(value.function) or "")
        if helper is None or name not in script.facts.scope(function).declared_global:
            continue
        lost = returns_nothing(helper, script.names, script.facts.functions)
        if lost and not raises_after(function.body, statements[0].span.end, script.names):
            yield _Lost(lost.handler, name)


def _needed(script: ScoringScript, name: str) -> Span | None:
    """Where `run` reads a global that nothing else gives it, and that it does not test."""
    reads = list(script.facts.reads_of(name, "run"))
    bindings = script.bindings.bound.get(name, ())
    if not reads or any(gives_value([b.statement]) for b in bindings):
        return None
    if _is_tested(script, name):
        return None
    for part in script.facts.reached("run"):
        if isinstance(part, s.Function) and name in script.facts.scope(part).declared_global:
            return None
    left = [r for r in reads if not _done_without(script, r)]
    return left[0] if left else None


def _done_without(script: ScoringScript, read: Span) -> bool:
    """Whether a read stands in a handler, or in a `try` whose handler goes on afterwards."""
    around = [n for p in script.facts.reached("run") for n in s.path_to(p, read)]
    if any(isinstance(n, s.Handler) for n in around):
        return True
    attempts = [n for n in around if isinstance(n, s.Try)]
    return any(
        any(b.span.contains(read) for b in attempt.body) and any(map(goes_on, attempt.handlers))
        for attempt in attempts
    )
