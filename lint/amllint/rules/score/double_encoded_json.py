"""The answer is JSON text, which the server encodes once more.

## What it does
Reports an online `run` that returns the text of `json.dumps(…)` or `to_json()`, and an
`AMLResponse(…, json_str=True)` or `flask.jsonify` that is given such a text. The failures
that a handler answers with are left to `error-as-success`, and a value that `json.dumps`
cannot take to `not-serializable-return`.

## Why it matters
The server makes JSON of whatever `run` returns. Of a text it makes a quoted text:
`"{\\"result\\": [1, 2]}"`. Callers have to parse the answer twice, and those that parse it
once, as every client library does, hold a string where the documentation says object.
Microsoft's own samples do this, so clients may rely on it by now: hence advice.

## Example
```python score.py {17} persona=pedantic
import json
import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(raw_data):
    try:
        data = json.loads(raw_data)["data"]
        result = model.predict(data).tolist()
        # clients get a text
        return json.dumps({"result": result})
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
        data = json.loads(raw_data)["data"]
        result = model.predict(data).tolist()
        return {"result": result}
    except (ValueError, KeyError, TypeError):
        raise
    except Exception:
        raise
```

## Fix safety
Unsafe: callers that parse the answer twice have to change with it. `json.dumps` is taken
from around what it encodes; `to_json()` is read back, `json.loads(frame.to_json())`, which
keeps its own way of writing dates and missing values. Nothing is offered where other code
reads the text as well: where the script is run by hand (`__main__`) or imported elsewhere.

## Sources
- azureml-inference-server-http 1.5.1: a text comes back in quotes (executed); 0.4.13 and
  0.8.4 encode it the same way (source).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace

from amllint.analysis.kinds import leaves
from amllint.analysis.values import Encoded, Returned
from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Edit, Fix, Observation, finding
from amllint.rules.registry import rule
from amllint.rules.score.answer_kinds import REFUSED
from amllint.rules.score.script_edits import Wanted
from amllint.source.python import syntax as s
from amllint.source.text import Span
from amllint.units import Linker

_LAYOUT = {"indent", "ensure_ascii", "sort_keys", "separators", "allow_nan"}
"""Arguments that change how `json.dumps` writes, not what."""


@rule("AML123", "double-encoded-json", severity="info", stage="score", fix="unsafe")
def double_encoded_json(script: ScoringScript, links: Linker) -> Iterator[Observation]:
    """Report each text of JSON that is encoded again."""
    if script.run is None or not script.online:
        return
    refused = [e.call.span for e in script.outcome.encoded if _fails(e)]
    found: dict[Span, Observation] = {}
    for encoded in script.outcome.encoded:
        if encoded.by != "json.dumps" and encoded.value.kind.name == "json text":
            found[encoded.body.span] = _again(script, encoded.body, encoded.by, None)
    for returned in script.outcome.returns if script.facts.answers_itself else ():
        text = returned.expression
        if text is None or not _is_plain_text(returned) or text.span in refused:
            continue
        fix = _decoded(script, returned)
        found[text.span] = _again(script, text, "the server", fix)
    if found and (script.facts.is_program or _is_imported(script, links)):
        yield from (replace(o, fix=None) for o in found.values())
        return
    yield from found.values()


def _is_imported(script: ScoringScript, links: Linker) -> bool:
    """Whether other code of the repository imports the script, and may read what `run` returns."""
    stem = os.path.basename(script.file).removesuffix(".py").encode()
    imports = rb"\b(?:import|from)[ \t][^\n]{0,200}?\b%s\b" % re.escape(stem)
    return links.mentions(script.file, re.compile(imports), stem)


def _is_plain_text(returned: Returned) -> bool:
    value = returned.value
    failure = returned.handler is not None and returned.failure
    return value.status is None and value.kind.name == "json text" and not failure


def _fails(encoded: Encoded) -> bool:
    kinds = (kind for _, kind in leaves(encoded.value.kind, encoded.body.span))
    return any(kind in REFUSED for kind in kinds)


def _again(script: ScoringScript, text: s.Expr, by: str, fix: Fix | None) -> Observation:
    return finding(
        script.at(text.span),
        f"`{script.text(text.span)}` is JSON already, and {by} encodes it again: the caller "
        "gets a quoted text, not an object",
        help="answer with the object itself",
        fix=fix,
        key=script.structural(text.span),
    )


def _decoded(script: ScoringScript, returned: Returned) -> Fix | None:
    """Answer with what the text was made of."""
    made = _made_by(script, returned)
    if made is None or returned.delegated:
        return None
    if isinstance(made.function, s.Attribute) and made.function.attr == "to_json":
        wanted = Wanted(script)
        module = wanted.module("json")
        before = Edit(script.path, Span(made.span.start, made.span.start), f"{module}.loads(")
        after = Edit(script.path, Span(made.span.end, made.span.end), ")")
        edits = (*wanted.edits(), before, after)
        return Fix("unsafe", "answer with an object", edits) if module else None
    if script.names.qualify(made.function) != "json.dumps" or not _is_layout_only(made):
        return None
    body = made.arguments[0].value.span
    cut = (Span(made.span.start, body.start), Span(body.end, made.span.end))
    if any("#" in script.source.slice(span) for span in cut):
        return None
    edits = tuple(Edit(script.path, span, "") for span in cut)
    return Fix("unsafe", "answer with an object", edits)


def _is_layout_only(call: s.Call) -> bool:
    first, *others = call.arguments
    plain = first.keyword is None and not first.star
    return plain and all(a.keyword in _LAYOUT for a in others)


def _made_by(script: ScoringScript, returned: Returned) -> s.Call | None:
    """The call that made the text, where nothing but the return reads it."""
    text = returned.expression
    if isinstance(text, s.Call):
        return text
    made = returned.value.source
    if not isinstance(text, s.Name) or not isinstance(made, s.Call):
        return None
    around = [f for f in script.facts.all_functions if f.span.contains(returned.span)]
    if not around or not script.facts.scope(around[-1]).local(text.id):
        return None
    scope = script.facts.scope(around[-1])
    alone = scope.reads.get(text.id) == [text.span] and len(scope.bound[text.id]) == 1
    return made if alone else None
