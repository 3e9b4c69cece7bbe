"""Expressions and calls: the half of the flow analysis that has no control flow."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Final, NamedTuple

from amllint.analysis import known_calls as known
from amllint.analysis.bindings import inner_blocks, target_names
from amllint.analysis.exceptions import catches, caught_names
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
    index_error,
    is_exc_info,
    join_values,
    taken_at,
    tells_failure,
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


class Evaluator(ABC):
    """Evaluates expressions and follows calls of functions of one script."""

    def __init__(self, module: s.Module, nodes: Iterable[s.Syntax], names: Names) -> None:
        self.names = names
        self.functions = _functions(module.body)
        self.classes = {n.name: n for n in nodes if isinstance(n, s.Class)}
        self.instances = _instances(nodes, self.classes)
        self.calls = 0
        self.active: list[s.Function | s.Lambda] = []

    @abstractmethod
    def enter(self, function: s.Function | s.Lambda, env: Env, frame: Frame) -> Value:
        """Run a function body in its own environment; the value it returns, joined."""

    # -- expressions --------------------------------------------------------------------

    def _eval(self, node: s.Expr, env: Env, frame: Frame) -> Value:
        if isinstance(node, s.Name):
            return self._name(node, env)
        if isinstance(node, s.Constant):
            return Value(source=node)
        if isinstance(node, s.Call):
            return self._call(node, env, frame)[0]
        if isinstance(node, s.Attribute):
            return self._attribute(node, env, frame)
        if isinstance(node, s.Subscript):
            return self._subscript(node, env, frame)
        if isinstance(node, s.Operation):
            return self._operation(node, env, frame)
        if isinstance(node, s.Conditional):
            self._eval(node.test, env, frame)
            branches = (self._eval(n, env, frame) for n in (node.body, node.orelse))
            return join_values(branches)
        if isinstance(node, s.Comprehension):
            return self._comprehension(node, env, frame)
        if isinstance(node, s.Lambda):
            return Value(function=node)
        if isinstance(node, s.NamedExpression):
            value = self._eval(node.value, env, frame)
            self._bind_target(node.target, value, node.value, env, frame)
            return value
        if isinstance(node, s.Dictionary):
            parts = [k for k in node.keys if k is not None] + list(node.values)
        elif isinstance(node, s.Display):
            parts = list(node.items)
        elif isinstance(node, s.FormattedString):
            parts = list(node.parts)
        else:
            parts = [node.value] if node.value is not None else []
        labels = union(self._eval(part, env, frame) for part in parts)
        return Value(labels, source=node)

    def _bind_target(
        self, target: s.Expr, value: Value, source: s.Expr | None, env: Env, frame: Frame
    ) -> None:
        if isinstance(target, s.Name):
            if frame.handler is not None and tells_failure(source, value):
                failed = Failed(target.span, frame.handler)
                value = value._replace(labels=value.labels | {failed})
            env[target.id] = value._replace(source=source if source else value.source)
        elif isinstance(target, s.Display):
            items = source.items if isinstance(source, s.Display) else ()
            for number, item in enumerate(target.items):
                if len(items) == len(target.items):
                    part = self._eval(items[number], env, frame)
                    self._bind_target(item, part, items[number], env, frame)
                else:
                    self._bind_target(item, Value(value.labels), None, env, frame)
        elif isinstance(target, s.Starred):
            self._bind_target(target.value, Value(value.labels), None, env, frame)
        elif isinstance(target, s.Attribute) and target.attr in ("status_code", "status"):
            if isinstance(target.value, s.Name):
                old = env.get(target.value.id, NOTHING)
                status = known.status_value(source)
                env[target.value.id] = old._replace(status=status or "unknown")
        else:
            self._eval(target, env, frame)
            self._taint(target, value, env)

    def _taint(self, target: s.Expr, value: Value, env: Env) -> None:
        """Something flows into part of a variable: the whole variable carries it."""
        while isinstance(target, (s.Subscript, s.Attribute)):
            target = target.value
        for name in target_names(target):
            old = env.get(name.id, NOTHING)
            env[name.id] = old._replace(labels=old.labels | value.labels)

    def _name(self, node: s.Name, env: Env) -> Value:
        value = env.get(node.id)
        if value is None:
            instance = self.instances.get(node.id)
            return Value(instance=instance) if instance else NOTHING
        if not any(isinstance(label, ErrorText) for label in value.labels):
            return value
        return value._replace(labels=frozenset(taken_at(n, node.span) for n in value.labels))

    def _attribute(self, node: s.Attribute, env: Env, frame: Frame) -> Value:
        value = self._eval(node.value, env, frame)
        if node.attr in known.HARMLESS_ATTRIBUTES:
            return Value(frozenset(n for n in value.labels if isinstance(n, Request)))
        return Value(widen(value.labels, node.span))

    def _subscript(self, node: s.Subscript, env: Env, frame: Frame) -> Value:
        value = self._eval(node.value, env, frame)
        for part in node.keys:
            self._eval(part, env, frame)
        if value.carries(Request) and not node.slice:
            self._risk(node.span, True, "indexes", index_error(node), frame)
        first = node.keys[0] if len(node.keys) == 1 else None
        if is_exc_info(node.value, self.names) and isinstance(first, s.Constant):
            if first.value == 0:
                return NOTHING
        return Value(widen(value.labels, node.span))

    def _operation(self, node: s.Operation, env: Env, frame: Frame) -> Value:
        values = [self._eval(part, env, frame) for part in node.operands]
        if node.operators[0] in ("and", "or"):
            return join_values(values)
        if node.operators[0] in ("+", "%", "|", "*"):
            return Value(union(values), source=node)
        return NOTHING

    def _comprehension(self, node: s.Comprehension, env: Env, frame: Frame) -> Value:
        inner = dict(env)
        for clause in node.clauses:
            value = self._eval(clause.iterable, inner, frame)
            self._bind_target(clause.target, Value(value.labels), None, inner, frame)
            for condition in clause.conditions:
                self._eval(condition, inner, frame)
        return Value(union(self._eval(e, inner, frame) for e in node.elements))

    def _call(self, node: s.Call, env: Env, frame: Frame) -> tuple[Value, list[Returned]]:
        """The value of a call, and the returns of the function it calls if that is ours."""
        values = [self._eval(a.value, env, frame) for a in node.arguments]
        receiver = NOTHING
        if isinstance(node.function, s.Attribute):
            receiver = self._eval(node.function.value, env, frame)
        qualified = self.names.qualify(node.function) or ""
        followed = self._own(node, qualified, receiver, values, env, frame)
        if followed is not None:
            return followed
        return self._foreign(node, qualified, receiver, values, env, frame), []

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
            function = bound.function if bound else self.functions.get(node.function.id)
            if function is not None:
                return self._follow(function, node, values, frame, env)
            klass = self.classes.get(node.function.id)
            if klass is not None and node.function.id not in env:
                return Value(instance=klass), []
        elif isinstance(node.function, s.Attribute):
            owner = receiver.instance
            if owner is None and isinstance(node.function.value, s.Call):
                owner = receiver.instance
            method = _method(owner, node.function.attr) if owner else None
            if method is not None:
                return self._follow(method, node, values, frame, env, Value(instance=owner))
        return None

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
            return Value(frozenset({ErrorText(node.span, qualified, frame.handler, False)}))
        method = node.function.attr if isinstance(node.function, s.Attribute) else ""
        if method in known.MUTATORS and isinstance(node.function, s.Attribute):
            self._taint(node.function.value, Value(union(values)), env)
        self._call_risk(node, qualified, method, receiver, values, frame)
        return Value(self._passed_on(node, qualified, method, receiver, values), source=node)

    def _passed_on(
        self, node: s.Call, qualified: str, method: str, receiver: Value, values: list[Value]
    ) -> frozenset[Label]:
        """What of the arguments and the receiver is in the result."""
        labels: set[Label] = set()
        if qualified in known.TEXT_OF:
            labels |= {n for n in union(values) if not isinstance(n, Request)}
        if qualified in known.PARSERS or qualified in known.PASSES_REQUEST:
            labels |= {n for n in union(values) if isinstance(n, Request)}
        if method and method not in known.HARMLESS_METHODS:
            labels |= receiver.labels
            if method in ("join", "format", "replace", "get"):
                labels |= {n for n in union(values) if not isinstance(n, Request)}
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
        parser = known.PARSERS.get(qualified)
        given = any(v.carries(Request) for v in values)
        if parser is None and receiver.carries(Request):
            parser, given = known.PARSER_METHODS.get(method), True
        if parser is not None and given:
            self._risk(node.span, True, parser.verb, parser.raises, frame)
        elif qualified not in known.QUIET_CALLS and method not in known.QUIET_METHODS:
            self._risk(node.span, False, "calls", "Exception", frame)

    def _risk(self, span: Span, from_request: bool, verb: str, raises: str, frame: Frame) -> None:
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

    # -- calls of our own functions -----------------------------------------------------

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
        if isinstance(function, s.Function) and (function.decorators and bound is None):
            return None
        inner = _bind(function, call, values, bound)
        if isinstance(function, s.Lambda) or function.name not in self.functions:
            inner = {**env, **inner}
        outcome = Outcome(risks=frame.outcome.risks)
        value = self.enter(
            function, inner, frame._replace(depth=frame.depth + 1, outcome=outcome, handler=None)
        )
        return value._replace(source=None), outcome.returns


def _functions(body: tuple[s.Stmt, ...]) -> dict[str, s.Function]:
    """Module-level functions, those in the blocks of statements included."""
    found: dict[str, s.Function] = {}
    for statement in body:
        if isinstance(statement, s.Function):
            found[statement.name] = statement
        for block in inner_blocks(statement):
            found.update(_functions(block))
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
