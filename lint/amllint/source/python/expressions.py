"""libcst expressions to expressions of the syntax tree."""

from __future__ import annotations

import ast
import unicodedata
from collections.abc import Callable
from typing import Any, Final

import libcst as cst

from amllint.source.python import syntax as s
from amllint.source.python.f_strings import needs_new_f_string
from amllint.source.text import Span


class Expressions:
    """Converts expressions, given the spans of all nodes."""

    def __init__(self, spans: dict[int, Span], code: str) -> None:
        self.spans = spans
        self.code = code
        self.features: dict[str, s.Feature] = {}

    def note(self, feature: str, node: cst.CSTNode) -> None:
        """Keep where a kind of syntax that the tree does not show stands first."""
        if feature not in self.features:
            self.features[feature] = s.Feature(feature, self.span(node))

    def span(self, node: cst.CSTNode) -> Span:
        return self.spans[id(node)]

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
                if part.star:
                    self.note("starred-index", part.value)
                index.append(self.expr(part.value))
        return s.Subscript(self.span(node), self.expr(node.value), tuple(index), sliced)

    def number(self, node: cst.Integer | cst.Float | cst.Imaginary) -> s.Expr:
        if len(node.value) < _MOST_DIGITS and node.value.isdecimal():
            return s.Constant(self.span(node), int(node.value))
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
        if not isinstance(node, cst.FormattedString):
            self.note("template-string", node)
        pieces = [""]
        parts: list[s.Expr] = []
        for part in node.parts:
            if hasattr(part, "expression"):
                self._formatted_part(node, part)
                parts.append(self.expr(part.expression))
                nested = part.format_spec or ()
                parts.extend(self.expr(p.expression) for p in nested if hasattr(p, "expression"))
                pieces.append("")
            else:
                pieces[-1] += part.value
        between = tuple(pieces) if len(pieces) == len(parts) + 1 else ()
        return s.FormattedString(self.span(node), "".join(pieces), tuple(parts), between)

    def _formatted_part(self, string: Any, part: Any) -> None:
        """Note what is new in an f-string's expression: `{x=}`, and what PEP 701 allows."""
        if part.equal is not None:
            self.note("self-documenting", part.expression)
        if needs_new_f_string(string, part, self.code[slice(*self.span(part.expression))]):
            self.note("nested-quotes", part.expression)
        for nested in part.format_spec or ():
            if hasattr(nested, "expression"):
                self._formatted_part(string, nested)

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
        operator = operator_of(node.operator)
        operand = self.expr(node.expression)
        span = self.span(node)
        value = operand.value if isinstance(operand, s.Constant) else None
        if operator == "-" and isinstance(value, (int, float)) and not isinstance(value, bool):
            return s.Constant(span, -value)
        return s.Operation(span, (operator,), (operand,))

    def binary(self, node: cst.BinaryOperation | cst.BooleanOperation) -> s.Expr:
        operands = (self.expr(node.left), self.expr(node.right))
        return s.Operation(self.span(node), (operator_of(node.operator),), operands)

    def comparison(self, node: cst.Comparison) -> s.Expr:
        operators = tuple(operator_of(t.operator) for t in node.comparisons)
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


_MOST_DIGITS: Final = 600
"""Of longer numbers Python may refuse the value."""
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


def operator_of(node: cst.CSTNode) -> str:
    name = type(node).__name__
    return _OPERATORS.get(name) or _OPERATORS[name.removesuffix("Assign")]


_E = Expressions
_Conversion = Callable[[Expressions, Any], s.Expr]

_EXPRESSIONS: Final[dict[type, _Conversion]] = {
    cst.Name: _E.name,
    cst.Attribute: _E.attribute,
    cst.Call: _E.call,
    cst.Subscript: _E.subscript,
    cst.Integer: _E.number,
    cst.Float: _E.number,
    cst.Imaginary: _E.number,
    cst.SimpleString: _E.string,
    cst.FormattedString: _E.formatted,
    cst.ConcatenatedString: _E.concatenated,
    cst.UnaryOperation: _E.unary,
    cst.BinaryOperation: _E.binary,
    cst.BooleanOperation: _E.binary,
    cst.Comparison: _E.comparison,
    cst.IfExp: _E.either,
    cst.Tuple: _E.display,
    cst.List: _E.display,
    cst.Set: _E.display,
    cst.Element: _E.element,
    cst.StarredElement: _E.starred,
    cst.Dict: _E.dictionary,
    cst.ListComp: _E.comprehension,
    cst.SetComp: _E.comprehension,
    cst.DictComp: _E.comprehension,
    cst.GeneratorExp: _E.comprehension,
    cst.Lambda: _E.anonymous,
    cst.NamedExpr: _E.walrus,
    cst.Await: _E.awaited,
    cst.Yield: _E.yielded,
    cst.Ellipsis: _E.ellipsis,
}
for _late in ("TemplatedString",):
    if hasattr(cst, _late):
        _EXPRESSIONS[getattr(cst, _late)] = _E.formatted
