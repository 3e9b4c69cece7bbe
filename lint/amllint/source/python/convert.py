"""libcst trees to syntax trees: one recording pass for positions, one conversion.

Positions come from libcst's own code generation, counted in characters while it runs: one
pass costs a third of a parse, where the position metadata provider costs three parses.
"""

from __future__ import annotations

import ast
import unicodedata
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Final

import libcst as cst
from libcst._nodes.internal import CodegenState

from amllint.source.python import syntax as s
from amllint.source.text import Span


class _Recorder(CodegenState):
    """Generates code and notes where each node begins and ends."""

    def __init__(self, module: cst.Module) -> None:
        super().__init__(module.default_indent, module.default_newline)
        self.offset = 0
        self.spans: dict[int, Span] = {}

    def add_token(self, value: str) -> None:
        self.offset += len(value)

    def add_indent_tokens(self) -> None:
        self.offset += sum(map(len, self.indent_tokens))

    def pop_trailing_newline(self) -> None:
        """Nothing comes after it that would have a position."""

    def record_syntactic_position(  # type: ignore[override]
        self,
        node: cst.CSTNode,
        *,
        start_node: cst.CSTNode | None = None,
        end_node: cst.CSTNode | None = None,
    ) -> _Mark:
        return _Mark(self, node, start_node, end_node)


class _Mark:
    __slots__ = ("end_node", "node", "recorder", "start", "start_node")

    def __init__(
        self,
        recorder: _Recorder,
        node: cst.CSTNode,
        start_node: cst.CSTNode | None,
        end_node: cst.CSTNode | None,
    ) -> None:
        self.recorder = recorder
        self.node = node
        self.start_node = start_node
        self.end_node = end_node

    def __enter__(self) -> None:
        self.start = self.recorder.offset

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        spans = self.recorder.spans
        start, end = self.start, self.recorder.offset
        if self.start_node is not None and id(self.start_node) in spans:
            start = spans[id(self.start_node)].start
        if self.end_node is not None and id(self.end_node) in spans:
            end = spans[id(self.end_node)].end
        spans[id(self.node)] = Span(start, end)


def convert(module: cst.Module) -> s.Module:
    """The syntax tree of a parsed module; spans count characters of `module.code`."""
    recorder = _Recorder(module)
    module._codegen(recorder)
    converter = _Converter(recorder.spans)
    return s.Module(Span(0, recorder.offset), converter.block(module.body))


