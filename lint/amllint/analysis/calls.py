"""Calls, as the flow analysis sees them: own functions are followed, others known or not."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Final, NamedTuple

from amllint.analysis import known_calls as known
from amllint.analysis.call_kinds import call_kind, object_kind
from amllint.analysis.definitions import (
    bound_arguments,
    generator_functions,
    instances_of,
    method_of,
    module_functions,
    module_lambdas,
    module_sources,
    wrapping_classes,
)
from amllint.analysis.exceptions import catches, caught_names, is_known
from amllint.analysis.guards import validates
from amllint.analysis.kinds import UNKNOWN, Kind, appended
from amllint.analysis.misuses import Fault, by_attribute, by_call, ends_call, misuse
from amllint.analysis.names import Names
from amllint.analysis.values import (
    NOTHING,
    Arrived,
    Encoded,
    Env,
    ErrorText,
    Failed,
    Given,
    Label,
    Outcome,
    Predicted,
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
    """Where execution stands: enclosing tries, the handler being run, nesting of calls.

    `within` is the statement of the entry function's own body that is being run; `tested`
    says that a test of what came in the request led here.
    """

    tries: tuple[tuple[s.Handler, ...] | None, ...]
    handler: s.Handler | None
    depth: int
    outcome: Outcome
    within: Span | None = None
    tested: bool = False


_PARTS: Final = (s.Dictionary, s.Display, s.Call)
"""Expressions in which an exception's text has a place of its own."""


class Leaves(Exception):
    """An expression raises for certain, so that control leaves the statement."""


