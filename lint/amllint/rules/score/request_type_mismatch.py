"""`run` uses the request as another type than the server hands it over in.

## What it does
Reports uses of the parameter of an online `run` that raise on every call:
- of the plain text, a `str`: `raw_data["data"]` without `json.loads`, and attributes that a `str`
  has not, those of a Flask request (`request.method`, `request.files`, `request.get_data()`),
  of a dict (`data.get(…)`) or of bytes (`data.decode()`); `pandas.DataFrame(raw_data)`;
- with `@rawhttp`: `json.loads(request)` and `request["data"]`, of the request object itself;
- with `@input_schema`: `json.loads(data)` where the decorator has made a dict, list, number,
  array or DataFrame of it. A sample that is a text stays a text, and may be parsed.

Only where the type is certain: a value that was tested (`isinstance`, `in`) or given another
one is left alone, and so is a use whose handler tries another way. Nothing is said where the
script calls `run` itself with something else than a text.

## Why it matters
The server starts and the deployment is healthy; then every call raises an AttributeError or
a TypeError, and is answered with 500, or with what the handler makes of it. A handler for bad
requests hides it: all of them look bad.

## Example
```python score.py {11}
import json
import os


def init():
    global folder
    folder = os.environ["AZUREML_MODEL_DIR"]


def run(request):
    if request.method == "GET":
        return {"folder": len(folder)}
    return {"rows": len(json.loads(request.get_data()))}
```

## Use instead
```python score.py
import os

from azureml.contrib.services.aml_request import rawhttp


def init():
    global folder
    folder = os.environ["AZUREML_MODEL_DIR"]


@rawhttp
def run(request):
    if request.method == "GET":
        return {"folder": len(folder)}
    return {"bytes": len(request.get_data())}
```

## Sources
- azureml-inference-server-http 1.5.1 with inference-schema 1.8: each use was served and called
  (executed). Without decorators the body is `str(request.data, "utf-8")`, whatever the content
  type says; `@rawhttp` on any function of the script counts for `run`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.analysis.values import Misuse
from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Observation, Related, finding
from amllint.rules.registry import rule
from amllint.source.python import syntax as s

_MORE: Final = 3
_OF_DICT: Final = frozenset(
    {"get", "keys", "values", "items", "pop", "update", "setdefault", "append", "copy"}
)
_OF_REQUEST: Final = frozenset(
    {"method", "files", "headers", "args", "form", "get_data", "get_json", "data", "json"}
    | {"content_type", "mimetype", "path", "url", "stream", "cookies", "is_json", "environ"}
    | {"query_string", "content_length", "full_path", "base_url", "remote_addr", "view_args"}
    | {"authorization", "host", "user_agent", "body"}
)
"""Attributes of a Flask request that a text has not."""
_NAMES: Final = {
    "request text": "the text of the request, a `str`",
    "raw request": "the server's request object",
    "ndarray": "an array",
    "typed ndarray": "an array",
    "dataframe": "a DataFrame",
    "dict": "a dict",
    "list": "a list",
    "number": "a number",
}
_RAWHTTP: Final = "from azureml.contrib.services.aml_request"


@rule("AML144", "request-type-mismatch", severity="error", stage="score")
def request_type_mismatch(script: ScoringScript) -> Iterator[Observation]:
    """Report the first use of each value that its type does not have."""
    if script.run is None or not script.online:
        return
    by_help: dict[str, list[Misuse]] = {}
    for misuse in dict.fromkeys(script.outcome.misuses):
        by_help.setdefault(_how(script, misuse), []).append(misuse)
    for first, *rest in by_help.values():
        more = tuple(Related(script.at(m.span), "so does this") for m in rest[:_MORE])
        yield finding(
            script.at(first.span),
            f"`{script.text(first.used)}` is {_is(first)}: `{script.text(first.span)}` raises "
            f"{_article(first.raises)}, on every call that comes here",
            help=_help(script, first),
            severity="info" if script.draft or not script.whole else None,
            related=(*more, Related(script.run.location, "`run` begins here")),
            key=f"{first.kind}/{first.verb}",
        )


def _how(script: ScoringScript, misuse: Misuse) -> str:
    """What tells one defect from another: two that one mend removes are one."""
    return f"{misuse.kind}/{_help(script, misuse).split('`')[1]}"


def _is(misuse: Misuse) -> str:
    made = _NAMES[misuse.kind]
    plain = misuse.kind in ("request text", "raw request")
    return made if plain else f"{made} already, made by its `@input_schema`"


def _article(name: str) -> str:
    return f"an {name}" if name[0] in "AEIOU" else f"a {name}"


def _help(script: ScoringScript, misuse: Misuse) -> str:
    used = script.text(misuse.used)
    if misuse.kind == "raw request":
        return f"`json.loads({used}.get_data())` gives what was sent"
    if misuse.kind != "request text":
        return f"`{used}` needs no parsing: use it as it is"
    if misuse.verb != "asks":
        return _parsed(script, misuse, used)
    node = s.path_to(script.module, misuse.span)[-1]
    attr = node.attr if isinstance(node, s.Attribute) else ""
    if attr == "decode":
        return f"`{used}` is decoded: leave `.decode()` out"
    if attr in _OF_DICT:
        return f"`json.loads({used})` gives the object that was sent"
    if attr in _OF_REQUEST:
        return f"put `@rawhttp` on `run` ({_RAWHTTP}), which hands over the request itself"
    return f"`json.loads({used})` gives what was sent"


def _parsed(script: ScoringScript, misuse: Misuse, used: str) -> str:
    if misuse.verb == "indexes":
        whole = script.text(misuse.span)
        return f"`json.loads({used}){whole[len(used) :]}`: parse the text first"
    if misuse.verb == "tabulates":
        return f"`pandas.DataFrame(json.loads({used}))`: parse the text first"
    return f"`json.loads({used})` parses a text"
