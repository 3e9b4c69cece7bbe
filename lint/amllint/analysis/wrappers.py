"""The wrappers that decorators of the same script put around a function."""

from __future__ import annotations

from typing import Final

from amllint.analysis.names import Names
from amllint.source.python import syntax as s

_KEEPS: Final = frozenset(
    {"input_schema", "output_schema", "rawhttp", "staticmethod", "wraps", "lru_cache", "cache"}
    | {"contextmanager", "singledispatch", "no_type_check", "final", "deprecated"}
)


def own_wrappers(
    function: s.Function, functions: dict[str, s.Function], names: Names
) -> list[tuple[str, s.Function]] | None:
    """The wrappers that decorators of this script put around a function, inside out.

    Each comes with the name by which it knows what it wraps. `None` where a decorator is
    foreign, or cannot be read off; decorators that only mark the function are passed over.
    """
    found: list[tuple[str, s.Function]] = []
    for decorator in reversed(function.decorators):
        called = decorator.function if isinstance(decorator, s.Call) else decorator
        name = names.qualify(called) or ""
        if name.rpartition(".")[2] in _KEEPS:
            continue
        factory = functions.get(name)
        if factory is not None and isinstance(decorator, s.Call):
            factory = _returned_function(factory)
        wrapper = _returned_function(factory) if factory else None
        if factory is None or wrapper is None or not factory.parameters:
            return None
        if wrapper is not factory:
            found.append((factory.parameters[0].name, wrapper))
    return found


def _returned_function(factory: s.Function) -> s.Function | None:
    """The function that a decorator returns: an inner one, or itself if it returns its argument."""
    inner = {n.name: n for n in factory.body if isinstance(n, s.Function)}
    returns = [n for n in factory.body if isinstance(n, s.Return)]
    if len(returns) != 1 or not isinstance(returns[0].value, s.Name):
        return None
    name = returns[0].value.id
    if factory.parameters and name == factory.parameters[0].name:
        return factory
    return inner.get(name)
