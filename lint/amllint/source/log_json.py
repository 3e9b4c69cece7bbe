"""Lines of a log that are JSON objects: what Docker's json-file driver and collectors keep."""

from __future__ import annotations

import json
from typing import Any, Final

_TEXTS: Final = ("log", "message", "msg", "text", "body")
_TRACES: Final = ("exc_info", "exception", "stack_trace", "stacktrace", "traceback", "stack")
_LEVELS: Final = ("level", "levelname", "severity")
_LOUD: Final = frozenset({"ERROR", "CRITICAL", "FATAL"})
_LONGEST: Final = 1 << 20


def object_lines(line: str) -> list[str] | None:
    """The lines of the message that a log line holds as an object; `None` if it is none such.

    The answer of a service, with a code or something nested, is none.
    """
    if not line.startswith("{") or len(line) > _LONGEST or not line.rstrip().endswith("}"):
        return None
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    text = _first(entry, _TEXTS)
    if text is None or "code" in entry or isinstance(entry.get("error"), dict):
        return None
    level = _first(entry, _LEVELS)
    loud = level is not None and level.upper() in _LOUD
    found = [*text.splitlines(), *(_first(entry, _TRACES) or "").splitlines()]
    if loud and found and level is not None and "Traceback (most recent" not in found[0]:
        found[0] = f"{level.upper()}: {found[0]}"
    return found or [""]


def _first(entry: dict[str, Any], names: tuple[str, ...]) -> str | None:
    values = (entry.get(name) for name in names)
    return next((value for value in values if isinstance(value, str)), None)
