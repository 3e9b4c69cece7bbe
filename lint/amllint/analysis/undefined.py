"""Names that the served part of a script reads although nothing binds them."""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from amllint.analysis.free_reads import FreeRead, Reader
from amllint.analysis.statements import inner_blocks, target_names
from amllint.source.python import syntax as s
from amllint.source.text import Span

if TYPE_CHECKING:
    from amllint.analysis.facts import ScriptFacts

BUILTINS: Final = frozenset(dir(builtins)) | {
    *("aiter", "anext", "BaseExceptionGroup", "ExceptionGroup", "EncodingWarning"),
    *("PythonFinalizationError", "WindowsError", "exit", "quit", "copyright", "credits"),
    *("license", "help", "_"),
}
"""Builtins of any Python 3, those of `site` with them; `_` is what `gettext.install` adds."""
_DRIVEN: Final = ("init", "run", "shutdown")
"""What a server or a batch job calls by name."""


class Elsewhere(NamedTuple):
    """A binding of the name that does not help: where it stands, and why it does not."""

    span: Span
    kind: str  # "main guard", "uncalled" or "local"
    function: str = ""


class Undefined(NamedTuple):
    """The first read of a name that is not bound when the read is reached."""

    read: FreeRead
    elsewhere: Elsewhere | None


_OPENS_UP: Final = frozenset({"builtins", "__builtin__", "gettext"})
_MODULES: Final = "sys.modules"


def undefined_in(facts: ScriptFacts) -> tuple[Undefined, ...]:
    """The same as `undefined_names`, worked out once; it travels with the facts."""
    known: tuple[Undefined, ...] | None = facts.noted.get("undefined")
    if known is None:
        known = facts.noted["undefined"] = tuple(undefined_names(facts))
    return known


def undefined_names(facts: ScriptFacts) -> Iterator[Undefined]:
    """Every name that importing the script, `init` or `run` comes to and that nothing binds."""
    if facts.bindings.stars or facts.bindings.dynamic:
        return
    if any(f.name == "type-parameters" for f in facts.module.features):
        return
    wanted = _candidates(facts)
    if not wanted:
        return
    if _reads_notebook(facts):
        return
    wanted -= _called_globals(facts, wanted) | _tested(facts)
    seen: set[str] = set()
    for read in Reader(facts, frozenset(wanted)).reads() if wanted else ():
        if read.name not in seen:
            seen.add(read.name)
            yield Undefined(read, _elsewhere(facts, read.name))


def _candidates(facts: ScriptFacts) -> set[str]:
    """Names that are read and that the module does not bind: locals of other scopes are left."""
    bindings = facts.bindings
    known = bindings.bound.keys() | bindings.removed.keys() | bindings.deleted.keys()
    known |= BUILTINS | {*_handled(facts.module.body), *_set_by_entries(facts)}
    read = {n.id for n in facts.of_kind(s.Name)} - known
    read = {name for name in read if not name.startswith("__")}
    nowhere = read - _bound_somewhere(facts) if read else read
    return nowhere | (read & _free(facts) if read else read)


def _set_by_entries(facts: ScriptFacts) -> Iterator[str]:
    """Names that what is called by name binds in the module, `init` most of all."""
    for function in filter(None, map(facts.functions.get, _DRIVEN)):
        scope = facts.scope(function)
        yield from (name for name in scope.declared_global if name in scope.bound)


def _handled(body: tuple[s.Stmt, ...]) -> Iterator[str]:
    """Names of the module's own exception handlers: `except ValueError as error`."""
    for statement in body:
        if isinstance(statement, s.Try):
            yield from (h.name for h in statement.handlers if h.name)
        for block in inner_blocks(statement):
            yield from _handled(block)


