"""Logging is set up, or written, in a way that does nothing.

## What it does
Reports, in online scripts and the modules they import from the source directory,

- `logging.basicConfig` without `force=True`. The server has logged before it imports the
  script, so that the root logger has a handler, and `basicConfig` does nothing then. What
  asks for the level that is in place anyway (WARNING) is left alone, and so are scripts
  that look at the root logger's handlers, or set a level on a logger where that is all that
  `basicConfig` would do;
- log calls whose message takes more or fewer values than they pass, `logger.info("x:", y)`:
  the line is lost.

## Why it matters
`logging.info` says nothing in the container's log, although it does on a laptop, and it is
missed when something has gone wrong. A message that does not fit its values prints
`--- Logging error ---` and a traceback in place of the line.

## Example
```python score.py {3,12} persona=pedantic
import logging

logging.basicConfig(level=logging.INFO)
logger = logging.getLogger(__name__)


def init():
    logger.info("the service starts")


def run(raw_data):
    logger.info("characters received:", len(raw_data))
    return {"received": len(raw_data)}
```

## Use instead
```python score.py
import logging

logging.basicConfig(level=logging.INFO, force=True)
logger = logging.getLogger(__name__)


def init():
    logger.info("the service starts")


def run(raw_data):
    logger.info("characters received: %s", len(raw_data))
    return {"received": len(raw_data)}
```

## Fix safety
Safe: `force=True` takes away the handler that the server's first line of log left behind,
and puts the one in place that is asked for, to the same stream; the server's own lines go
through loggers with handlers of their own. It is not offered where the log would go to a
file or to given handlers, where handlers are added, or where the linked environment's
Python is older than 3.8. `%s` is added to messages that take no value.

## Sources
- azureml-inference-server-http 1.5.1, executed with ten forms of setting logging up: the
  root logger has a handler for the standard error stream at level WARNING (left there by
  `logging.debug` in amlserver.py); `basicConfig` with a level, a format, a file or a stream
  changed nothing; `force=True` and `getLogger().setLevel` did.
- Python documentation, logging: `basicConfig`; "Logging error" printed by `handleError`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from amllint.analysis.bodies import Site
from amllint.analysis.log_calls import LogCall, log_call
from amllint.artifacts.scoring_script import ScoringScript
from amllint.artifacts.script_module import ReachedCall, ScriptModule
from amllint.findings.finding import Edit, Fix, Observation, finding
from amllint.rules.registry import rule
from amllint.rules.score.reached_once import reached_once
from amllint.source.python import syntax as s
from amllint.source.text import Span
from amllint.units import DeploymentUnit

_OWN_HANDLERS: Final = re.compile(r"\.(?:handlers|hasHandlers|removeHandler)\b")
_OLD_PYTHON: Final = re.compile(r"python\s*[=<>~!]+\s*(?:2|3\.[0-7](?:\D|$))")
_ELSEWHERE: Final = frozenset({"filename", "handlers", "filemode"})
_DEFAULT: Final = frozenset({"logging.WARNING", "logging.WARN", "WARNING", "30"})


@rule("AML132", "logging-has-no-effect", severity="info", stage="operate", fix="safe")
def logging_has_no_effect(script: ScoringScript, unit: DeploymentUnit) -> Iterator[Observation]:
    """Report set-ups that do nothing, and messages that do not fit their values."""
    if not script.online:
        return
    modules = [m for m in (script.itself, *script.modules.values()) if "logging" in m.source.text]
    if not modules:
        return
    for _, reached in reached_once(script, ("import", "init", "run")):
        if reached.name == "logging.basicConfig" and _is_idle(reached):
            yield _set_up(reached, unit)
    for module in modules:
        for site in (site for b in module.facts.bodies.by_name.values() for site in b.calls):
            written = log_call(*site)
            if written is not None and written.values and written.takes != len(written.values):
                yield _unfit(module, site, written)


def _is_idle(reached: ReachedCall) -> bool:
    """Whether a call of `basicConfig` asks for something, and does not get it."""
    asked = {a.keyword: a.value for a in reached.call.arguments}
    force = asked.pop("force", None)
    forced = force is not None and not (isinstance(force, s.Constant) and not force.value)
    if forced or any(a.star for a in reached.call.arguments):
        return False
    if _OWN_HANDLERS.search(reached.module.source.text):
        return False
    level = asked.get("level")
    if level is not None and reached.module.source.slice(level.span).strip("\"'") in _DEFAULT:
        del asked["level"]
    only_level = asked.keys() <= {"level"}
    return bool(asked) and not (only_level and ".setLevel(" in reached.module.source.text)


def _set_up(reached: ReachedCall, unit: DeploymentUnit) -> Observation:
    module = reached.module
    return finding(
        module.at(reached.call.span),
        "`logging.basicConfig` does nothing here: the server has set logging up before it "
        "imports the script, so that none of this takes hold, and the level stays WARNING",
        help="pass `force=True`, or set the level: `logging.getLogger().setLevel(logging.INFO)`",
        fix=_force(reached, unit),
        key=f"{reached.body.name}/basicConfig",
    )


def _force(reached: ReachedCall, unit: DeploymentUnit) -> Fix | None:
    call, module = reached.call, reached.module
    keywords = {a.keyword for a in call.arguments}
    elsewhere = keywords & (_ELSEWHERE | {"force"}) or "addHandler" in module.source.text
    if elsewhere or _may_be_old(unit) or not call.arguments:
        return None
    end = call.arguments[-1].span.end
    if module.source.slice(Span(end, call.span.end)).count(")") > 1:
        return None
    edit = Edit(module.path, Span(end, end), ", force=True")
    return Fix("safe", "set logging up anew", (edit,))


def _may_be_old(unit: DeploymentUnit) -> bool:
    """Whether the linked environment's Python may lack `force`, which came with 3.8."""
    packages = unit.environment.conda if unit.environment else ()
    return any(_OLD_PYTHON.match(p.text) for p in packages)


def _unfit(module: ScriptModule, site: Site, written: LogCall) -> Observation:
    given, takes = len(written.values), written.takes
    told = "no value" if not takes else f"{takes} value{'s' if takes > 1 else ''}"
    return finding(
        module.at(site.call.span),
        f"`{module.text(site.call.span)}` passes {given}, and its message takes {told}: "
        f"logging {_instead(written)}",
        help='write `%s` where each value goes: `logger.info("received: %s", value)`',
        fix=_placeholders(module, written),
        key=module.source.slice(written.message.span),
    )


def _instead(written: LogCall) -> str:
    """What comes of values that have no place: a dict alone counts as named values."""
    may_be_dict = len(written.values) == 1 and not written.takes
    if may_be_dict and isinstance(written.values[0], s.Dictionary):
        return "leaves it out"
    failed = "prints an error in place of the line"
    return f"{failed}, or leaves the value out if it is a dict" if may_be_dict else failed


def _placeholders(module: ScriptModule, written: LogCall) -> Fix | None:
    """Add `%s` for each value to a message that has none and no other percent sign."""
    message = written.message
    if not isinstance(message, s.Constant) or not isinstance(message.value, str):
        return None
    literal = module.source.slice(message.span)
    if "%" in message.value or literal[-1:] not in ("'", '"'):
        return None
    width = 3 if literal.endswith(('"""', "'''")) and len(literal) >= 6 else 1
    at = message.span.end - width
    blank = "" if not message.value or message.value[-1].isspace() else " "
    added = blank + " ".join(["%s"] * len(written.values))
    edit = Edit(module.path, Span(at, at), added)
    return Fix("safe", "write the values into the message", (edit,))
