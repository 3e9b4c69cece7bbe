"""What a script defines: functions, lambdas, classes, instances, and how calls bind to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from amllint.analysis.statements import bound_names, inner_blocks, target_names
from amllint.analysis.values import Env, Value, union
from amllint.source.python import syntax as s
from amllint.source.text import Span


def wrapping_classes(nodes: Iterable[s.Syntax], classes: dict[str, s.Class]) -> set[str]:
    """Own classes that a handler makes with the exception it caught in their arguments."""
    found: set[str] = set()
    for handler in nodes:
        if not isinstance(handler, s.Handler) or not handler.name:
            continue
        for node in (n for statement in handler.body for n in s.walk(statement)):
            name = s.dotted(node.function) if isinstance(node, s.Call) else None
            if name in classes and isinstance(node, s.Call):
                read = [n for a in node.arguments for n in s.walk(a.value)]
                if any(isinstance(n, s.Name) and n.id == handler.name for n in read):
                    found.add(name or "")
    return found


def module_functions(body: tuple[s.Stmt, ...]) -> Iterator[s.Function]:
    """Module-level functions in order, those in the blocks of statements included."""
    for statement in body:
        if isinstance(statement, s.Function):
            yield statement
        for block in inner_blocks(statement):
            yield from module_functions(block)


def module_lambdas(body: tuple[s.Stmt, ...]) -> dict[str, s.Function | s.Lambda]:
    """Module-level names that are bound once, to a lambda."""
    bound: dict[str, list[s.Stmt]] = {}
    for statement in body:
        for name in bound_names(statement):
            bound.setdefault(name.id, []).append(statement)
    found: dict[str, s.Function | s.Lambda] = {}
    for name_, statements in bound.items():
        only = statements[0] if len(statements) == 1 else None
        if isinstance(only, s.Assign) and isinstance(only.value, s.Lambda):
            found[name_] = only.value
    return found


def method_of(owner: s.Class, name: str) -> s.Function | None:
    for statement in owner.body:
        if isinstance(statement, s.Function) and statement.name == name:
            return statement
    return None


def instances_of(nodes: Iterable[s.Syntax], classes: dict[str, s.Class]) -> dict[str, s.Class]:
    """Names that only ever hold an instance of one class of this script."""
    found: dict[str, s.Class | None] = {}
    for node in nodes:
        if not isinstance(node, s.Assign) or node.value is None:
            continue
        klass = None
        if isinstance(node.value, s.Call) and isinstance(node.value.function, s.Name):
            klass = classes.get(node.value.function.id)
        none = isinstance(node.value, s.Constant) and node.value.value is None
        for target in node.targets:
            for name in target_names(target):
                if none and klass is None:
                    continue
                same = name.id not in found or found[name.id] is klass
                found[name.id] = klass if same else None
    return {name: klass for name, klass in found.items() if klass is not None}


def module_sources(nodes: Iterable[s.Syntax]) -> dict[str, list[s.Expr]]:
    """Everything that is assigned to plain names, by name."""
    found: dict[str, list[s.Expr]] = {}
    for node in nodes:
        if isinstance(node, s.Assign) and node.value is not None:
            for target in node.targets:
                if isinstance(target, s.Name):
                    found.setdefault(target.id, []).append(node.value)
    return found


def generator_functions(nodes: Iterable[s.Syntax]) -> frozenset[Span]:
    """The functions that a `yield` makes generators of."""
    nodes = tuple(nodes)
    yields = [n.span for n in nodes if isinstance(n, s.Wrapped) and n.kind != "await"]
    if not yields:
        return frozenset()
    functions = [n.span for n in nodes if isinstance(n, (s.Function, s.Lambda))]
    around = ([f for f in functions if f.contains(y)] for y in yields)
    return frozenset(min(f, key=lambda span: span.end - span.start) for f in around if f)


def bound_arguments(
    function: s.Function | s.Lambda, call: s.Call, values: list[Value], bound: Value | None
) -> Env:
    """The callee's parameters with the values of a call's arguments."""
    parameters = [p for p in function.parameters if p.kind in ("positional-only", "plain")]
    env: Env = {}
    if bound is not None and parameters and not _is_static(function):
        env[parameters.pop(0).name] = bound
    rest = union(values)
    position = 0
    for argument, value in zip(call.arguments, values, strict=True):
        if argument.star:
            continue
        if argument.keyword is not None:
            env[argument.keyword] = value
        elif position < len(parameters):
            env[parameters[position].name] = value
            position += 1
    starred = any(a.star for a in call.arguments)
    for parameter in function.parameters:
        if parameter.kind in ("*", "**") or (starred and parameter.name not in env):
            env[parameter.name] = Value(rest)
    return env


def _is_static(function: s.Function | s.Lambda) -> bool:
    decorators = function.decorators if isinstance(function, s.Function) else ()
    return any(s.dotted(d) == "staticmethod" for d in decorators)
