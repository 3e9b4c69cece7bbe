"""Arithmetic on parameters: what is left of them once arguments are bound."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

from amllint.source.python import syntax as s

Parameters: TypeAlias = tuple[s.Parameter, ...]

POSITIONAL: Final = frozenset({"positional-only", "plain"})
_NAMED: Final = frozenset({"plain", "keyword-only"})


def required(parameters: Parameters) -> Parameters:
    """Those without which a call fails."""
    return tuple(p for p in parameters if p.kind not in ("*", "**") and p.default is None)


def without_first(parameters: Parameters) -> Parameters | None:
    """What a bound method shows; `None` where there is no place for its object."""
    if not parameters or parameters[0].kind in ("keyword-only", "**"):
        return None
    return parameters if parameters[0].kind == "*" else parameters[1:]


def partially_bound(
    parameters: Parameters, positional: int, keywords: Mapping[str, s.Expr]
) -> Parameters | None:
    """What `functools.partial` shows; `None` where the arguments do not fit.

    As in `inspect.signature`, a parameter bound by its name can only be passed by name from
    then on, and so can those behind it.
    """
    left = list(parameters)
    for _ in range(positional):
        if left and left[0].kind in POSITIONAL:
            gone = left.pop(0)
            if gone.kind == "plain" and gone.name in keywords:
                return None
        elif all(p.kind != "*" for p in left):
            return None
    named = {p.name for p in left if p.kind in _NAMED}
    if not named.issuperset(keywords) and all(p.kind != "**" for p in left):
        return None
    return _bound_by_name(left, keywords)


def _bound_by_name(left: list[s.Parameter], keywords: Mapping[str, s.Expr]) -> Parameters:
    found: list[s.Parameter] = []
    by_name = False
    for parameter in left:
        if parameter.kind in _NAMED and parameter.name in keywords:
            by_name = by_name or parameter.kind == "plain"
            parameter = parameter._replace(default=keywords[parameter.name])
        if by_name and parameter.kind == "plain":
            parameter = parameter._replace(kind="keyword-only")
        if not (by_name and parameter.kind == "*"):
            found.append(parameter)
    return tuple(found)


def same_shape(one: Parameters | None, other: Parameters | None) -> bool:
    """Whether two lists differ in nothing but where they are written."""
    if one is None or other is None:
        return False
    return [_shape(p) for p in one] == [_shape(p) for p in other]


def _shape(parameter: s.Parameter) -> tuple[str, str, bool]:
    return parameter.name, parameter.kind, parameter.default is not None
