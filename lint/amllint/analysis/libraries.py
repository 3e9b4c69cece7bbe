"""What calls of the standard library and of the server's own decorators come to."""

from __future__ import annotations

from typing import Final

from amllint.analysis.meanings import (
    External,
    Given,
    Inert,
    Instance,
    Meaning,
    OwnClass,
    Resolves,
    Routine,
    Signature,
)
from amllint.analysis.parameters import partially_bound

_DECORATORS: Final = frozenset(
    {"rawhttp", "lru_cache", "cache", "contextmanager", "no_type_check", "final"}
    | {"atexit.register", "singledispatch"}
)
_FACTORIES: Final = frozenset({"input_schema", "output_schema", "lru_cache", "deprecated"})

_MISFIT: Final = Inert("a partial with arguments that do not fit", True, unfit=True)


def called(resolver: Resolves, callee: External, given: Given) -> Meaning | None:
    """What calling something imported or built in comes to."""
    first = given.positional[0] if given.positional else None
    if callee.made is not None:
        return _applied(resolver, callee, callee.made, first)
    if callee.name == "functools.partial":
        return _partial(resolver, given)
    if callee.name == "functools.update_wrapper":
        second = given.positional[1:2] or (given.keywords.get("wrapped"),)
        return passing_for(resolver, first, second[0])
    if callee.name == "functools.wraps":
        return callee._replace(made=given)
    if isinstance(first, (Instance, OwnClass)):
        seen = resolver.signature(first)
        first = Routine(seen.shown, seen.taken, None) if isinstance(seen, Signature) else None
    return _decorated(callee, given, first)


def _decorated(callee: External, given: Given, first: Meaning | None) -> Meaning | None:
    last = callee.name.rpartition(".")[2]
    if isinstance(first, Routine) and len(given.positional) == 1:
        if callee.name == "property":
            return Inert("a property")
        if callee.name == "staticmethod":
            return first._replace(binds="nothing")
        if callee.name == "classmethod":
            return first._replace(binds="class")
        if last == "singledispatch":
            # Called without arguments, the dispatcher fails by itself.
            return first._replace(taken=None)
        if last in _DECORATORS or callee.name in _DECORATORS:
            return first
    if isinstance(first, Inert) and first.unfit and last in _DECORATORS:
        return first
    return callee._replace(made=given) if last in _FACTORIES else None


def _applied(
    resolver: Resolves, callee: External, made: Given, function: Meaning | None
) -> Meaning | None:
    """What `@callee(…)` makes of a function."""
    if callee.name == "functools.wraps":
        wrapped = made.positional[0] if made.positional else made.keywords.get("wrapped")
        return passing_for(resolver, function, wrapped)
    return function


def passing_for(
    resolver: Resolves, wrapper: Meaning | None, wrapped: Meaning | None
) -> Meaning | None:
    """A wrapper with the signature of what it wraps, as `functools.wraps` makes it."""
    if not isinstance(wrapper, Routine):
        return None
    seen = resolver.signature(wrapped)
    return wrapper._replace(shown=seen.shown if isinstance(seen, Signature) else None)


def _partial(resolver: Resolves, given: Given) -> Meaning | None:
    target = resolver.signature(given.positional[0]) if given.positional else None
    if not isinstance(target, Signature) or not given.complete:
        return None
    lists = [
        None if p is None else partially_bound(p, len(given.positional) - 1, given.written)
        for p in (target.shown, target.taken)
    ]
    if lists == [None, None]:
        known = None not in (target.shown, target.taken)
        return _MISFIT if known else None
    routine = given.positional[0]
    code = routine.code if isinstance(routine, Routine) and not given.written else None
    first = (*code.first, *given.positional[1:]) if code else ()
    return Routine(lists[0], lists[1], code and code._replace(first=first))
