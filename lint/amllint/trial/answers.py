"""What an answer says to a client: JSON, JSON within JSON, or a failure told as success."""

from __future__ import annotations

import json
import re
from typing import Any, Final, NamedTuple

_ERROR_KEYS: Final = frozenset(
    {
        "error",
        "errors",
        "error_message",
        "errormessage",
        "error_msg",
        "exception",
        "traceback",
        "stacktrace",
        "stack_trace",
    }
)
_EXCEPTION_TEXT: Final = re.compile(
    r"\s*(?:Traceback \(most recent call last\)"
    r"|(?:[\w.]+\.)?[A-Z]\w*(?:Error|Exception)\b\s*[:(]"
    r"|(?:an? )?(?:unexpected |unhandled )?(?:error|exception)\b(?: occurred| while|:| \w+ing\b)"
    r"|Expecting (?:value|property name|',' delimiter|':' delimiter).*: line \d+ column \d+"
    r"|Extra data: line \d+"
    r"|(?:could not convert string to|invalid literal for) "
    r"|(?:list|string|tuple) (?:index out of range|indices must be)"
    r"|'\w+' object (?:is not|has no attribute)"
    r"|name '\w+' is not defined"
    r"|unsupported operand type)",
    re.IGNORECASE,
)
_KEY_ERROR: Final = re.compile(r"'[^'\n]*'$")
_STATUS: Final = range(400, 600)


class Body(NamedTuple):
    """A body: its JSON value if it is JSON, and what is odd about it.

    `doubled` says that it is a JSON text which itself holds JSON; `strict` that every reader of
    JSON takes it (`NaN` is only Python's); `failure` quotes what says that the call failed.
    """

    is_json: bool
    value: Any
    doubled: bool
    strict: bool
    failure: str | None


def read(body: bytes, status: int) -> Body:
    """Read a body as a client does."""
    text = body.decode("utf-8", "replace")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return Body(False, text, False, True, _failure(text) if status == 200 else None)
    inner = _inner(value)
    told = value if inner is None else inner
    failure = _failure(told) if 200 <= status < 300 else None
    return Body(True, value, inner is not None, _is_strict(text), failure)


def _inner(value: Any) -> Any:
    """The object, array or text that a JSON text holds, `None` if it holds none."""
    if not isinstance(value, str) or value.strip()[:1] not in ("{", "[", '"'):
        return None
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None


def _is_strict(text: str) -> bool:
    def refuse(name: str) -> None:
        raise ValueError(name)

    try:
        json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError):
        return False
    return True


def _failure(value: Any) -> str | None:
    if isinstance(value, str):
        told = _EXCEPTION_TEXT.match(value) or _KEY_ERROR.match(value)
        return _short(value) if told else None
    if isinstance(value, dict):
        return _failing_key(value)
    if isinstance(value, list) and len(value) == 2 and isinstance(value[1], int):
        if value[1] in _STATUS and not isinstance(value[0], (int, float)):
            return _short(json.dumps(value))
        return None
    return None


def _failing_key(value: dict[str, Any]) -> str | None:
    for key, inner in value.items():
        said = isinstance(inner, (str, dict, list)) and bool(inner)
        if key.lower() in _ERROR_KEYS and (said or inner is True):
            return _short(json.dumps({key: inner}))
    return None


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 120 else line[:119] + "…"
