"""Where a script that is served looks names up in its module, and whether it must get there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from amllint.analysis.exceptions import caught_names
from amllint.analysis.frames import Frame, Place, block_names, is_bound
from amllint.analysis.statements import reachable, target_names
from amllint.analysis.swallowing import may_raise_again
from amllint.analysis.truth import truth_on_import
from amllint.source.python import syntax as s
from amllint.source.text import Span

if TYPE_CHECKING:
    from amllint.analysis.facts import ScriptFacts

_PROBES: Final = ("NameError", "Exception", "BaseException", "UnboundLocalError")
_VERSION_TESTS: Final = frozenset(
    {"version_info", "version", "PY2", "PY3", "PY34", "hexversion", "python_version"}
)


class FreeRead(NamedTuple):
    """One look-up of a name in the module.

    `part` is what comes to it, `import`, `init` or `run`; `certain` whether nothing that may
    go the other way stands before it; `function` the innermost function around it;
    `attribute` what is taken from it (`json.loads`), if something is; `handled` whether a
    handler around it takes what is raised, and goes on.
    """

    name: str
    span: Span
    part: str
    certain: bool
    function: str
    attribute: str
    handled: bool = False


class Reader:
    """Walks what importing the script, `init` and `run` come to, in that order."""

    def __init__(self, facts: ScriptFacts, names: frozenset[str]) -> None:
        self._facts = facts
        self._names = names
        self._found: list[FreeRead] = []
        self._called: list[str] = []
        self._walked: set[int] = set()
        self._part = "import"
        self._lazy = _lazy_annotations(facts.module)

    def reads(self) -> Iterator[FreeRead]:
        """Every free read of the wanted names, what must fail first."""
        self._block(self._facts.module.body, Place(()))
        self._follow("import", [])
        for part in ("init", "run"):
            entry = self._facts.entry(part)
            self._follow(part, [entry.function] if entry and entry.function else [])
        yield from self._found

    # -- what is reached ----------------------------------------------------------------

    def _follow(self, part: str, first: list[s.Function | s.Lambda]) -> None:
        """Walk a part's own function, what it certainly calls, then what else it reaches."""
        self._part = part
        for function in first:
            self._enter(function, True)
        while self._called:
            called = self._facts.functions.get(self._called.pop(0))
            if called is not None:
                self._enter(called, True)
        served = self._facts.served if part == "import" else self._facts.reached(part)
        others = self._facts.reached("init", "run") if part == "import" else ()
        skipped = {id(o) for o in others}
        for reached in served:
            if id(reached) in skipped:
                continue
            if isinstance(reached, s.Class):
                self._methods(reached)
            elif isinstance(reached, (s.Function, s.Lambda)):
                self._enter(reached, False)
        self._called.clear()

    def _enter(self, function: s.Function | s.Lambda, certain: bool) -> None:
        if id(function) in self._walked:
            return
        self._body(function, Place((), certain=certain))

    def _methods(self, klass: s.Class) -> None:
        frame = Frame(frozenset(block_names(klass.body)), klass=True)
        for statement in klass.body:
            if isinstance(statement, s.Function) and id(statement) not in self._walked:
                self._body(statement, Place((frame,), certain=False))

    def _body(self, function: s.Function | s.Lambda, place: Place) -> None:
        self._walked.add(id(function))
        scope = self._facts.scope(function)
        own = frozenset({*scope.parameters, *scope.bound} - scope.declared_global.keys())
        frame = Frame(
            own - scope.declared_nonlocal, frozenset(scope.declared_global), function=True
        )
        name = function.name if isinstance(function, s.Function) else place.function
        inside = place._replace(frames=(*place.frames, frame), function=name)
        if isinstance(function, s.Lambda):
            self._expression(function.body, inside)
        else:
            self._block(function.body, inside)

    # -- statements ---------------------------------------------------------------------

    def _block(self, body: tuple[s.Stmt, ...], place: Place) -> None:
        for statement in reachable(body):
            self._statement(statement, place)

    def _statement(self, node: s.Stmt, place: Place) -> None:
        if isinstance(node, s.Function):
            self._function(node, place)
        elif isinstance(node, s.Class):
            self._class(node, place)
        elif isinstance(node, s.If):
            self._if(node, place)
        elif isinstance(node, s.Try):
            self._try(node, place)
        elif isinstance(node, s.With):
            self._with(node, place)
        elif isinstance(node, s.For):
            self._expression(node.iterable, place)
            self._target(node.target, place)
            self._block(node.body, place)
            self._block(node.orelse, place.maybe())
        elif isinstance(node, s.Match):
            self._expression(node.subject, place)
            for case in node.cases:
                if case.guard is not None:
                    self._expression(case.guard, place.maybe())
                self._block(case.body, place.maybe())
        elif isinstance(node, s.While):
            self._expression(node.test, place)
            self._block(node.body, place)
            self._block(node.orelse, place.maybe())
        else:
            self._simple(node, place)

    def _simple(self, node: s.Stmt, place: Place) -> None:
        if isinstance(node, s.Assign):
            if node.value is not None:
                self._expression(node.value, place)
            for target in node.targets:
                self._target(target, place)
            # Python does not evaluate the annotations of a function's own variables.
            in_function = bool(place.frames) and not place.frames[-1].klass
            if node.annotation is not None and not self._lazy and not in_function:
                self._expression(node.annotation, place)
        elif isinstance(node, s.AugmentedAssign):
            self._expression(node.value, place)
            self._expression(node.target, place)
        elif isinstance(node, s.Delete):
            for target in node.targets:
                self._target(target, place)
        elif not isinstance(node, s.TypeAlias_):
            for child in s.children(node):
                self._expression(child, place)

    def _function(self, node: s.Function, place: Place) -> None:
        for decorator in node.decorators:
            self._expression(decorator, place)
        for parameter in node.parameters:
            self._parameter(parameter, place)
        if node.returns is not None and not self._lazy:
            self._expression(node.returns, place)
        if place.frames and not place.frames[-1].klass and id(node) not in self._walked:
            self._body(node, place.maybe())

    def _parameter(self, parameter: s.Parameter, place: Place) -> None:
        if parameter.default is not None:
            self._expression(parameter.default, place)
        if parameter.annotation is not None and not self._lazy:
            self._expression(parameter.annotation, place)

    def _class(self, node: s.Class, place: Place) -> None:
        for decorator in node.decorators:
            self._expression(decorator, place)
        for base in node.bases:
            self._expression(base.value, place)
        frame = Frame(frozenset(block_names(node.body)), klass=True)
        self._block(node.body, place._replace(frames=(*place.frames, frame)))
        if any(not f.klass for f in place.frames):
            inside = place._replace(frames=(*place.frames, frame)).maybe()
            for statement in node.body:
                if isinstance(statement, s.Function):
                    self._body(statement, inside)

    def _if(self, node: s.If, place: Place) -> None:
        self._expression(node.test, place)
        truth = truth_on_import(node.test)
        inner = place if truth is not None else place.maybe()
        inner = inner.forgiving(_asks_version(node.test))
        if truth is not False:
            self._block(node.body, inner)
        if truth is not True:
            self._block(node.orelse, inner)

    def _try(self, node: s.Try, place: Place) -> None:
        inside = place.forgiving(_expects_name_error(node))
        self._block(node.body, inside._replace(handled=place.handled or self._goes_on(node)))
        for handler in node.handlers:
            if handler.type is not None:
                self._expression(handler.type, place.maybe())
            self._block(handler.body, place.maybe())
        self._block(node.orelse, place.maybe())
        self._block(node.final, place)

    def _goes_on(self, node: s.Try) -> bool:
        """Whether a handler takes any exception, a NameError too, and does not raise again."""
        facts = self._facts
        for handler in node.handlers:
            caught = caught_names(handler, facts.names) or ()
            if not {"Exception", "BaseException"}.isdisjoint(caught):
                return not may_raise_again(handler, facts.names, facts.functions)
        return False

    def _with(self, node: s.With, place: Place) -> None:
        inside = place
        for item in node.items:
            self._expression(item.context, inside)
            if item.target is not None:
                self._target(item.target, inside)
            call = item.context
            if isinstance(call, s.Call) and (s.dotted(call.function) or "").endswith("suppress"):
                caught = {s.dotted(a.value) for a in call.arguments}
                inside = inside.forgiving(bool(caught & set(_PROBES)))
        self._block(node.body, inside)

    # -- expressions --------------------------------------------------------------------

    def _target(self, node: s.Expr, place: Place) -> None:
        """`a.b = …` and `a[i] = …` read `a`; `a = …` reads nothing."""
        if isinstance(node, s.Display):
            for item in node.items:
                self._target(item, place)
        elif isinstance(node, s.Starred):
            self._target(node.value, place)
        elif not isinstance(node, s.Name):
            self._expression(node, place)

    def _expression(self, node: s.Syntax, place: Place, attribute: str = "") -> None:
        if isinstance(node, s.Name):
            self._name(node, place, attribute)
        elif isinstance(node, s.Attribute):
            self._expression(node.value, place, node.attr)
        elif isinstance(node, s.Lambda):
            for parameter in node.parameters:
                self._parameter(parameter, place)
            self._body(node, place.maybe())
        elif isinstance(node, s.Comprehension):
            self._comprehension(node, place)
        elif isinstance(node, s.NamedExpression):
            self._expression(node.value, place)
        elif isinstance(node, s.Conditional):
            inner = place.maybe().forgiving(_asks_version(node.test))
            self._expression(node.test, place)
            self._expression(node.body, inner)
            self._expression(node.orelse, inner)
        elif isinstance(node, s.Operation) and node.operators[0] in ("and", "or"):
            inner = place.maybe().forgiving(_asks_version(node.operands[0]))
            self._expression(node.operands[0], place)
            for operand in node.operands[1:]:
                self._expression(operand, inner)
        else:
            self._other(node, place)

    def _other(self, node: s.Syntax, place: Place) -> None:
        certain = place.certain and not place.handled
        if isinstance(node, s.Call) and isinstance(node.function, s.Name) and certain:
            self._called.append(node.function.id)
        for child in s.children(node):
            self._expression(child, place)

    def _comprehension(self, node: s.Comprehension, place: Place) -> None:
        targets = (t.id for c in node.clauses for t in target_names(c.target))
        # What is gone through may be empty.
        inside = place.maybe()._replace(frames=(*place.frames, Frame(frozenset(targets))))
        for number, clause in enumerate(node.clauses):
            self._expression(clause.iterable, inside if number else place)
            for condition in clause.conditions:
                self._expression(condition, inside)
        for element in node.elements:
            self._expression(element, inside)

    def _name(self, node: s.Name, place: Place, attribute: str) -> None:
        if node.id not in self._names or place.tolerant or is_bound(node.id, place.frames):
            return
        how = (self._part, place.certain, place.function, attribute, place.handled)
        self._found.append(FreeRead(node.id, node.span, *how))


def _lazy_annotations(module: s.Module) -> bool:
    """Whether annotations are not evaluated: `from __future__ import annotations`."""
    return any(
        isinstance(n, s.Import) and n.module == "__future__" and "annotations" in str(n.names)
        for n in module.body
    )


def _asks_version(test: s.Expr) -> bool:
    """Whether a test asks which Python runs: what it guards may be of another one."""
    names = {n.attr if isinstance(n, s.Attribute) else getattr(n, "id", "") for n in s.walk(test)}
    return bool(names & _VERSION_TESTS)


def _expects_name_error(node: s.Try) -> bool:
    """Whether a `try` is there to find out whether a name exists."""
    caught: set[str] = set()
    for handler in node.handlers:
        types = handler.type.items if isinstance(handler.type, s.Display) else (handler.type,)
        caught.update((s.dotted(t) or "?") if t else "BaseException" for t in types)
    if "NameError" in caught:
        return True
    first = node.body[0]
    value = first.value if isinstance(first, (s.Evaluate, s.Assign)) else None
    return isinstance(value, s.Name) and bool(caught & set(_PROBES))
