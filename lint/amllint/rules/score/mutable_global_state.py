"""`run` changes what the module keeps from one request to the next.

## What it does
Reports an online `run`, or a function that it reaches, that assigns a `global`, or puts
something into a list, dict or set of the module. What is filled once (`if model is None:`),
`functools.lru_cache`, and what `init` does are fine.

## Why it matters
Every worker of every replica has a module of its own: a counter counts what one of them saw,
a history answers some of the requests, and which, the load balancer decides. Whatever is put
into a list or dict on every request is never let go, until the container runs out of memory
and the platform restarts it. And a request's data is there for the next caller's.

## Example
```python score.py {19} persona=pedantic
import json
import os

import joblib

history = []


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(raw_data):
    try:
        data = json.loads(raw_data)["data"]
        result = model.predict(data).tolist()
        # one list for all callers
        history.append(result)
        return result
    except (ValueError, KeyError, TypeError):
        raise
    except Exception:
        raise
```

## Use instead
```python score.py
import json
import logging
import os

import joblib

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(raw_data):
    try:
        data = json.loads(raw_data)["data"]
        result = model.predict(data).tolist()
        logger.info("answered %d rows", len(result))
        return result
    except (ValueError, KeyError, TypeError):
        raise
    except Exception:
        raise
```

## Sources
- azureml-inference-server-http 1.5.1: each worker imports the script and calls `init` by
  itself (executed with WORKER_COUNT=3).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.analysis.scopes import Scope
from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Observation, Related, finding
from amllint.rules.registry import rule
from amllint.source.python import syntax as s
from amllint.source.text import Span

_PUTS: Final = frozenset(
    {"append", "extend", "insert", "add", "update", "setdefault", "appendleft"}
)
_CONTAINERS: Final = frozenset(
    {"dict", "list", "set", "deque", "defaultdict", "OrderedDict", "Counter"}
)


@rule("AML139", "mutable-global-state", severity="info", stage="score")
def mutable_global_state(script: ScoringScript) -> Iterator[Observation]:
    """Report the first change of each of the module's variables on the way of a request."""
    if script.run is None or not script.online:
        return
    loads = [f.span for f in script.facts.reached("init")]
    seen: set[str] = set()
    for function in script.facts.reached("run"):
        if not isinstance(function, s.Function) or function.span in loads:
            continue
        for name, span in _changes(script, function):
            if name in seen or _is_filled_once(function, span, name):
                continue
            seen.add(name)
            yield _observation(script, name, span)


def _observation(script: ScoringScript, name: str, span: Span) -> Observation:
    bound = script.bindings.bound.get(name, ())
    return finding(
        script.at(span),
        f"`{name}` is changed by a request, and kept for the next ones: each worker of each "
        "replica has its own, and it lasts until that one is restarted",
        help="return it, log it, or keep it in a store outside of the service",
        related=tuple(Related(script.at(b.span), "the module's own") for b in bound[:1]),
        key=name,
    )


def _changes(script: ScoringScript, function: s.Function) -> Iterator[tuple[str, Span]]:
    """Names of the module that a function assigns or puts something into, and where."""
    scope = script.facts.scope(function)
    for name in scope.declared_global:
        for span in scope.bound.get(name, ())[:1]:
            yield name, span
    for node in s.walk(function):
        if isinstance(node, s.Call) and isinstance(node.function, s.Attribute):
            put = node.function.value if node.function.attr in _PUTS else None
        elif isinstance(node, (s.Assign, s.AugmentedAssign)):
            target = node.targets[0] if isinstance(node, s.Assign) else node.target
            put = target.value if isinstance(target, s.Subscript) else None
        else:
            continue
        if isinstance(put, s.Name) and _is_container(script, scope, put.id):
            yield put.id, node.span


def _is_container(script: ScoringScript, scope: Scope, name: str) -> bool:
    """Whether a name is a list, dict or set that the module makes."""
    bound = script.bindings.bound.get(name, ())
    if not bound or scope.local(name) or name in scope.parameters:
        return False
    made = [b.statement.value for b in bound if isinstance(b.statement, s.Assign)]
    return any(_makes_container(value) for value in made)


def _makes_container(value: s.Expr | None) -> bool:
    if isinstance(value, s.Call):
        return (s.dotted(value.function) or "").rpartition(".")[2] in _CONTAINERS
    kinds = (s.Dictionary, s.Comprehension)
    return isinstance(value, kinds) or (isinstance(value, s.Display) and value.kind != "tuple")


def _is_filled_once(function: s.Function, span: Span, name: str) -> bool:
    """Whether a test asks first what the variable holds: `if model is None`, `k not in cache`."""
    for node in s.path_to(function, span):
        asks = isinstance(node, s.If) and isinstance(node.test, s.Operation)
        if asks and isinstance(node, s.If) and _mentions(node.test, name):
            return True
    return _returns_if_set(function, span, name)


def _mentions(test: s.Expr, name: str) -> bool:
    return any(isinstance(n, s.Name) and n.id == name for n in s.walk(test))


def _returns_if_set(function: s.Function, span: Span, name: str) -> bool:
    """Whether `if x is not None: return` stands ahead."""
    for statement in function.body:
        if statement.span.start >= span.start:
            return False
        leaves = isinstance(statement, s.If) and isinstance(statement.body[-1], s.Return)
        if leaves and isinstance(statement, s.If) and _mentions(statement.test, name):
            return True
    return False
