"""Calls as Python code, in the ways that people write them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.oracle.layouts import Raw

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Call:
    """``function(**arguments)`` of a module; ``order`` names the first parameters by place."""

    function: str
    module: str
    arguments: Mapping[str, Any]
    order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Code:
    """A script: lines before the call, and the call that makes the configuration."""

    calls: tuple[Call, ...]
    imports: tuple[str, ...] = ()
    before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expression:
    """Python text that goes into the call as it stands."""

    text: str


def literal(value: Any) -> str | None:
    """A value as Python writes it; None for those that it has no literal for."""
    if isinstance(value, Raw):
        return None
    if isinstance(value, Expression):
        return value.text
    if isinstance(value, float) and not math.isfinite(value):
        return "1e999" if value > 0 else None
    return repr(value)


def code(rng: random.Random, script: Code) -> str:
    """The text of a script."""
    (call,) = script.calls
    owner = call.function.partition(".")[0]
    style = rng.random()
    if style < 0.1:
        head, function = f"import {call.module}", f"{call.module}.{call.function}"
    elif style < 0.2:
        head = f"from {call.module} import {owner} as Service"
        function = call.function.replace(owner, "Service", 1)
    else:
        head, function = f"from {call.module} import {owner}", call.function
    body = written(rng, function, call)
    return "\n".join((head, *script.imports, "", *script.before, *body)) + "\n"


def written(rng: random.Random, function: str, call: Call) -> list[str]:
    """The call in one of its layouts."""
    arguments = {name: literal(value) or "None" for name, value in call.arguments.items()}
    placed = []
    if call.order and rng.random() < 0.3:
        for name in call.order:
            if name not in arguments:
                break
            placed.append(arguments.pop(name))
    layout = rng.random()
    if layout < 0.45:
        return [f"config = {function}({given(placed, arguments)})"]
    if layout < 0.60:
        items = [*placed, *(f"{name}={value}" for name, value in arguments.items())]
        return [f"config = {function}(", *(f"    {item}," for item in items), ")"]
    if layout < 0.72:
        spread = "{" + ", ".join(f'"{name}": {value}' for name, value in arguments.items()) + "}"
        kept = ", ".join((*placed, "**settings"))
        return [f"settings = {spread}", f"config = {function}({kept})"]
    if layout < 0.88 and arguments:
        name = rng.choice(list(arguments))
        value, arguments[name] = arguments[name], name.upper()
        return [f"{name.upper()} = {value}", f"config = {function}({given(placed, arguments)})"]
    return [
        "",
        "def configuration():",
        f"    return {function}({given(placed, arguments)})",
        "",
        "",
        "config = configuration()",
    ]


def given(placed: list[str], arguments: Mapping[str, str]) -> str:
    """Arguments between the parentheses of a call."""
    return ", ".join((*placed, *(f"{name}={value}" for name, value in arguments.items())))
