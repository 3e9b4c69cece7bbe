"""Calls, as the flow analysis sees them: own functions are followed, others known or not."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from amllint.analysis import known_calls as known
from amllint.analysis.bindings import bound_names, inner_blocks, target_names
from amllint.analysis.exceptions import catches, caught_names
from amllint.analysis.guards import validates
from amllint.analysis.names import Names
from amllint.analysis.values import (
    NOTHING,
    Env,
    ErrorText,
    Failed,
    Label,
    Outcome,
    Request,
    Returned,
    Risk,
    Value,
    answer_status,
    mark_checked,
    names_failure,
    show,
    shows_failure,
    union,
    widen,
)
from amllint.source.python import syntax as s
from amllint.source.text import Span

MAX_CALLS: Final = 400
"""Calls followed per entry function; a real script follows some ten."""
MAX_CALL_DEPTH: Final = 8


class Frame(NamedTuple):
    """Where execution stands: enclosing tries, the handler being run, nesting of calls."""

    tries: tuple[tuple[s.Handler, ...] | None, ...]
    handler: s.Handler | None
    depth: int
    outcome: Outcome
    owner: s.Class | None


class Calls(ABC):
    """Evaluates calls, given what evaluates everything else."""

    def __init__(self, module: s.Module, nodes: Iterable[s.Syntax], names: Names) -> None:
        self.names = names
        self.all_functions = tuple(_functions(module.body))
        self.functions = {f.name: f for f in self.all_functions}
        self.callables = {**_lambdas(module.body), **self.functions}
        self.classes = {n.name: n for n in nodes if isinstance(n, s.Class)}
        self.instances = _instances(nodes, self.classes)
        self.wrapping_classes = _wrapping_classes(nodes, self.classes)
        self.calls = 0
        self.active: list[s.Function | s.Lambda] = []

    @abstractmethod
    def enter(self, function: s.Function | s.Lambda, env: Env, frame: Frame) -> Value:
        """Run a function body in its own environment; the value it returns, joined."""

    @abstractmethod
    def evaluate(self, node: s.Expr, env: Env, frame: Frame) -> Value:
        """The value of any expression."""

    @abstractmethod
    def taint(self, target: s.Expr, value: Value, env: Env) -> None:
        """Let a value flow into part of a variable."""

    def call(self, node: s.Call, env: Env, frame: Frame) -> tuple[Value, list[Returned]]:
        """The value of a call, and the returns of the function it calls if that is ours."""
        values = [self.evaluate(a.value, env, frame) for a in node.arguments]
        receiver = NOTHING
        if isinstance(node.function, s.Attribute):
            receiver = self.evaluate(node.function.value, env, frame)
        qualified = self.names.qualify(node.function) or ""
        followed = self._own(node, qualified, receiver, values, env, frame)
        if followed is None:
            followed = (self._foreign(node, qualified, receiver, values, env, frame), [])
        if validates(node):
            names = {a.value.id for a in node.arguments if isinstance(a.value, s.Name)}
            env.update(mark_checked(env, names))
        return followed

    def _own(
        self,
        node: s.Call,
        qualified: str,
        receiver: Value,
        values: list[Value],
        env: Env,
        frame: Frame,
    ) -> tuple[Value, list[Returned]] | None:
        """Follow a call of a function, lambda or method of this script."""
        if isinstance(node.function, s.Name):
            bound = env.get(node.function.id)
            function = bound.function if bound else self.callables.get(node.function.id)
            if function is not None:
                return self._follow(function, node, values, frame, env)
            klass = self.classes.get(node.function.id)
            if klass is not None and node.function.id not in env:
                return Value(instance=klass), []
        elif isinstance(node.function, s.Attribute):
            owner = receiver.instance or self._class_itself(node.function.value, env)
            method = _method(owner, node.function.attr) if owner else None
            if method is not None:
                return self._follow(method, node, values, frame, env, Value(instance=owner))
        return None

    def _class_itself(self, node: s.Expr, env: Env) -> s.Class | None:
        """The class of this script that an expression names."""
        named = isinstance(node, s.Name) and node.id not in env
        return self.classes.get(node.id) if named and isinstance(node, s.Name) else None

    def _foreign(
        self,
        node: s.Call,
        qualified: str,
        receiver: Value,
        values: list[Value],
        env: Env,
        frame: Frame,
    ) -> Value:
        """The value of a call that leaves the script."""
        response = known.response_of(qualified)
        if response is not None:
            return Value(union(values), answer_status(response, node, self.names), node)
        if qualified in known.ERROR_SOURCES:
            shown = qualified.startswith("traceback.")
            text = ErrorText(node.span, qualified, frame.handler, False, shown)
            return Value(frozenset({text}))
        method = node.function.attr if isinstance(node.function, s.Attribute) else ""
        if method in known.MUTATORS and isinstance(node.function, s.Attribute):
            put_in = union(values)
            if frame.handler is not None and _puts_failure(node):
                put_in |= {Failed(node.span, frame.handler)}
            self.taint(node.function.value, Value(put_in), env)
        self._call_risk(node, qualified, method, receiver, values, frame)
        return Value(self._passed_on(node, qualified, method, receiver, values), source=node)

    def _passed_on(
        self, node: s.Call, qualified: str, method: str, receiver: Value, values: list[Value]
    ) -> frozenset[Label]:
        """What of the arguments and the receiver is in the result."""
        labels: set[Label] = set()
        if qualified in known.TEXT_OF:
            put_in = frozenset(n for n in union(values) if not isinstance(n, Request))
            labels |= show(put_in) if qualified in known.MAKES_TEXT else put_in
        if qualified in known.PARSERS or qualified in known.PASSES_REQUEST:
            labels |= {n for n in union(values) if isinstance(n, Request)}
        if method and method not in known.HARMLESS_METHODS:
            labels |= show(receiver.labels)
            if method in ("join", "format", "replace", "get"):
                labels |= {n for n in show(union(values)) if not isinstance(n, Request)}
        return widen(frozenset(labels), node.span)

    def _call_risk(
        self,
        node: s.Call,
        qualified: str,
        method: str,
        receiver: Value,
        values: list[Value],
        frame: Frame,
    ) -> None:
        parser = known.PARSERS.get(qualified) or known.ARGUMENT_METHODS.get(method)
        given = any(_at_risk(a.value, v) for a, v in zip(node.arguments, values, strict=True))
        if parser is None and receiver.carries(Request):
            parser, given = known.PARSER_METHODS.get(method), True
        if parser is not None and given:
            self.risk(node.span, True, parser.verb, parser.raises, frame)
        elif qualified not in known.QUIET_CALLS and method not in known.QUIET_METHODS:
            self.risk(node.span, False, "calls", "Exception", frame)

    def risk(self, span: Span, from_request: bool, verb: str, raises: str, frame: Frame) -> None:
        missed: list[str] = []
        for handlers in frame.tries:
            if handlers is None:
                return
            for handler in handlers:
                caught = caught_names(handler, self.names)
                if caught is None or any(catches(c, raises) for c in caught):
                    return
                missed.extend(caught)
        frame.outcome.risks.append(Risk(span, from_request, verb, raises, tuple(missed)))

    def _follow(
        self,
        function: s.Function | s.Lambda,
        call: s.Call,
        values: list[Value],
        frame: Frame,
        env: Env,
        bound: Value | None = None,
    ) -> tuple[Value, list[Returned]] | None:
        """The value of calling a function of this script; `None` where it is not followed."""
        self.calls += 1
        if function in self.active or frame.depth >= MAX_CALL_DEPTH or self.calls > MAX_CALLS:
            return None
        opaque = isinstance(function, s.Function) and function.decorators and bound is None
        if opaque:
            return None
        inner = _bind(function, call, values, bound)
        if isinstance(function, s.Lambda) or function.name not in self.functions:
            inner = {**env, **inner}
        outcome = Outcome(risks=frame.outcome.risks)
        value = self.enter(
            function, inner, frame._replace(depth=frame.depth + 1, outcome=outcome, handler=None)
        )
        return value._replace(source=None), outcome.returns


def _wrapping_classes(nodes: Iterable[s.Syntax], classes: dict[str, s.Class]) -> set[str]:
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


def _at_risk(argument: s.Expr, value: Value) -> bool:
    """Whether what came in the request decides if taking an argument apart succeeds.

    A value that was looked at does not, and neither does a display around a whole parameter.
    """
    if not value.carries(Request) or value.checked:
        return False
    if not isinstance(argument, (s.Display, s.Dictionary)):
        return True
    names = {label.parameter for label in value.labels if isinstance(label, Request)}
    parts = [n for n in s.walk(argument) if not isinstance(n, (s.Display, s.Dictionary))]
    return not all(isinstance(n, s.Constant) or getattr(n, "id", None) in names for n in parts)


def _puts_failure(call: s.Call) -> bool:
    """Whether `x.update(error=…)` or `x.append({"error": …})` puts a failure in."""
    named = any(names_failure(a.keyword or "") for a in call.arguments)
    plain = [a.value for a in call.arguments if a.keyword is None]
    return named or any(
        isinstance(v, s.Dictionary) and shows_failure(v, NOTHING, {}) for v in plain
    )


def _functions(body: tuple[s.Stmt, ...]) -> Iterator[s.Function]:
    """Module-level functions in order, those in the blocks of statements included."""
    for statement in body:
        if isinstance(statement, s.Function):
            yield statement
        for block in inner_blocks(statement):
            yield from _functions(block)


def _lambdas(body: tuple[s.Stmt, ...]) -> dict[str, s.Function | s.Lambda]:
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


def _method(owner: s.Class, name: str) -> s.Function | None:
    for statement in owner.body:
        if isinstance(statement, s.Function) and statement.name == name:
            return statement
    return None


def _instances(nodes: Iterable[s.Syntax], classes: dict[str, s.Class]) -> dict[str, s.Class]:
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


def _bind(
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
