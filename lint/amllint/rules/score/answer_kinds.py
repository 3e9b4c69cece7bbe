"""Kinds of values that an answer cannot hold, and how to write what JSON does know instead."""

from __future__ import annotations

from typing import Final, NamedTuple

from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Edit, Fix
from amllint.source.python import syntax as s
from amllint.source.text import Span


class Refused(NamedTuple):
    """A kind that JSON does not know: how messages call it, and what to write instead.

    `instead` has `{}` for the expression and is empty where that takes a person. `sure` says
    whether the text of the mend is right whatever the value holds.
    """

    said: str
    instead: str = ""
    sure: bool = True


REFUSED: Final = {
    "ndarray": Refused("a NumPy array", "{}.tolist()"),
    "typed ndarray": Refused("a NumPy array", "{}.tolist()"),
    "numpy number": Refused("a NumPy number or array", "{}.tolist()"),
    "dataframe": Refused("a DataFrame", '{}.to_dict(orient="records")'),
    "series": Refused("a Series", "{}.tolist()"),
    "index": Refused("a pandas index", "{}.tolist()"),
    "tensor": Refused("a tensor", "{}.tolist()"),
    "tf tensor": Refused("a tensor", "{}.numpy().tolist()"),
    "bytes": Refused("bytes", "base64.b64encode({}).decode()", sure=False),
    "text bytes": Refused("bytes", "{}.decode()"),
    "set": Refused("a set", "list({})"),
    "range": Refused("a range", "list({})"),
    "dict view": Refused("a view of a dict", "list({})"),
    "iterator": Refused("an iterator", "list({})", sure=False),
    "generator": Refused("a generator", "list({})", sure=False),
    "deque": Refused("a deque", "list({})", sure=False),
    "datetime": Refused("a date or time", "{}.isoformat()"),
    "timedelta": Refused("a timedelta", "{}.total_seconds()"),
    "decimal": Refused("a Decimal", "float({})"),
    "uuid": Refused("a UUID", "str({})"),
    "path": Refused("a path", "str({})"),
    "complex": Refused("a complex number"),
    "ellipsis": Refused("`...`"),
    "bytesio": Refused("a BytesIO"),
    "stringio": Refused("a StringIO", "{}.getvalue()"),
    "function": Refused("a function"),
    "object": Refused("an object of a class of this script"),
    "model object": Refused("a pydantic model"),
    "loaded prediction": Refused(
        "what the loaded model predicts, an array or Series of nearly any library,", "{}.tolist()"
    ),
    "some prediction": Refused(
        "what `predict` gives, an array of most libraries,", "{}.tolist()", sure=False
    ),
}
FLASK_KNOWS: Final = frozenset({"datetime", "decimal", "uuid"})
"""Kinds that `flask.jsonify` knows how to write, unlike `json.dumps`."""


def as_json(script: ScoringScript, at: Span, kind: str) -> Fix | None:
    """Write the value at a place as something that JSON knows."""
    refused = REFUSED[kind]
    if not refused.instead or not refused.sure:
        return None
    text = script.source.slice(at)
    suffix = refused.instead.startswith("{}")
    if "#" in text or (suffix and not _binds(script, at)):
        return None
    before, after = refused.instead.split("{}")
    start, end = Span(at.start, at.start), Span(at.end, at.end)
    edits = [Edit(script.path, start, before)] if before else []
    fix = (*edits, Edit(script.path, end, after))
    return Fix("unsafe", f"answer with `{refused.instead.format('…')}`", fix)


def _binds(script: ScoringScript, at: Span) -> bool:
    """Whether `.method()` behind an expression belongs to all of it."""
    node = s.path_to(script.module, at)[-1]
    return node.span == at and isinstance(node, (s.Name, s.Attribute, s.Call, s.Subscript))
