"""The model is loaded anew for every request.

## What it does
Reports a call that loads a model, in `run` or in a helper that it reaches. Loading once is
fine in whatever form it is written: behind `if model is None`, after `if model: return model`,
in a function with `lru_cache`, in an `except` that means it is not there yet. So is a model
that the request chooses. In a batch script, where `run` gets a whole mini batch, it is advice.

A pipeline that is made around a model which is there already loads nothing.

## Why it matters
Reading and building a model takes from tenths of a second to minutes, and the server answers
one request after the other: the endpoint that was fast in a notebook times out under load,
memory grows with each copy, and health probes wait behind the loading.

## Example
```python score.py {13}
import json
import os

import joblib


def init():
    global path
    path = os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl")


def run(raw_data):
    model = joblib.load(path)
    try:
        data = json.loads(raw_data)["data"]
    except (ValueError, KeyError, TypeError):
        raise
    return model.predict(data).tolist()
```

## Use instead
```python score.py
import json
import os

import joblib


def init():
    global model
    path = os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl")
    model = joblib.load(path)


def run(raw_data):
    try:
        data = json.loads(raw_data)["data"]
    except (ValueError, KeyError, TypeError):
        raise
    return model.predict(data).tolist()
```

## Sources
- azureml-inference-server-http 1.5.1 (executed): `init` runs once per worker, `run` once per
  request, and one worker serves one request at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from amllint.analysis.bodies import Body
from amllint.analysis.facts import ScriptFacts
from amllint.analysis.state_tests import depends_on_state, is_cached
from amllint.artifacts.file_reads import FileRead, model_loads
from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Observation, Related, finding
from amllint.rules.registry import rule
from amllint.source.python import syntax as s
from amllint.source.text import Span


@rule("AML121", "model-loaded-per-request", severity="warning", stage="score")
def model_loaded_per_request(script: ScoringScript) -> Iterator[Observation]:
    """Report each load that every call of `run` comes to."""
    for read in model_loads(script, "run"):
        body, facts = read.reached.body, read.reached.module.facts
        if is_cached(facts, body.function) or _is_chosen(read):
            continue
        if depends_on_state(facts, body.function, read.reached.call.span):
            continue
        way = _way(script, read)
        if way is None:
            continue
        often = "request" if script.online else "mini batch"
        through = f", through `{_shown(body)}`," if way else ""
        yield finding(
            read.location,
            f"`{read.text}` loads the model{through} anew for every {often}",
            help="load it once, in `init`, and keep it in a global",
            severity=None if script.online else "info",
            related=tuple(Related(script.at(span), "called from here") for span in way[:1]),
            key=f"{read.reached.module.name}/{body.name}/{read.reached.name}",
        )


def _is_chosen(read: FileRead) -> bool:
    """Whether what is loaded depends on what the function is given."""
    function = read.reached.body.function
    if read.argument is None or function is None:
        return False
    facts = read.reached.module.facts
    if all(place.is_known for place in facts.paths.of(read.argument)):
        return False
    own = {p.name for p in function.parameters if p.name not in ("self", "cls")}
    return bool(own & _sources(facts, read.argument))


def _sources(facts: ScriptFacts, expression: s.Expr) -> set[str]:
    """The names that an expression is made of, through local variables."""
    found: set[str] = set()
    pending = [expression]
    while pending and len(found) < 60:
        for node in s.walk(pending.pop()):
            if isinstance(node, s.Name) and node.id not in found:
                found.add(node.id)
                at = node.span.start
                scope = facts.variables.scope_at(at)
                given, _ = facts.variables.given(node.id, scope, at)
                pending.extend(g.value for g in given if g.value is not None and g.scope is scope)
                pending.extend(_iterated(scope.node, node.id))
    return found


def _iterated(function: s.Syntax | None, name: str) -> list[s.Expr]:
    """What a loop that binds a name goes over."""
    loops = (n for n in s.walk(function) if isinstance(n, s.For)) if function else ()
    return [n.iterable for n in loops if any(t == name for t in _targets(n.target))]


def _targets(target: s.Expr) -> Iterator[str]:
    return (n.id for n in s.walk(target) if isinstance(n, s.Name))


def _way(script: ScoringScript, read: FileRead) -> tuple[Span, ...] | None:
    """The calls in `run` that lead to a load; `None` where only some requests take that way."""
    bodies = {r.body.name: r for r in script.reached("run")}
    names = [n for n in (*read.reached.via, read.reached.body.name) if n in bodies]
    first: tuple[Span, ...] = ()
    for outer, inner in pairwise(names):
        name, body, _ = bodies[outer]
        module = script.modules[name] if name else script.itself
        if is_cached(module.facts, body.function):
            return None
        free = [
            at
            for at in _sites(body, bodies[inner].body)
            if not depends_on_state(module.facts, body.function, at)
        ]
        if not free:
            return None
        first = first or (() if name else tuple(free))
    return first


def _sites(outer: Body, inner: Body) -> list[Span]:
    """Where a function calls another one, by name; a class by its own."""
    owner, _, last = inner.name.rpartition(".")
    wanted = {last, owner.rpartition(".")[2]} - {""}
    return [
        c.span for c, name in outer.calls if name.removesuffix("()").rpartition(".")[2] in wanted
    ]


def _shown(body: Body) -> str:
    return body.name.removesuffix(".__init__")
