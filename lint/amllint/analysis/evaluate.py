"""Expressions, as the flow analysis sees them."""

from __future__ import annotations

import contextlib

from amllint.analysis import known_calls as known
from amllint.analysis.call_kinds import (
    comprehension_kind,
    constant_kind,
    dictionary_kind,
    display_kind,
)
from amllint.analysis.calls import Calls, Frame, Leaves
from amllint.analysis.guards import tested_names
from amllint.analysis.kinds import UNKNOWN, Kind, each, join_kinds, stored
from amllint.analysis.known_types import attribute_gives, operation_gives, subscript_kind
from amllint.analysis.misuses import by_attribute, by_index
from amllint.analysis.statements import target_names
from amllint.analysis.values import (
    NOTHING,
    Arrived,
    Env,
    ErrorText,
    Failed,
    Outcome,
    Request,
    Value,
    index_error,
    is_exc_info,
    join_values,
    mark_checked,
    names_failure,
    show,
    taken_at,
    tells_failure,
    union,
    widen,
)
from amllint.source.python import syntax as s
from amllint.source.text import Span


class Evaluator(Calls):
    """Evaluates expressions and binds what they assign."""

    def evaluate(self, node: s.Expr, env: Env, frame: Frame) -> Value:
        if isinstance(node, s.Name):
            return self._name(node, env)
        if isinstance(node, s.Constant):
            return Value(source=node, kind=constant_kind(node.value))
        if isinstance(node, s.Call):
            return self.call(node, env, frame)[0]
        if isinstance(node, s.Attribute):
            return self._attribute(node, env, frame)
        if isinstance(node, s.Subscript):
            return self._subscript(node, env, frame)
        if isinstance(node, s.Operation):
            return self._operation(node, env, frame)
        if isinstance(node, s.Conditional):
            self.evaluate(node.test, env, frame)
            inner = self.checked(node.test, env)
            branches = (self.evaluate(n, inner, frame) for n in (node.body, node.orelse))
            return join_values(branches)
        if isinstance(node, s.Comprehension):
            return self._comprehension(node, env, frame)
        if isinstance(node, s.Lambda):
            return Value(function=node, kind=Kind("function"))
        if isinstance(node, s.NamedExpression):
            value = self.evaluate(node.value, env, frame)
            self.bind_target(node.target, value, node.value, env, frame)
            return value
        return self._written_out(node, env, frame)

    def _written_out(
        self,
        node: s.Dictionary | s.Display | s.FormattedString | s.Starred | s.Wrapped,
        env: Env,
        frame: Frame,
    ) -> Value:
        """Displays, f-strings and what is wrapped: whatever flows into a part is in the whole."""
        if isinstance(node, s.Dictionary):
            keys = [self.evaluate(k, env, frame) for k in node.keys if k is not None]
            values = [self.evaluate(v, env, frame) for v in node.values]
            kind = dictionary_kind(node, [v.kind for v in values])
            return Value(union((*keys, *values)), source=node, kind=kind)
        if isinstance(node, s.Display):
            values = [self.evaluate(i, env, frame) for i in node.items]
            items = zip(node.items, (v.kind for v in values), strict=True)
            return Value(union(values), source=node, kind=display_kind(node.kind, items))
        if isinstance(node, s.FormattedString):
            values = [self.evaluate(p, env, frame) for p in node.parts]
            return Value(show(union(values)), source=node, kind=_text_kind(node, values))
        wrapped = NOTHING if node.value is None else self.evaluate(node.value, env, frame)
        return Value(wrapped.labels, source=node)

    def bind_target(
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
                    part = self.evaluate(items[number], env, frame)
                    self.bind_target(item, part, items[number], env, frame)
                else:
                    self.bind_target(item, Value(value.labels), None, env, frame)
        elif isinstance(target, s.Starred):
            self.bind_target(target.value, Value(value.labels), None, env, frame)
        elif isinstance(target, (s.Attribute, s.Subscript)):
            self._bind_part(target, value, source, env, frame)

    def _bind_part(
        self,
        target: s.Attribute | s.Subscript,
        value: Value,
        source: s.Expr | None,
        env: Env,
        frame: Frame,
    ) -> None:
        """`a.b = v` and `a[k] = v`: the store itself does not fail."""
        self.evaluate(target.value, env, frame)
        for key in target.keys if isinstance(target, s.Subscript) else ():
            self.evaluate(key, env, frame)
        name = target.attr if isinstance(target, s.Attribute) else _constant_key(target)
        is_status = isinstance(target, s.Attribute) and name in ("status_code", "status")
        if is_status and isinstance(target.value, s.Name):
            old = env.get(target.value.id, NOTHING)
            env[target.value.id] = old._replace(status=known.status_value(source) or "unknown")
            return
        if frame.handler is not None and names_failure(name):
            value = value._replace(labels=value.labels | {Failed(target.span, frame.handler)})
        self.taint(target, value, env)
        if isinstance(target, s.Subscript) and isinstance(target.value, s.Name):
            at = source.span if source is not None else target.span
            _store(target, target.value.id, at, value.kind, env)

    def checked(self, test: s.Expr, env: Env) -> Env:
        """The environment in which a test has looked at the names it mentions."""
        return mark_checked(env, tested_names(test))

    def taint(self, target: s.Expr, value: Value, env: Env) -> None:
        """Something flows into part of a variable: the whole variable carries it."""
        while isinstance(target, (s.Subscript, s.Attribute)):
            target = target.value
        for name in target_names(target):
            old = env.get(name.id, NOTHING)
            env[name.id] = old._replace(labels=old.labels | value.labels, source=None)

    def _name(self, node: s.Name, env: Env) -> Value:
        value = env.get(node.id)
        if value is None:
            instance = self.instances.get(node.id)
            kind = self.module_kind(node.id)
            return Value(instance=instance, kind=kind) if instance or kind else NOTHING
        if not any(isinstance(label, ErrorText) for label in value.labels):
            return value
        return value._replace(labels=frozenset(taken_at(n, node.span) for n in value.labels))

    def module_kind(self, name: str) -> Kind:
        """What kind a module's variable has, where everything it is assigned to agrees on that."""
        sources = self.sources.get(name)
        if sources is None:
            return UNKNOWN
        known_kind = self.module_kinds.get(name)
        if known_kind is not None:
            return known_kind
        self.module_kinds[name] = UNKNOWN
        apart = Frame((None,), None, 1, Outcome())
        kind: Kind | None = None
        for source in sources:
            with contextlib.suppress(Leaves):
                found = self.evaluate(source, {}, apart).kind
                kind = found if kind is None else join_kinds(kind, found)
        # What is in a container of the module changes from call to call.
        self.module_kinds[name] = Kind(kind.name) if kind and kind.name != "none" else UNKNOWN
        return self.module_kinds[name]

    def _attribute(self, node: s.Attribute, env: Env, frame: Frame) -> Value:
        value = self.evaluate(node.value, env, frame)
        fault = by_attribute(value, node.attr)
        if fault is not None and self.failed(fault, node, value, frame):
            return NOTHING
        if node.attr in known.HARMLESS_ATTRIBUTES:
            return Value(frozenset(n for n in value.labels if isinstance(n, (Request, Arrived))))
        if node.attr in known.SHAPE_ATTRIBUTES:
            return Value(kind=attribute_gives(value.kind, node.attr))
        kind = attribute_gives(value.kind, node.attr)
        return Value(show(widen(value.labels, node.span)), kind=kind)

    def _subscript(self, node: s.Subscript, env: Env, frame: Frame) -> Value:
        value = self.evaluate(node.value, env, frame)
        for part in node.keys:
            self.evaluate(part, env, frame)
        fault = by_index(value, node)
        if fault is not None and self.failed(fault, node, value, frame):
            return NOTHING
        if value.carries(Request) and not node.slice and not value.checked:
            self._indexed(node, value, env, frame)
        written = _written_value(value.source, _constant_key(node))
        if written is not None:
            return self.evaluate(written, env, frame)
        first = node.keys[0] if len(node.keys) == 1 else None
        is_type = isinstance(first, s.Constant) and first.value == 0
        if is_type and is_exc_info(node.value, self.names):
            return NOTHING
        key = first.value if isinstance(first, s.Constant) else None
        return Value(widen(value.labels, node.span), kind=subscript_kind(value.kind, key, node))

    def _indexed(self, node: s.Subscript, value: Value, env: Env, frame: Frame) -> None:
        """Indexing a request raises where the key is missing, so that it is there afterwards."""
        key = node.keys[0].value if isinstance(node.keys[0], s.Constant) else None
        if key is not None and key in value.keys:
            return
        self.risk(node.span, True, "indexes", index_error(node), frame)
        if isinstance(node.value, s.Name) and isinstance(key, (str, int)):
            env[node.value.id] = value._replace(keys=value.keys | {key})

    def _operation(self, node: s.Operation, env: Env, frame: Frame) -> Value:
        if node.operators[0] in ("and", "or"):
            return join_values(self._in_turn(node.operands, env, frame))
        values = [self.evaluate(part, env, frame) for part in node.operands]
        kind = operation_gives(node.operators, [v.kind for v in values])
        if node.operators[0] == "+" and not values[0].came_in and values[-1].came_in:
            kind = kind or Kind("own text")
        if node.operators[0] in ("+", "%", "|", "*"):
            return Value(show(union(values)), source=node, kind=kind)
        return Value(kind=kind) if kind else NOTHING

    def _in_turn(self, operands: tuple[s.Expr, ...], env: Env, frame: Frame) -> list[Value]:
        """Operands of `and` and `or`: what an earlier one tests, a later one may rely on."""
        inner, values = env, []
        for operand in operands:
            values.append(self.evaluate(operand, inner, frame))
            inner = self.checked(operand, inner)
        return values

    def _comprehension(self, node: s.Comprehension, env: Env, frame: Frame) -> Value:
        inner = dict(env)
        for clause in node.clauses:
            value = self.evaluate(clause.iterable, inner, frame)
            every = Value(value.labels, kind=each(value.kind))
            self.bind_target(clause.target, every, None, inner, frame)
            for condition in clause.conditions:
                self.evaluate(condition, inner, frame)
                inner = self.checked(condition, inner)
        values = [self.evaluate(e, inner, frame) for e in node.elements]
        return Value(union(values), kind=comprehension_kind(node, values[-1].kind))


def _text_kind(node: s.FormattedString, values: list[Value]) -> Kind:
    """Whether what came in begins an f-string, or follows a text that may hold a host."""
    longest_scheme = len('f"https://{')
    begins = bool(values) and values[0].came_in
    ahead = node.parts[0].span.start - node.span.start if begins else 0
    return Kind("str" if begins and ahead <= longest_scheme else "own text")


def _store(target: s.Subscript, name: str, at: Span, put: Kind, env: Env) -> None:
    """`name[key] = …` changes what is known to stand in the container."""
    old = env[name]
    key = target.keys[0].value if isinstance(target.keys[0], s.Constant) else None
    place = key if isinstance(key, (str, int)) else None
    env[name] = old._replace(kind=stored(old.kind, place, at, put))


def _written_value(source: s.Expr | None, key: str) -> s.Expr | None:
    """What a dict display was given under a key that stands in it once."""
    if not isinstance(source, s.Dictionary) or None in source.keys or not key:
        return None
    named = zip(source.keys, source.values, strict=True)
    values = [v for k, v in named if isinstance(k, s.Constant) and k.value == key]
    return values[0] if len(values) == 1 else None


def _constant_key(node: s.Subscript) -> str:
    key = node.keys[0] if len(node.keys) == 1 else None
    return key.value if isinstance(key, s.Constant) and isinstance(key.value, str) else ""
