"""An `AMLResponse` that sends something else than what was put in.

## What it does
Reports calls of `AMLResponse` with a dict, a list or a number as the message and without
`json_str=True`; with header values that are not text; and without a status code, or with
arguments that it does not take. Variables are followed within the function.

## Why it matters
Without `json_str=True` the message is the body of a flask response as it is: of a dict the keys
are sent, run together, with status 200 and as HTML. A list of anything but text breaks the
connection, a number answers 500, and so do headers that are not text. All of it shows only when
calls come, and in an error path only when something else has failed already.

## Example
```python score.py {12}
import json

from azureml.contrib.services.aml_response import AMLResponse


def init():
    pass


def run(raw_data):
    try:
        return AMLResponse({"rows": len(json.loads(raw_data)["data"])}, 200)
    except (ValueError, KeyError, TypeError):
        raise
```

## Use instead
```python score.py
import json

from azureml.contrib.services.aml_response import AMLResponse


def init():
    pass


def run(raw_data):
    try:
        return AMLResponse({"rows": len(json.loads(raw_data)["data"])}, 200, json_str=True)
    except (ValueError, KeyError, TypeError):
        raise
```

## Fix safety
Unsafe: `json_str=True` is added, which changes what callers get. Where a content type is among
the headers there is no fix, for the response would then carry two.

## Sources
- azureml-inference-server-http 1.5.1, `api/aml_response.py`: executed for every kind of message,
  header and argument.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.analysis.assigned import assigned_values
from amllint.analysis.bodies import Body
from amllint.analysis.schema_types import argument
from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Edit, Fix, Observation, finding
from amllint.rules.registry import rule
from amllint.source.python import syntax as s
from amllint.source.text import Span

_RESPONSES: Final = frozenset(
    {
        "azureml.contrib.services.aml_response.AMLResponse",
        "azureml_inference_server_http.api.aml_response.AMLResponse",
    }
)
_TAKES: Final = (
    "message",
    "status_code",
    "response_headers",
    "json_str",
    "run_function_failed",
)
_DICTS: Final = frozenset({"dict", "collections.OrderedDict", "collections.defaultdict"})


@rule("AML143", "amlresponse-body", severity="warning", stage="score", fix="unsafe")
def amlresponse_body(script: ScoringScript) -> Iterator[Observation]:
    """Report each response that does not send what it was given."""
    if not script.online or not _RESPONSES & set(script.names.all_imported()):
        return
    for body in script.facts.bodies.by_name.values():
        for call in (site.call for site in body.calls if site.name in _RESPONSES):
            if any(a.star for a in call.arguments):
                continue
            yield from _arguments(script, call) or _message(script, body, call)
            yield from _headers(script, body, call)


def _arguments(script: ScoringScript, call: s.Call) -> list[Observation]:
    """What `AMLResponse` lacks or does not take."""
    form = "AMLResponse(message, status_code, response_headers={}, json_str=False)"
    unknown = [a for a in call.arguments if a.keyword and a.keyword not in _TAKES]
    if unknown:
        what, place = f"takes no `{unknown[0].keyword}`", unknown[0].span
    elif argument(call, 1, "status_code") is None:
        what, place = "needs a status code", call.span
    else:
        return []
    message = f"`AMLResponse` {what}: this answers 500"
    key = script.structural(call.span)
    return [finding(script.at(place), message, help=f"it is `{form}`", key=key)]


def _message(script: ScoringScript, body: Body, call: s.Call) -> Iterator[Observation]:
    given = argument(call, 0, "message")
    json_str = argument(call, 3, "json_str")
    off = isinstance(json_str.value, s.Constant) and not json_str.value.value if json_str else True
    if given is None or not off:
        return
    outcomes = {_outcome(script, v) for v in assigned_values(script.facts, body, given.value)}
    outcome = next(iter(outcomes)) if len(outcomes) == 1 else None
    if outcome is not None:
        yield finding(
            script.at(given.span),
            f"without `json_str=True` {outcome}",
            help="add `json_str=True`",
            fix=None if json_str else _as_json(script, call),
            key=script.structural(call.span),
        )


def _outcome(script: ScoringScript, value: s.Expr | None) -> str | None:
    """What comes of a message that is taken as it is; `None` where it may be fine."""
    if isinstance(value, s.Dictionary):
        return "only the keys of the dict are sent"
    if isinstance(value, s.Constant) and isinstance(value.value, (int, float)):
        return "a number is no body, and the call answers 500"
    if isinstance(value, s.Display):
        texts = [isinstance(i, (s.Constant, s.FormattedString)) for i in value.items]
        return None if all(texts) and texts else "a list is sent piece by piece, which fails"
    if isinstance(value, s.Comprehension):
        return "only the keys of the dict are sent" if value.kind == "dict" else None
    if isinstance(value, s.Call):
        return _made(script, value)
    return None


def _made(script: ScoringScript, call: s.Call) -> str | None:
    method = call.function.attr if isinstance(call.function, s.Attribute) else ""
    if script.names.qualify(call.function) in _DICTS or method == "to_dict":
        return "only the keys of the dict are sent"
    return "a list is sent piece by piece, which fails" if method == "tolist" else None


def _as_json(script: ScoringScript, call: s.Call) -> Fix | None:
    """Add `json_str=True`, unless a content type is given already, or may be."""
    headers = argument(call, 2, "response_headers")
    if headers is not None:
        keys = headers.value.keys if isinstance(headers.value, s.Dictionary) else (None,)
        names = [k.value if isinstance(k, s.Constant) else None for k in keys]
        if any(not isinstance(n, str) or n.lower() == "content-type" for n in names):
            return None
    end = call.arguments[-1].span.end
    edit = Edit(script.path, Span(end, end), ", json_str=True")
    return Fix("unsafe", "send the message as JSON", (edit,))


def _headers(script: ScoringScript, body: Body, call: s.Call) -> Iterator[Observation]:
    given = argument(call, 2, "response_headers")
    values = assigned_values(script.facts, body, given.value) if given else []
    for value in values if len(values) == 1 else ():
        if isinstance(value, s.Constant):
            shown = script.text(value.span)
            yield finding(
                script.at(value.span),
                f"`{shown}` is no dict of headers: this answers 500",
                help="leave it away; the fourth argument is `json_str`",
                key=script.structural(call.span),
            )
        for item in value.values if isinstance(value, s.Dictionary) else ():
            if _is_no_text(item):
                yield finding(
                    script.at(item.span),
                    f"the header value `{script.text(item.span)}` is no text: this answers 500",
                    help="make it a text: `str(…)`",
                    key=f"{script.structural(call.span)}/{script.text(item.span)}",
                )


def _is_no_text(value: s.Expr) -> bool:
    if isinstance(value, s.Constant):
        return not isinstance(value.value, str)
    return isinstance(value, (s.Display, s.Dictionary, s.Comprehension))
