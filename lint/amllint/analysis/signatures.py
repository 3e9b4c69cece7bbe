"""How the inference server finds that it can call `init` and `run`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from amllint.analysis.bindings import ModuleBindings
from amllint.analysis.bound_values import evaluated, executed, own_nodes
from amllint.analysis.classes import called_object
from amllint.analysis.meanings import (
    Answer,
    Code,
    Given,
    Instance,
    Meaning,
    Place,
    Routine,
    Signature,
)
from amllint.analysis.parameters import POSITIONAL, Parameters, partially_bound, required
from amllint.analysis.resolve import Resolver
from amllint.analysis.statements import own_expressions
from amllint.source.python import syntax as s

_WRAPPERS = 10
"""How many wrappers around one function are followed."""


def entry_signatures(
    name: str, module: s.Module, bindings: ModuleBindings, nodes: Iterable[s.Syntax]
) -> tuple[Answer, ...]:
    """How a name of the imported script can be called, `None` where only running would tell.

    There are several answers where the script binds the name on several paths.
    """
    resolver = Resolver(nodes)
    place = Place(module.body, bindings, module.span.end + 1, {}, None)
    if name not in bindings.bound:
        return ()
    return tuple(_answer(resolver, meaning) for meaning in resolver.possible(name, place))


def _answer(resolver: Resolver, meaning: Meaning | None) -> Answer:
    answer = resolver.signature(meaning)
    return _followed(resolver, meaning, answer) if isinstance(answer, Signature) else answer


def _followed(resolver: Resolver, meaning: Meaning | None, answer: Signature) -> Signature:
    """The answer with what a call without arguments meets behind wrappers."""
    for _ in range(_WRAPPERS):
        if answer.taken is None or required(answer.taken):
            break
        if isinstance(meaning, Instance):
            meaning = called_object(resolver, meaning)
        passed_on = _passed_on(resolver, meaning)
        if passed_on is None:
            break
        meaning, call, unpacked = passed_on
        inner = resolver.signature(meaning)
        if not isinstance(inner, Signature) or inner.taken is None:
            break
        answer = answer._replace(taken=_left_of(inner.taken, call, unpacked))
        if answer.taken is None:
            passed = f"`{s.dotted(call.function)}(…)` hands on arguments that it does not take"
            return answer._replace(fault=passed)
    return answer


def _left_of(taken: Parameters, call: s.Call, unpacked: int) -> Parameters | None:
    """The parameters that a call leaves over, `None` where its arguments do not fit."""
    plain = [a for a in call.arguments if not a.star]
    named = {a.keyword: a.value for a in plain if a.keyword is not None}
    return partially_bound(taken, len(plain) - len(named) + unpacked, named)


def _passed_on(resolver: Resolver, meaning: Meaning | None) -> tuple[Meaning, s.Call, int] | None:
    """What a wrapper that is called without arguments certainly calls, and how.

    The number is that of the arguments which were bound before, and are unpacked here.
    """
    code = meaning.code if isinstance(meaning, Routine) else None
    if code is None:
        return None
    place = resolver.entered(code, Given())
    for call in _calls(code.function):
        root = (s.dotted(call.function) or "").partition(".")[0]
        unpacked = _unpacked(call, code, place)
        if not _is_wrapped(root, place) or unpacked is None:
            continue
        called = resolver.meaning(call.function, place)
        if called is not None:
            return called, call, unpacked
    return None


def _is_wrapped(name: str, place: Place) -> bool:
    """Whether a name is an argument of the function or of one around it."""
    here: Place | None = place
    while here is not None:
        if name in here.given:
            return True
        here = here.outer
    return False


def _unpacked(call: s.Call, code: Code, place: Place) -> int | None:
    """How many arguments the `*args` and `**kwargs` of a call stand for, `None` if unknown.

    They are the function's own, and as they came in: nothing else of the function reads them.
    """
    kinds = {p.name: p.kind for p in code.function.parameters}
    count = 0
    for argument in (a for a in call.arguments if a.star):
        name = argument.value.id if isinstance(argument.value, s.Name) else ""
        reads = [n for n in s.walk(code.function) if isinstance(n, s.Name) and n.id == name]
        if kinds.get(name) != argument.star or len(reads) > 1 or name in place.bindings.bound:
            return None
        if argument.star == "*":
            plain = [p for p in code.function.parameters if p.kind in POSITIONAL]
            count = max(0, len(code.first) - len(plain))
    return count


def _calls(function: s.Function | s.Lambda) -> Iterator[s.Call]:
    """Calls that every call of a function gets to."""
    expressions: list[s.Expr] = []
    if isinstance(function, s.Lambda):
        expressions.append(function.body)
    elif not function.is_async and not _yields(function):
        for statement in executed(function.body):
            if not isinstance(statement, (s.Function, s.Class)):
                expressions.extend(own_expressions(statement))
    for expression in expressions:
        yield from (n for n in evaluated(expression) if isinstance(n, s.Call))


def _yields(function: s.Function) -> bool:
    nodes = own_nodes(function.body)
    return any(isinstance(n, s.Wrapped) and n.kind != "await" for n in nodes)
