"""Syntax of a script that older versions of Python do not have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from amllint.analysis.truth import truth_on_import
from amllint.source.python import syntax as s
from amllint.source.text import Span

if TYPE_CHECKING:
    from amllint.analysis.facts import ScriptFacts


class Newer(NamedTuple):
    """A kind of syntax: what to call it, since when there is it, and what to write instead.

    `raises` is what importing the script comes to where it is not there.
    """

    name: str
    since: tuple[int, int]
    instead: str
    raises: str = "SyntaxError"


FEATURES: Final = {
    "f-string": Newer("an f-string", (3, 6), "write `.format(…)`"),
    "variable-annotation": Newer("the annotation of a variable", (3, 6), "leave it out"),
    "future-annotations": Newer(
        "`from __future__ import annotations`", (3, 7), "leave it out, and quote annotations"
    ),
    "walrus": Newer("`:=`", (3, 8), "assign on a line of its own"),
    "positional-only": Newer("`/` among the parameters", (3, 8), "leave it out"),
    "self-documenting": Newer("`{x=}` in an f-string", (3, 8), "write the name out"),
    "parenthesized-with": Newer("a `with` in brackets", (3, 9), "write it on one line"),
    "decorator-expression": Newer(
        "a decorator that is more than a name and a call", (3, 9), "name it first"
    ),
    "builtin-generic": Newer(
        "an index into a builtin type", (3, 9), "take it from `typing`", "TypeError"
    ),
    "dict-union": Newer("`|` between dicts", (3, 9), "write `{**a, **b}`", "TypeError"),
    "match": Newer("`match`", (3, 10), "write `if` and `elif`"),
    "type-union": Newer(
        "`|` between types", (3, 10), "write `Optional[…]` or `Union[…]`", "TypeError"
    ),
    "except-star": Newer("`except*`", (3, 11), "catch `ExceptionGroup` itself"),
    "starred-index": Newer("`*` in an index", (3, 11), "make a tuple of it"),
    "type-parameters": Newer("type parameters in brackets", (3, 12), "write a `TypeVar`"),
    "type-statement": Newer("the statement `type`", (3, 12), "write an assignment"),
    "nested-quotes": Newer(
        "an expression with its f-string's own quotes, a backslash, a comment or a new line",
        (3, 12),
        "take the expression out of the f-string",
    ),
    "template-string": Newer("a t-string", (3, 14), "write an f-string"),
}

_BUILTIN: Final = frozenset({"list", "dict", "tuple", "set", "frozenset", "type"})
_TYPES: Final = _BUILTIN | {"int", "float", "str", "bool", "bytes", "bytearray", "object"}
_COLLECTIONS: Final = ("collections.abc.", "collections.deque", "collections.defaultdict")


def newer_syntax(facts: ScriptFacts) -> dict[str, Span]:
    """Where each kind of newer syntax stands first, by its key in `FEATURES`."""
    found: dict[str, Span] = {f.name: f.span for f in facts.module.features}
    for node in facts.nodes:
        name = _NODES[type(node)](node) if type(node) in _NODES else None
        if name is not None:
            found.setdefault(name, node.span)
    for name, span in _at_run_time(facts):
        found.setdefault(name, span)
    return found


_NODES: Final[dict[type, Callable[[Any], str | None]]] = {
    s.NamedExpression: lambda n: "walrus",
    s.Match: lambda n: "match",
    s.TypeAlias_: lambda n: "type-statement",
    s.FormattedString: lambda n: "f-string",
    s.Assign: lambda n: "variable-annotation" if n.annotation is not None else None,
    s.Parameter: lambda n: "positional-only" if n.kind == "positional-only" else None,
    s.Import: lambda n: "future-annotations" if _is_lazy(n) else None,
    s.Function: lambda n: _decorated(n.decorators),
    s.Class: lambda n: _decorated(n.decorators),
}


def _is_lazy(node: s.Import) -> bool:
    return node.module == "__future__" and any(a.name == "annotations" for a in node.names)


def _decorated(decorators: tuple[s.Expr, ...]) -> str | None:
    called = (d.function if isinstance(d, s.Call) else d for d in decorators)
    return None if all(s.dotted(c) for c in called) else "decorator-expression"


# -- what fails when it is evaluated ----------------------------------------------------------


def _at_run_time(facts: ScriptFacts) -> Iterator[tuple[str, Span]]:
    """What importing the script certainly evaluates and older versions cannot."""
    lazy = any(isinstance(n, s.Import) and _is_lazy(n) for n in facts.module.body)
    for expression, annotation in _evaluated(facts.module.body):
        if annotation and lazy:
            continue
        for node in s.walk(expression):
            if isinstance(node, s.Subscript) and _is_builtin(facts, node.value):
                yield "builtin-generic", node.span
            elif isinstance(node, s.Operation) and node.operators == ("|",):
                if any(isinstance(o, s.Dictionary) for o in node.operands):
                    yield "dict-union", node.span
                elif annotation and any(_is_type(facts, o) for o in node.operands):
                    yield "type-union", node.span


def _evaluated(body: tuple[s.Stmt, ...]) -> Iterator[tuple[s.Expr, bool]]:
    """Expressions that are evaluated on import, and whether each is an annotation."""
    for node in body:
        if isinstance(node, s.Function):
            for parameter in node.parameters:
                if parameter.annotation is not None:
                    yield parameter.annotation, True
            if node.returns is not None:
                yield node.returns, True
        elif isinstance(node, s.Class):
            yield from _evaluated(node.body)
        elif isinstance(node, s.Assign):
            yield from ((e, False) for e in [node.value] if e is not None)
            yield from ((e, True) for e in [node.annotation] if e is not None)
        elif isinstance(node, s.If):
            truth = truth_on_import(node.test)
            if truth is not None:
                yield from _evaluated(node.body if truth else node.orelse)


def _is_builtin(facts: ScriptFacts, node: s.Expr) -> bool:
    """Whether an expression is a class of the library that could not be indexed once."""
    if isinstance(node, s.Name) and node.id in _BUILTIN:
        return node.id not in facts.bindings.bound and not facts.bindings.stars
    return (facts.names.qualify(node) or "").startswith(_COLLECTIONS)


def _is_type(facts: ScriptFacts, node: s.Expr) -> bool:
    if isinstance(node, s.Constant):
        return node.value is None
    return isinstance(node, s.Name) and node.id in _TYPES and node.id not in facts.bindings.bound
