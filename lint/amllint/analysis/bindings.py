"""Which attributes a module has once it has been imported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from amllint.analysis.dynamic import answered_names, dynamic_call, dynamic_store
from amllint.analysis.statements import (
    bound_names,
    inner_blocks,
    is_empty,
    own_expressions,
    reachable,
    target_names,
)
from amllint.analysis.truth import truth_on_import
from amllint.source.python import syntax as s
from amllint.source.text import Span

_NOWHERE: Final = Span(-1, -1)


@dataclass(frozen=True, slots=True)
class Binding:
    """One place that binds a name: the name's span and the statement that does it.

    `within` is the block that may not be run, if it stands in one: behind that, the binding is
    uncertain. `inside` is the function that binds it with a `global` statement, if one does.
    """

    name: str
    span: Span
    statement: s.Stmt
    within: Span | None = None
    inside: s.Function | None = None

    def is_certain(self, at: int) -> bool:
        """Whether whoever gets to an offset has passed this binding."""
        return self.within is None or self.within.start <= at <= self.within.end


@dataclass(slots=True)
class ModuleBindings:
    """The names an import leaves bound, as far as reading can tell.

    `bound` holds what the server's import binds; `main_only` what only `python script.py`
    would bind; `removed` names deleted again, and `deleted` the bindings that this ended, with
    the place. `dynamic` says why reading alone cannot
    tell every name (`exec`, `globals()[…]`, a module `__getattr__`), if so; `stars` are
    star imports, `answered` the names for which the module's `__getattr__` does not raise.
    """

    bound: dict[str, list[Binding]] = field(default_factory=dict)
    main_only: dict[str, list[Binding]] = field(default_factory=dict)
    removed: dict[str, Span] = field(default_factory=dict)
    deleted: dict[str, list[tuple[Binding, int]]] = field(default_factory=dict)
    stars: list[s.Import] = field(default_factory=list)
    answered: frozenset[str] = frozenset()
    dynamic: str | None = None

    def last(self, name: str) -> Binding | None:
        """The binding that a plain top-to-bottom import leaves in place."""
        bindings = self.bound.get(name)
        return bindings[-1] if bindings else None

    def may_have(self, name: str) -> bool:
        """Whether the module has, or may have, an attribute of this name."""
        gone = self.removed.get(name)
        starred = any(gone is None or gone.start < star.span.start for star in self.stars)
        found = name in self.bound or name in self.answered
        return found or starred or self.dynamic is not None

    def before(self, binding: Binding) -> Binding | None:
        """The binding of the same name that stood before this one."""
        bindings = self.bound.get(binding.name, [])
        index = bindings.index(binding)
        return bindings[index - 1] if index else None

    def candidates(self, name: str, at: int) -> list[Binding]:
        """The bindings of which one is in place at an offset, the last one last."""
        found: list[Binding] = []
        gone = [b for b, until in self.deleted.get(name, []) if at <= until]
        for binding in reversed([*gone, *self.bound.get(name, [])]):
            if binding.inside is not None or binding.span.start < at:
                found.append(binding)
                if binding.is_certain(at):
                    break
        return found[::-1]


def module_bindings(module: s.Module, nodes: Iterable[s.Syntax]) -> ModuleBindings:
    """Read off what importing a module binds, in any branch that an import can take.

    `nodes` are all of the module's.
    """
    nodes = tuple(nodes)
    result = block_bindings(module.body)
    functions = [n for n in nodes if isinstance(n, s.Function)]
    used = _used_at_import(module, functions)
    for function in functions:
        for binding in _global_bindings(function) if function.name in used else ():
            gone = result.removed.get(binding.name)
            if gone is None or gone.start < used[function.name]:
                result.bound.setdefault(binding.name, []).append(binding)
    calls = (dynamic_call(n) for n in nodes if isinstance(n, s.Call))
    stores = (dynamic_store(n) for n in nodes if isinstance(n, (s.Assign, s.AugmentedAssign)))
    result.dynamic = next(filter(None, (*calls, *stores)), None)
    _ask_fallback(result)
    return result


def _ask_fallback(result: ModuleBindings) -> None:
    """Note what a module's own `__getattr__` makes of names."""
    fallbacks = result.bound.get("__getattr__", [])
    answered = answered_names(fallbacks[0].statement) if len(fallbacks) == 1 else None
    result.answered = answered or frozenset()
    if fallbacks and answered is None:
        result.dynamic = "the module defines __getattr__"


def block_bindings(body: tuple[s.Stmt, ...]) -> ModuleBindings:
    """What running a block binds: of a module, a class or a function."""
    result = ModuleBindings()
    _block(body, result, result.bound, None)
    return result


