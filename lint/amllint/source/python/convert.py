"""libcst trees to syntax trees: statements, and the way in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import libcst as cst

from amllint.source.python import syntax as s
from amllint.source.python.expressions import Expressions, identifier, operator_of
from amllint.source.python.positions import record
from amllint.source.text import Span


def convert(module: cst.Module, code: str) -> s.Module:
    """The syntax tree of a module parsed from `code`; spans count its characters."""
    spans, length = record(module)
    converter = _Converter(spans, code)
    body = converter.block(module.body)
    return s.Module(Span(0, length), body, tuple(converter.features.values()))


class _Converter(Expressions):
    """Converts statements."""

    def block(self, nodes: Sequence[cst.CSTNode]) -> tuple[s.Stmt, ...]:
        """Statements of a block, the small ones of one line in a row."""
        done: list[s.Stmt] = []
        for node in nodes:
            if isinstance(node, (cst.SimpleStatementLine, cst.SimpleStatementSuite)):
                done.extend(self.statement(small) for small in node.body)
            else:
                done.append(self.statement(node))
        return tuple(done)

    def suite(self, node: cst.BaseSuite) -> tuple[s.Stmt, ...]:
        if isinstance(node, cst.IndentedBlock):
            return self.block(node.body)
        return self.block([node])

    def otherwise(self, node: cst.If | cst.Else | None) -> tuple[s.Stmt, ...]:
        if node is None:
            return ()
        return (self.statement(node),) if isinstance(node, cst.If) else self.suite(node.body)

    def statement(self, node: cst.CSTNode) -> s.Stmt:
        return _STATEMENTS[type(node)](self, node)

    def assign(self, node: cst.Assign) -> s.Stmt:
        targets = tuple(self.expr(t.target) for t in node.targets)
        return s.Assign(self.span(node), targets, self.expr(node.value), None)

    def annotated(self, node: cst.AnnAssign) -> s.Stmt:
        annotation = self.expr(node.annotation.annotation)
        value = self.maybe(node.value)
        return s.Assign(self.span(node), (self.expr(node.target),), value, annotation)

    def augmented(self, node: cst.AugAssign) -> s.Stmt:
        operator = operator_of(node.operator)
        target, value = self.expr(node.target), self.expr(node.value)
        return s.AugmentedAssign(self.span(node), target, operator, value)

    def raised(self, node: cst.Raise) -> s.Stmt:
        cause = self.expr(node.cause.item) if node.cause else None
        return s.Raise(self.span(node), self.maybe(node.exc), cause)

    def declared(self, node: cst.Global | cst.Nonlocal) -> s.Stmt:
        kind = "global" if isinstance(node, cst.Global) else "nonlocal"
        return s.Declare(self.span(node), kind, tuple(n.name.value for n in node.names))

    def deleted(self, node: cst.Del) -> s.Stmt:
        target = self.expr(node.target)
        items = target.items if isinstance(target, s.Display) else (target,)
        return s.Delete(self.span(node), items)

    def aliases(self, names: Sequence[cst.ImportAlias]) -> tuple[s.Alias, ...]:
        return tuple(
            s.Alias(
                self.span(a.name),
                identifier(_dotted(a.name)),
                identifier(_dotted(a.asname.name)) if a.asname else None,
            )
            for a in names
        )

    def imported(self, node: cst.Import) -> s.Stmt:
        return s.Import(self.span(node), None, 0, self.aliases(node.names))

    def imported_from(self, node: cst.ImportFrom) -> s.Stmt:
        span = self.span(node)
        names = (
            (s.Alias(span, "*", None),)
            if isinstance(node.names, cst.ImportStar)
            else self.aliases(node.names)
        )
        module = _dotted(node.module) if node.module else ""
        return s.Import(span, module, len(node.relative), names)

    def conditional(self, node: cst.If) -> s.Stmt:
        body, orelse = self.suite(node.body), self.otherwise(node.orelse)
        return s.If(self.span(node), self.expr(node.test), body, orelse)

    def loop(self, node: cst.For) -> s.Stmt:
        target, iterable = self.expr(node.target), self.expr(node.iter)
        body, orelse = self.suite(node.body), self.otherwise(node.orelse)
        return s.For(self.span(node), target, iterable, body, orelse)

    def repeat(self, node: cst.While) -> s.Stmt:
        body, orelse = self.suite(node.body), self.otherwise(node.orelse)
        return s.While(self.span(node), self.expr(node.test), body, orelse)

    def managed(self, node: cst.With) -> s.Stmt:
        if isinstance(node.lpar, cst.LeftParen):
            self.note("parenthesized-with", node)
        items = tuple(
            s.WithItem(
                self.span(i.item),
                self.expr(i.item),
                self.expr(i.asname.name) if i.asname else None,
            )
            for i in node.items
        )
        return s.With(self.span(node), items, self.suite(node.body))

    def attempted(self, node: cst.Try | cst.TryStar) -> s.Stmt:
        if isinstance(node, cst.TryStar):
            self.note("except-star", node.handlers[0])
        handlers = tuple(self.handler(h) for h in node.handlers)
        final = self.suite(node.finalbody.body) if node.finalbody else ()
        body, orelse = self.suite(node.body), self.otherwise(node.orelse)
        return s.Try(self.span(node), body, handlers, orelse, final)

    def handler(self, node: cst.ExceptHandler | cst.ExceptStarHandler) -> s.Handler:
        name = node.name.name if node.name else None
        shown = name.value if isinstance(name, cst.Name) else None
        body = self.suite(node.body)
        whole = self.span(node)
        end = self.span(node.type).end if node.type else whole.start + len("except")
        if name is not None:
            end = self.span(name).end
        return s.Handler(Span(whole.start, end), self.maybe(node.type), shown, body)

    def function(self, node: cst.FunctionDef) -> s.Stmt:
        if node.type_parameters is not None:
            self.note("type-parameters", node.name)
        return s.Function(
            self.span(node),
            identifier(node.name.value),
            self.span(node.name),
            self.parameters(node.params),
            tuple(self.expr(d.decorator) for d in node.decorators),
            self.suite(node.body),
            node.asynchronous is not None,
            self.expr(node.returns.annotation) if node.returns else None,
        )

    def klass(self, node: cst.ClassDef) -> s.Stmt:
        if node.type_parameters is not None:
            self.note("type-parameters", node.name)
        bases = (*node.bases, *node.keywords)
        return s.Class(
            self.span(node),
            node.name.value,
            self.span(node.name),
            tuple(self.argument(a) for a in bases),
            tuple(self.expr(d.decorator) for d in node.decorators),
            self.suite(node.body),
        )

    def match(self, node: cst.Match) -> s.Stmt:
        cases = tuple(
            s.Case(
                self.span(c),
                tuple(self.captures(c.pattern)),
                self.maybe(c.guard),
                self.suite(c.body),
            )
            for c in node.cases
        )
        return s.Match(self.span(node), self.expr(node.subject), cases)

    def captures(self, node: cst.CSTNode) -> list[s.Name]:
        """The names that a pattern binds."""
        if isinstance(node, (cst.MatchAs, cst.MatchStar)):
            own = [s.Name(self.span(node), identifier(node.name.value))] if node.name else []
        elif isinstance(node, cst.MatchMapping) and node.rest:
            own = [s.Name(self.span(node), identifier(node.rest.value))]
        else:
            own = []
        below = [c for c in node.children if _is_pattern(c)]
        return own + [name for child in below for name in self.captures(child)]


def _dotted(node: cst.CSTNode) -> str:
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    parts.append(node.value if isinstance(node, cst.Name) else "")
    return ".".join(reversed(parts))


def _is_pattern(node: cst.CSTNode) -> bool:
    return isinstance(
        node,
        (
            cst.MatchPattern,
            cst.MatchMappingElement,
            cst.MatchKeywordElement,
            cst.MatchSequenceElement,
            cst.MatchStar,
            cst.MatchOrElement,
        ),
    )


_C = _Converter
_Statement = Callable[[_Converter, Any], s.Stmt]

_STATEMENTS: Final[dict[type, _Statement]] = {
    cst.Assign: _C.assign,
    cst.AnnAssign: _C.annotated,
    cst.AugAssign: _C.augmented,
    cst.Expr: lambda c, n: s.Evaluate(c.span(n), c.expr(n.value)),
    cst.Return: lambda c, n: s.Return(c.span(n), c.maybe(n.value)),
    cst.Raise: _C.raised,
    cst.Global: _C.declared,
    cst.Nonlocal: _C.declared,
    cst.Del: _C.deleted,
    cst.Import: _C.imported,
    cst.ImportFrom: _C.imported_from,
    cst.Assert: lambda c, n: s.Assert(c.span(n), c.expr(n.test), c.maybe(n.msg)),
    cst.Pass: lambda c, n: s.Jump(c.span(n), "pass"),
    cst.Break: lambda c, n: s.Jump(c.span(n), "break"),
    cst.Continue: lambda c, n: s.Jump(c.span(n), "continue"),
    cst.If: _C.conditional,
    cst.For: _C.loop,
    cst.While: _C.repeat,
    cst.With: _C.managed,
    cst.Try: _C.attempted,
    cst.TryStar: _C.attempted,
    cst.FunctionDef: _C.function,
    cst.ClassDef: _C.klass,
    cst.Match: _C.match,
    cst.TypeAlias: lambda c, n: s.TypeAlias_(c.span(n), s.Name(c.span(n.name), n.name.value)),
}
