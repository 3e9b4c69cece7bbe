"""`init` sets a name that `run` never gets to see.

## What it does
Reports a name that `init`, or a function it calls, binds without `global` while `run`, or a
function that `run` reaches, reads it from the module. The module has no such name, or only
keeps a place for it: `None`, an empty text, list or dict.

## Why it matters
`model = …` in a function makes a local variable. The server starts, `/` answers Healthy,
the deployment is green; and every call fails with 500, or answers with nothing where the
module says `model = None`.

## Example
```python score.py {8}
import json
import os

import joblib


def init():
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(raw_data):
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
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(raw_data):
    try:
        data = json.loads(raw_data)["data"]
    except (ValueError, KeyError, TypeError):
        raise
    return model.predict(data).tolist()
```

## Fix safety
Safe: the fix adds `global model` at the top of `init`, or the name to a `global` statement
that is there. The binding then reaches `run`, which is what reading it there asks for.

## Sources
- azureml-inference-server-http 1.5.1 (executed): the server starts, every call answers 500
  without a module-level default, and `{}` with `model = None`.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator

from amllint.analysis.scopes import Scope
from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Edit, Fix, Observation, Related, finding
from amllint.rules.registry import rule
from amllint.source.python import syntax as s
from amllint.source.text import Span


@rule("AML113", "missing-global", severity="error", stage="score", fix="safe")
def missing_global(script: ScoringScript) -> Iterator[Observation]:
    """Report each name that `init` keeps to itself although `run` reads it."""
    for function, name, read in _kept(script):
        scope = script.facts.scope(function)
        yield finding(
            script.at(scope.bound[name][0]),
            f"`{name}` is local to `{function.name}`, so `run` {_consequence(script, name)}",
            help=f"declare it: `global {name}` at the top of `{function.name}`",
            related=(Related(script.at(read), "read here"),),
            fix=_declare(script, function, scope, name),
            key=name,
        )


def kept_by_init(script: ScoringScript) -> frozenset[str]:
    """Names that are reported here: bound by `init` for itself alone, and read by `run`."""
    return frozenset(name for _, name, _ in _kept(script))


def _kept(script: ScoringScript) -> Iterator[tuple[s.Function, str, Span]]:
    """Functions that `init` runs, what they keep to themselves, and where `run` reads it."""
    init = script.init.function if script.init else None
    if not isinstance(init, s.Function) or script.run is None:
        return
    loaders = [f for f in script.facts.reached("init") if isinstance(f, s.Function)]
    served = script.facts.reached("run")
    for function in loaders:
        if function is init or function not in served:
            for name, read in _locals(script, function):
                yield function, name, read


def _locals(script: ScoringScript, init: s.Function) -> Iterator[tuple[str, Span]]:
    """Names that one function binds for itself alone although `run` reads them."""
    scope = script.facts.scope(init)
    handled = {h.name for n in s.walk(init) if isinstance(n, s.Try) for h in n.handlers}
    for name in scope.bound:
        if name in scope.parameters or not scope.local(name) or name in handled:
            continue
        read = next(script.facts.reads_of(name, "run"), None)
        if read is not None and _module_lacks(script, name) and _gives_value(init, name):
            yield name, read


def _module_lacks(script: ScoringScript, name: str) -> bool:
    """Whether the module has no such name, or only keeps a place for it."""
    bindings = script.bindings
    if bindings.stars or bindings.dynamic or hasattr(builtins, name):
        return False
    if any(not _is_placeholder(b.statement) for b in bindings.bound.get(name, ())):
        return False
    return not any(
        name in scope.declared_global and name in scope.bound
        for scope in map(script.facts.scope, script.facts.all_functions)
    )


def _gives_value(init: s.Function, name: str) -> bool:
    """Whether anything but a placeholder is assigned: of that, nothing would be lost."""
    assigned = [
        n.value
        for n in s.walk(init)
        if isinstance(n, s.Assign)
        and any(isinstance(t, s.Name) and t.id == name for t in n.targets)
    ]
    return not assigned or not all(_is_empty(v) for v in assigned)


def _is_placeholder(statement: s.Stmt) -> bool:
    """Whether a statement only keeps a place free: `None`, an empty text, list or dict."""
    value = statement.value if isinstance(statement, s.Assign) else None
    values = value.items if isinstance(value, s.Display) and value.items else (value,)
    return all(_is_empty(v) for v in values)


def _is_empty(value: s.Expr | None) -> bool:
    if isinstance(value, s.Constant):
        return value.value is None or value.value in ("", b"")
    if isinstance(value, s.Dictionary):
        return not value.keys
    return isinstance(value, s.Display) and not value.items


def _consequence(script: ScoringScript, name: str) -> str:
    if name in script.bindings.bound:
        return "only ever sees what the module starts with"
    return "raises a NameError on every call"


def _declare(script: ScoringScript, init: s.Function, scope: Scope, name: str) -> Fix | None:
    """Add `global name` at the top of `init`, or the name to a declaration that is there."""
    if _is_annotated(init, name):
        return None
    message = f"declare `{name}` global in `{init.name}`"
    declared = next((n for n in init.body if isinstance(n, s.Declare) and n.kind == "global"), None)
    first = min(scope.bound[name])
    if declared is not None and declared.span.end <= first.start:
        end = Span(declared.span.end, declared.span.end)
        return Fix("safe", message, (Edit(script.path, end, f", {name}"),))
    place = _insertion(script, init)
    if place is None:
        return None
    offset, indent = place
    text = f"global {name}{script.source.newline}{indent}"
    return Fix("safe", message, (Edit(script.path, Span(offset, offset), text),))


def _insertion(script: ScoringScript, init: s.Function) -> tuple[int, str] | None:
    """Where the first statement after the docstring begins, and its indentation."""
    for statement in init.body:
        if isinstance(statement, s.Evaluate) and isinstance(statement.value, s.Constant):
            continue
        start = statement.span.start
        if isinstance(statement, (s.Function, s.Class)) and statement.decorators:
            return None
        line = script.source.line_span(script.source.position(start).line)
        indent = script.source.text[line.start : start]
        return (start, indent) if not indent.strip() and indent else None
    return None


def _is_annotated(init: s.Function, name: str) -> bool:
    return any(
        isinstance(n, s.Assign)
        and n.annotation is not None
        and any(isinstance(t, s.Name) and t.id == name for t in n.targets)
        for n in s.walk(init)
    )
