"""The facts of one script: everything that analysis can say about it, worked out once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar, overload

from amllint.analysis.bindings import Binding, ModuleBindings, module_bindings
from amllint.analysis.bodies import Bodies, Site, bodies, run_blocks
from amllint.analysis.bound_values import own_nodes
from amllint.analysis.callees import ASSIGNING, Callees
from amllint.analysis.environment import tried_regions, unset_regions
from amllint.analysis.flow import Flow
from amllint.analysis.names import Names
from amllint.analysis.read_script import FunctionLike
from amllint.analysis.scopes import Scope, function_scope
from amllint.analysis.statements import own_expressions
from amllint.analysis.values import Arrived, Outcome, Request, Value
from amllint.source.python import syntax as s
from amllint.source.text import Span

if TYPE_CHECKING:
    from amllint.analysis.meanings import Answer
    from amllint.analysis.paths import Paths
    from amllint.analysis.variables import Variables

Node = TypeVar("Node")

SCHEMA_DECORATORS: Final = frozenset({"input_schema", "output_schema"})
_BATCH_PARAMETERS: Final = frozenset(
    {"minibatch", "minibatchcontext", "batchinput", "batch", "inputfiles", "filepaths", "files"}
)
_TRANSPARENT: Final = SCHEMA_DECORATORS | {"rawhttp", "staticmethod", "wraps", "lru_cache"}


class Entry(NamedTuple):
    """What a name is bound to at module level: the name's span, and the function if readable.

    `function` is `None` where only running would tell: an import, a call, an object.
    """

    span: Span
    function: FunctionLike | None


class ScriptFacts:
    """Facts of a script as a module that a server imports and whose `run` it calls."""

    def __init__(self, module: s.Module) -> None:
        self.module = module
        self._scopes: dict[Span, Scope] = {}
        # What other modules have worked out about the script, by their own names for it.
        self.noted: dict[str, Any] = {}
        self._reached: dict[tuple[str, ...], list[s.Function | s.Class | s.Lambda]] = {}

    def __getstate__(self) -> dict[str, Any]:
        """What travels to another process: not what is as quickly made again."""
        left_out = ("nodes", "by_kind", "all_functions")
        return {k: v for k, v in self.__dict__.items() if k not in left_out}

    def work_out(self) -> None:
        """Work out what every check asks for, so that it travels with the facts."""
        asked: tuple[Any, ...] = (self.served, self.init_signatures, self.run_signatures)
        asked += (self.bodies, self.imports, self._fallbacks, self._tried)
        if self.batch_evidence is None:
            # Nothing asks what comes of a batch job's `run`: it has no caller.
            asked += (self.outcome, self.online_evidence)
        del asked

    @cached_property
    def nodes(self) -> tuple[s.Syntax, ...]:
        """Every node, outer before inner."""
        return tuple(s.walk(self.module))

    @cached_property
    def by_kind(self) -> dict[type, list[Any]]:
        """Every node by its kind (`s.Call`, `s.Try`, …), in the order of `nodes`."""
        found: dict[type, list[Any]] = {}
        for node in self.nodes:
            found.setdefault(type(node), []).append(node)
        return found

    @overload
    def of_kind(self, kind: type[Node], /) -> list[Node]: ...

    @overload
    def of_kind(self, *kinds: type) -> list[Any]: ...

    def of_kind(self, *kinds: type) -> list[Any]:
        """The nodes of some kinds; of one kind in order, without looking at the others."""
        return [node for kind in kinds for node in self.by_kind.get(kind, ())]

    @cached_property
    def all_functions(self) -> tuple[s.Function, ...]:
        """Every `def`, methods and nested ones included."""
        return tuple(self.of_kind(s.Function))

    @cached_property
    def bindings(self) -> ModuleBindings:
        """What importing the script binds."""
        return module_bindings(self.module, self.nodes)

    @cached_property
    def names(self) -> Names:
        """Qualified names through the script's imports."""
        return Names(self.nodes)

    @cached_property
    def callees(self) -> Callees:
        """Names of what is called, through imports and what made a variable."""
        return Callees(self.names, self.of_kind(*ASSIGNING))

    @cached_property
    def bodies(self) -> Bodies:
        """What importing the script and each of its functions does by itself."""
        return bodies(self.module, self.callees)

    @cached_property
    def variables(self) -> Variables:
        """What each name can have been given, by scope."""
        from amllint.analysis.variables import Variables

        return Variables(self.module)

    @cached_property
    def paths(self) -> Paths:
        """What expressions of the script can be as paths."""
        from amllint.analysis.paths import Paths

        return Paths(self.variables, self.callees, self.names)

    @cached_property
    def calls(self) -> tuple[Site, ...]:
        """Every call that importing the script or one of its functions can make."""
        return tuple(site for body in self.bodies.by_name.values() for site in body.calls)

    @cached_property
    def imports(self) -> tuple[s.Import, ...]:
        """Every import statement, in functions too; not those for type checkers alone."""
        return tuple(_imports(self.module.body))

    @cached_property
    def functions(self) -> dict[str, s.Function]:
        """Module-level functions by name."""
        return self._flow.functions

    @cached_property
    def _flow(self) -> Flow:
        return Flow(self.module, self.nodes, self.names)

    def scope(self, function: FunctionLike) -> Scope:
        """The scope of one of the script's functions."""
        known = self._scopes.get(function.span)
        if known is None:
            known = self._scopes[function.span] = function_scope(function)
        return known

    # -- entries ------------------------------------------------------------------------

    def entry(self, name: str) -> Entry | None:
        """What `name` is bound to once the script is imported."""
        binding = self.bindings.last(name)
        return Entry(binding.span, self._resolve(binding, 5)) if binding else None

    def _resolve(self, binding: Binding, steps: int) -> FunctionLike | None:
        """The function a binding stands for, through aliases and `run = decorator(run)`."""
        statement = binding.statement
        if isinstance(statement, s.Function) and statement.name_span == binding.span:
            return statement
        if not isinstance(statement, s.Assign) or steps == 0:
            return None
        value = statement.value
        if isinstance(value, s.Lambda):
            return value
        if isinstance(value, s.Name) and isinstance(statement.targets[0], s.Name):
            return self._named(value, binding, steps)
        if isinstance(value, s.Call) and len(value.arguments) == 1:
            inner = value.arguments[0].value
            function = self._named(inner, binding, steps) if isinstance(inner, s.Name) else None
            if isinstance(function, s.Function):
                return function._replace(decorators=(value.function, *function.decorators))
        return None

    def _named(self, name: s.Name, binding: Binding, steps: int) -> FunctionLike | None:
        """The function that a name stands for where a binding uses it."""
        own = name.id == binding.name
        other = self.bindings.before(binding) if own else self.bindings.last(name.id)
        return self._resolve(other, steps - 1) if other else None

    def is_callable(self, name: str) -> bool:
        """Whether `name` is bound to something that could be called; `run = get_run()` is not."""
        binding = self.bindings.last(name)
        if binding is None:
            return False
        if not isinstance(binding.statement, s.Assign):
            return isinstance(binding.statement, (s.Function, s.Class, s.Import))
        value = binding.statement.value
        if isinstance(value, s.Call):
            called = (self.names.qualify(value.function) or "").rpartition(".")[2]
            return called == "partial" or self._resolve(binding, 5) is not None
        return isinstance(value, (s.Name, s.Attribute, s.Lambda, s.Conditional))

    @cached_property
    def run(self) -> FunctionLike | None:
        """The function that `run` is, if it can be read off."""
        entry = self.entry("run")
        return entry.function if entry else None

    @property
    def required_of_run(self) -> tuple[str, ...]:
        """The parameters of `run` that a call must give, but for the request's headers."""
        parameters = self.run.parameters if self.run else ()
        needed = (p.name for p in parameters if p.default is None and not p.kind.startswith("*"))
        return tuple(name for name in needed if name not in ("self", "request_headers"))

    def decorators(self, function: FunctionLike) -> tuple[str, ...]:
        """The qualified names of a function's decorators, `?` where there is none."""
        if isinstance(function, s.Lambda):
            return ()
        called = [d.function if isinstance(d, s.Call) else d for d in function.decorators]
        return tuple(self.names.qualify(c) or "?" for c in called)

    @cached_property
    def _fallbacks(self) -> tuple[Span, ...]:
        return unset_regions(self, "AZUREML_MODEL_DIR")

    @cached_property
    def _tried(self) -> tuple[Span, ...]:
        return tried_regions(self)

    def is_fallback(self, span: Span) -> bool:
        """Whether a place is only reached where `AZUREML_MODEL_DIR` is not set."""
        return any(region.contains(span) for region in self._fallbacks)

    def is_tried(self, span: Span) -> bool:
        """Whether a `try` stands around a place whose handlers do not just raise again."""
        return any(region.contains(span) for region in self._tried)

    @cached_property
    def is_program(self) -> bool:
        """Whether the script is also run by hand: it asks whether its name is `__main__`."""
        tests = (n.test for n in self.module.body if isinstance(n, s.If))
        return any(isinstance(n, s.Name) and n.id == "__name__" for t in tests for n in s.walk(t))

    @cached_property
    def is_client(self) -> bool:
        """Whether the script calls its own `run`, which returns nothing, when it is run by hand."""
        run = self.run
        if not self.is_program or not isinstance(run, s.Function):
            return False
        inside = [n for statement in run.body for n in s.walk(statement)]
        if any(isinstance(n, (s.Return, s.Wrapped)) and n.value is not None for n in inside):
            return False
        below = (n for i in self.module.body if isinstance(i, s.If) for n in s.walk(i))
        calls = (n.function for n in below if isinstance(n, s.Call))
        return any(isinstance(f, s.Name) and f.id == "run" for f in calls)

    @cached_property
    def is_unfinished(self) -> bool:
        """Whether `run`, or something that it reaches, has `...` in place of its code."""
        reached = (n for part in self.reached("run") for n in s.walk(part))
        values = (n.value for n in reached if isinstance(n, s.Evaluate))
        return any(isinstance(v, s.Constant) and v.value is ... for v in values)

    @cached_property
    def has_schema(self) -> bool:
        """Whether the server checks the request against a schema before `run` sees it."""
        names = self.decorators(self.run) if self.run else ()
        return any(n.rpartition(".")[2] in SCHEMA_DECORATORS for n in names)

    @cached_property
    def init_signatures(self) -> tuple[Answer, ...]:
        """How `init` can be called, for each of the bindings that may be in place."""
        return self._signatures("init")

    @cached_property
    def run_signatures(self) -> tuple[Answer, ...]:
        """How `run` can be called, for each of the bindings that may be in place."""
        return self._signatures("run")

    def _signatures(self, name: str) -> tuple[Answer, ...]:
        from amllint.analysis.signatures import entry_signatures

        return entry_signatures(name, self.module, self.bindings, self.nodes)

    def _defined_before(self, entry: Entry) -> dict[str, s.Function]:
        """Module-level functions as they stand where an entry is bound."""
        start = entry.span.start
        earlier = (f for f in self._flow.all_functions if f.span.start < start)
        return {f.name: f for f in earlier}

    @cached_property
    def answers_itself(self) -> bool:
        """Whether what `run` returns goes to the server as it is, or through own wrappers."""
        names = self.decorators(self.run) if self.run else ()
        return all(n.rpartition(".")[2] in _TRANSPARENT or n in self.functions for n in names)

    @cached_property
    def own_yields(self) -> tuple[Span, ...]:
        """Where `run` itself yields, which makes a generator of it."""
        if not isinstance(self.run, s.Function) or self.run.decorators:
            return ()
        found = [n for n in own_nodes(self.run.body) if isinstance(n, s.Wrapped)]
        return tuple(n.span for n in found if n.kind != "await")[:1]

    # -- flow ---------------------------------------------------------------------------

    @cached_property
    def outcome(self) -> Outcome:
        """Everything that a call of `run` can come to; empty where `run` cannot be read."""
        if self.run is None:
            return Outcome()
        came_in = Arrived if self.has_schema else Request
        taken = (p for p in self.run.parameters if not p.kind.startswith("*"))
        labels = {p.name: frozenset({came_in(p.name)}) for p in taken}
        request = {name: Value(label) for name, label in labels.items() if name != "self"}
        if isinstance(self.run, s.Function) and self.run.decorators:
            entry = self.entry("run")
            known = self._defined_before(entry) if entry else self.functions
            from amllint.analysis.wrappers import own_wrappers

            wrappers = own_wrappers(self.run, known, self.names)
            if wrappers:
                return self._flow.run_decorated(self.run, wrappers, request)
        from amllint.analysis.request_kinds import request_kinds

        kinds = request_kinds(self, self.run)
        request = {n: v._replace(kind=kinds.get(n, v.kind)) for n, v in request.items()}
        return self._flow.run(self.run, request, self._caught_outside(self.run))

    def _caught_outside(self, function: FunctionLike) -> bool:
        """Whether a decorator may catch what `run` raises: one with a `try`, or a foreign one."""
        for name in self.decorators(function):
            if name.rpartition(".")[2] in _TRANSPARENT:
                continue
            own = self.functions.get(name)
            if own is None or any(isinstance(n, s.Try) for n in s.walk(own)):
                return True
        return False

    # -- what calls it ------------------------------------------------------------------

    @cached_property
    def batch_evidence(self) -> str | None:
        """What says that a batch job calls `run`, with a mini batch."""
        for parameter in self.run.parameters if self.run else ():
            name = parameter.name.lower().replace("_", "")
            if name in _BATCH_PARAMETERS:
                return f"run({parameter.name})"
        for node in self.nodes:
            if isinstance(node, s.Alias) and node.name == "EntryScript":
                return "imports EntryScript"
            if isinstance(node, s.Attribute) and node.attr == "parse_known_args":
                return "parses job arguments"
        return None

    @cached_property
    def online_evidence(self) -> str | None:
        """What says that the inference server calls `run`, with a request."""
        if self.run is None:
            return None
        for decorator in self.decorators(self.run):
            name = decorator.rpartition(".")[2]
            if name in ("input_schema", "output_schema", "rawhttp"):
                return f"run is decorated with {name}"
        parameters = {p.name for p in self.run.parameters}
        if "request_headers" in parameters:
            return "run takes request_headers"
        return self._parsed_parameter(parameters) or self._model_lookup()

    def _parsed_parameter(self, parameters: set[str]) -> str | None:
        for node in s.walk(self.run) if self.run else ():
            if isinstance(node, s.Call) and node.arguments:
                first = node.arguments[0].value
                parses = (self.names.qualify(node.function) or "").endswith("json.loads")
                if parses and isinstance(first, s.Name) and first.id in parameters:
                    return f"run parses {first.id} as JSON"
        return None

    def _model_lookup(self) -> str | None:
        for node in self.nodes:
            if isinstance(node, s.Constant) and node.value == "AZUREML_MODEL_DIR":
                return "reads AZUREML_MODEL_DIR"
            if isinstance(node, s.Attribute) and node.attr == "get_model_path":
                return "calls get_model_path"
        return None

    # -- reach --------------------------------------------------------------------------

    @cached_property
    def served(self) -> tuple[s.Syntax, ...]:
        """Import-time expressions, and every function and class reached from the entries."""
        start = list(_import_time(self.module.body))
        return (*start, *self.reached("init", "run", *_read_names(start)))

    def reached(self, *names: str) -> list[s.Function | s.Class | s.Lambda]:
        """Functions and classes of the script that using the named ones can reach."""
        known = self._reached.get(names)
        if known is None:
            known = self._reached[names] = self._reach(names)
        return known

    def _reach(self, names: tuple[str, ...]) -> list[s.Function | s.Class | s.Lambda]:
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
                entry = self.entry(name)
                definition = entry.function if entry else None
            if definition is not None:
                found.append(definition)
                pending.extend(_read_names([definition]))
        return found

    def reads_of(self, name: str, *entries: str) -> Iterator[Span]:
        """Where functions reached from the entries read `name` from the module."""
        for part in self.reached(*entries):
            functions: Sequence[FunctionLike] = (
                [n for n in part.body if isinstance(n, s.Function)]
                if isinstance(part, s.Class)
                else [part]
            )
            for function in functions:
                yield from self.scope(function).free_reads(name)

    @cached_property
    def tested(self) -> frozenset[str]:
        """Names, and texts, that tests in `init`, `run` and what they reach look at."""
        from amllint.analysis.swallowing import tested_names

        parts = (*self.reached("init"), *self.reached("run"))
        return frozenset(name for part in parts for name, _ in tested_names(part))

    def enclosing(self, span: Span) -> str:
        """The name of the innermost function around a span, `<module>` outside of any."""
        inside = [f for f in self.all_functions if f.span.contains(span)]
        return inside[-1].name if inside else "<module>"


def _import_time(body: tuple[s.Stmt, ...]) -> Iterator[s.Syntax]:
    """Expressions that are evaluated when the module is imported."""
    for statement in body:
        yield from own_expressions(statement)
        for block in run_blocks(statement):
            yield from _import_time(block)


def _imports(body: tuple[s.Stmt, ...]) -> Iterator[s.Import]:
    """Import statements at any depth that running the script can come to."""
    for statement in body:
        if isinstance(statement, s.Import):
            yield statement
        elif isinstance(statement, (s.Function, s.Class)):
            yield from _imports(statement.body)
        for block in run_blocks(statement):
            yield from _imports(block)


def _read_names(parts: Sequence[s.Syntax]) -> list[str]:
    return [n.id for part in parts for n in s.walk(part) if isinstance(n, s.Name)]
