"""Texts of exceptions that are meant for the caller: about the request, or a written contract."""

from __future__ import annotations

import re
from typing import Final

from amllint.analysis.exceptions import catches, caught_names
from amllint.artifacts.scoring_script import ScoringScript
from amllint.source.python import syntax as s
from amllint.source.text import Span

_INPUT_ERRORS: Final = frozenset(
    {"ValueError", "KeyError", "TypeError", "IndexError", "AttributeError", "JSONDecodeError"}
    | {"LookupError", "AssertionError", "UnicodeDecodeError"}
)
_TAKES_APART: Final = frozenset(
    {"json.loads", "len", "isinstance", "float", "int", "str", "bool", "list", "dict", "tuple"}
    | {"set", "sorted", "zip", "enumerate", "range", "all", "any", "type", "print", "hasattr"}
    | {"numpy.array", "numpy.asarray", "pandas.DataFrame", "pandas.Series", "base64.b64decode"}
)
_METHODS: Final = frozenset(
    {"get", "keys", "values", "items", "strip", "lower", "upper", "split", "decode", "encode"}
    | {"append", "astype", "reshape", "format", "tolist", "to_numpy", "issubset", "copy"}
    | {"debug", "info", "warning", "error", "exception"}
)
_CONTRACT: Final = re.compile(
    r"\{\s*[\"'](?:error|errors|message|detail|details|exception)[\"']|\ban error object\b"
)
_TELLING: Final = frozenset({"status", "state"})


def about_request(script: ScoringScript, handler: s.Handler) -> bool:
    """Whether what a handler catches tells callers of their own request and of nothing else.

    It takes no wider classes than a bad request raises, and either its `try` only takes the
    request apart, or the script itself raises each of them there.
    """
    caught = {n.rpartition(".")[2] for n in caught_names(handler, script.names) or ()}
    attempt = next((t for t in script.facts.of_kind(s.Try) if handler in t.handlers), None)
    if attempt is None or not caught or not caught <= _INPUT_ERRORS:
        return False
    nodes = [n for statement in attempt.body for n in s.walk(statement)]
    raised = [n.exception for n in nodes if isinstance(n, s.Raise) and n.exception is not None]
    if all(_takes_apart(script, n, raised) for n in nodes if isinstance(n, s.Call)):
        return True
    own = [_class(script, e) for e in raised if isinstance(e, s.Call) and _is_worded(e)]
    return all(c == "JSONDecodeError" or any(catches(c, o) for o in own) for c in caught)


def _takes_apart(script: ScoringScript, call: s.Call, raised: list[s.Expr]) -> bool:
    if call in raised or script.names.qualify(call.function) in _TAKES_APART:
        return True
    return isinstance(call.function, s.Attribute) and call.function.attr in _METHODS


def _class(script: ScoringScript, call: s.Call) -> str:
    return (script.names.qualify(call.function) or "").rpartition(".")[2]


def _is_worded(call: s.Call) -> bool:
    """Whether an exception is made with a text that is written there."""
    first = call.arguments[0].value if call.arguments else None
    written = isinstance(first, s.Constant) and isinstance(first.value, str)
    return written or isinstance(first, s.FormattedString)


def is_contract(script: ScoringScript, place: Span) -> bool:
    """Whether the docstring of the function around a place writes down the answer `{"error": …}`.

    Whoever wrote that has chosen it, and callers read it.
    """
    around = [f for f in script.facts.all_functions if f.span.contains(place)]
    return bool(around) and _CONTRACT.search(_docstring(around[-1])) is not None


def is_envelope(script: ScoringScript, place: Span) -> bool:
    """Whether an answer says itself that it is a failure, by a field that successes have too.

    `{"status": "error", …}` beside `{"status": "success", …}`: callers are made to look at it.
    """
    own: dict[str, object] = {}
    others: list[dict[str, object]] = []
    for node in script.facts.of_kind(s.Dictionary):
        marks = _marks(node)
        if place.contains(node.span):
            own |= marks
        elif marks:
            others.append(marks)
    return any(key in o and o[key] != value for key, value in own.items() for o in others)


def _marks(node: s.Dictionary) -> dict[str, object]:
    """The fields of a dict that say how it went, with constant values."""
    return {
        key.value.lower(): value.value
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, s.Constant)
        and isinstance(key.value, str)
        and isinstance(value, s.Constant)
        and key.value.lower() in _TELLING
    }


def _docstring(function: s.Function) -> str:
    first = function.body[0] if function.body else None
    value = first.value if isinstance(first, s.Evaluate) else None
    said = value.value if isinstance(value, s.Constant) else None
    return said if isinstance(said, str) else ""
