"""What each function of a script does by itself: the calls in it, and what it uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from amllint.analysis.callees import Callees
from amllint.analysis.statements import inner_blocks, own_expressions
from amllint.analysis.truth import truth_on_import
from amllint.source.python import syntax as s

MODULE: Final = "<module>"
"""The body that importing a script runs."""


class Site(NamedTuple):
    """One call, and what it calls.

    `name` is qualified through imports and aliases, and through what made a variable:
    `requests.get`, `requests.Session().post`, the script's own `load`; empty if not known.
    """

    call: s.Call
    name: str


class Body(NamedTuple):
    """The code that runs when a function is called, or the module imported.

    `name` is `<module>`, `run` or `Model.predict`. `uses` are the qualified names that it
    reads, called or not, its decorators' included. Nested functions and lambdas count to the
    function around them.
    """

    name: str
    function: s.Function | s.Lambda | None
    calls: tuple[Site, ...]
    uses: frozenset[str]


class Bodies(NamedTuple):
    """The bodies of a script by name, and the bases of its classes."""

    by_name: dict[str, Body]
    bases: dict[str, tuple[str, ...]]

    def of(self, name: str) -> Iterator[Body]:
        """The bodies that using a qualified name can run: a function, a method, a class's own.

        `Model` stands for making an object, `Model()` for calling one, `Model().predict` and
        `Model.predict` for the method, which may come from a base.
        """
        made_by, called, _ = name.partition("()")
        if called and made_by not in self.bases:
            return  # what a function returns is not the function
        plain = name.replace("()", "")
        if plain in self.by_name:
            yield self.by_name[plain]
            return
        owner, _, method = plain.rpartition(".")
        if plain in self.bases:
            wanted = ("__call__", "forward") if name.endswith("()") else ("__init__", "__new__")
            for special in (*wanted, "__enter__"):
                yield from self._method(plain, special, set())
        elif owner in self.bases:
            yield from self._method(owner, method, set())

    def _method(self, owner: str, method: str, seen: set[str]) -> Iterator[Body]:
        if owner in seen:
            return
        seen.add(owner)
        own = self.by_name.get(f"{owner}.{method}")
        if own is not None:
            yield own
            return
        for base in self.bases.get(owner, ()):
            yield from self._method(base, method, seen)


def bodies(module: s.Module, callees: Callees) -> Bodies:
    """The bodies of a module."""
    collector = _Collector(callees)
    start = list(collector.import_time(module.body))
    collector.add(MODULE, None, start)
    return Bodies(collector.found, collector.bases)


class _Collector:
    """Walks a module once, in the order of its statements."""

    def __init__(self, callees: Callees) -> None:
        self.callees = callees
        self.found: dict[str, Body] = {}
        self.bases: dict[str, tuple[str, ...]] = {}

    def add(
        self, name: str, function: s.Function | s.Lambda | None, parts: Sequence[s.Syntax]
    ) -> None:
        sites: list[Site] = []
        owner = name.rpartition(".")[0]
        decorators = function.decorators if isinstance(function, s.Function) else ()
        around = (d.function if isinstance(d, s.Call) else d for d in decorators)
        uses = {self._named(d, owner) for d in around}
        called: set[int] = set()
        for node in _inner(parts):
            if isinstance(node, s.Call):
                named = self._named(node.function, owner)
                sites.append(Site(node, named))
                if isinstance(node.function, (s.Name, s.Attribute)):
                    uses.add(named)
                    called.add(id(node.function))  # it is met next, and need not be named again
            elif isinstance(node, (s.Name, s.Attribute)) and id(node) not in called:
                uses.add(self._named(node, owner))
        uses.discard("")
        before = self.found.get(name)
        if before is not None:
            sites = [*before.calls, *sites]
            uses |= before.uses
        self.found[name] = Body(name, function, tuple(sites), frozenset(uses))

    def _named(self, expression: s.Expr, owner: str) -> str:
        """What an expression means; `self.load` is a method of the class around it."""
        name = self.callees.name(expression)
        first, dot, rest = name.partition(".")
        if first in ("self", "cls") and owner and dot:
            return f"{owner}.{rest}"
        return name

    def import_time(self, body: Iterable[s.Stmt], owner: str = "") -> Iterator[s.Syntax]:
        """What importing runs; functions and methods met on the way are collected."""
        for statement in body:
            if isinstance(statement, s.Function):
                yield from own_expressions(statement)
                self.add(f"{owner}{statement.name}", statement, statement.body)
                continue
            if isinstance(statement, s.Class):
                yield from own_expressions(statement)
                name = f"{owner}{statement.name}"
                bases = (self.callees.name(b.value) for b in statement.bases if not b.keyword)
                self.bases[name] = tuple(b for b in bases if b)
                yield from self.import_time(statement.body, f"{name}.")
                continue
            if isinstance(statement, s.Assign) and isinstance(statement.value, s.Lambda):
                for target in (t for t in statement.targets if isinstance(t, s.Name)):
                    self.add(f"{owner}{target.id}", statement.value, (statement.value.body,))
                continue
            if isinstance(statement, s.Assign):
                yield statement  # `_inner` leaves its annotation out
            else:
                yield from own_expressions(statement)
            for block in run_blocks(statement):
                yield from self.import_time(block, owner)


def run_blocks(statement: s.Stmt) -> Iterator[tuple[s.Stmt, ...]]:
    """The blocks of a compound statement that the server can run: no main guard's."""
    if not isinstance(statement, s.If):
        yield from inner_blocks(statement)
        return
    truth = truth_on_import(statement.test)
    yield from (statement.body,) if truth is not False else ()
    yield from (statement.orelse,) if truth is not True else ()


def _inner(parts: Iterable[s.Syntax]) -> Iterator[s.Syntax]:
    """Everything below some nodes, in order; of a chain of attributes only the whole one.

    Annotations are left out: a type that is named there is not used.
    """
    stack: list[s.Syntax] = list(parts)[::-1]
    while stack:
        here = stack.pop()
        yield here
        if isinstance(here, s.Attribute) and isinstance(here.value, (s.Name, s.Attribute)):
            inner: s.Expr = here.value
            while isinstance(inner, s.Attribute):
                inner = inner.value
            stack.append(inner)
        elif isinstance(here, s.Assign):
            stack.extend((*here.targets, here.value)[::-1] if here.value else here.targets)
        elif isinstance(here, s.Parameter):
            stack.extend([here.default] if here.default else [])
        elif isinstance(here, s.Function):
            stack.extend((*here.decorators, *here.parameters, *here.body)[::-1])
        else:
            stack.extend(tuple(s.children(here))[::-1])
