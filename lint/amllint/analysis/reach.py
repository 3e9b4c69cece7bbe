"""What importing a script, `init` or `run` can come to: through helpers, methods, modules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from amllint.analysis.bodies import MODULE, Body
from amllint.source.python import syntax as s

if TYPE_CHECKING:
    from amllint.analysis.facts import ScriptFacts


_MAX_HOPS: Final = 30
"""Imports that pass a name on may go in a circle."""


class Reached(NamedTuple):
    """A body that is reached, in which module (`""` is the script), and the bodies on the way.

    `via` begins with the entry and does not hold the body itself.
    """

    module: str
    body: Body
    via: tuple[str, ...]


class Reach:
    """Follows uses of names through a script and the modules that ship with it.

    `modules` holds facts by dotted name, the script's under `""`; `packages` are the names of
    those that are an `__init__.py`. Whatever is named counts as called: a callback is called by
    someone else.
    """

    def __init__(
        self, modules: Mapping[str, ScriptFacts], packages: frozenset[str] = frozenset()
    ) -> None:
        self._modules = modules
        self._packages = packages

    def _inside(self, module: str) -> str:
        return f"{module}.__init__" if module in self._packages else module

    def imported(self) -> Iterator[Reached]:
        """What importing the script runs."""
        loaded = self._loaded_at_import()
        yield from self._follow(
            Reached(name, facts.bodies.by_name[MODULE], ())
            for name, facts in self._modules.items()
            if name in loaded
        )

    def entry(self, name: str) -> Iterator[Reached]:
        """What calling an entry function runs, that function first."""
        yield from self._follow(self._start(name))

    def _start(self, name: str) -> Iterator[Reached]:
        facts = self._modules[""]
        entry = facts.entry(name)
        if entry is None:
            return
        if entry.function is not None:
            for body in facts.bodies.by_name.values():
                if body.function is not None and body.function.span == entry.function.span:
                    yield Reached("", body, ())
                    return
        named = s.Name(entry.span, name)
        yield from self._resolve("", facts.callees.name(named), ())

    def _loaded_at_import(self) -> set[str]:
        loaded, pending = set[str](), [""]
        while pending:
            name = pending.pop()
            if name in loaded or name not in self._modules:
                continue
            loaded.add(name)
            pending.extend(imported_modules(self._modules[name], self._inside(name)))
        return loaded

    def _follow(self, start: Iterator[Reached]) -> Iterator[Reached]:
        seen: set[tuple[str, str]] = set()
        pending = list(start)[::-1]
        while pending:
            reached = pending.pop()
            key = (reached.module, reached.body.name)
            if key in seen:
                continue
            seen.add(key)
            yield reached
            via = (*reached.via, reached.body.name)
            for used in sorted(reached.body.uses, reverse=True):
                pending.extend(self._resolve(reached.module, used, via))

    def _resolve(self, module: str, name: str, via: tuple[str, ...]) -> Iterator[Reached]:
        facts = self._modules[module]
        own = list(facts.bodies.of(name))
        if own:
            yield from (Reached(module, body, via) for body in own if body.name != MODULE)
            return
        if len(self._modules) == 1:
            return
        name = absolute(name, self._inside(module))
        found = self._shipped(name)
        if found is None and "." not in name:
            for star in facts.names.stars:
                other = absolute(star, self._inside(module))
                if other in self._modules and other != module:
                    yield from self._resolve(other, name, via)
        elif found is not None:
            other, rest = found
            facts = self._modules[other]
            first, dot, more = rest.partition(".")
            passed_on = facts.names.imported(first.removesuffix("()"))
            target = f"{passed_on}{dot}{more}" if passed_on else rest
            if len(via) < _MAX_HOPS:
                yield from self._resolve(other, target, (*via, name))

    def _shipped(self, name: str) -> tuple[str, str] | None:
        """The shipped module that a qualified name begins with, and the rest of the name."""
        parts = name.split(".")
        for length in range(len(parts) - 1, 0, -1):
            module = ".".join(parts[:length])
            if module in self._modules:
                return module, ".".join(parts[length:])
        return None


def absolute(name: str, module: str) -> str:
    """A name that is relative to a module (`.sibling.load`) seen from the root.

    A package's own module is given as `package.__init__`.
    """
    plain = name.lstrip(".")
    level = len(name) - len(plain)
    if level == 0:
        return name
    package = module.split(".")[:-level] if module else []
    return ".".join([*package, plain])


def imported_modules(facts: ScriptFacts, module: str) -> set[str]:
    """Dotted names that a module's imports may load, from the root: `a` and `a.b` for `a.b`.

    `from a import b` may load `a.b`. What stands in functions counts too.
    """
    found: set[str] = set()
    for node in facts.imports:
        base = absolute("." * node.level + (node.module or ""), module)
        for alias in node.names:
            full = ".".join(p for p in (base, alias.name) if p and p != "*")
            parts = full.split(".")
            found.update(".".join(parts[:n]) for n in range(1, len(parts) + 1))
    return found
