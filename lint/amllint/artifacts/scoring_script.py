"""The scoring script: what the inference server imports and calls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal, NamedTuple, TypeAlias

from amllint.analysis.bindings import (
    ModuleBindings,
    inner_blocks,
    module_bindings,
    own_expressions,
    truth_on_import,
)
from amllint.analysis.flow import Flow
from amllint.analysis.names import Names
from amllint.analysis.scopes import Scope, function_scope
from amllint.analysis.signatures import seen_parameters
from amllint.analysis.values import Env, Outcome, Request, Value
from amllint.findings.finding import Location
from amllint.source.python import syntax as s
from amllint.source.text import SourceText, Span

Purpose: TypeAlias = Literal["online", "batch"]
Callable_: TypeAlias = s.Function | s.Lambda

SCHEMA_DECORATORS: Final = frozenset({"input_schema", "output_schema"})
_TRANSPARENT: Final = SCHEMA_DECORATORS | {"rawhttp", "staticmethod", "wraps", "lru_cache"}


class EntryFunction(NamedTuple):
    """What the server calls: the name's place, and the function if it can be read off.

    `function` is `None` where the name is bound to something that only running would tell:
    an import, a call, a decorated or rebound object.
    """

    name: str
    location: Location
    function: Callable_ | None

    @property
    def parameters(self) -> tuple[s.Parameter, ...]:
        """The parameters, none where the function is not known."""
        return self.function.parameters if self.function else ()


@dataclass(frozen=True)
class ScoringScript:
    """A script with `init` and `run`, or one that something names as such.

    `purpose` says whether the online server calls it or a batch job; `named_by` the file
    that names it, if one does.
    """

    source: SourceText
    module: s.Module
    purpose: Purpose
    named_by: str | None = None

    @property
    def path(self) -> str:
        """The display path."""
        return self.source.path

    @property
    def online(self) -> bool:
        """Whether the inference server serves it."""
        return self.purpose == "online"

    def at(self, span: Span) -> Location:
        """A place in this script."""
        return Location(self.path, span)

    def text(self, span: Span) -> str:
        """The source of a span on one line, shortened in the middle of long ones."""
        line = " ".join(self.source.slice(span).split())
        return line if len(line) <= 60 else f"{line[:40]} … {line[-17:]}"

    @property
    def head(self) -> Location:
        """The first line: where findings about something missing stand."""
        return self.at(self.source.line_span(1))

    @cached_property
    def bindings(self) -> ModuleBindings:
        """What importing the script binds."""
        return module_bindings(self.module)

    @cached_property
    def names(self) -> Names:
        """Qualified names through the script's imports."""
        return Names(self.module)

    @cached_property
    def functions(self) -> dict[str, s.Function]:
        """Module-level functions by name."""
        return self._flow.functions

    @cached_property
    def init(self) -> EntryFunction | None:
        """`init` as the server finds it."""
        return self._entry("init")

    @cached_property
    def run(self) -> EntryFunction | None:
        """`run` as the server finds it."""
        return self._entry("run")

    def _entry(self, name: str) -> EntryFunction | None:
        binding = self.bindings.last(name)
        if binding is None:
            return None
        return EntryFunction(name, self.at(binding.span), self._resolve(binding.statement, 5))

    def _resolve(self, statement: s.Stmt, steps: int) -> Callable_ | None:
        """The function a statement binds, through plain aliases."""
        if isinstance(statement, s.Function):
            return statement
        if not isinstance(statement, s.Assign) or steps == 0:
            return None
        if isinstance(statement.value, s.Lambda):
            return statement.value
        if isinstance(statement.value, s.Name) and isinstance(statement.targets[0], s.Name):
            binding = self.bindings.last(statement.value.id)
            return self._resolve(binding.statement, steps - 1) if binding else None
        return None

    # -- decorators ---------------------------------------------------------------------

    def decorators(self, function: Callable_) -> tuple[str, ...]:
        """The qualified names of a function's decorators, `?` where there is none."""
        if isinstance(function, s.Lambda):
            return ()
        found = []
        for decorator in function.decorators:
            called = decorator.function if isinstance(decorator, s.Call) else decorator
            found.append(self.names.qualify(called) or "?")
        return tuple(found)

    @cached_property
    def has_schema(self) -> bool:
        """Whether the server checks the request against a schema before `run` sees it."""
        function = self.run.function if self.run else None
        names = self.decorators(function) if function else ()
        return any(n.rpartition(".")[2] in SCHEMA_DECORATORS for n in names)

    def own_decorator(self, name: str) -> s.Function | None:
        """The function of this script that a decorator names."""
        return self.functions.get(name)

    # -- flow ---------------------------------------------------------------------------

    @cached_property
    def _flow(self) -> Flow:
        return Flow(self.module, self.names)

    @cached_property
    def outcome(self) -> Outcome:
        """Everything that a call of `run` can come to; empty where `run` cannot be read."""
        function = self.run.function if self.run else None
        if function is None:
            return Outcome()
        return self._flow.run(function, self._request(function), self._caught_outside(function))

    def _request(self, function: Callable_) -> Env:
        if self.has_schema:
            return {}
        plain = [p for p in function.parameters if p.default is None or p.name != "self"]
        return {p.name: Value(frozenset({Request(p.name)})) for p in plain}

    def _caught_outside(self, function: Callable_) -> bool:
        """Whether a decorator may catch what `run` raises: one with a `try`, or a foreign one."""
        for name in self.decorators(function):
            if name.rpartition(".")[2] in _TRANSPARENT:
                continue
            own = self.own_decorator(name)
            if own is None or any(isinstance(n, s.Try) for n in s.walk(own)):
                return True
        return False

    # -- scopes and reach ---------------------------------------------------------------

    def scope(self, function: Callable_) -> Scope:
        """The scope of one of the script's functions."""
        return function_scope(function)

    @cached_property
    def _served(self) -> tuple[s.Syntax, ...]:
        """Import-time expressions, and every function and class reached from the entries."""
        start = list(_import_time(self.module.body))
        return (*start, *self.reached("init", "run", *_read_names(start)))

    def reached(self, *names: str) -> list[s.Function | s.Class | s.Lambda]:
        """Functions and classes of the script that using the named ones can reach."""
        definitions: dict[str, s.Function | s.Class] = {**self._flow.classes, **self.functions}
        found: list[s.Function | s.Class | s.Lambda] = []
        seen: set[str] = set()
        pending = list(names)
        while pending:
            name = pending.pop()
            if name in seen:
                continue
            seen.add(name)
            definition: s.Function | s.Class | s.Lambda | None = definitions.get(name)
            if definition is None and name in ("init", "run"):
                entry = self._entry(name)
                definition = entry.function if entry else None
            if definition is not None:
                found.append(definition)
                pending.extend(_read_names([definition]))
        return found

    @cached_property
    def seen_parameters(self) -> tuple[s.Parameter, ...] | None:
        """The parameters of `run` as the server's inspection sees them, `None` if unknown."""
        if self.run is None or self.run.function is None or self.bindings.may_rebind("run"):
            return None
        return seen_parameters(self.run.function, self.functions, self.names)

    def served_calls(self, qualified: frozenset[str]) -> Iterator[s.Call]:
        """Calls of the named functions that importing or serving the script can reach."""
        seen: set[Span] = set()
        for part in self._served:
            for node in s.walk(part):
                if isinstance(node, s.Call) and node.span not in seen:
                    if self._called(node) in qualified:
                        seen.add(node.span)
                        yield node

    def _called(self, call: s.Call) -> str | None:
        function = call.function
        if isinstance(function, s.Call) and s.dotted(function.function) == "getattr":
            values = [a.value for a in function.arguments]
            if len(values) >= 2 and isinstance(values[1], s.Constant):
                owner = self.names.qualify(values[0])
                return f"{owner}.{values[1].value}" if owner else None
        return self.names.qualify(function)

    def is_azure_model(self, call: s.Call) -> bool:
        """Whether a call of `Model.…` is one of azureml-core's `Model`."""
        called = self._called(call) or ""
        if called.startswith("azureml."):
            return True
        starred = any(m.startswith("azureml.core") for m in self.names.stars)
        return starred and "Model" not in self.bindings.bound

    def is_fallback(self, call: s.Call) -> bool:
        """Whether a call stands under a test of `AZUREML_MODEL_DIR`, or in its handler."""
        for node in s.walk(self.module):
            if not isinstance(node, (s.If, s.Conditional, s.Try, s.Operation)):
                continue
            if node.span.contains(call.span) and _tests_model_dir(node):
                return True
        return False

    def enclosing(self, span: Span) -> str:
        """The name of the function around a span, `<module>` outside of any."""
        inside = [
            n for n in s.walk(self.module) if isinstance(n, s.Function) and n.span.contains(span)
        ]
        return inside[-1].name if inside else "<module>"


def _import_time(body: tuple[s.Stmt, ...]) -> Iterator[s.Syntax]:
    """Expressions that are evaluated when the module is imported."""
    for statement in body:
        yield from own_expressions(statement)
        blocks = list(inner_blocks(statement))
        if isinstance(statement, s.If):
            truth = truth_on_import(statement.test)
            blocks = [b for b, on in zip(blocks, (True, False), strict=True) if truth in (on, None)]
        for block in blocks:
            yield from _import_time(block)


def _read_names(parts: Sequence[s.Syntax]) -> list[str]:
    return [n.id for part in parts for n in s.walk(part) if isinstance(n, s.Name)]


def _tests_model_dir(node: s.If | s.Conditional | s.Try | s.Operation) -> bool:
    if isinstance(node, s.Try):
        tested: tuple[s.Syntax, ...] = node.body
    elif isinstance(node, s.Operation):
        tested = node.operands if node.operators[0] == "or" else ()
    else:
        tested = (node.test,)
    return any(
        isinstance(n, s.Constant) and n.value == "AZUREML_MODEL_DIR"
        for part in tested
        for n in s.walk(part)
    )