class _Converter:
    def __init__(self, spans: dict[int, Span]) -> None:
        self.spans = spans

    def span(self, node: cst.CSTNode) -> Span:
        return self.spans[id(node)]

    # -- statements ---------------------------------------------------------------------

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
        operator = _operator(node.operator)
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

    # -- expressions --------------------------------------------------------------------

    def maybe(self, node: cst.BaseExpression | None) -> s.Expr | None:
        return None if node is None else self.expr(node)

    def expr(self, node: cst.CSTNode) -> s.Expr:
        return _EXPRESSIONS[type(node)](self, node)

    def name(self, node: cst.Name) -> s.Expr:
        constant = _NAMED.get(node.value, node)
        if constant is not node:
            return s.Constant(self.span(node), constant)
        return s.Name(self.span(node), identifier(node.value))

    def attribute(self, node: cst.Attribute) -> s.Expr:
        return s.Attribute(self.span(node), self.expr(node.value), node.attr.value)

    def call(self, node: cst.Call) -> s.Expr:
        arguments = tuple(self.argument(a) for a in node.args)
        return s.Call(self.span(node), self.expr(node.func), arguments)

    def argument(self, node: cst.Arg) -> s.Argument:
        value = self.expr(node.value)
        keyword = node.keyword.value if node.keyword else None
        start = self.span(node.keyword).start if node.keyword else value.span.start
        return s.Argument(Span(start, value.span.end), keyword, node.star, value)

    def subscript(self, node: cst.Subscript) -> s.Expr:
        index: list[s.Expr] = []
        sliced = False
        for element in node.slice:
            part = element.slice
            if isinstance(part, cst.Slice):
                sliced = True
                bounds = (part.lower, part.upper, part.step)
                index.extend(self.expr(b) for b in bounds if b is not None)
            elif isinstance(part, cst.Index):
                index.append(self.expr(part.value))
        return s.Subscript(self.span(node), self.expr(node.value), tuple(index), sliced)

    def number(self, node: cst.Integer | cst.Float | cst.Imaginary) -> s.Expr:
        try:
            value = ast.literal_eval(node.value)
        except (ValueError, SyntaxError, OverflowError):
            value = node.value
        return s.Constant(self.span(node), value)

    def string(self, node: cst.SimpleString) -> s.Expr:
        if not node.prefix and "\\" not in node.value:
            quote = len(node.quote)
            return s.Constant(self.span(node), node.value[quote:-quote])
        try:
            value = ast.literal_eval(node.value)
        except (ValueError, SyntaxError):
            value = node.raw_value
        return s.Constant(self.span(node), value)

    def formatted(self, node: Any) -> s.Expr:
        text: list[str] = []
        parts: list[s.Expr] = []
        for part in node.parts:
            if hasattr(part, "expression"):
                parts.append(self.expr(part.expression))
                nested = part.format_spec or ()
                parts.extend(self.expr(p.expression) for p in nested if hasattr(p, "expression"))
            else:
                text.append(part.value)
        return s.FormattedString(self.span(node), "".join(text), tuple(parts))

    def concatenated(self, node: cst.ConcatenatedString) -> s.Expr:
        left, right = self.expr(node.left), self.expr(node.right)
        span = Span(left.span.start, right.span.end)
        if isinstance(left, s.Constant) and isinstance(right, s.Constant):
            same = type(left.value) is type(right.value)
            return s.Constant(span, left.value + right.value if same else left.value)
        texts = [e.text if isinstance(e, s.FormattedString) else "" for e in (left, right)]
        parts = [e.parts if isinstance(e, s.FormattedString) else () for e in (left, right)]
        return s.FormattedString(span, "".join(texts), parts[0] + parts[1])

    def unary(self, node: cst.UnaryOperation) -> s.Expr:
        operator = _operator(node.operator)
        operand = self.expr(node.expression)
        span = self.span(node)
        value = operand.value if isinstance(operand, s.Constant) else None
        if operator == "-" and isinstance(value, (int, float)) and not isinstance(value, bool):
            return s.Constant(span, -value)
        return s.Operation(span, (operator,), (operand,))

    def binary(self, node: cst.BinaryOperation | cst.BooleanOperation) -> s.Expr:
        operands = (self.expr(node.left), self.expr(node.right))
        return s.Operation(self.span(node), (_operator(node.operator),), operands)

    def comparison(self, node: cst.Comparison) -> s.Expr:
        operators = tuple(_operator(t.operator) for t in node.comparisons)
        operands = tuple(self.expr(t.comparator) for t in node.comparisons)
        return s.Operation(self.span(node), operators, (self.expr(node.left), *operands))

    def either(self, node: cst.IfExp) -> s.Expr:
        test, body, orelse = (self.expr(n) for n in (node.test, node.body, node.orelse))
        return s.Conditional(self.span(node), test, body, orelse)

    def display(self, node: cst.Tuple | cst.List | cst.Set) -> s.Expr:
        kind = type(node).__name__.lower()
        return s.Display(self.span(node), kind, tuple(self.expr(e) for e in node.elements))

    def element(self, node: cst.Element) -> s.Expr:
        return self.expr(node.value)

    def starred(self, node: cst.StarredElement) -> s.Expr:
        value = self.expr(node.value)
        return s.Starred(value.span, value)

    def dictionary(self, node: cst.Dict) -> s.Expr:
        keys = tuple(
            self.expr(e.key) if isinstance(e, cst.DictElement) else None for e in node.elements
        )
        return s.Dictionary(self.span(node), keys, tuple(self.expr(e.value) for e in node.elements))

    def comprehension(self, node: Any) -> s.Expr:
        elements = (node.key, node.value) if isinstance(node, cst.DictComp) else (node.elt,)
        clauses: list[s.Clause] = []
        clause: cst.CompFor | None = node.for_in
        while clause is not None:
            iterable = self.expr(clause.iter)
            conditions = tuple(self.expr(c.test) for c in clause.ifs)
            span = self.spans.get(id(clause), iterable.span)
            clauses.append(s.Clause(span, self.expr(clause.target), iterable, conditions))
            clause = clause.inner_for_in
        done = tuple(self.expr(e) for e in elements)
        return s.Comprehension(self.span(node), type(node).__name__, done, tuple(clauses))

    def anonymous(self, node: cst.Lambda) -> s.Expr:
        return s.Lambda(self.span(node), self.parameters(node.params), self.expr(node.body))

    def walrus(self, node: cst.NamedExpr) -> s.Expr:
        target, value = self.expr(node.target), self.expr(node.value)
        return s.NamedExpression(self.span(node), target, value)

    def awaited(self, node: cst.Await) -> s.Expr:
        return s.Wrapped(self.span(node), "await", self.expr(node.expression))

    def yielded(self, node: cst.Yield) -> s.Expr:
        if isinstance(node.value, cst.From):
            return s.Wrapped(self.span(node), "yield from", self.expr(node.value.item))
        return s.Wrapped(self.span(node), "yield", self.maybe(node.value))

    def ellipsis(self, node: cst.Ellipsis) -> s.Expr:
        return s.Constant(self.span(node), ...)

    def parameters(self, node: cst.Parameters) -> tuple[s.Parameter, ...]:
        done = [self.parameter(p, "positional-only") for p in node.posonly_params]
        done += [self.parameter(p, "plain") for p in node.params]
        if isinstance(node.star_arg, cst.Param):
            done.append(self.parameter(node.star_arg, "*"))
        done += [self.parameter(p, "keyword-only") for p in node.kwonly_params]
        if node.star_kwarg is not None:
            done.append(self.parameter(node.star_kwarg, "**"))
        return tuple(done)

    def parameter(self, node: cst.Param, kind: str) -> s.Parameter:
        annotation = self.expr(node.annotation.annotation) if node.annotation else None
        name = identifier(node.name.value)
        return s.Parameter(self.span(node.name), name, kind, self.maybe(node.default), annotation)


