"""The request or the prediction is written to the log.

## What it does
Reports an online script that prints or logs what came in the request, or what the model said
of it. Variables, helper functions and `json.dumps` are followed. The shape, the type and the
length of it are fine, and so are keys that name a request (`data["request_id"]`), its headers,
and `logger.debug`, which the server does not show. It is a warning in a deployment that is
declared with `purpose = "production"`.

## Why it matters
The server sends everything that is printed to the container's log, and to Application
Insights where that is on: kept for 30 to 730 days, readable by everyone who may read
telemetry. Names, texts and pictures of people end up there, with none of the rules that hold
for the data they came from; and a large body on every call is paid for by the gigabyte.

## Example
```python score.py {14} persona=pedantic
import json
import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(raw_data):
    try:
        print("request:", raw_data)
        data = json.loads(raw_data)["data"]
        return model.predict(data).tolist()
    except (ValueError, KeyError, TypeError):
        raise
    except Exception:
        raise
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
        print("request of", len(raw_data), "bytes")
        data = json.loads(raw_data)["data"]
        return model.predict(data).tolist()
    except (ValueError, KeyError, TypeError):
        raise
    except Exception:
        raise
```

## Sources
- azureml-inference-server-http 1.5.1: `print` goes to the logger `azmlinfsrv.print`
  (executed).
- Azure ML documentation: what an endpoint prints is sent to Application Insights; data
  collection (`data_collector`) is the way to keep requests on purpose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from amllint.analysis.values import Arrived, Given, Predicted, Request, Value
from amllint.artifacts.scoring_script import ScoringScript
from amllint.artifacts.script_module import ScriptModule
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule
from amllint.source.python import syntax as s
from amllint.source.text import Span
from amllint.units import DeploymentUnit

_LEVELS: Final = frozenset({"info", "warning", "warn", "error", "critical", "exception", "log"})
_PRINTS: Final = frozenset({"print", "pprint.pprint", "sys.stdout.write", "sys.stderr.write"})
_NAMES_REQUEST: Final = re.compile(
    r"(?i)(^|[^a-z])(id|ids|uuid|version|type|method|action|lang|language|trace|span|correlation"
    r"|severity|status|code|count|size|length|shape|time|seconds|duration|elapsed)$"
    r"|[a-z](Id|Type)$"
)
_SHOWS_INFO: Final = re.compile(r"\.setLevel\(|\bforce\s*=\s*True|dictConfig\(|fileConfig\(")
_ABOUT: Final = frozenset(
    {"headers", "method", "path", "content_type", "mimetype", "content_length", "remote_addr"}
)


@rule("AML131", "logs-request-body", severity="info", stage="operate")
def logs_request_body(script: ScoringScript, unit: DeploymentUnit) -> Iterator[Observation]:
    """Report each line that logs what came in, or what was predicted of it."""
    if script.run is None or not script.online:
        return
    declared = unit.declaration
    production = declared is not None and declared.purpose == "production"
    shows_info = any(_SHOWS_INFO.search(m.source.text) for m in _modules(script))
    seen: set[Span] = set()
    for given in script.outcome.given:
        if given.call.span in seen or not _logs(given, shows_info):
            continue
        seen.add(given.call.span)
        told = next((pair for pair in _arguments(given) if _tells(*pair)), None)
        if told is None:
            continue
        argument, value = told
        came_in = "what came in the request" if _came_in(value) else "what was predicted"
        yield finding(
            script.at(given.call.span),
            f"`{script.text(argument.span)}` is logged, and {came_in} with it: it is kept with "
            "the service's telemetry, for everyone who may read that",
            help="log its size or an id; keep requests with `data_collector` if they are needed",
            severity="warning" if production else None,
            key=script.structural(given.call.span),
        )


def _modules(script: ScoringScript) -> tuple[ScriptModule, ...]:
    return (script.itself, *script.modules.values())


def _logs(given: Given, shows_info: bool) -> bool:
    """Whether a call prints or logs what it is given; the server's own level is WARNING."""
    if given.name in _PRINTS:
        return True
    owner, _, method = given.name.rpartition(".")
    if method in ("info", "log") and not (shows_info or owner.startswith("loguru")):
        return False
    written = (s.dotted(given.call.function) or "").rpartition(".")[0].lower()
    return method in _LEVELS and (owner in ("logger", "logging") or written.endswith("logger"))


def _arguments(given: Given) -> Iterator[tuple[s.Expr, Value]]:
    for argument, value in zip(given.call.arguments, given.values, strict=True):
        if argument.keyword not in ("file", "exc_info", "extra"):
            yield argument.value, value


def _tells(argument: s.Expr, value: Value) -> bool:
    """Whether an argument shows what is in the request or the prediction."""
    if not _came_in(value) and not value.carries(Predicted):
        return False
    written = argument if isinstance(argument, s.FormattedString) else value.source or argument
    for part in _shown(written, argument):
        inner = (value.source or part) if part is argument else part
        if not (_names_request(part) or _names_request(inner)):
            return True
    return False


def _shown(written: s.Expr, argument: s.Expr) -> tuple[s.Expr, ...]:
    """The parts of a text that is put together from values: an f-string, JSON of a dict."""
    if isinstance(written, s.FormattedString):
        return written.parts
    called = (s.dotted(written.function) or "") if isinstance(written, s.Call) else ""
    if isinstance(written, s.Call) and called.endswith("dumps") and written.arguments:
        body = written.arguments[0].value
        if isinstance(body, s.Dictionary):
            return tuple(v for v in body.values if not _measures(v))
    return (argument,)


def _measures(node: s.Expr) -> bool:
    """Whether an expression says how long a value is or of what type, or is a literal."""
    called = s.dotted(node.function) if isinstance(node, s.Call) else None
    return isinstance(node, s.Constant) or called in ("len", "type", "bool", "round")


def _names_request(node: s.Expr) -> bool:
    """Whether an expression is an id or a header of the request, or no part of it."""
    if isinstance(node, s.Attribute) and node.attr in _ABOUT:
        return True
    if isinstance(node, s.Name):
        return bool(_NAMES_REQUEST.search(node.id))
    key: s.Expr | None = None
    if isinstance(node, s.Subscript) and len(node.keys) == 1:
        key = node.keys[0]
    elif isinstance(node, s.Call) and isinstance(node.function, s.Attribute) and node.arguments:
        key = node.arguments[0].value if node.function.attr == "get" else None
    text = key.value if isinstance(key, s.Constant) else None
    return isinstance(text, str) and bool(_NAMES_REQUEST.search(text))


def _came_in(value: Value) -> bool:
    labels = (n for n in value.labels if isinstance(n, (Request, Arrived)))
    return any(n.parameter != "request_headers" for n in labels)
