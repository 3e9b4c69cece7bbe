"""The mend of `unhandled-run-error`: a `try` around what takes the request apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from amllint.analysis.values import Risk
from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Edit, Fix
from amllint.rules.score.asked_calls import Asked, asked_in
from amllint.rules.score.handlers import LET_TIMEOUT_THROUGH
from amllint.rules.score.script_edits import Wanted, block_unit, indent_edits, whole_lines
from amllint.source.python import syntax as s
from amllint.source.text import Span

CAUGHT: Final = {
    "json.JSONDecodeError": "ValueError",
    "binascii.Error": "ValueError",
    "UnicodeDecodeError": "ValueError",
    "pydantic.ValidationError": "ValueError",
    **{name: name for name in ("ValueError", "KeyError", "IndexError", "TypeError", "OSError")},
}
"""What to catch for what a bad request raises; nothing is offered for other exceptions."""

_FETCHES: Final = re.compile(r"(requests|httpx|urllib|aiohttp|urlopen|urlretrieve)\b")
_ORDER: Final = (
    *("OSError", "ValueError", "KeyError", "IndexError", "TypeError"),
    *("AttributeError", "OverflowError", "RuntimeError"),
)
_MOST: Final = 3
"""Separate places that are guarded; a `run` with more of them wants to be written anew."""


def guard(script: ScoringScript, risks: list[Risk]) -> Fix | None:
    """Answer a bad request with 400, and log it; `None` where that takes a person."""
    function = script.run.function if script.run else None
    if not isinstance(function, s.Function) or _yields(function):
        return None
    unit = block_unit(script, function)
    groups = _groups(script, function, risks)
    wanted = Wanted(script)
    logger, response = wanted.logger(), wanted.response()
    if unit is None or not groups or len(groups) > _MOST or not logger or not response:
        return None
    scope = script.facts.scope(function)
    if scope.local(logger) or scope.local(response):
        return None
    edits: list[Edit] = []
    for first, last, raised in groups:
        asked = asked_in(script, _between(function, first, last))
        lines = handler_lines(raised, logger, response)
        if asked:
            bad = {r.raises for r in risks if first.span.start <= r.span.start < last.span.end}
            parsing = parsing_lines(bad, asked, wanted, logger, response)
            lines = [*parsing, *handler_lines(raised, logger, response, failed=True)]
        own = _wrap(script, first, last, lines, unit)
        if own is None:
            return None
        edits.extend(own)
    message = "answer a bad request with status 400, and log it"
    return Fix("unsafe", message, (*wanted.edits(), *edits))


def _between(function: s.Function, first: s.Stmt, last: s.Stmt) -> tuple[s.Stmt, ...]:
    start, end = first.span.start, last.span.start
    return tuple(n for n in function.body if start <= n.span.start <= end)


def _yields(function: s.Function) -> bool:
    return any(isinstance(n, s.Wrapped) and n.kind != "await" for n in s.walk(function))


def _groups(
    script: ScoringScript, function: s.Function, risks: list[Risk]
) -> list[tuple[s.Stmt, s.Stmt, set[str]]]:
    """Runs of statements to guard together, with the exceptions that they raise.

    Statements in between join them where nothing in them can raise.
    """
    if any(r.within is None or r.missed or r.raises not in CAUGHT for r in risks):
        return []
    raised: dict[Span, set[str]] = {}
    for risk in risks:
        raised.setdefault(risk.within or risk.span, set()).add(CAUGHT[risk.raises])
    others = [r for r in script.outcome.risks if not r.from_request]
    loud = {r.within for r in others}
    fetching = {r.within for r in others if _FETCHES.match(script.source.slice(r.span))}
    if any("OSError" in names and within in fetching for within, names in raised.items()):
        return []  # it would answer for a network that fails as for a bad request
    groups: list[tuple[s.Stmt, s.Stmt, set[str]]] = []
    joined = False
    for risk in (r for r in script.outcome.shapes if r.within in raised):
        raised[risk.within or risk.span].add(risk.raises)
    for statement in function.body:
        found = raised.get(statement.span)
        if found is None:
            joined = joined and statement.span not in loud
        elif joined:
            first, _, before = groups[-1]
            groups[-1] = (first, statement, before | found)
        else:
            groups.append((statement, statement, found))
            joined = True
    return groups


def parsing_lines(
    raises: Iterable[str], asked: Asked, wanted: Wanted, logger: str, response: str
) -> list[str]:
    """A handler for what only the parsing of the request raises, none if there is no such thing."""
    parses = "json.JSONDecodeError" in raises and asked != "network"
    json = wanted.module("json") if parses else None
    return _lines(f"{json}.JSONDecodeError", logger, response) if json else []


def _lines(caught: str, logger: str, response: str) -> list[str]:
    return [
        f"except {caught}:",
        f'\t{logger}.warning("invalid request", exc_info=True)',
        f'\treturn {response}({{"error": "invalid request"}}, 400, json_str=True)',
    ]


def handler_lines(
    raised: Iterable[str], logger: str, response: str, failed: bool = False
) -> list[str]:
    """The lines of the handlers, one level of indentation written as a tab.

    `failed` says that a model or another service may raise the same: that is no bad request.
    """
    caught = [name for name in _ORDER if name in raised or name == "TypeError"]
    # TimeoutError, which the server ends a slow call with, is an OSError.
    timeout = LET_TIMEOUT_THROUGH if "OSError" in caught else ()
    classes = f"({', '.join(caught)})"
    if not failed:
        return [*timeout, *_lines(classes, logger, response)]
    return [
        *timeout,
        f"except {classes}:",
        f'\t{logger}.exception("prediction failed")',
        f'\treturn {response}({{"error": "prediction failed"}}, 500, json_str=True)',
    ]


def _wrap(
    script: ScoringScript, first: s.Stmt, last: s.Stmt, handlers: list[str], unit: str
) -> Iterator[Edit] | None:
    lines = whole_lines(script, first.span, last.span)
    inner = indent_edits(script, lines, unit) if lines else None
    if lines is None or not inner:
        return None
    newline, indent = script.source.newline, lines.indent
    opening = inner[0]._replace(content=f"{indent}try:{newline}{unit}")
    closing = "".join(newline + indent + line.replace("\t", unit) for line in handlers)
    end = Edit(script.path, Span(lines.span.end, lines.span.end), closing)
    return iter([opening, *inner[1:], end])
