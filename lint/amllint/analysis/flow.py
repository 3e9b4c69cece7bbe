"""Follows the request and the text of exceptions through a scoring function.

An abstract interpretation: every expression has a `Value`, which says what flows into it,
and every way out of the function is recorded. Functions of the same script are followed
with the values they are called with. Branches are joined, loops run twice, and what cannot
be known carries nothing, so that a finding rests on what is written.
"""

from __future__ import annotations

import contextlib
from typing import Final

from amllint.analysis.calls import Frame, Leaves
from amllint.analysis.evaluate import Evaluator
from amllint.analysis.exceptions import caught_names
from amllint.analysis.guards import ends_in_return
from amllint.analysis.kinds import each
from amllint.analysis.values import (
    NOTHING,
    Env,
    ErrorText,
    Failed,
    Outcome,
    Request,
    Returned,
    Value,
    join_values,
    merge,
    shows_failure,
    union,
)
from amllint.source.python import syntax as s
from amllint.source.text import Span

FELL: Final = "<fell through a handler>"
"""The variable that says which handlers control came through without leaving."""


class Flow(Evaluator):
    """Interprets functions of one script."""

    def run(self, function: s.Function | s.Lambda, arguments: Env, covered: bool) -> Outcome:
        """Everything that calling `function` with `arguments` can come to.

        `covered` says that something around the function catches whatever it raises.
        """
        self.calls = 0
        self.entry_body = function.body if isinstance(function, s.Function) else ()
        outcome = Outcome()
        tries = (None,) if covered else ()
        self.enter(function, arguments, Frame(tries, None, 0, outcome))
        return outcome

    def run_decorated(
        self, function: s.Function, wrappers: list[tuple[str, s.Function]], arguments: Env
    ) -> Outcome:
        """What calling a function through wrappers of this script can come to.

        `wrappers` go from the inside out, each with the name by which it knows what it wraps.
        """
        self.calls = 0
        self.entry_body = ()
        outcome = Outcome()
        inner: s.Function = function._replace(decorators=())
        env: Env = {}
        for name, wrapper in wrappers:
            env[name] = Value(function=inner)
            inner = wrapper._replace(decorators=())
        request = union(arguments.values())
        env |= {p.name: Value(request) for p in inner.parameters}
        self.enter(inner, env, Frame((), None, 0, outcome))
        return outcome

    def enter(self, function: s.Function | s.Lambda, env: Env, frame: Frame) -> Value:
        """Run a function body in its own environment; the value it returns, joined."""
        self.active.append(function)
        before = len(frame.outcome.returns)
        try:
            if isinstance(function, s.Lambda):
                with contextlib.suppress(Leaves):
                    value = self.evaluate(function.body, env, frame)
                    self._returned(function.body.span, function.body, value, frame)
            elif self._block(function.body, env, frame):
                self._ended(env, frame, before)
        finally:
            self.active.pop()
        return join_values(r.value for r in frame.outcome.returns[before:])

    def _ended(self, env: Env, frame: Frame, before: int) -> None:
        """Nothing is returned: control falls off the end of a function, or it says so.

        Where the function answers otherwise, and a handler leads here, that is a failure.
        """
        fell = [n for n in env.get(FELL, NOTHING).labels if isinstance(n, Failed)]
        returns = frame.outcome.returns[before:]
        answers = any(r.expression and r.value.kind.name != "none" for r in returns)
        if not answers:
            return
        for label in sorted(fell, key=lambda f: f.assigned):
            frame.outcome.returns.append(
                Returned(label.assigned, None, NOTHING, label.handler, False, True)
            )

    # -- statements ---------------------------------------------------------------------

    def _block(self, body: tuple[s.Stmt, ...], env: Env, frame: Frame) -> bool:
        """Run statements, changing `env`; whether execution goes on after them."""
        try:
            for statement in body:
                if body is self.entry_body:
                    frame = frame._replace(within=statement.span)
                if not self._statement(statement, env, frame):
                    return False
        except Leaves:
            return False
        return True

    def _statement(self, statement: s.Stmt, env: Env, frame: Frame) -> bool:
        if isinstance(statement, s.Assign):
            self._assign(statement, env, frame)
        elif isinstance(statement, s.AugmentedAssign):
            value = self.evaluate(statement.value, env, frame)
            self.evaluate(statement.target, env, frame)
            self.taint(statement.target, value, env)
        elif isinstance(statement, s.Evaluate):
            self.evaluate(statement.value, env, frame)
        elif isinstance(statement, s.Return):
            self._return(statement, env, frame)
            return False
        elif isinstance(statement, s.Raise):
            if statement.exception is not None:
                self._raise(statement, statement.exception, env, frame)
            return False
        elif isinstance(statement, s.Jump):
            return statement.kind == "pass"
        elif isinstance(statement, s.If):
            return self._if(statement, env, frame)
        elif isinstance(statement, (s.For, s.While)):
            self._loop(statement, env, frame)
        elif isinstance(statement, s.With):
            return self._with(statement, env, frame)
        elif isinstance(statement, s.Try):
            return self._try(statement, env, frame)
        elif isinstance(statement, s.Match):
            self._match(statement, env, frame)
        elif isinstance(statement, s.Function):
            env[statement.name] = Value(function=statement)
        elif isinstance(statement, s.Assert):
            self.evaluate(statement.test, env, frame)
            env.update(self.checked(statement.test, env))
        return True

    def _raise(self, statement: s.Raise, exception: s.Expr, env: Env, frame: Frame) -> None:
        value = self.evaluate(exception, env, frame)
        instead = frame.handler is not None and not (
            isinstance(exception, s.Name) and value.holds_exception
        )
        if instead or frame.tested:
            frame.outcome.refusals.append(statement.span)

    def _assign(self, statement: s.Assign, env: Env, frame: Frame) -> None:
        if statement.value is None:
            return
        value = self.evaluate(statement.value, env, frame)
        for target in statement.targets:
            self.bind_target(target, value, statement.value, env, frame)

    def _return(self, statement: s.Return, env: Env, frame: Frame) -> None:
        expression = statement.value
        if isinstance(expression, s.Wrapped) and expression.kind == "await":
            expression = expression.value
        if isinstance(expression, s.Call):
            followed = self.call(expression, env, frame)
            for returned in followed[1]:
                handler = returned.handler or frame.handler
                frame.outcome.returns.append(returned._replace(delegated=True, handler=handler))
            if followed[1]:
                return
            value = followed[0]
        else:
            value = NOTHING if expression is None else self.evaluate(expression, env, frame)
        self._returned(statement.span, expression, value, frame, env)

    def _returned(
        self,
        span: Span,
        expression: s.Expr | None,
        value: Value,
        frame: Frame,
        env: Env | None = None,
    ) -> None:
        failure = value.status is None or isinstance(value.status, int)
        failure = failure and shows_failure(expression, value, env or {})
        nothing = expression is None or value.kind.name == "none"
        if nothing and frame.handler is None and env is not None:
            self._ended(env, frame, 0)
        frame.outcome.returns.append(
            Returned(span, expression, value, frame.handler, False, failure)
        )

    def _if(self, statement: s.If, env: Env, frame: Frame) -> bool:
        self.evaluate(statement.test, env, frame)
        read = (env.get(n.id, NOTHING) for n in s.walk(statement.test) if isinstance(n, s.Name))
        if any(value.carries(Request) for value in read):
            frame = frame._replace(tested=True)
        unchecked = {n for n, v in env.items() if not v.checked}
        env.update(self.checked(statement.test, env))
        other = dict(env)
        goes_on = self._block(statement.body, env, frame)
        other_goes_on = self._block(statement.orelse, other, frame)
        if not goes_on:
            env.clear()
            env.update(other)
        elif other_goes_on:
            # Neither branch leaves: what the test found no longer tells.
            merge(env, other)
            env.update({n: env[n]._replace(checked=False) for n in unchecked if n in env})
        return goes_on or other_goes_on

    def _loop(self, statement: s.For | s.While, env: Env, frame: Frame) -> None:
        if isinstance(statement, s.For):
            value = self.evaluate(statement.iterable, env, frame)
            target: s.Expr | None = statement.target
        else:
            value, target = self.evaluate(statement.test, env, frame), None
        for _ in range(2):
            inner = dict(env)
            if target is not None:
                every = Value(value.labels, kind=each(value.kind))
                self.bind_target(target, every, None, inner, frame)
            self._block(statement.body, inner, frame)
            merge(env, inner)
        self._block(statement.orelse, env, frame)

    def _with(self, statement: s.With, env: Env, frame: Frame) -> bool:
        for item in statement.items:
            value = self.evaluate(item.context, env, frame)
            if item.target is not None:
                self.bind_target(item.target, Value(value.labels), None, env, frame)
            caught = self._suppressed(item.context)
            if caught != ():
                frame = frame._replace(tries=(*frame.tries, caught))
        return self._block(statement.body, env, frame)

    def _suppressed(self, context: s.Expr) -> tuple[s.Handler, ...] | None:
        """What a context manager keeps from getting out; `None`: everything."""
        if not isinstance(context, s.Call):
            return ()
        name = self.names.qualify(context.function) or ""
        if name == "contextlib.suppress":
            types = tuple(a.value for a in context.arguments)
            display = s.Display(context.span, "tuple", types)
            return (s.Handler(context.span, display, None, ()),)
        own = self.functions.get(name) or self.classes.get(name)
        return None if own is not None and _may_suppress(own) else ()

    def _try(self, statement: s.Try, env: Env, frame: Frame) -> bool:
        before = dict(env)
        if ends_in_return(statement.final):
            frame = frame._replace(tries=(*frame.tries, None))
        inner = frame._replace(tries=(*frame.tries, statement.handlers))
        goes_on = self._block(statement.body, env, inner)
        failed = dict(env)
        merge(failed, before)
        if goes_on:
            goes_on = self._block(statement.orelse, env, frame)
        ends: list[Env] = [env] if goes_on else []
        for handler in statement.handlers:
            state = dict(failed)
            if handler.name:
                state[handler.name] = Value(frozenset({self._error(handler)}))
            within = frame._replace(handler=handler)
            if self._block(handler.body, state, within):
                state.pop(handler.name or "", None)
                fell = Value(frozenset({Failed(handler.span, handler)}))
                merge(state, {FELL: fell})
                ends.append(state)
        self._join_into(env, ends or [failed])
        return self._block(statement.final, env, frame) and bool(ends)

    def _join_into(self, env: Env, states: list[Env]) -> None:
        first = dict(states[0])
        for other in states[1:]:
            merge(first, other)
        env.clear()
        env.update(first)

    def _error(self, handler: s.Handler) -> ErrorText:
        names = caught_names(handler, self.names) or ()
        own = bool(names) and all(
            n in self.classes and n not in self.wrapping_classes for n in names
        )
        return ErrorText(handler.span, handler.name or "", handler, own, shown=False)

    def _match(self, statement: s.Match, env: Env, frame: Frame) -> None:
        value = self.evaluate(statement.subject, env, frame)
        start = dict(env)
        for case in statement.cases:
            inner = dict(start)
            for name in case.captures:
                inner[name.id] = Value(value.labels)
            if case.guard is not None:
                self.evaluate(case.guard, inner, frame)
            self._block(case.body, inner, frame)
            merge(env, inner)


def _may_suppress(own: s.Function | s.Class) -> bool:
    """Whether a context manager of this script may keep an exception from getting out."""
    if isinstance(own, s.Function):
        return any(isinstance(n, s.Try) for n in s.walk(own))
    exits = [n for n in s.walk(own) if isinstance(n, s.Function) and n.name.endswith("exit__")]
    returns = [n.value for e in exits for n in s.walk(e) if isinstance(n, s.Return)]
    return any(v is not None and not (isinstance(v, s.Constant) and not v.value) for v in returns)
