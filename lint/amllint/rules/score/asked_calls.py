"""Whether statements ask a model or another service, whose errors are not the caller's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, Literal, TypeAlias

from amllint.analysis.network_calls import WAITING
from amllint.artifacts.scoring_script import ScoringScript
from amllint.source.python import syntax as s

Asked: TypeAlias = Literal["", "model", "network"]

_PREDICTS: Final = frozenset(
    {"predict", "predict_proba", "predict_log_proba", "predict_on_batch", "decision_function"}
    | {"generate", "forward", "infer"}
)
_FETCHES: Final = re.compile(r"(requests|httpx|urllib3?|aiohttp|http\.client|openai)\b")
_DEEPEST: Final = 3


def asked_in(script: ScoringScript, statements: Iterable[s.Stmt]) -> Asked:
    """What statements ask, own functions that they call included; the network counts more."""
    found = {_asks(script, call) for call in _calls(script, statements, _DEEPEST)}
    return "network" if "network" in found else "model" if "model" in found else ""


def tried_by(script: ScoringScript, handler: s.Handler) -> tuple[s.Stmt, ...]:
    """The statements that a handler is there for."""
    tries = (t for t in script.facts.of_kind(s.Try) if handler in t.handlers)
    return next((t.body for t in tries), ())


def _calls(script: ScoringScript, parts: Iterable[s.Syntax], steps: int) -> Iterator[s.Call]:
    for part in parts:
        for node in s.walk(part):
            if isinstance(node, s.Call):
                yield node
                name = node.function.id if isinstance(node.function, s.Name) else ""
                own = script.facts.functions.get(name) if steps else None
                yield from _calls(script, own.body, steps - 1) if own else ()


def _asks(script: ScoringScript, call: s.Call) -> Asked:
    function = call.function
    name = script.facts.callees.name(function)
    if name in WAITING or _FETCHES.match(name):
        return "network"
    if isinstance(function, s.Attribute):
        runs = function.attr == "run" and "session" in (s.dotted(function.value) or "").lower()
        return "model" if runs or function.attr in _PREDICTS else ""
    return "model" if isinstance(function, s.Name) and _is_object(script, function.id) else ""


def _is_object(script: ScoringScript, name: str) -> bool:
    """Whether a called name is a variable of the module: a model that is called itself."""
    bound = script.bindings.bound.get(name, ())
    assigned = bool(bound) and all(isinstance(b.statement, s.Assign) for b in bound)
    if bound and not assigned:
        return False
    declared = (d for d in script.facts.of_kind(s.Declare) if d.kind == "global")
    return assigned or any(name in d.names for d in declared)
