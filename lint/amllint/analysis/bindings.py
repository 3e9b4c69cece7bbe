"""Which attributes a module has once it has been imported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from amllint.analysis.truth import truth_on_import
from amllint.source.python import syntax as s
from amllint.source.text import Span


@dataclass(frozen=True, slots=True)
class Binding:
    """One place that binds a name: the name's span and the statement that does it.

    `certain` says that importing the module always gets there.
    """

    name: str
    span: Span
    statement: s.Stmt
    certain: bool = True


@dataclass(slots=True)
class ModuleBindings:
    """The names an import leaves bound, as far as reading can tell.

    `bound` holds what the server's import binds; `main_only` what only `python script.py`
    would bind; `removed` names deleted again. `dynamic` says why reading alone cannot
    tell every name (`exec`, `globals()[…]`, a module `__getattr__`), if so; `stars` are
    star imports.
    """

    bound: dict[str, list[Binding]] = field(default_factory=dict)
    main_only: dict[str, list[Binding]] = field(default_factory=dict)
    removed: dict[str, Span] = field(default_factory=dict)
    stars: list[s.Import] = field(default_factory=list)
    dynamic: str | None = None

    def last(self, name: str) -> Binding | None:
        """The binding that a plain top-to-bottom import leaves in place."""
        bindings = self.bound.get(name)
        return bindings[-1] if bindings else None

    def may_have(self, name: str) -> bool:
        """Whether the module has, or may have, an attribute of this name."""
        return name in self.bound or bool(self.stars) or self.dynamic is not None

    def before(self, binding: Binding) -> Binding | None:
        """The binding of the same name that stood before this one."""
        bindings = self.bound.get(binding.name, [])
        index = bindings.index(binding)
        return bindings[index - 1] if index else None

    def is_settled(self, name: str) -> bool:
        """Whether the last binding of a name is the one that an import leaves in place."""
        bindings = self.bound.get(name, [])
        alone = len(bindings) == 1 or (bool(bindings) and bindings[-1].certain)
        return alone and self.dynamic is None


def module_bindings(module: s.Module, nodes: Iterable[s.Syntax]) -> ModuleBindings:
    """Read off what importing a module binds, in any branch that an import can take.

    `nodes` are all of the module's.
    """
    result = ModuleBindings()
    _block(module.body, result, result.bound)
    called = _called_at_import(module)
    for node in nodes:
        if isinstance(node, s.Function) and node.name in called:
            for binding in _global_bindings(node):
                result.bound.setdefault(binding.name, []).append(binding)
        elif isinstance(node, s.Call) and result.dynamic is None:
            result.dynamic = _dynamic_call(node)
        elif isinstance(node, (s.Assign, s.AugmentedAssign)) and result.dynamic is None:
            result.dynamic = _dynamic_store(node)
    if "__getattr__" in result.bound:
        result.dynamic = "the module defines __getattr__"
    return result


def _block(
    body: tuple[s.Stmt, ...],
    result: ModuleBindings,
    into: dict[str, list[Binding]],
    deletes: bool = True,
    certain: bool = True,
) -> None:
    for statement in body:
        for name in bound_names(statement):
            binding = Binding(name.id, name.span, statement, certain)
            into.setdefault(name.id, []).append(binding)
            result.removed.pop(name.id, None)
        if isinstance(statement, s.Import) and any(a.name == "*" for a in statement.names):
            result.stars.append(statement)
        if isinstance(statement, s.Delete) and deletes and into is result.bound:
            for target in statement.targets:
                for gone in target_names(target):
                    if result.bound.pop(gone.id, None):
                        result.removed[gone.id] = gone.span
        handlers = {h.body for h in statement.handlers} if isinstance(statement, s.Try) else set()
        for block, main in _blocks(statement):
            inner = result.main_only if main else into
            always = certain and isinstance(statement, s.With)
            _block(block, result, inner, deletes and block not in handlers, always)


def _blocks(statement: s.Stmt) -> Iterator[tuple[tuple[s.Stmt, ...], bool]]:
    """The blocks of a compound statement, and whether an import never runs them."""
    if isinstance(statement, s.If):
        truth = truth_on_import(statement.test)
        yield statement.body, truth is False
        yield statement.orelse, truth is True
        return
    never = (isinstance(statement, s.For) and _is_empty(statement.iterable)) or (
        isinstance(statement, s.While) and truth_on_import(statement.test) is False
    )
    if never and isinstance(statement, (s.For, s.While)):
        yield statement.body, True
        yield statement.orelse, False
        return
    for block in inner_blocks(statement):
        yield block, False


def inner_blocks(statement: s.Stmt) -> Iterator[tuple[s.Stmt, ...]]:
    """The blocks of a compound statement that run in the same scope."""
    if isinstance(statement, (s.If, s.For, s.While)):
        yield statement.body
        yield statement.orelse
    elif isinstance(statement, s.With):
        yield statement.body
    elif isinstance(statement, s.Try):
        yield statement.body
        for handler in statement.handlers:
            yield handler.body
        yield statement.orelse
        yield statement.final
    elif isinstance(statement, s.Match):
        for case in statement.cases:
            yield case.body


def bound_names(statement: s.Stmt) -> Iterator[s.Name]:
    """Names that a statement itself binds in its scope; not those of its inner blocks."""
    if isinstance(statement, (s.Function, s.Class)):
        yield s.Name(statement.name_span, statement.name)
    elif isinstance(statement, s.Assign):
        if statement.value is not None:
            for target in statement.targets:
                yield from target_names(target)
    elif isinstance(statement, s.AugmentedAssign):
        yield from target_names(statement.target)
    elif isinstance(statement, s.Import):
        yield from _imported_names(statement)
    elif isinstance(statement, s.For):
        if not _is_empty(statement.iterable):
            yield from target_names(statement.target)
    elif isinstance(statement, s.With):
        for item in statement.items:
            if item.target is not None:
                yield from target_names(item.target)
    elif isinstance(statement, s.Match):
        for case in statement.cases:
            yield from case.captures
    elif isinstance(statement, s.TypeAlias_):
        yield statement.name
    yield from _walrus_names(statement)


def _is_empty(iterable: s.Expr) -> bool:
    return isinstance(iterable, s.Display) and not iterable.items


def _imported_names(statement: s.Import) -> Iterator[s.Name]:
    for alias in statement.names:
        if alias.name == "*":
            continue
        name = alias.asname or alias.name
        if alias.asname is None and statement.module is None:
            name = alias.name.split(".")[0]
        yield s.Name(alias.span, name)


def target_names(target: s.Expr) -> Iterator[s.Name]:
    """Names bound by an assignment target."""
    if isinstance(target, s.Name):
        yield target
    elif isinstance(target, s.Display):
        for item in target.items:
            yield from target_names(item)
    elif isinstance(target, s.Starred):
        yield from target_names(target.value)


def _walrus_names(statement: s.Stmt) -> Iterator[s.Name]:
    """Names bound by `:=` in a statement's own expressions, comprehensions included."""
    pending: list[s.Syntax] = list(own_expressions(statement))
    while pending:
        node = pending.pop()
        if isinstance(node, s.NamedExpression):
            yield from target_names(node.target)
        if isinstance(node, s.Lambda):
            pending.extend(p.default for p in node.parameters if p.default is not None)
        else:
            pending.extend(s.children(node))


