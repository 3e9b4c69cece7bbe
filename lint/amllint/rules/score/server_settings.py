"""What the inference server reads from files beside the script, and what it refuses in them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from amllint.source.text import Span

SETTINGS: Final = "config.json"
LOGGING: Final = "logging.json"
SWAGGERS: Final = ("swagger.json", "swagger2.json", "swagger3.json", "swagger3.1.json")
INTEGERS: Final = frozenset({"SCORING_TIMEOUT_MS", "AZUREML_DEBUG_PORT"})
TEXTS: Final = frozenset(
    {"SERVICE_NAME", "SERVICE_VERSION", "SERVICE_PATH_PREFIX", "WORKSPACE_NAME"}
    | {"AZUREML_LOG_LEVEL", "AZUREML_SOURCE_DIRECTORY"}
)
FLAGS: Final = frozenset({"APP_INSIGHTS_LOG_RESPONSE_ENABLED"})
WORKSPACE: Final = frozenset({"subscription_id", "resource_group", "workspace_name"})
"""The keys of the file that `Workspace.from_config` reads."""
_INTEGER: Final = re.compile(r"\s*[-+]?\d[\d_]*(\.0*)?\s*")
_FLAG: Final = re.compile(r"(?i)0|off|f|false|n|no|1|on|t|true|y|yes")
_LEVELS: Final = frozenset(
    {"CRITICAL", "FATAL", "ERROR", "WARN", "WARNING", "INFO", "DEBUG", "NOTSET"}
)


class Refused(NamedTuple):
    """Why the server does not start with a file: where in its text, and what to do."""

    span: Span
    why: str
    help: str


def is_integer(value: object) -> bool:
    """Whether the server takes a value for a whole number: `5`, `"5"`, `5.0`."""
    if isinstance(value, str):
        return _INTEGER.fullmatch(value) is not None
    return isinstance(value, int) or (isinstance(value, float) and value.is_integer())


def is_flag(value: object) -> bool:
    """Whether the server takes a value for true or false."""
    if isinstance(value, str):
        return _FLAG.fullmatch(value) is not None
    return isinstance(value, bool) or value in (0, 1)


def parsed(data: bytes) -> tuple[Any, Refused | None]:
    """The value of a file as `json.load` of the server reads it, or why it cannot."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None, Refused(Span(0, 0), "is not UTF-8", "save it as UTF-8")
    if text.startswith("\ufeff"):
        help = "save it as UTF-8 without a byte order mark"
        return None, Refused(Span(0, 0), "begins with a byte order mark", help)
    try:
        return json.loads(text), None
    except json.JSONDecodeError as error:
        at = min(error.pos, max(len(text) - 1, 0))
        why = f"is not valid JSON ({error.msg})" if text.strip() else "is empty"
        return None, Refused(Span(at, min(at + 1, len(text))), why, "correct the JSON")
    except RecursionError:
        return None, None


def refused(name: str, data: bytes) -> tuple[Any, Refused | None]:
    """The value of one of the files, and what the server refuses in it."""
    if name == SETTINGS and not data:
        return None, None  # an empty file is passed over
    value, problem = parsed(data)
    if problem is not None:
        return value, problem
    text = data.decode("utf-8")
    found = _settings(value) if name == SETTINGS else ()
    if name == LOGGING:
        found = _logging(value)
    for why, near, help in found:
        return value, Refused(_place(text, near), why, help)
    return value, None


def _place(text: str, near: str) -> Span:
    at = text.find(json.dumps(near)) if near else -1
    return Span(at, at + len(json.dumps(near))) if at >= 0 else Span(0, min(1, len(text)))


def _settings(value: Any) -> Iterator[tuple[str, str, str]]:
    """What is wrong, a text near to which it stands, and what to write."""
    if not isinstance(value, dict):
        yield "holds no object", "", "make it an object of settings, or leave it out"
        return
    for key, given in value.items():
        if given is None:
            continue
        if key in INTEGERS and not is_integer(given):
            yield f"gives `{key}` as `{_shown(given)}`", key, "give a whole number"
        elif key in TEXTS and not isinstance(given, str):
            yield f"gives `{key}` as `{_shown(given)}`, which is no text", key, "put it in quotes"
        elif key in FLAGS and not is_flag(given):
            yield f"gives `{key}` as `{_shown(given)}`", key, "give true or false"
        elif key == "AZUREML_DEBUG_PORT" and str(given).strip() not in ("0", "False"):
            why = f"sets `{key}`: the server connects to a debugger that is not there"
            yield why, key, "leave it out"


def _shown(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) <= 40 else f"{text[:38]}…"


def _logging(value: Any) -> Iterator[tuple[str, str, str]]:
    """What `logging.config.dictConfig` refuses, as far as it can be read off."""
    if not isinstance(value, dict) or "version" not in value:
        yield "has no `version`", "", 'add "version": 1'
        return
    if value["version"] != 1:
        yield f"has the version `{_shown(value['version'])}`", "version", 'write "version": 1'
        return
    if value.get("incremental"):
        return
    handlers, formatters = _section(value, "handlers"), _section(value, "formatters")
    loggers = [value.get("root"), *_section(value, "loggers").values()]
    for one in (*loggers, *handlers.values()):
        level = one.get("level") if isinstance(one, dict) else None
        if isinstance(level, str) and level not in _LEVELS:
            yield f"has the level `{level}`", level, "write levels in capitals: `INFO`"
    for one in (o for o in loggers if isinstance(o, dict)):
        for name in one.get("handlers") or ():
            if name not in handlers:
                yield f"names the handler `{name}`, which it does not define", name, "define it"
    for name, one in handlers.items():
        if isinstance(one, dict) and not {"class", "()"} & set(one):
            yield f"gives the handler `{name}` no class", name, 'add "class"'
        formatter = one.get("formatter") if isinstance(one, dict) else None
        if isinstance(formatter, str) and formatter not in formatters:
            yield (
                f"names the formatter `{formatter}`, which it does not define",
                formatter,
                ("define it"),
            )


def _section(value: dict[str, Any], key: str) -> dict[str, Any]:
    section = value.get(key)
    return section if isinstance(section, dict) else {}
