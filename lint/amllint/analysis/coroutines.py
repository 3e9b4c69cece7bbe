"""Which entry functions only make a coroutine when they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amllint.analysis.classes import called_object
from amllint.analysis.meanings import Code, Given, Instance, Meaning, Place, Routine
from amllint.analysis.resolve import Resolver
from amllint.source.python import syntax as s

if TYPE_CHECKING:
    from amllint.analysis.facts import ScriptFacts

_WRAPPERS = 5
"""How many wrappers around one function are followed."""


def entry_coroutine(facts: ScriptFacts, name: str) -> s.Function | None:
    """The `async def` that calling `name` comes to without awaiting it, if that is certain."""
    if not any(f.is_async for f in facts.all_functions) or name not in facts.bindings.bound:
        return None
    resolver = Resolver(facts.nodes)
    place = Place(facts.module.body, facts.bindings, facts.module.span.end + 1, {}, None)
    found = [_coroutine(resolver, m) for m in resolver.possible(name, place)]
    return found[-1] if found and None not in found else None


def _coroutine(resolver: Resolver, meaning: Meaning | None) -> s.Function | None:
    for _ in range(_WRAPPERS):
        if isinstance(meaning, Instance):
            meaning = called_object(resolver, meaning)
        code = meaning.code if isinstance(meaning, Routine) else None
        if code is None:
            return None
        if isinstance(code.function, s.Function) and code.function.is_async:
            return code.function
        meaning = _handed_through(resolver, code)
    return None


def _handed_through(resolver: Resolver, code: Code) -> Meaning | None:
    """What a function calls as the last thing it does, and returns as it comes."""
    function = code.function
    place = resolver.entered(code, Given())
    value: s.Expr | None = None
    if isinstance(function, s.Lambda):
        value = function.body
    elif all(isinstance(n, (s.Evaluate, s.Assign)) for n in function.body[:-1]):
        last = function.body[-1]
        value = last.value if isinstance(last, s.Return) else None
    return resolver.meaning(value.function, place) if isinstance(value, s.Call) else None
