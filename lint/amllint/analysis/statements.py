"""What single statements bind, evaluate and contain."""

from __future__ import annotations

from collections.abc import Iterator

from amllint.source.python import syntax as s


def inner_blocks(statement: s.Stmt) -> Iterator[tuple[s.Stmt, ...]]:
    """The blocks of a compound statement that run in the same scope."""
    if type(statement) not in _COMPOUND:
        return  # most statements: one look in place of five
    if isinstance(statement, (s.If, s.For, s.While)):
        yield statement.body
        yield statement.orelse
    elif isinstance(statement, s.With):
        yield statement.body
    elif isinstance(statement, s.Try):
        yield statement.body
        for handler in statement.handlers:
            yield handler.body
        yield statement.orelse
        yield statement.final
    elif isinstance(statement, s.Match):
        for case in statement.cases:
            yield case.body


_COMPOUND = frozenset({s.If, s.For, s.While, s.With, s.Try, s.Match})


def reachable(body: tuple[s.Stmt, ...]) -> tuple[s.Stmt, ...]:
    """A block up to the statement that always leaves it."""
    for number, statement in enumerate(body):
        jumps = isinstance(statement, s.Jump) and statement.kind != "pass"
        if jumps or isinstance(statement, (s.Raise, s.Return)):
            return body[: number + 1]
    return body


def following(body: tuple[s.Stmt, ...], since: int) -> Iterator[s.Stmt]:
    """The statements behind an offset: of the block it stands in, then of those around it."""
    for statement in body:
        if statement.span.start >= since:
            yield statement
            continue
        for block in inner_blocks(statement):
            if block and block[0].span.start < since <= block[-1].span.end:
                yield from following(block, since)


def bound_names(statement: s.Stmt) -> Iterator[s.Name]:
    """Names that a statement itself binds in its scope; not those of its inner blocks."""
    if isinstance(statement, (s.Function, s.Class)):
        yield s.Name(statement.name_span, statement.name)
    elif isinstance(statement, s.Assign):
        if statement.value is not None:
            for target in statement.targets:
                yield from target_names(target)
    elif isinstance(statement, s.AugmentedAssign):
        yield from target_names(statement.target)
    elif isinstance(statement, s.Import):
        yield from _imported_names(statement)
    elif isinstance(statement, s.For):
        if not is_empty(statement.iterable):
            yield from target_names(statement.target)
    elif isinstance(statement, s.With):
        for item in statement.items:
            if item.target is not None:
                yield from target_names(item.target)
    elif isinstance(statement, s.Match):
        for case in statement.cases:
            yield from case.captures
    elif isinstance(statement, s.TypeAlias_):
        yield statement.name
    yield from _walrus_names(statement)


def is_empty(iterable: s.Expr) -> bool:
    """Whether a display is written without items."""
    return isinstance(iterable, s.Display) and not iterable.items


def _imported_names(statement: s.Import) -> Iterator[s.Name]:
    for alias in statement.names:
        if alias.name == "*":
            continue
        name = alias.asname or alias.name
        if alias.asname is None and statement.module is None:
            name = alias.name.split(".")[0]
        yield s.Name(alias.span, name)


def target_names(target: s.Expr) -> Iterator[s.Name]:
    """Names bound by an assignment target."""
    if isinstance(target, s.Name):
        yield target
    elif isinstance(target, s.Display):
        for item in target.items:
            yield from target_names(item)
    elif isinstance(target, s.Starred):
        yield from target_names(target.value)


def _walrus_names(statement: s.Stmt) -> Iterator[s.Name]:
    """Names bound by `:=` in a statement's own expressions, comprehensions included."""
    pending: list[s.Syntax] = [
        expression
        for expression in own_expressions(statement)
        if type(expression) not in _PLAIN and s.holds(expression, s.NamedExpression)
    ]
    while pending:
        node = pending.pop()
        if isinstance(node, s.NamedExpression):
            yield from target_names(node.target)
        if isinstance(node, s.Lambda):
            pending.extend(p.default for p in node.parameters if p.default is not None)
        else:
            pending.extend(s.children(node))


_PLAIN = frozenset({s.Name, s.Constant})


def own_expressions(statement: s.Stmt) -> Iterator[s.Expr]:
    """The expressions that belong to a statement itself, not to its inner blocks."""
    if isinstance(statement, (s.Function, s.Class)):
        yield from statement.decorators
        for parameter in statement.parameters if isinstance(statement, s.Function) else ():
            if parameter.default is not None:
                yield parameter.default
    elif isinstance(statement, s.With):
        for item in statement.items:
            yield item.context
    elif isinstance(statement, s.Try):
        for handler in statement.handlers:
            if handler.type is not None:
                yield handler.type
    elif isinstance(statement, s.Match):
        yield statement.subject
        for case in statement.cases:
            if case.guard is not None:
                yield case.guard
    else:
        for value in statement[1:]:
            if type(value) in _EXPRESSIONS:
                yield value  # type: ignore[misc]
            elif isinstance(statement, (s.Assign, s.Delete)) and type(value) is tuple:
                yield from (t for t in value if type(t) in _EXPRESSIONS)  # type: ignore[misc]


_EXPRESSIONS = frozenset(
    {
        *(s.Name, s.Attribute, s.Call, s.Subscript, s.Constant, s.FormattedString, s.Operation),
        *(s.Conditional, s.Display, s.Starred, s.Dictionary, s.Comprehension, s.Lambda),
        *(s.NamedExpression, s.Wrapped),
    }
)
