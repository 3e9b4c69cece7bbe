"""What each name of a script can have been given, where a function reads it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from amllint.analysis.statements import inner_blocks, own_expressions, target_names
from amllint.source.python import syntax as s
from amllint.source.text import Span


class Given(NamedTuple):
    """One binding: the expression, where it can be read off, the block it stands in, its scope.

    `value` is `None` where the name gets something else than the value of one expression; `at`
    is the offset from which on it holds.
    """

    value: s.Expr | None
    at: int
    block: Span
    scope: Scope


class Scope:
    """The names of a function, of a class body, or of the module."""

    def __init__(self, node: s.Function | s.Class | s.Lambda | None, outer: Scope | None) -> None:
        self.node = node
        self.outer = outer
        self.bound: dict[str, list[Given]] = {}
        self.declared: set[str] = set()
        self.inner: list[Scope] = []

    @property
    def parameters(self) -> tuple[s.Parameter, ...]:
        """The parameters of the function; none for a class or the module."""
        return self.node.parameters if isinstance(self.node, (s.Function, s.Lambda)) else ()


class Variables:
    """The bindings of a script by scope, its attributes of `self`, and its calls by last name."""

    def __init__(self, module: s.Module) -> None:
        self.module = Scope(None, None)
        self.attributes: dict[str, list[Given]] = {}
        self.calls: dict[str, list[tuple[s.Call, Scope]]] = {}
        self.functions: dict[str, list[Scope]] = {}
        self._block(module.body, self.module)

    def scope_at(self, offset: int) -> Scope:
        """The innermost scope of code around an offset."""
        scope = self.module
        while True:
            inner = (
                i for i in scope.inner if i.node and i.node.span.start <= offset < i.node.span.end
            )
            found = next(inner, None)
            if found is None:
                return scope
            scope = found

    def given(self, name: str, scope: Scope, at: int) -> tuple[list[Given], s.Parameter | None]:
        """What a name read at an offset can have been given, and the parameter it may be.

        Within one scope the last binding ahead that is sure to have run hides those before it.
        """
        here: Scope | None = scope
        while here is not None and here.outer is not None:
            parameter = next((p for p in here.parameters if p.name == name), None)
            if name not in here.declared and (name in here.bound or parameter):
                ahead = [g for g in here.bound.get(name, ()) if g.at < at]
                recent = _since_certain(ahead, at)
                return recent, None if recent is not ahead and recent else parameter
            here = here.outer
            while here is not None and isinstance(here.node, s.Class):
                here = here.outer
        found = self.module.bound.get(name, [])
        ahead = [g for g in found if g.at < at and g.scope is scope]
        recent = _since_certain(ahead, at)
        if scope is self.module or (recent and recent[0].block.start <= at <= recent[0].block.end):
            return recent, None
        return found, None

    def constant(self, expression: s.Expr | None) -> s.Constant | None:
        """The literal that an expression is, written there or given once to a plain name."""
        if isinstance(expression, s.Constant):
            return expression
        if not isinstance(expression, s.Name):
            return None
        at = expression.span.start
        given, parameter = self.given(expression.id, self.scope_at(at), at)
        if len(given) != 1 or parameter is not None:
            return None
        return given[0].value if isinstance(given[0].value, s.Constant) else None

    # -- collecting ---------------------------------------------------------------------

    def _block(self, body: tuple[s.Stmt, ...], scope: Scope) -> None:
        if not body:
            return
        span = Span(body[0].span.start, body[-1].span.end)
        for statement in body:
            self._statement(statement, scope, span)
            if isinstance(statement, (s.Function, s.Class)):
                continue
            for block in inner_blocks(statement):
                self._block(block, scope)

    def _statement(self, statement: s.Stmt, scope: Scope, block: Span) -> None:
        if isinstance(statement, (s.Function, s.Class)):
            inner = Scope(statement, scope)
            scope.inner.append(inner)
            if isinstance(statement, s.Function):
                self.functions.setdefault(statement.name, []).append(inner)
            self._block(statement.body, inner)
            for node in (*statement.decorators, *_defaults(statement)):
                self._expression(node, scope)
            return
        if isinstance(statement, s.Declare) and statement.kind == "global":
            scope.declared.update(statement.names)
        for target, value in _bindings(statement):
            self._bind(target, value, scope, block)
        for expression in own_expressions(statement):
            self._expression(expression, scope)

    def _bind(self, target: s.Expr, value: s.Expr | None, scope: Scope, block: Span) -> None:
        at = max(target.span.end, value.span.end if value else 0)
        if isinstance(target, s.Attribute):
            if s.dotted(target.value) in ("self", "cls"):
                self.attributes.setdefault(target.attr, []).append(Given(value, at, block, scope))
            return
        for name in target_names(target):
            whole = value if isinstance(target, s.Name) else None
            owner = self.module if name.id in scope.declared else scope
            owner.bound.setdefault(name.id, []).append(Given(whole, at, block, scope))

    def _expression(self, expression: s.Expr, scope: Scope) -> None:
        for node in s.walk(expression):
            if isinstance(node, s.Call):
                function = node.function
                last = function.attr if isinstance(function, s.Attribute) else s.dotted(function)
                if last:
                    self.calls.setdefault(last, []).append((node, scope))
            elif isinstance(node, s.NamedExpression):
                self._bind(node.target, node.value, scope, node.span)


def _since_certain(ahead: list[Given], at: int) -> list[Given]:
    """The bindings from the last one on that is sure to have run before an offset."""
    for index in range(len(ahead) - 1, -1, -1):
        block = ahead[index].block
        if block.start <= at <= block.end:
            return ahead[index:]
    return ahead


def _defaults(statement: s.Function | s.Class) -> Iterator[s.Expr]:
    for parameter in statement.parameters if isinstance(statement, s.Function) else ():
        if parameter.default is not None:
            yield parameter.default


def _bindings(statement: s.Stmt) -> Iterator[tuple[s.Expr, s.Expr | None]]:
    """The targets of a statement, each with the expression it gets."""
    if isinstance(statement, s.Assign) and statement.value is not None:
        for target in statement.targets:
            yield from _paired(target, statement.value)
    elif isinstance(statement, s.AugmentedAssign):
        plus = statement.operator.startswith("+")
        operands = (statement.target, statement.value)
        yield statement.target, s.Operation(statement.span, ("+",), operands) if plus else None
    elif isinstance(statement, s.For):
        yield statement.target, None
    elif isinstance(statement, s.With):
        yield from ((i.target, i.context) for i in statement.items if i.target is not None)


def _paired(target: s.Expr, value: s.Expr) -> Iterable[tuple[s.Expr, s.Expr | None]]:
    """`a, b = x, y` taken apart."""
    if not isinstance(target, s.Display):
        return [(target, value)]
    if isinstance(value, s.Display) and len(value.items) == len(target.items):
        return list(zip(target.items, value.items, strict=True))
    return [(item, None) for item in target.items]