def own_expressions(statement: s.Stmt) -> Iterator[s.Expr]:
    """The expressions that belong to a statement itself, not to its inner blocks."""
    if isinstance(statement, (s.Function, s.Class)):
        yield from statement.decorators
        for parameter in statement.parameters if isinstance(statement, s.Function) else ():
            if parameter.default is not None:
                yield parameter.default
    elif isinstance(statement, s.With):
        for item in statement.items:
            yield item.context
    elif isinstance(statement, s.Try):
        for handler in statement.handlers:
            if handler.type is not None:
                yield handler.type
    elif isinstance(statement, s.Match):
        yield statement.subject
        for case in statement.cases:
            if case.guard is not None:
                yield case.guard
    else:
        for value in statement[1:]:
            if isinstance(value, _EXPRESSIONS):
                yield value
            elif isinstance(statement, (s.Assign, s.Delete)) and type(value) is tuple:
                yield from (t for t in value if isinstance(t, _EXPRESSIONS))


_EXPRESSIONS = (
    *(s.Name, s.Attribute, s.Call, s.Subscript, s.Constant, s.FormattedString, s.Operation),
    *(s.Conditional, s.Display, s.Starred, s.Dictionary, s.Comprehension, s.Lambda),
    *(s.NamedExpression, s.Wrapped),
)


def _called_at_import(module: s.Module) -> set[str]:
    """Names of functions that module-level code calls."""
    called: set[str] = set()
    pending = list(module.body)
    while pending:
        statement = pending.pop()
        for expression in own_expressions(statement):
            for node in s.walk(expression):
                if isinstance(node, s.Call) and isinstance(node.function, s.Name):
                    called.add(node.function.id)
        for block, main in _blocks(statement):
            if not main:
                pending.extend(block)
    return called


def _global_bindings(function: s.Function) -> Iterator[Binding]:
    """What a function binds in the module through `global`."""
    declared: set[str] = set()
    for node in s.walk(function):
        if isinstance(node, s.Declare) and node.kind == "global":
            declared.update(node.names)
    if not declared:
        return
    pending = list(function.body)
    while pending:
        statement = pending.pop()
        for name in bound_names(statement):
            if name.id in declared:
                yield Binding(name.id, name.span, statement, certain=False)
        for block in inner_blocks(statement):
            pending.extend(block)


def _dynamic_call(call: s.Call) -> str | None:
    name = s.dotted(call.function)
    if name in ("exec", "execfile"):
        return f"it calls {name}()"
    if name == "setattr" and call.arguments:
        owner = call.arguments[0].value
        if isinstance(owner, s.Subscript) and s.dotted(owner.value) == "sys.modules":
            return "it sets attributes of sys.modules"
    if isinstance(call.function, s.Attribute) and call.function.attr in ("update", "setdefault"):
        owner = call.function.value
        if isinstance(owner, s.Call) and s.dotted(owner.function) in ("globals", "vars"):
            return "it changes globals()"
    return None


def _dynamic_store(statement: s.Assign | s.AugmentedAssign) -> str | None:
    targets = statement.targets if isinstance(statement, s.Assign) else (statement.target,)
    for target in targets:
        owner = target.value if isinstance(target, s.Subscript) else None
        called = s.dotted(owner.function) if isinstance(owner, s.Call) else None
        if called in ("globals", "vars", "locals"):
            return "it changes globals()"
    return None
