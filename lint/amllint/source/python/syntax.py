"""A small, immutable syntax tree for analysis: no tokens, no parser, a span on every node.

It is what remains of a script once libcst has parsed it. Nodes are tuples, so a tree can be
compared, hashed and stored. Every node's first field is its span.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple, TypeAlias

from amllint.source.text import Span


class Name(NamedTuple):
    """A name that is read; as a target, one that is bound."""

    span: Span
    id: str


class Attribute(NamedTuple):
    """`value.attr`."""

    span: Span
    value: Expr
    attr: str


class Argument(NamedTuple):
    """One argument: `keyword=value`, `*value`, `**value` or plain."""

    span: Span
    keyword: str | None
    star: str
    value: Expr


class Call(NamedTuple):
    """`function(arguments)`."""

    span: Span
    function: Expr
    arguments: tuple[Argument, ...]


class Subscript(NamedTuple):
    """`value[keys]`; `slice` says whether any of the keys is a slice."""

    span: Span
    value: Expr
    keys: tuple[Expr, ...]
    slice: bool


class Constant(NamedTuple):
    """A literal. Numbers too large to convert are kept as their text."""

    span: Span
    value: Any


class FormattedString(NamedTuple):
    """An f-string: its literal text and the expressions in it, in order.

    `pieces` is the literal text before, between and behind the expressions, so one more than
    there are; empty where an expression has another in its format, or a literal precedes.
    """

    span: Span
    text: str
    parts: tuple[Expr, ...]
    pieces: tuple[str, ...] = ()


class Operation(NamedTuple):
    """A unary, binary, boolean or comparison operation."""

    span: Span
    operators: tuple[str, ...]
    operands: tuple[Expr, ...]


class Conditional(NamedTuple):
    """`body if test else orelse`."""

    span: Span
    test: Expr
    body: Expr
    orelse: Expr


class Display(NamedTuple):
    """A tuple, list or set as written out; `kind` says which."""

    span: Span
    kind: str
    items: tuple[Expr, ...]


class Starred(NamedTuple):
    """`*value` in a display or an assignment."""

    span: Span
    value: Expr


class Dictionary(NamedTuple):
    """A dict display; a key of `None` stands for `**value`."""

    span: Span
    keys: tuple[Expr | None, ...]
    values: tuple[Expr, ...]


class Clause(NamedTuple):
    """One `for target in iterable if …` of a comprehension."""

    span: Span
    target: Expr
    iterable: Expr
    conditions: tuple[Expr, ...]


class Comprehension(NamedTuple):
    """A list, set, dict or generator comprehension; a dict has two elements."""

    span: Span
    kind: str
    elements: tuple[Expr, ...]
    clauses: tuple[Clause, ...]


class Parameter(NamedTuple):
    """One parameter. `kind` is one of `positional-only`, `plain`, `*`, `keyword-only`, `**`."""

    span: Span
    name: str
    kind: str
    default: Expr | None
    annotation: Expr | None


class Lambda(NamedTuple):
    """`lambda parameters: body`."""

    span: Span
    parameters: tuple[Parameter, ...]
    body: Expr


class NamedExpression(NamedTuple):
    """`target := value`."""

    span: Span
    target: Expr
    value: Expr


class Wrapped(NamedTuple):
    """`await`, `yield` or `yield from` around a value."""

    span: Span
    kind: str
    value: Expr | None


Expr: TypeAlias = (
    Name
    | Attribute
    | Call
    | Subscript
    | Constant
    | FormattedString
    | Operation
    | Conditional
    | Display
    | Starred
    | Dictionary
    | Comprehension
    | Lambda
    | NamedExpression
    | Wrapped
)


class Assign(NamedTuple):
    """`targets = value`; `annotation` for `x: T = v`; no value for `x: T`."""

    span: Span
    targets: tuple[Expr, ...]
    value: Expr | None
    annotation: Expr | None


class AugmentedAssign(NamedTuple):
    """`target += value` and its like."""

    span: Span
    target: Expr
    operator: str
    value: Expr


class Evaluate(NamedTuple):
    """An expression as a statement."""

    span: Span
    value: Expr


class Return(NamedTuple):
    """`return value`."""

    span: Span
    value: Expr | None


class Raise(NamedTuple):
    """`raise exception from cause`."""

    span: Span
    exception: Expr | None
    cause: Expr | None


class Declare(NamedTuple):
    """`global names` or `nonlocal names`; `kind` says which."""

    span: Span
    kind: str
    names: tuple[str, ...]


class Delete(NamedTuple):
    """`del targets`."""

    span: Span
    targets: tuple[Expr, ...]


class Alias(NamedTuple):
    """One imported name: what it is called there and here."""

    span: Span
    name: str
    asname: str | None


class Import(NamedTuple):
    """`import a.b as c` (no module) or `from module import names`; `*` is a name."""

    span: Span
    module: str | None
    level: int
    names: tuple[Alias, ...]


class Assert(NamedTuple):
    """`assert test, message`."""

    span: Span
    test: Expr
    message: Expr | None


class Jump(NamedTuple):
    """`pass`, `break` or `continue`; `kind` says which."""

    span: Span
    kind: str


class If(NamedTuple):
    """`if`; an `elif` is an `If` alone in `orelse`."""

    span: Span
    test: Expr
    body: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...]


class For(NamedTuple):
    """`for target in iterable`."""

    span: Span
    target: Expr
    iterable: Expr
    body: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...]


class While(NamedTuple):
    """`while test`."""

    span: Span
    test: Expr
    body: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...]


class WithItem(NamedTuple):
    """`context as target`."""

    span: Span
    context: Expr
    target: Expr | None


class With(NamedTuple):
    """`with items`."""

    span: Span
    items: tuple[WithItem, ...]
    body: tuple[Stmt, ...]


class Handler(NamedTuple):
    """`except type as name`; the span is that of the first line."""

    span: Span
    type: Expr | None
    name: str | None
    body: tuple[Stmt, ...]


class Try(NamedTuple):
    """`try` with everything that follows it; `except*` counts as `except`."""

    span: Span
    body: tuple[Stmt, ...]
    handlers: tuple[Handler, ...]
    orelse: tuple[Stmt, ...]
    final: tuple[Stmt, ...]


class Function(NamedTuple):
    """A `def`; `span` covers all of it, `name_span` its name."""

    span: Span
    name: str
    name_span: Span
    parameters: tuple[Parameter, ...]
    decorators: tuple[Expr, ...]
    body: tuple[Stmt, ...]
    is_async: bool
    returns: Expr | None


class Class(NamedTuple):
    """A `class`."""

    span: Span
    name: str
    name_span: Span
    bases: tuple[Argument, ...]
    decorators: tuple[Expr, ...]
    body: tuple[Stmt, ...]


class Case(NamedTuple):
    """One `case`: the names its pattern binds, its guard, its body."""

    span: Span
    captures: tuple[Name, ...]
    guard: Expr | None
    body: tuple[Stmt, ...]


class Match(NamedTuple):
    """`match subject`."""

    span: Span
    subject: Expr
    cases: tuple[Case, ...]


class TypeAlias_(NamedTuple):
    """`type name = …`."""

    span: Span
    name: Name


Stmt: TypeAlias = (
    Assign
    | AugmentedAssign
    | Evaluate
    | Return
    | Raise
    | Declare
    | Delete
    | Import
    | Assert
    | Jump
    | If
    | For
    | While
    | With
    | Try
    | Function
    | Class
    | Match
    | TypeAlias_
)


class Feature(NamedTuple):
    """Syntax that leaves no trace in the nodes: what it is called, and where it stands first."""

    name: str
    span: Span


class Module(NamedTuple):
    """A whole script; `features` holds each kind of untraced syntax once."""

    span: Span
    body: tuple[Stmt, ...]
    features: tuple[Feature, ...] = ()


Syntax: TypeAlias = (
    Module | Stmt | Expr | Argument | Clause | Parameter | Alias | WithItem | Handler | Case
)

STATEMENTS: Final = (
    *(Assign, AugmentedAssign, Evaluate, Return, Raise, Declare, Delete, Import, Assert, Jump),
    *(If, For, While, With, Try, Function, Class, Match, TypeAlias_),
)
_NODES = frozenset(
    {
        *(Name, Attribute, Argument, Call, Subscript, Constant, FormattedString, Operation),
        *(Conditional, Display, Starred, Dictionary, Clause, Comprehension, Parameter, Lambda),
        *(NamedExpression, Wrapped, Assign, AugmentedAssign, Evaluate, Return, Raise, Declare),
        *(Delete, Alias, Import, Assert, Jump, If, For, While, WithItem, With, Handler, Try),
        *(Function, Class, Case, Match, TypeAlias_, Module),
    }
)


def children(node: Syntax) -> Iterator[Syntax]:
    """The nodes directly below a node, in field order."""
    for value in node[1:]:
        kind = type(value)
        if kind in _NODES:
            yield value  # type: ignore[misc]
        elif kind is tuple:
            for item in value:  # type: ignore[union-attr]
                if type(item) in _NODES:
                    yield item  # type: ignore[misc]


def walk(node: Syntax) -> Iterator[Syntax]:
    """A node and everything below it, outer before inner."""
    stack: list[Syntax] = [node]
    pop, push, extend = stack.pop, stack.append, stack.extend
    while stack:
        here = pop()
        yield here
        # `children`, written out and from behind: most of the time of analysis is spent here.
        for value in here[:0:-1]:
            kind = type(value)
            if kind in _NODES:
                push(value)  # type: ignore[arg-type]
            elif kind is tuple and value:
                extend([i for i in value[::-1] if type(i) in _NODES])  # type: ignore[index,misc]


def holds(node: Syntax, kind: type) -> bool:
    """Whether a node, or anything below it, is of a kind; the cheapest way to ask."""
    stack: list[Syntax] = [node]
    pop, push = stack.pop, stack.append
    while stack:
        here = pop()
        if type(here) is kind:
            return True
        for value in here[1:]:
            if type(value) in _NODES:
                push(value)  # type: ignore[arg-type]
            elif type(value) is tuple:
                stack += [i for i in value if type(i) in _NODES]  # type: ignore[misc]
    return False


def extent(node: Syntax) -> Span:
    """Everything a node covers: its span, and its body where the span is the first line only."""
    body = node.body if isinstance(node, (Handler, Case)) else ()
    return Span(node.span.start, max([node.span.end, *(s.span.end for s in body[-1:])]))


def path_to(root: Syntax, span: Span) -> list[Syntax]:
    """The nodes around a span, from `root` inwards to the innermost one that covers it."""
    path = [root] if extent(root).contains(span) else []
    inner: Syntax | None = path[0] if path else None
    while inner is not None:
        inner = next((c for c in children(inner) if extent(c).contains(span)), None)
        path.extend([inner] if inner is not None else [])
    return path


def root_name(node: Expr | None) -> str:
    """`a` for `a.b[0].c(d)`, `""` where there is no such name."""
    while isinstance(node, (Attribute, Subscript, Call)):
        node = node.function if isinstance(node, Call) else node.value
    return node.id if isinstance(node, Name) else ""


def dotted(node: Expr | None) -> str | None:
    """`a.b.c` for a name or a chain of attributes, else `None`."""
    parts: list[str] = []
    while isinstance(node, Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, Name):
        return None
    return ".".join((node.id, *reversed(parts)))
