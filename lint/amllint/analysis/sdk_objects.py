"""Objects of azureml-core in a script: the call that makes one, and what is done to it later."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from amllint.analysis.facts import ScriptFacts
from amllint.analysis.sdk_calls import SdkCall, SdkCalls
from amllint.analysis.statements import inner_blocks, own_expressions
from amllint.analysis.values_of import Values
from amllint.analysis.variables import Scope
from amllint.source.python import syntax as s
from amllint.source.text import Span

_DEEPEST = 12


class Effect(NamedTuple):
    """Something done to what a name stands for.

    `path` leads from the name to the attribute; an item set by a literal key ends it in `[key]`.
    `value` is what is assigned, `call` a method's call (its name ends the path). Neither: the
    whole is handed to a function of the script, which may do anything to it. `block` is where
    the statement stands: whoever is in there too has passed it.
    """

    path: tuple[str, ...]
    value: s.Expr | None
    call: s.Call | None
    at: int
    block: Span
    scope: Scope

    def is_certain(self, until: int) -> bool:
        """Whether whoever gets to an offset has passed it."""
        return self.block.start <= until <= self.block.end


class Made(NamedTuple):
    """An object: the call that makes it, and each name it went through, with the offset since."""

    call: SdkCall
    names: tuple[tuple[str, int, Scope], ...]


class Objects:
    """What the names of one script stand for, as far as azureml-core made it."""

    def __init__(self, facts: ScriptFacts, values: Values, calls: SdkCalls) -> None:
        self._facts = facts
        self._values = values
        self._calls = calls
        self._effects: dict[str, list[Effect]] = {}
        self._collect(facts.module.body, facts.variables.module)

    def made(self, node: s.Expr | None) -> Made | None:
        """What made the object that an expression is, `None` where that cannot be told."""
        names: list[tuple[str, int, Scope]] = []
        for _ in range(_DEEPEST):
            if isinstance(node, s.Name):
                found = self._values.given(node)
                if found is None:
                    return None
                scope = self._facts.variables.scope_at(node.span.start)
                names.append((node.id, found.span.end, scope))
                node = found
            elif isinstance(node, s.Call):
                call = self._calls.of(node)
                if call is not None:
                    return Made(call, tuple(names))
                node = self._values.returned(node)
            else:
                source = self._values.source(node)
                if source is node or source is None:
                    return None
                node = source
        return None

    def effects(self, made: Made, until: int) -> list[Effect]:
        """What is done to an object up to an offset, in the order of the text."""
        found = [
            effect
            for name, since, scope in made.names
            for effect in self._effects.get(name, ())
            if since <= effect.at
            and effect.scope in (scope, self._facts.variables.module)
            and (effect.at < until or effect.scope is not self._facts.variables.scope_at(until))
        ]
        return sorted(found, key=lambda e: e.at)

    # -- collecting ---------------------------------------------------------------------

    def _collect(self, body: tuple[s.Stmt, ...], scope: Scope) -> None:
        if not body:
            return
        block = Span(body[0].span.start, body[-1].span.end)
        for statement in body:
            if isinstance(statement, (s.Function, s.Class)):
                inner = next((i for i in scope.inner if i.node is statement), None)
                if inner is not None:
                    self._collect(statement.body, inner)
                continue
            for name, path, value, call in _done(statement, self._facts.functions.keys()):
                effect = Effect(path, value, call, statement.span.start, block, scope)
                self._effects.setdefault(name, []).append(effect)
            for inner_block in inner_blocks(statement):
                self._collect(inner_block, scope)


def _done(
    statement: s.Stmt, own: object
) -> Iterator[tuple[str, tuple[str, ...], s.Expr | None, s.Call | None]]:
    """What a statement does to parts of names."""
    if isinstance(statement, s.Assign) and statement.value is not None:
        for target in statement.targets:
            found = _path(target)
            if found is not None and found[1]:
                yield *found, statement.value, None
    for expression in own_expressions(statement):
        for node in s.walk(expression):
            if not isinstance(node, s.Call):
                continue
            if isinstance(node.function, s.Attribute):
                found = _path(node.function)
                if found is not None:
                    yield *found, None, node
            elif isinstance(node.function, s.Name) and node.function.id in own:  # type: ignore[operator]
                for argument in node.arguments:
                    if isinstance(argument.value, s.Name):
                        yield argument.value.id, (), None, None


def _path(target: s.Expr) -> tuple[str, tuple[str, ...]] | None:
    """The name at the root of attributes and an item, and the way from there."""
    steps: list[str] = []
    while True:
        if isinstance(target, s.Attribute):
            steps.append(target.attr)
            target = target.value
        elif isinstance(target, s.Subscript):
            key = target.keys[0] if len(target.keys) == 1 else None
            known = isinstance(key, s.Constant) and isinstance(key.value, str)
            steps.append(f"[{key.value}]" if known and isinstance(key, s.Constant) else "[]")
            target = target.value
        else:
            break
    if not isinstance(target, s.Name):
        return None
    return target.id, tuple(reversed(steps))