_NAMED: Final[dict[str, Any]] = {"None": None, "True": True, "False": False}

_OPERATORS: Final[dict[str, str]] = {
    "Add": "+",
    "Subtract": "-",
    "Multiply": "*",
    "Divide": "/",
    "Modulo": "%",
    "FloorDivide": "//",
    "Power": "**",
    "MatrixMultiply": "@",
    "LeftShift": "<<",
    "RightShift": ">>",
    "BitAnd": "&",
    "BitOr": "|",
    "BitXor": "^",
    "BitInvert": "~",
    "Minus": "-",
    "Plus": "+",
    "Not": "not",
    "And": "and",
    "Or": "or",
    "In": "in",
    "NotIn": "not in",
    "Is": "is",
    "IsNot": "is not",
    "Equal": "==",
    "NotEqual": "!=",
    "LessThan": "<",
    "LessThanEqual": "<=",
    "GreaterThan": ">",
    "GreaterThanEqual": ">=",
}


def identifier(name: str) -> str:
    """A name as Python compares it: letters of other shapes count as the plain ones."""
    return name if name.isascii() else unicodedata.normalize("NFKC", name)


def _operator(node: cst.CSTNode) -> str:
    name = type(node).__name__
    return _OPERATORS.get(name) or _OPERATORS[name.removesuffix("Assign")]


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
_Expression = Callable[[_Converter, Any], s.Expr]

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

_EXPRESSIONS: Final[dict[type, _Expression]] = {
    cst.Name: _C.name,
    cst.Attribute: _C.attribute,
    cst.Call: _C.call,
    cst.Subscript: _C.subscript,
    cst.Integer: _C.number,
    cst.Float: _C.number,
    cst.Imaginary: _C.number,
    cst.SimpleString: _C.string,
    cst.FormattedString: _C.formatted,
    cst.ConcatenatedString: _C.concatenated,
    cst.UnaryOperation: _C.unary,
    cst.BinaryOperation: _C.binary,
    cst.BooleanOperation: _C.binary,
    cst.Comparison: _C.comparison,
    cst.IfExp: _C.either,
    cst.Tuple: _C.display,
    cst.List: _C.display,
    cst.Set: _C.display,
    cst.Element: _C.element,
    cst.StarredElement: _C.starred,
    cst.Dict: _C.dictionary,
    cst.ListComp: _C.comprehension,
    cst.SetComp: _C.comprehension,
    cst.DictComp: _C.comprehension,
    cst.GeneratorExp: _C.comprehension,
    cst.Lambda: _C.anonymous,
    cst.NamedExpr: _C.walrus,
    cst.Await: _C.awaited,
    cst.Yield: _C.yielded,
    cst.Ellipsis: _C.ellipsis,
}
for _late in ("TemplatedString",):
    if hasattr(cst, _late):
        _EXPRESSIONS[getattr(cst, _late)] = _C.formatted