def _bound_somewhere(facts: ScriptFacts) -> set[str]:
    """Names that any scope of the script binds."""
    found = {n.name for n in facts.of_kind(s.Parameter, s.Function, s.Class)}
    found |= {a.asname or a.name.split(".")[0] for a in facts.of_kind(s.Alias)}
    found |= {h.name or "" for h in facts.of_kind(s.Handler)}
    found |= {c.id for case in facts.of_kind(s.Case) for c in case.captures}
    found |= {a.name.id for a in facts.of_kind(s.TypeAlias_)}
    targets = [t for n in facts.of_kind(s.Assign, s.Delete) for t in n.targets]
    single = facts.of_kind(s.For, s.Clause, s.NamedExpression, s.WithItem, s.AugmentedAssign)
    targets += [n.target for n in single if n.target is not None]
    return found | {n.id for target in targets for n in target_names(target)}


def _free(facts: ScriptFacts) -> set[str]:
    """Names that functions which are served, or the module itself, look up in the module."""
    found: set[str] = set()
    for part in facts.served:
        if isinstance(part, (s.Function, s.Lambda)):
            scope = facts.scope(part)
            found.update(n for n in scope.reads if not scope.local(n))
        elif isinstance(part, s.Class):
            for method in part.body:
                if isinstance(method, s.Function):
                    scope = facts.scope(method)
                    found.update(n for n in scope.reads if not scope.local(n))
        else:
            found.update(n.id for n in s.walk(part) if type(n) is s.Name)
    return found


def _reads_notebook(facts: ScriptFacts) -> bool:
    """Whether names may come from a shell around the script: IPython's, or a caller's `globals`."""
    return (
        any(n.id == "get_ipython" for n in facts.of_kind(s.Name))
        or any(a.name in _OPENS_UP for a in facts.of_kind(s.Alias))
        or any(a.attr == "modules" and s.dotted(a) == _MODULES for a in facts.of_kind(s.Attribute))
    )


def _tested(facts: ScriptFacts) -> set[str]:
    """Names that the script itself asks for: `"model" in globals()`."""
    found: set[str] = set()
    for node in facts.of_kind(s.Operation):
        first = node.operands[0]
        if isinstance(first, s.Constant) and {"in", "not in"} & {*node.operators}:
            found.add(str(first.value))
    for call in facts.of_kind(s.Call):
        if s.dotted(call.function) in ("hasattr", "globals().get"):
            values = [a.value for a in call.arguments]
            found.update(str(v.value) for v in values if isinstance(v, s.Constant))
    return found


def _global_binders(facts: ScriptFacts, names: set[str]) -> Iterator[tuple[str, s.Function, Span]]:
    """Functions that bind one of the names in the module through `global`."""
    for function in facts.all_functions:
        if not any(isinstance(n, s.Declare) for n in s.walk(function)):
            continue
        scope = facts.scope(function)
        for name in names & scope.declared_global.keys():
            if name in scope.bound:
                yield name, function, scope.bound[name][0]


def _called_globals(facts: ScriptFacts, names: set[str]) -> set[str]:
    """Those of the names that a function which something may call makes global."""
    found = {n for n, function, _ in _global_binders(facts, names) if _may_run(facts, function)}
    for klass in facts.of_kind(s.Class):
        for statement in klass.body:
            if isinstance(statement, s.Declare):
                found.update(statement.names)
    return found


def _may_run(facts: ScriptFacts, function: s.Function) -> bool:
    """Whether anything in the script names a function, or may come to it without a name."""
    plain = any(function is f for f in facts.module.body) and not function.decorators
    if not plain or function.name in _DRIVEN:
        return True
    for node in facts.nodes:
        if isinstance(node, s.Name) and node.id == function.name:
            return True
        if isinstance(node, s.Attribute) and node.attr == function.name:
            return True
        if isinstance(node, s.Constant) and node.value == function.name:
            return True
    return False


def _elsewhere(facts: ScriptFacts, name: str) -> Elsewhere | None:
    """A binding of the name that does not hold where it is read."""
    for binding in facts.bindings.main_only.get(name, ()):
        return Elsewhere(binding.span, "main guard")
    for _, function, span in _global_binders(facts, {name}):
        return Elsewhere(span, "uncalled", function.name)
    for function in facts.all_functions:
        scope = facts.scope(function)
        if scope.local(name) and name in scope.bound:
            return Elsewhere(scope.bound[name][0], "local", function.name)
    return None
