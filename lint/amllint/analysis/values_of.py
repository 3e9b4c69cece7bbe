"""What expressions of a script that deploys are: plain values, or unknown and why.

A value is told as the node of a document, so that what code writes is read like what a file
says. It is known where it is written out, given once to a variable, put together of known
texts, or passed to a parameter by the only call of a function; everything else is unknown.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeAlias

from amllint.analysis.facts import ScriptFacts
from amllint.analysis.known_loads import argument
from amllint.analysis.places import HOLE
from amllint.analysis.variables import Given, Scope
from amllint.source.nodes import Entry, Mapping, Node, Scalar, Sequence
from amllint.source.python import syntax as s
from amllint.source.text import Span

Written: TypeAlias = list[tuple[str, s.Expr, s.Expr]]

_DEEPEST: Final = 12
_TEXTS: Final = frozenset(
    {"os.path.join", "posixpath.join", "pathlib.Path", "pathlib.PurePath", "Path", "str"}
    | {"os.fspath", "os.path.normpath", "format", "joinpath", "as_posix"}
)
"""Calls that put texts together."""
_CHANGING: Final = frozenset(
    {"append", "extend", "insert", "remove", "pop", "clear", "update", "setdefault", "popitem"}
    | {"sort", "reverse"}
)
_ARITHMETIC: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
}
_ENVIRONMENT: Final = ("os.environ", "os.getenv", "environ", "getenv")


class Values:
    """Works out what expressions of one script are."""

    def __init__(self, facts: ScriptFacts) -> None:
        self._facts = facts
        self._variables = facts.variables
        self._changed: frozenset[str] | None = None

    # -- where an expression comes from -------------------------------------------------

    def source(self, node: s.Expr | None, depth: int = 0) -> s.Expr | None:
        """What an expression was given: the one it stands for through variables and calls.

        An expression that is no name is its own source; `None` where a name can stand for
        several things, or for none that can be read.
        """
        if depth > _DEEPEST:
            return None
        if isinstance(node, s.Name):
            found = self.given(node)
            return self.source(found, depth + 1) if found is not None else None
        if isinstance(node, s.Attribute) and s.dotted(node.value) in ("self", "cls"):
            attributes = self._variables.attributes.get(node.attr, [])
            found = attributes[0].value if len(attributes) == 1 else None
            return self.source(found, depth + 1) if found is not None else node
        if isinstance(node, s.Call):
            returned = self.returned(node)
            return self.source(returned, depth + 1) if returned is not None else node
        return node

    def given(self, node: s.Name) -> s.Expr | None:
        """The one expression that a name was given, `None` where there is not just one."""
        scope = self._variables.scope_at(node.span.start)
        given, parameter = self._variables.given(node.id, scope, node.span.start)
        if parameter is not None:
            return self._passed(parameter, scope) if not given else None
        return given[0].value if len(given) == 1 else None

    def bindings(self, node: s.Name) -> list[Given]:
        """Everything that a name may have been given where it is read."""
        scope = self._variables.scope_at(node.span.start)
        given, _ = self._variables.given(node.id, scope, node.span.start)
        return given

    def _passed(self, parameter: s.Parameter, scope: Scope) -> s.Expr | None:
        """What the only call of a function gives for a parameter."""
        owner: Scope | None = scope
        while owner is not None and parameter not in owner.parameters:
            owner = owner.outer
        function = owner.node if owner else None
        if not isinstance(function, s.Function) or owner is None:
            return None
        is_method = owner.outer is not None and isinstance(owner.outer.node, s.Class)
        named = self._variables.calls.get(function.name, [])
        plain = s.Attribute if is_method else s.Name
        calls = [c for c in named if isinstance(c[0].function, plain)]
        if len(calls) != 1 or len(self._variables.functions.get(function.name, [])) != 1:
            return None
        call = calls[0][0]
        if any(a.star for a in call.arguments):
            return None
        position = function.parameters.index(parameter) - (1 if is_method else 0)
        return argument(call, position, (parameter.name,)) or parameter.default

    def returned(self, node: s.Call) -> s.Expr | None:
        """What a function of the script returns, where it has one `return` and is no method."""
        name = node.function.id if isinstance(node.function, s.Name) else None
        scopes = self._variables.functions.get(name, []) if name else []
        function = scopes[0].node if len(scopes) == 1 else None
        if not isinstance(function, s.Function) or function.decorators:
            return None
        returns = [n for n in s.walk(function) if isinstance(n, (s.Return, s.Wrapped))]
        only = returns[0] if len(returns) == 1 else None
        return only.value if isinstance(only, s.Return) else None

    def names_in(self, node: s.Expr, depth: int = 0) -> set[str]:
        """The names that an expression is made of, and those that they were made of."""
        found: set[str] = set()
        for part in s.walk(node) if depth < _DEEPEST else ():
            if isinstance(part, s.Name) and part.id not in found:
                given = self.given(part)
                found.add(part.id)
                found |= self.names_in(given, depth + 1) if given is not None else set()
        return found

    # -- containers ---------------------------------------------------------------------

    def dictionary(self, node: s.Expr) -> Written | None:
        """The keys and values of a dictionary that is written out and never changed."""
        if isinstance(node, s.Name) and node.id in self._changing():
            return None
        found = self.source(node)
        if isinstance(found, s.Dictionary):
            return list(self._items(found)) if self._is_plain(found) else None
        if isinstance(found, s.Call) and self._facts.names.qualify(found.function) == "dict":
            if any(a.star or a.keyword is None for a in found.arguments):
                return None
            return [(a.keyword or "", a.value, a.value) for a in found.arguments]
        return None

    def _is_plain(self, node: s.Dictionary) -> bool:
        return all(isinstance(k, s.Constant) and isinstance(k.value, str) for k in node.keys)

    def _items(self, node: s.Dictionary) -> Iterator[tuple[str, s.Expr, s.Expr]]:
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, s.Constant):
                yield str(key.value), key, value

    def is_changed(self, name: str) -> bool:
        """Whether a part of what a name stands for is set or changed anywhere."""
        return name in self._changing()

    def _changing(self) -> frozenset[str]:
        """Names of which a part is set, or that a method changes, anywhere in the script."""
        if self._changed is None:
            whole = self._facts.of_kind(s.Assign, s.Delete)
            targets = [t for n in whole for t in n.targets]
            targets += [n.target for n in self._facts.of_kind(s.AugmentedAssign)]
            parts = [t.value for t in targets if isinstance(t, s.Subscript)]
            calls = (n.function for n in self._facts.of_kind(s.Call))
            methods = (f for f in calls if isinstance(f, s.Attribute) and f.attr in _CHANGING)
            changed = (*parts, *(f.value for f in methods))
            self._changed = frozenset(s.dotted(n) or "" for n in changed)
        return self._changed

    # -- values -------------------------------------------------------------------------

    def node(self, expression: s.Expr, at: Span | None = None, depth: int = 0) -> Node:
        """An expression's value as a node; a plain one stands `at` the place that uses it."""
        place = at or expression.span
        if depth > _DEEPEST:
            return unknown(place, "too far from where it is written")
        if isinstance(expression, s.Constant):
            return _scalar(expression.value, place)
        if isinstance(expression, s.Name):
            return self._named(expression, place, depth + 1)
        if isinstance(expression, s.Dictionary):
            return self._mapping(expression, depth + 1)
        if isinstance(expression, s.Display) and expression.kind in ("list", "tuple"):
            starred = any(isinstance(i, s.Starred) for i in expression.items)
            if starred:
                return unknown(place, "a list with `*` in it")
            items = (self.node(i, None, depth + 1) for i in expression.items)
            return Sequence(expression.span, tuple(items))
        if isinstance(expression, s.Operation):
            return self._operation(expression, place, depth + 1)
        if isinstance(expression, s.Subscript):
            return self._item(expression, place, depth + 1)
        if isinstance(expression, s.Call):
            return self._called(expression, place, depth + 1)
        if isinstance(expression, s.FormattedString):
            return self._text(expression, place)
        if isinstance(expression, s.Attribute):
            found = self.source(expression)
            if found is not None and found is not expression:
                return self.node(found, place, depth + 1)
            return unknown(place, "an attribute")
        return unknown(place, "an expression")

    def _named(self, name: s.Name, place: Span, depth: int) -> Node:
        found = self.given(name)
        if found is None:
            many = len(self.bindings(name)) > 1
            return unknown(place, "given more than one value" if many else "a variable")
        container = isinstance(found, (s.Display, s.Dictionary, s.Call))
        if container and name.id in self._changing():
            return unknown(place, "changed after it was written")
        return self.node(found, place, depth)

    def _mapping(self, node: s.Dictionary, depth: int) -> Node:
        if not self._is_plain(node):
            return unknown(node.span, "a dictionary with unknown keys")
        entries = []
        for name, key, value in self._items(node):
            scalar = Scalar(key.span, name, name, True)
            entries.append(Entry(scalar, self.node(value, None, depth)))
        return Mapping(node.span, tuple(entries), True)

    def _operation(self, node: s.Operation, place: Span, depth: int) -> Node:
        values = [self.node(o, None, depth) for o in node.operands]
        numbers = [v.value for v in values if isinstance(v, Scalar) and _is_number(v)]
        sign = node.operators[0]
        if len(numbers) == len(values) == 1 and sign in ("-", "+"):
            return _scalar(-numbers[0] if sign == "-" else numbers[0], place)
        if len(numbers) == len(values) == 2 and sign in _ARITHMETIC:
            try:
                return _scalar(_ARITHMETIC[sign](*numbers), place)
            except (ArithmeticError, ValueError):
                return unknown(place, "an expression")
        return self._text(node, place) if sign in ("+", "/", "%") else unknown(place, "a choice")

    def _item(self, node: s.Subscript, place: Span, depth: int) -> Node:
        if s.dotted(node.value) in _ENVIRONMENT or self._is_environment(node.value):
            return unknown(place, "an environment variable")
        written = self.dictionary(node.value)
        key = node.keys[0] if len(node.keys) == 1 else None
        if written is not None and isinstance(key, s.Constant):
            values = [value for name, _, value in written if name == key.value]
            if len(values) == 1:
                return self.node(values[0], place, depth)
        return unknown(place, "an item of something")

    def _called(self, node: s.Call, place: Span, depth: int) -> Node:
        returned = self.source(node)
        if returned is not None and returned is not node:
            return self.node(returned, place, depth)
        called = self._facts.callees.name(node.function)
        function = node.function
        last = function.attr if isinstance(function, s.Attribute) else called
        if self._is_environment(node.function):
            return unknown(place, "an environment variable")
        if called in _TEXTS or last in ("format", "joinpath", "as_posix"):
            return self._text(node, place)
        if called in ("list", "tuple", "int", "float", "bool") and len(node.arguments) == 1:
            found = self.node(node.arguments[0].value, place, depth)
            kept = called in ("list", "tuple") and isinstance(found, Sequence)
            return found if kept or _is(found, called) else unknown(place, "a call")
        return unknown(place, "a call")

    def _is_environment(self, node: s.Expr) -> bool:
        name = self._facts.names.qualify(node) or ""
        return name.startswith(_ENVIRONMENT)

    def _text(self, node: s.Expr, place: Span) -> Node:
        """A text that is put together of known ones."""
        places = self._facts.paths.of(node)
        if len(places) == 1 and places[0].base == "literal" and not places[0].opened:
            text = places[0].text
            if HOLE not in text:
                return _scalar(text, place)
        return unknown(place, "a text with unknown parts")


def unknown(span: Span, reason: str) -> Scalar:
    """A value that cannot be read off; the reason stands in its place."""
    return Scalar(span, reason, "?", False, True)


def _scalar(value: Any, span: Span) -> Scalar:
    if value is ... or isinstance(value, (bytes, complex)):
        return unknown(span, "a literal of another kind")
    return Scalar(span, value, str(value) or '""', isinstance(value, str))


def _is_number(node: Scalar) -> bool:
    plain = not node.placeholder and not isinstance(node.value, bool)
    return plain and isinstance(node.value, (int, float))


def _is(node: Node, kind: str) -> bool:
    return isinstance(node, Scalar) and not node.placeholder and type(node.value).__name__ == kind
