"""What the callee of a call is, through imports, aliases and what a variable was made by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from amllint.analysis.names import Names
from amllint.source.python import syntax as s

ASSIGNING: Final = (
    *(s.Parameter, s.Assign, s.AugmentedAssign, s.For, s.NamedExpression, s.WithItem),
)
"""Kinds of nodes from which it is read off what made a variable."""


class Callees:
    """Names callees: `requests.get`, or `requests.Session().post` for a method of an object.

    A variable (`session`, `self.session`) counts as made by a call where every assignment of
    that name in the script, `None` aside, makes it by a call of the same thing, and no function
    has a parameter of that name. `nodes` are those of the `ASSIGNING` kinds.
    """

    def __init__(self, names: Names, nodes: Iterable[s.Syntax]) -> None:
        self._names = names
        self._made: dict[str, str] = {}
        self._roots: frozenset[str] = frozenset()
        self._made = self._makers(nodes)
        # Names through which something that was made is reached, aliases of it included.
        roots = {name.partition(".")[0] for name in self._made}
        self._roots = frozenset(roots | names.aliases_of(roots))

    def name(self, expression: s.Expr) -> str:
        """The dotted name of an expression, `""` where it is none; calls in it end in `()`."""
        if isinstance(expression, s.Attribute):
            dotted = s.dotted(expression)
            if dotted is not None and dotted.partition(".")[0] not in self._roots:
                return self._names.qualify(expression) or ""
            own = self._made.get(dotted or "")
            if own is not None:
                return own
            owner = self.name(expression.value)
            return f"{owner}.{expression.attr}" if owner else ""
        if isinstance(expression, s.Name):
            return self._made.get(expression.id) or self._through(expression)
        if isinstance(expression, s.Call):
            return self._call(expression)
        return ""

    def _through(self, name: s.Name) -> str:
        """A plain name through imports and aliases, which may lead to a method of an object."""
        qualified = self._names.imported(name.id) or name.id
        first, dot, rest = qualified.partition(".")
        return f"{self._made[first]}.{rest}" if dot and first in self._made else qualified

    def _call(self, call: s.Call) -> str:
        called = call.function
        values = [a.value for a in call.arguments]
        if s.dotted(called) == "getattr" and len(values) >= 2:
            attribute = values[1].value if isinstance(values[1], s.Constant) else None
            owner = self.name(values[0])
            return f"{owner}.{attribute}" if owner and isinstance(attribute, str) else ""
        name = self.name(called)
        return f"{name}()" if name else ""

    def _makers(self, nodes: Iterable[s.Syntax]) -> dict[str, str]:
        found: dict[str, set[str]] = {}
        parameters: set[str] = set()
        for node in nodes:
            if isinstance(node, s.Parameter) and node.name != "self":
                parameters.add(node.name)
            for target, value in _assignments(node):
                name = s.dotted(target)
                if name is None or (isinstance(value, s.Constant) and value.value is None):
                    continue
                made = self._call(value) if isinstance(value, s.Call) else ""
                found.setdefault(name, set()).add(made if made.endswith("()") else "")
        return {
            name: next(iter(makers))
            for name, makers in found.items()
            if makers != {""} and len(makers) == 1 and name.split(".")[0] not in parameters
        }


def _assignments(node: s.Syntax) -> Iterable[tuple[s.Expr, s.Expr | None]]:
    """Targets that a node binds, with the value each gets; `None` where it is not a plain one."""
    if isinstance(node, s.Assign) and node.value is not None:
        for target in node.targets:
            if isinstance(target, s.Display):
                yield from ((item, None) for item in target.items)
            else:
                yield target, node.value
    elif isinstance(node, (s.AugmentedAssign, s.For)):
        yield node.target, None
    elif isinstance(node, s.NamedExpression):
        yield node.target, node.value
    elif isinstance(node, s.WithItem) and node.target is not None:
        yield node.target, node.context