class Calls(ABC):
    """Evaluates calls, given what evaluates everything else."""

    def __init__(self, module: s.Module, nodes: Iterable[s.Syntax], names: Names) -> None:
        self.names = names
        self.all_functions = tuple(module_functions(module.body))
        self.functions = {f.name: f for f in self.all_functions}
        self.callables = {**module_lambdas(module.body), **self.functions}
        self.classes = {n.name: n for n in nodes if isinstance(n, s.Class)}
        self.instances = instances_of(nodes, self.classes)
        self.sources = module_sources(nodes)
        self.module_kinds: dict[str, Kind] = {}
        self.generators = generator_functions(nodes)
        self.wrapping_classes = wrapping_classes(nodes, self.classes)
        self.calls = 0
        self.active: list[s.Function | s.Lambda] = []
        self.entry_body: tuple[s.Stmt, ...] = ()

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
        if self._fails(node, qualified, receiver, values, frame):
            return NOTHING, []
        followed = self._own(node, qualified, receiver, values, env, frame)
        if followed is not None:
            _may_change(node, env)
        else:
            followed = (self._foreign(node, qualified, receiver, values, env, frame), [])
        if validates(node):
            names = {a.value.id for a in node.arguments if isinstance(a.value, s.Name)}
            env.update(mark_checked(env, names))
        return followed

    def _fails(
        self, node: s.Call, qualified: str, receiver: Value, values: list[Value], frame: Frame
    ) -> bool:
        """Whether a call fails by the type of what came in, whatever that is."""
        function = node.function
        if isinstance(function, s.Attribute) and receiver.kind:
            asked = by_attribute(receiver, function.attr)
            return asked is not None and self.failed(asked, function, receiver, frame)
        fault = by_call(qualified, values)
        return fault is not None and self.failed(fault, node, values[0], frame)

    def failed(self, fault: Fault, node: s.Expr, value: Value, frame: Frame) -> bool:
        """Note a use that raises on every call; false where a handler may make up for it."""
        used = node.arguments[0].value if isinstance(node, s.Call) else node
        used = used.value if isinstance(used, (s.Attribute, s.Subscript)) else used
        if not ends_call(fault, frame.tries, used, self.names):
            return False
        frame.outcome.misuses.append(misuse(fault, node, used, value))
        return True

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
                return Value(instance=klass, kind=object_kind(klass)), []
        elif isinstance(node.function, s.Attribute):
            owner = receiver.instance or self._class_itself(node.function.value, env)
            method = method_of(owner, node.function.attr) if owner else None
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
        method = node.function.attr if isinstance(node.function, s.Attribute) else ""
        self._note(node, qualified, method, receiver, values, frame)
        response = known.response_of(qualified)
        if response is not None:
            status = answer_status(response, node, self.names)
            return Value(union(values), status, node, kind=Kind("response"))
        if qualified in known.ERROR_SOURCES:
            shown = qualified.startswith("traceback.")
            text = ErrorText(node.span, qualified, frame.handler, False, shown)
            return Value(frozenset({text}))
        plain = not any(a.keyword for a in node.arguments)
        if qualified in known.SERIALIZERS and plain and any(v.holds_exception for v in values):
            raise Leaves
        if method in known.MUTATORS and isinstance(node.function, s.Attribute):
            put_in = union(values)
            if frame.handler is not None and _puts_failure(node):
                put_in |= {Failed(node.span, frame.handler)}
            self.taint(node.function.value, Value(put_in), env)
            _put_in(node.function.value, method, node, values, env)
        self._call_risk(node, qualified, method, receiver, values, frame)
        labels = self._passed_on(node, qualified, method, receiver, values)
        kind = call_kind(node, qualified, method, receiver, values)
        if method in known.PREDICTS and receiver.instance is None:
            labels |= {Predicted(node.span)}
            root = s.root_name(node.function)
            if kind.name == "some prediction" and self.names.imported(root) is not None:
                kind = UNKNOWN
        return Value(labels, source=node, kind=kind)

    def _note(
        self,
        node: s.Call,
        qualified: str,
        method: str,
        receiver: Value,
        values: list[Value],
        frame: Frame,
    ) -> None:
        """Keep calls that something of the request or of an answer goes into."""
        by = known.encoder(qualified, node)
        if by and node.arguments and not node.arguments[0].star:
            body = node.arguments[0].value
            frame.outcome.encoded.append(Encoded(node, body, values[0], by))
        if receiver.came_in and method in known.MAPPING_METHODS and not receiver.checked:
            shape = Risk(node.span, True, "asks", "AttributeError", (), frame.within)
            frame.outcome.shapes.append(shape)
        if any(v.labels and (v.came_in or v.carries(Predicted)) for v in values):
            name = f"{receiver.kind.name}.{method}" if receiver.kind else qualified
            given = Given(node, name, tuple(values), receiver, frame.handler)
            frame.outcome.given.append(given)

    def _passed_on(
        self, node: s.Call, qualified: str, method: str, receiver: Value, values: list[Value]
    ) -> frozenset[Label]:
        """What of the arguments and the receiver is in the result."""
        labels: set[Label] = set()
        args = node.arguments
        if qualified in known.TEXT_OF:
            put_in = frozenset(n for n in union(values) if not isinstance(n, (Request, Arrived)))
            labels |= show(put_in) if qualified in known.MAKES_TEXT else put_in
        if qualified in known.PARSERS or qualified in known.PASSES_REQUEST:
            labels |= {n for n in union(values) if isinstance(n, (Request, Arrived))}
        if qualified in known.DUMPS:
            # What is written anew fails for other reasons than what came in, and still shows it.
            came = (n for n in union(values) if isinstance(n, (Request, Arrived)))
            labels |= {Arrived(n.parameter) for n in came}
        if method and method not in known.HARMLESS_METHODS:
            labels |= show(receiver.labels)
            if method in ("join", "format", "replace", "get"):
                labels |= {n for n in show(union(values)) if not isinstance(n, (Request, Arrived))}
        # `json.dumps({"error": str(e)})` holds the text in a place of its own.
        holds = qualified in known.SERIALIZERS and any(isinstance(a.value, _PARTS) for a in args)
        return frozenset(labels) if holds else widen(frozenset(labels), node.span)

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
        if parser is None and receiver.carries(Request) and not receiver.checked:
            parser, given = known.PARSER_METHODS.get(method), True
        if parser is not None and given:
            self.risk(node.span, True, parser.verb, parser.raises, frame)
            rare = (Risk(node.span, True, parser.verb, r, (), frame.within) for r in parser.further)
            frame.outcome.shapes.extend(rare)
        elif qualified not in known.QUIET_CALLS and method not in known.QUIET_METHODS:
            # To make an exception is to raise it: what catches that leaves nothing over.
            raises = qualified if is_known(qualified) else "Exception"
            self.risk(node.span, False, "calls", raises, frame)

    def risk(self, span: Span, from_request: bool, verb: str, raises: str, frame: Frame) -> None:
        """Note that an expression can raise, and where that goes: innermost handlers first."""
        missed: list[str] = []
        for handlers in reversed(frame.tries):
            if handlers is None:
                return
            for handler in handlers:
                caught = caught_names(handler, self.names)
                if caught is None or any(catches(c, raises) for c in caught):
                    if from_request:
                        risk = Risk(span, from_request, verb, raises, (), frame.within)
                        frame.outcome.caught.append((risk, handler))
                    return
                missed.extend(caught)
        frame.outcome.risks.append(
            Risk(span, from_request, verb, raises, tuple(missed), frame.within)
        )

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
        inner = bound_arguments(function, call, values, bound)
        if isinstance(function, s.Lambda) or function.name not in self.functions:
            inner = {**env, **inner}
        into = frame.outcome
        outcome = into.within()
        value = self.enter(
            function, inner, frame._replace(depth=frame.depth + 1, outcome=outcome, handler=None)
        )
        if self.generators and function.span in self.generators:
            return Value(value.labels, kind=Kind("generator")), []
        return value._replace(source=None), outcome.returns


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


def _may_change(call: s.Call, env: Env) -> None:
    """A function of the script may change the containers that it is given."""
    for argument in call.arguments:
        name = argument.value.id if isinstance(argument.value, s.Name) else ""
        if name in env and env[name].kind.parts:
            env[name] = env[name]._replace(kind=Kind(env[name].kind.name))


def _put_in(target: s.Expr, method: str, call: s.Call, values: list[Value], env: Env) -> None:
    """What `x.append(v)` makes of a list; of what else is put in, nothing is known any more."""
    old = env.get(target.id) if isinstance(target, s.Name) else None
    if old is None or not isinstance(target, s.Name) or not old.kind:
        return
    kind = Kind(old.kind.name)
    if method == "append" and len(values) == 1:
        kind = appended(old.kind, call.arguments[0].value.span, values[0].kind)
    env[target.id] = old._replace(kind=kind)


def _puts_failure(call: s.Call) -> bool:
    """Whether `x.update(error=…)` or `x.append({"error": …})` puts a failure in."""
    named = any(names_failure(a.keyword or "") for a in call.arguments)
    plain = [a.value for a in call.arguments if a.keyword is None]
    return named or any(
        isinstance(v, s.Dictionary) and shows_failure(v, NOTHING, {}) for v in plain
    )
