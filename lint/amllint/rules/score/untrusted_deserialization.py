"""What came in the request is run as code.

## What it does
Reports an online script that gives something of the request to `pickle`, `dill`,
`cloudpickle`, `joblib`, `marshal` or `jsonpickle`, to `eval` or `exec`, to `yaml.load`
without a safe loader, to `numpy.load(allow_pickle=True)` or `torch.load` without
`weights_only=True`. Variables, decoding and helper functions are followed.

## Why it matters
Each of them runs code that the data brings along. Whoever may call the endpoint may then do
what the service may: read its models and secrets, use its identity, answer other callers.
That is as intended only where every caller is as trusted as the service itself.

## Example
```python score.py {14} persona=pedantic
import base64
import pickle

from azureml.contrib.services.aml_request import rawhttp


def init():
    pass


@rawhttp
def run(request):
    try:
        rows = pickle.loads(base64.b64decode(request.get_data()))
    except Exception:
        raise
    return {"rows": len(rows)}
```

## Use instead
```python score.py
import json

from azureml.contrib.services.aml_request import rawhttp


def init():
    pass


@rawhttp
def run(request):
    try:
        rows = json.loads(request.get_data())
    except Exception:
        raise
    return {"rows": len(rows)}
```

## Sources
- Python documentation of `pickle`: never unpickle data from an untrusted source; PyYAML's
  of `yaml.load`; NumPy's of `allow_pickle`; PyTorch's of `weights_only`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.analysis.values import Given
from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule
from amllint.source.python import syntax as s
from amllint.source.text import Span

_RUNS: Final = frozenset(
    {f"{m}.{f}" for m in ("pickle", "dill", "cloudpickle", "marshal") for f in ("load", "loads")}
    | {"joblib.load", "jsonpickle.decode", "pandas.read_pickle", "eval", "exec", "shelve.open"}
    | {"yaml.unsafe_load", "yaml.load", "yaml.full_load", "numpy.load", "torch.load"}
)
_SAFE_LOADERS: Final = frozenset({"SafeLoader", "CSafeLoader", "BaseLoader", "CBaseLoader"})


@rule("AML138", "untrusted-deserialization", severity="info", stage="score")
def untrusted_deserialization(script: ScoringScript) -> Iterator[Observation]:
    """Report each call that runs what the request brings."""
    if script.run is None or not script.online:
        return
    seen: set[Span] = set()
    for given in script.outcome.given:
        call = given.call
        if given.name not in _RUNS or call.span in seen or _is_safe(given):
            continue
        if not any(v.came_in for v in given.values[:1]):
            continue
        seen.add(call.span)
        yield finding(
            script.at(call.span),
            f"`{script.text(call.function.span)}` runs code that is in what it is given, and that "
            "came in the request: every caller can do what the service can",
            help="take JSON, or an array's bytes with its shape and type beside them",
            key=script.structural(call.span),
        )


def _is_safe(given: Given) -> bool:
    """Whether an argument keeps the call from running anything."""
    keywords = {a.keyword: a.value for a in given.call.arguments if a.keyword}
    if given.name == "numpy.load":
        return not _is_true(keywords.get("allow_pickle"))
    if given.name == "torch.load":
        return _is_true(keywords.get("weights_only"))
    loaders = (a.value for a in given.call.arguments[1:])
    named = {(s.dotted(v) or "").rpartition(".")[2] for v in loaders}
    return given.name == "yaml.load" and bool(named & _SAFE_LOADERS)


def _is_true(value: s.Expr | None) -> bool:
    return isinstance(value, s.Constant) and value.value is True
