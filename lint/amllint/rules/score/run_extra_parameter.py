"""`run` needs more than the server passes.

## What it does
Reports `run` with a second parameter that has no default: `run(self, data)`,
`run(data, threshold)`, also behind partials, methods and decorators. `request_headers` is
passed under that name wherever it stands, and with `@input_schema` or `@output_schema` every
parameter is filled from the request's JSON: neither is reported.

## Why it matters
The inference server passes the request as the first parameter and nothing else. It looks
only at the kinds of parameters when it starts, so the service reports healthy, the
deployment is green, and every call answers 500: "missing 1 required positional argument".

## Example
```python score.py {8}
import json


def init():
    pass


def run(raw_data, threshold):
    try:
        rows = json.loads(raw_data)["data"]
    except (ValueError, KeyError, TypeError):
        raise
    return {"rows": len(rows), "threshold": threshold}
```

## Use instead
```python score.py
import json


def init():
    pass


def run(raw_data):
    try:
        request = json.loads(raw_data)
        rows, threshold = request["data"], request["threshold"]
    except (ValueError, KeyError, TypeError):
        raise
    return {"rows": len(rows), "threshold": threshold}
```

## Sources
- azureml-inference-server-http 1.5.1, `server/user_script.py` and `server/input_parsers.py`:
  executed for plain, keyword-only and bound parameters, `request_headers`, `@rawhttp` and
  both schema decorators. A schema decorator on another function of the same name counts for
  `run` as well (executed).
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.analysis.meanings import Answer, Signature
from amllint.analysis.parameters import Parameters, required
from amllint.analysis.request_mode import may_use_schema
from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule
from amllint.source.python import syntax as s


@rule("AML105", "run-extra-parameter", severity="error", stage="score")
def run_extra_parameter(script: ScoringScript) -> Iterator[Observation]:
    """Report the first parameter that no call of the server fills."""
    run = script.run
    if run is None or not script.online or "driver_module" in script.bindings.bound:
        return
    lacking = [_lacking(answer) for answer in script.facts.run_signatures]
    if not lacking or None in lacking or _drives_itself(script):
        return
    if may_use_schema(script.facts, run.function):
        return
    for first, missing in filter(None, lacking[-1:]):
        own = run.function and run.location.span.start <= missing[0].span.start
        names = ", ".join(f"`{p.name}`" for p in missing)
        yield finding(
            script.at(missing[0].span if own else run.location.span),
            f"the server passes the request as `{first}` and nothing for {names}: "
            "every call answers 500",
            help=_advice(first),
            key="parameters",
        )


def _lacking(answer: Answer) -> tuple[str, Parameters] | None:
    """The parameter that gets the request, and those that get nothing and need something."""
    if not isinstance(answer, Signature) or answer.shown is None or answer.taken is None:
        return None
    if any(p.kind not in ("plain", "keyword-only") for p in answer.shown):
        return None
    data = [p.name for p in answer.shown if p.name != "request_headers"]
    if not data:
        return None
    passed = {data[0], *(p.name for p in answer.shown if p.name == "request_headers")}
    missing = tuple(p for p in required(answer.taken) if p.name not in passed)
    return (data[0], missing) if missing else None


def _drives_itself(script: ScoringScript) -> bool:
    """Whether it is a program of its own, which hands on to `run` what its `init` returned."""
    assigned = (n.value for n in script.facts.of_kind(s.Assign))
    calls = (v.function for v in assigned if isinstance(v, s.Call))
    return script.named_by is None and any(s.dotted(c) == "init" for c in calls)


def _advice(first: str) -> str:
    if first in ("self", "cls"):
        return "bind the method: `run = Model().run`, or define `run` at module level"
    return "take it out of the request's JSON, or give it a default"