def _block(
    body: tuple[s.Stmt, ...],
    result: ModuleBindings,
    into: dict[str, list[Binding]],
    within: Span | None,
) -> None:
    for statement in body:
        found = [Binding(n.id, n.span, statement, within) for n in bound_names(statement)]
        if isinstance(statement, s.Class):
            found.extend(_global_bindings(statement))
        for binding in found:
            into.setdefault(binding.name, []).append(binding)
            result.removed.pop(binding.name, None)
        if into is result.bound:
            _note(statement, result, within is None)
        for block, main in _blocks(statement):
            inner = result.main_only if main else into
            extent = within if _is_certain(statement, block) else _extent(block)
            _block(block, result, inner, extent)


def _note(statement: s.Stmt, result: ModuleBindings, certain: bool) -> None:
    if isinstance(statement, s.Import) and any(a.name == "*" for a in statement.names):
        result.stars.append(statement)
    elif isinstance(statement, s.Delete) and certain:
        _remove(statement, result)


def _extent(block: tuple[s.Stmt, ...]) -> Span:
    return Span(block[0].span.start, block[-1].span.end) if block else _NOWHERE


def _remove(statement: s.Delete, result: ModuleBindings) -> None:
    for target in statement.targets:
        for gone in target_names(target):
            result.removed[gone.id] = gone.span
            for binding in result.bound.pop(gone.id, []):
                result.deleted.setdefault(gone.id, []).append((binding, gone.span.start))


def _is_certain(statement: s.Stmt, block: tuple[s.Stmt, ...]) -> bool:
    """Whether an import that goes on behind a statement has run all of one of its blocks."""
    if isinstance(statement, s.If):
        return truth_on_import(statement.test) is not None
    if isinstance(statement, s.Try):
        raises = all(isinstance(h.body[-1], s.Raise) for h in statement.handlers)
        taken = (statement.body, statement.orelse) if raises else ()
        return block in (*taken, statement.final)
    return isinstance(statement, s.With)


def _blocks(statement: s.Stmt) -> Iterator[tuple[tuple[s.Stmt, ...], bool]]:
    """The blocks of a compound statement, and whether an import never runs them."""
    blocks = list(inner_blocks(statement))
    never = [False] * len(blocks)
    if isinstance(statement, s.If):
        truth = truth_on_import(statement.test)
        never = [truth is False, truth is True]
    elif _never_loops(statement):
        never = [True, False]
    for block, main in zip(blocks, never, strict=True):
        yield reachable(block), main


def _never_loops(statement: s.Stmt) -> bool:
    if isinstance(statement, s.For):
        return is_empty(statement.iterable)
    return isinstance(statement, s.While) and truth_on_import(statement.test) is False


def _used_at_import(module: s.Module, functions: list[s.Function]) -> dict[str, int]:
    """Names that module-level code may call, itself or through functions, and where it does.

    Whatever is named may be called: a decorator, a callback, a method.
    """
    used: dict[str, int] = {}
    pending = list(module.body)
    while pending:
        statement = pending.pop()
        for expression in own_expressions(statement):
            used |= {n: max(used.get(n, 0), at) for n, at in _names(expression).items()}
        for block, main in _blocks(statement):
            if not main:
                pending.extend(block)
    return _through_functions(used, functions)


def _through_functions(used: dict[str, int], functions: list[s.Function]) -> dict[str, int]:
    """The names with those that the functions among them use in turn, from the last place on."""
    bodies: dict[str, list[s.Function]] = {}
    for function in functions:
        bodies.setdefault(function.name, []).append(function)
    reached: dict[str, int] = {}
    pending = sorted((at, name) for name, at in used.items())
    while pending:
        at, name = pending.pop()
        if name not in reached:
            reached[name] = at
            inside = {inner for f in bodies.get(name, ()) for inner in _names(f)}
            pending.extend((at, inner) for inner in inside if inner not in reached)
    return reached


def _names(node: s.Syntax) -> dict[str, int]:
    """Names and attributes below a node, with the last place of each."""
    nodes = tuple(s.walk(node))
    names = {n.id: n.span.start for n in nodes if isinstance(n, s.Name)}
    return names | {n.attr: n.span.start for n in nodes if isinstance(n, s.Attribute)}


def _global_bindings(scope: s.Function | s.Class) -> Iterator[Binding]:
    """What a function or class body binds in the module through `global`."""
    declared: set[str] = set()
    for node in s.walk(scope):
        if isinstance(node, s.Declare) and node.kind == "global":
            declared.update(node.names)
    if not declared:
        return
    inside = scope if isinstance(scope, s.Function) else None
    pending = list(scope.body)
    while pending:
        statement = pending.pop()
        for name in bound_names(statement):
            if name.id in declared:
                yield Binding(name.id, name.span, statement, _NOWHERE, inside)
        for block in inner_blocks(statement):
            pending.extend(block)
