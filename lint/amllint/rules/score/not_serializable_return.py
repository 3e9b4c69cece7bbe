"""`run` answers with something that JSON does not know.

## What it does
Reports an online `run` whose answer is, or holds in a dict or list, a value that the server
cannot write as JSON: a NumPy array or number, a DataFrame or Series, a tensor, bytes, a set,
a date, a Decimal, a UUID, a path, a generator or other iterator, an exception, an object of a
class of the script. The same goes for what is given to `json.dumps`, `flask.jsonify` or
`AMLResponse(…, json_str=True)` on the way; `default=` and `cls=` are taken to know how.

Variables, helper functions, and what `init` sets are followed. What `predict` of a model
from a joblib or pickle file gives is a warning: such a file can hold anything, but it hardly
ever holds a model that predicts lists. Of a model that nothing is known of nothing is said,
until `.detach()` makes a tensor of its answer, or `.cpu().numpy()` an array. The items of an
array count where its type is written out (`astype("float32")`, `dtype=int`, `argsort`), by index,
in a loop or a comprehension: those of float64 are JSON, those of float32 and integers are not.

A response object (`AMLResponse` with bytes, `flask.Response`, `jsonify`) is sent as it is.
`@output_schema` writes the swagger document and converts nothing.

## Why it matters
The server starts, the deployment is healthy, the model predicts; and then every call is
answered with status 500 and "An unexpected internal error occurred", because the answer
cannot be written. The log has the TypeError, the caller has nothing to go by.

## Example
```python score.py {18}
import json
import os

import numpy as np
import onnxruntime


def init():
    global session
    session = onnxruntime.InferenceSession(os.path.join(os.environ["AZUREML_MODEL_DIR"], "m.onnx"))


def run(raw_data):
    try:
        rows = np.array(json.loads(raw_data)["data"], dtype=np.float32)
    except (ValueError, KeyError, TypeError):
        raise
    return {"result": session.run(None, {"input": rows})[0]}
```

## Use instead
```python score.py
import json
import os

import numpy as np
import onnxruntime


def init():
    global session
    session = onnxruntime.InferenceSession(os.path.join(os.environ["AZUREML_MODEL_DIR"], "m.onnx"))


def run(raw_data):
    try:
        rows = np.array(json.loads(raw_data)["data"], dtype=np.float32)
    except (ValueError, KeyError, TypeError):
        raise
    return {"result": session.run(None, {"input": rows})[0].tolist()}
```

## Fix safety
Unsafe: it decides what callers get. `.tolist()` is put behind arrays, `.to_dict(
orient="records")` behind a DataFrame, `.decode()` behind bytes that are text, `.isoformat()`
behind a date, and `list(…)` or `float(…)` around a set or a Decimal. Nothing is offered where
what is inside decides whether that is enough (iterators, other bytes, objects).

## Sources
- azureml-inference-server-http 1.5.1: each kind was returned by a `run` and answered with 500
  (executed), with and without `@output_schema`; a float64 number is answered with 200, a float32,
  an integer and a truth value of NumPy with 500. 0.4.13
  and 0.8.4 write answers with the same `json.dumps` (source).
- Torch tensors, and TensorFlow's: `json.dumps` has no rule for either (documented).
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.analysis.kinds import leaves
from amllint.analysis.values import Encoded, ErrorText, Returned
from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Observation, Related, Severity, finding
from amllint.rules.registry import rule
from amllint.rules.score.answer_kinds import FLASK_KNOWS, REFUSED, as_json
from amllint.source.text import Span

_SEVERITIES: dict[str, Severity] = {"loaded prediction": "warning"}
_NOT_KNOWN = "some prediction"


@rule("AML122", "not-serializable-return", severity="error", stage="score", fix="unsafe")
def not_serializable_return(script: ScoringScript) -> Iterator[Observation]:
    """Report each value in an answer of `run` that cannot be written as JSON."""
    if script.run is None or not script.online:
        return
    found = {o.location: o for o in _observations(script)}
    yield from found.values()


def _observations(script: ScoringScript) -> Iterator[Observation]:
    for encoded in script.outcome.encoded:
        yield from _encoded(script, encoded)
    if not script.facts.answers_itself:
        return
    for returned in script.outcome.returns:
        if returned.value.status is None and returned.expression is not None:
            yield from _returned(script, returned, returned.expression.span)
    for span in script.facts.own_yields:
        yield finding(
            script.at(span),
            "`yield` makes `run` a generator, which is not JSON: the server answers every call "
            "with 500",
            help="collect the parts, and return them",
            key="run/yield",
        )


def _returned(script: ScoringScript, returned: Returned, whole: Span) -> Iterator[Observation]:
    for label in sorted(returned.value.labels, key=str):
        if isinstance(label, ErrorText) and returned.value.holds_exception and not label.shown:
            so = "goes into the answer and is not JSON: the server answers the call with 500"
            yield _exception(script, label, so)
    for at, kind in leaves(returned.value.kind, whole):
        if kind in REFUSED and kind != _NOT_KNOWN:
            said = f"`run` answers with {REFUSED[kind].said} which is not JSON: "
            yield _refusal(script, at, kind, said, "the server answers the call with 500", returned)


def _encoded(script: ScoringScript, encoded: Encoded) -> Iterator[Observation]:
    for label in sorted(encoded.value.labels, key=str):
        if isinstance(label, ErrorText) and not label.shown:
            so = f"is given to `{encoded.by}` and is not JSON: it raises a TypeError"
            yield _exception(script, label, so)
    for at, kind in leaves(encoded.value.kind, encoded.body.span):
        known = encoded.by == "flask.jsonify" and kind in FLASK_KNOWS
        if kind in REFUSED and kind != _NOT_KNOWN and not known:
            said = f"`{encoded.by}` is given {REFUSED[kind].said} which is not JSON: "
            yield _refusal(script, at, kind, said, "it raises a TypeError")


def _refusal(
    script: ScoringScript,
    at: Span,
    kind: str,
    said: str,
    so: str,
    returned: Returned | None = None,
) -> Observation:
    outside = returned is not None and not returned.span.contains(at)
    related = [Related(script.at(returned.span), "returned here")] if returned and outside else []
    instead = REFUSED[kind].instead.format("…")
    return finding(
        script.at(at),
        _comma(said, kind) + so,
        help=f"write `{instead}`" if instead else "answer with a dict, list, text or number",
        severity=_SEVERITIES.get(kind),
        related=tuple(related),
        fix=as_json(script, at, kind),
        key=script.structural(at),
    )


def _comma(said: str, kind: str) -> str:
    """A comma ahead of `which`, unless the words bring their own."""
    words = REFUSED[kind].said
    return said if words.endswith(",") else said.replace(f"{words} which", f"{words}, which")


def _exception(script: ScoringScript, label: ErrorText, so: str) -> Observation:
    return finding(
        script.at(label.taken),
        f"the exception `{label.name}` {so}",
        help="log it with `logger.exception`, and put a fixed text in its place",
        key=script.structural(label.taken),
    )
