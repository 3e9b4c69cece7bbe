"""Which names a function binds, declares and reads, by Python's own scoping rules."""

from __future__ import annotations

from dataclasses import dataclass, field

from amllint.analysis.statements import bound_names, inner_blocks, own_expressions, target_names
from amllint.source.python import syntax as s
from amllint.source.text import Span


@dataclass(slots=True)
class Scope:
    """Names of one function: parameters, own bindings, declarations, and free reads.

    `reads` holds names read here or in nested scopes that do not bind them, with the places.
    """

    parameters: set[str] = field(default_factory=set)
    bound: dict[str, list[Span]] = field(default_factory=dict)
    declared_global: dict[str, Span] = field(default_factory=dict)
    declared_nonlocal: set[str] = field(default_factory=set)
    reads: dict[str, list[Span]] = field(default_factory=dict)

    def local(self, name: str) -> bool:
        """Whether `name` means a local variable here."""
        declared = name in self.declared_global or name in self.declared_nonlocal
        return not declared and (name in self.parameters or name in self.bound)

    def free_reads(self, name: str) -> list[Span]:
        """Where `name` is read and means the module's own or a builtin."""
        return [] if self.local(name) else self.reads.get(name, [])


def function_scope(function: s.Function | s.Lambda) -> Scope:
    """The scope of a function or lambda."""
    scope = Scope(parameters={p.name for p in function.parameters})
    if isinstance(function, s.Lambda):
        _read(function.body, scope)
    else:
        _statements(function.body, scope)
    return scope


def _statements(body: tuple[s.Stmt, ...], scope: Scope) -> None:
    for statement in body:
        _statement(statement, scope)
        for block in inner_blocks(statement):
            _statements(block, scope)


def _statement(statement: s.Stmt, scope: Scope) -> None:
    for name in bound_names(statement):
        scope.bound.setdefault(name.id, []).append(name.span)
    if isinstance(statement, s.Assign) and statement.value is None:
        # A bare annotation binds nothing, and still makes the name a local one.
        for name in target_names(statement.targets[0]):
            scope.bound.setdefault(name.id, []).append(name.span)
    if isinstance(statement, s.Declare):
        for declared in statement.names:
            if statement.kind == "global":
                scope.declared_global.setdefault(declared, statement.span)
            else:
                scope.declared_nonlocal.add(declared)
    elif isinstance(statement, s.Try):
        for handler in statement.handlers:
            if handler.name:
                scope.bound.setdefault(handler.name, []).append(handler.span)
    elif isinstance(statement, (s.Function, s.Class)):
        _nested(statement, scope)
    elif isinstance(statement, s.AugmentedAssign):
        _read(statement.target, scope)
    targets = _pure_targets(statement)
    for expression in own_expressions(statement):
        if expression not in targets:
            _read(expression, scope)
    for target in targets:
        _read_target(target, scope)


def _pure_targets(statement: s.Stmt) -> tuple[s.Expr, ...]:
    if isinstance(statement, s.Assign):
        return statement.targets
    if isinstance(statement, s.For):
        return (statement.target,)
    if isinstance(statement, s.With):
        return tuple(i.target for i in statement.items if i.target is not None)
    return ()


def _read_target(target: s.Expr, scope: Scope) -> None:
    """`a.b = …` and `a[i] = …` read `a`; `a = …` reads nothing."""
    if isinstance(target, (s.Display, s.Starred)):
        for item in target.items if isinstance(target, s.Display) else (target.value,):
            _read_target(item, scope)
    elif not isinstance(target, s.Name):
        _read(target, scope)


def _read(expression: s.Expr, scope: Scope) -> None:
    if isinstance(expression, s.Name):
        scope.reads.setdefault(expression.id, []).append(expression.span)
    elif isinstance(expression, s.Lambda):
        _absorb(function_scope(expression), scope)
        for parameter in expression.parameters:
            if parameter.default is not None:
                _read(parameter.default, scope)
    elif isinstance(expression, s.Comprehension):
        _comprehension(expression, scope)
    elif isinstance(expression, s.NamedExpression):
        _read(expression.value, scope)
    else:
        for child in s.children(expression):
            _read(child.value if isinstance(child, s.Argument) else child, scope)  # type: ignore[arg-type]


def _comprehension(expression: s.Comprehension, scope: Scope) -> None:
    inner = Scope()
    for number, clause in enumerate(expression.clauses):
        _read(clause.iterable, inner if number else scope)
        for name in target_names(clause.target):
            inner.bound.setdefault(name.id, []).append(name.span)
        for condition in clause.conditions:
            _read(condition, inner)
    for element in expression.elements:
        _read(element, inner)
    _absorb(inner, scope)


def _nested(statement: s.Function | s.Class, scope: Scope) -> None:
    if isinstance(statement, s.Function):
        _absorb(function_scope(statement), scope)
        return
    # Methods do not see the names of the class body: what they read passes it by.
    inner = Scope()
    _statements(tuple(n for n in statement.body if not isinstance(n, s.Function)), inner)
    _absorb(inner, scope)
    for method in statement.body:
        if isinstance(method, s.Function):
            _nested(method, scope)
    for base in statement.bases:
        _read(base.value, scope)


def _absorb(inner: Scope, outer: Scope) -> None:
    """Free reads of a nested scope are reads of the one around it."""
    for name, spans in inner.reads.items():
        if not inner.local(name) and name not in inner.declared_global:
            outer.reads.setdefault(name, []).extend(spans)
