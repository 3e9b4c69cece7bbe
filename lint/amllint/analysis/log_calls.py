"""Calls of the standard library's logging: which they are, and how their message is filled."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from amllint.source.python import syntax as s

_METHODS: Final = frozenset(
    {"debug", "info", "warning", "warn", "error", "exception", "critical", "log"}
)
_PLACEHOLDER: Final = re.compile(r"%(?P<name>\()?[#0\- +]*(?P<wide>\*|\d+)?(?:\.\*|\.\d+)?[hlL]?.")


class LogCall(NamedTuple):
    """A message with the values that it is to be filled with, as many as it takes."""

    message: s.Constant | s.FormattedString
    values: tuple[s.Expr, ...]
    takes: int


def log_call(call: s.Call, name: str) -> LogCall | None:
    """A call of a logger whose message and values are all written; `None` for others."""
    owner, _, method = name.rpartition(".")
    if method not in _METHODS or owner not in ("logging", "logging.getLogger()", "logging.root"):
        return None
    plain = [a for a in call.arguments if not a.keyword]
    first = 1 if method == "log" else 0
    if any(a.star for a in call.arguments) or len(plain) <= first:
        return None
    message, *values = (a.value for a in plain[first:])
    if not isinstance(message, (s.Constant, s.FormattedString)):
        return None
    text = message.text if isinstance(message, s.FormattedString) else message.value
    takes = _placeholders(text) if isinstance(text, str) else None
    return LogCall(message, tuple(values), takes) if takes is not None else None


def _placeholders(text: str) -> int | None:
    """How many values a message takes; `None` where they are named, or of varying width."""
    found = [m for m in _PLACEHOLDER.finditer(text) if m.group() != "%%"]
    if any(m["name"] or "*" in m.group() for m in found):
        return None
    return len(found)
