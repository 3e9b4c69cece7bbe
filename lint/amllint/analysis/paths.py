"""What the paths of a script are: literal, below the model folder, beside the script, unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from amllint.analysis.callees import Callees
from amllint.analysis.known_loads import argument
from amllint.analysis.names import Names
from amllint.analysis.places import (
    HOLE,
    MOST,
    Base,
    Place,
    asks_for_model_dir,
    combine,
    concatenated,
    each,
    environment_variable,
    joined,
    parent_of,
    preferred,
    unknown_at,
)
from amllint.analysis.variables import Given, Scope, Variables
from amllint.source.python import syntax as s
from amllint.source.text import Span

_JOINS: Final = frozenset({"os.path.join", "posixpath.join"})
_PATHS: Final = frozenset({"pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath", "Path"})
_SAME: Final = frozenset(
    {"str", "os.fspath", "os.path.abspath", "os.path.realpath", "os.path.normpath", "repr"}
    | {"os.path.expanduser", "glob.glob", "sorted", "list", "iter", "next", "glob.iglob"}
)
"""Calls whose result is the path that they are given, or one that it is a pattern of."""
_OPENS: Final = frozenset(
    {"open", "io.open", "gzip.open", "codecs.open", "bz2.open", "tensorflow.io.gfile.GFile"}
)
_SAME_METHODS: Final = frozenset(
    {"resolve", "absolute", "as_posix", "expanduser", "strip", "rstrip", "__str__"}
)
_OPEN_METHODS: Final = frozenset({"open", "read_bytes", "read_text"})
_DEEPEST: Final = 14


class Paths:
    """Works out what expressions of one script can be as paths."""

    def __init__(self, variables: Variables, callees: Callees, names: Names) -> None:
        self._variables = variables
        self._names = names
        self._callees = callees
        self._calls: dict[str, Callable[[s.Call, _At], list[Place]]] = {
            **dict.fromkeys(_JOINS | _PATHS, self._joined_arguments),
            **dict.fromkeys(_SAME, self._first_argument),
            **dict.fromkeys(_OPENS, self._opened),
            **dict.fromkeys(("os.getenv", "os.environ.get"), self._getenv),
            "os.path.dirname": self._dirname,
            **dict.fromkeys(("os.getcwd", "pathlib.Path.cwd"), self._here),
        }

    def of(self, expression: s.Expr) -> tuple[Place, ...]:
        """What an expression can be, most likely one thing; `unknown` where nothing tells.

        What it is only where AZUREML_MODEL_DIR is not set is left out.
        """
        scope = self._variables.scope_at(expression.span.start)
        found = self._of(expression, _At(scope, 0))
        return tuple(dict.fromkeys(found)) if len(found) <= MOST else (unknown_at(expression),)

    def _of(self, node: s.Expr, at: _At) -> list[Place]:
        if at.depth > _DEEPEST:
            return [unknown_at(node)]
        at = at.deeper()
        if isinstance(node, s.Constant):
            base: Base = "literal" if isinstance(node.value, str) else "none"
            return [Place(base, node.value if base == "literal" else "", node.span)]
        if isinstance(node, s.FormattedString):
            return self._formatted(node, at)
        if isinstance(node, s.Name):
            return self._named(node, at)
        if isinstance(node, s.Attribute):
            return self._attribute(node, at)
        if isinstance(node, s.Call):
            return self._called(node, at)
        if isinstance(node, s.Subscript):
            return self._item(node, at)
        if isinstance(node, s.Operation):
            return self._operation(node, at)
        if isinstance(node, s.Conditional):
            found = [*self._of(node.body, at), *self._of(node.orelse, at)]
            return preferred(found) if asks_for_model_dir(node.test) else found
        if isinstance(node, s.NamedExpression):
            return self._of(node.value, at)
        return [unknown_at(node)]

    # -- names --------------------------------------------------------------------------

    def _named(self, node: s.Name, at: _At) -> list[Place]:
        if node.id == "__file__":
            return [Place("script", "<script>", node.span)]
        given, parameter = self._variables.given(node.id, at.scope, node.span.start)
        found = self._bound(given, at)
        if parameter is not None:
            found += self._passed(parameter, at)
        return found or [unknown_at(node)]

    def _bound(self, given: Iterable[Given], at: _At) -> list[Place]:
        found: list[Place] = []
        for binding in given:
            value = binding.value
            if value is None:
                found.append(Place("unknown", HOLE, Span(binding.at, binding.at)))
            elif len(found) <= MOST:
                found += self._of(value, _At(binding.scope, at.depth))
        real = [p for p in found if p.base != "none"]
        return real or found

    def _passed(self, parameter: s.Parameter, at: _At) -> list[Place]:
        """What a function of the script is given for a parameter, by those who call it."""
        scope: Scope | None = at.scope
        while scope is not None and parameter not in scope.parameters:
            scope = scope.outer
        function = scope.node if scope else None
        if scope is None or not isinstance(function, s.Function):
            return [unknown_at(parameter)]
        called = function.name
        is_method = scope.outer is not None and isinstance(scope.outer.node, s.Class)
        if is_method and called == "__init__" and scope.outer and scope.outer.node:
            called = getattr(scope.outer.node, "name", called)
        position = function.parameters.index(parameter) - (1 if is_method else 0)
        found: list[Place] = []
        for call, around in self._variables.calls.get(called, ()):
            if self._is_imported(call.function) or len(found) > MOST:
                continue
            value = argument(call, position, (parameter.name,)) or parameter.default
            inner = _At(around, at.depth)
            found += self._of(value, inner) if value else [unknown_at(parameter)]
        return found or [unknown_at(parameter)]

    def _is_imported(self, function: s.Expr) -> bool:
        """Whether a callee comes from a module that the script imports."""
        first = (s.dotted(function) or "").partition(".")[0]
        return self._names.imported(first) is not None

    def _attribute(self, node: s.Attribute, at: _At) -> list[Place]:
        if node.attr in ("parent", "stem"):
            found = self._of(node.value, at)
            return each(found, parent_of) if node.attr == "parent" else [unknown_at(node)]
        if s.dotted(node.value) in ("self", "cls") and node.attr in self._variables.attributes:
            return self._bound(self._variables.attributes[node.attr], at)
        return [unknown_at(node)]

    def _item(self, node: s.Subscript, at: _At) -> list[Place]:
        key = node.keys[0] if len(node.keys) == 1 else None
        name = self._callees.name(node.value)
        if name == "os.environ" and isinstance(key, s.Constant):
            return [environment_variable(key, node.span)]
        if isinstance(node.value, s.Call) and self._callees.name(node.value).startswith("glob."):
            return self._of(node.value, at)
        if isinstance(node.value, s.Attribute) and node.value.attr == "parents" and key:
            levels = key.value if isinstance(key, s.Constant) else None
            if isinstance(levels, int):
                found = self._of(node.value.value, at)
                for _ in range(min(levels, 9) + 1):
                    found = each(found, parent_of)
                return found
        return [unknown_at(node)]

    # -- putting together ---------------------------------------------------------------

    def _formatted(self, node: s.FormattedString, at: _At) -> list[Place]:
        if not node.pieces:
            return [unknown_at(node)]
        found = [Place("literal", node.pieces[0], node.span)]
        for part, text in zip(node.parts, node.pieces[1:], strict=True):
            found = combine(found, self._of(part, at), concatenated)
            found = [p._replace(text=p.text + text) for p in found]
        return found

    def _operation(self, node: s.Operation, at: _At) -> list[Place]:
        operator, operands = node.operators[0], node.operands
        if operator == "or" and len(operands) > 1:
            found = [p for o in operands for p in self._of(o, at)]
            return preferred(found) if asks_for_model_dir(operands[0]) else found
        if operator not in ("+", "/", "%") or len(operands) != 2:
            return [unknown_at(node)]
        left = self._of(operands[0], at)
        if operator == "%":
            return self._filled(left, operands[1], at)
        join = concatenated if operator == "+" else joined
        return combine(left, self._of(operands[1], at), join)

    def _filled(self, left: list[Place], values: s.Expr, at: _At) -> list[Place]:
        """`"%s/%s" % (a, b)`."""
        items = values.items if isinstance(values, s.Display) else (values,)
        return [p for place in left for p in self._template(place, "%s", items, at)]

    def _template(self, place: Place, mark: str, values: Sequence[s.Expr], at: _At) -> list[Place]:
        pieces = place.text.split(mark)
        if place.base != "literal" or len(pieces) != len(values) + 1 or "%(" in place.text:
            return [unknown_at(place)]
        found = [Place("literal", pieces[0], place.span)]
        for value, text in zip(values, pieces[1:], strict=True):
            found = combine(found, self._of(value, at), concatenated)
            found = [p._replace(text=p.text + text) for p in found]
        return found

    # -- calls --------------------------------------------------------------------------

    def _called(self, node: s.Call, at: _At) -> list[Place]:
        name = self._callees.name(node.function)
        known = self._calls.get(name)
        if known is not None:
            return known(node, at)
        if name.endswith("Model.get_model_path"):
            return [Place("get-model-path", "", node.span)]
        function = node.function
        if isinstance(function, s.Attribute):
            found = self._method(node, function, at)
            if found is not None:
                return found
        return self._returned(node, at)

    def _method(self, node: s.Call, function: s.Attribute, at: _At) -> list[Place] | None:
        if function.attr == "format" and node.arguments:
            values = [a.value for a in node.arguments if a.keyword is None]
            left = self._of(function.value, at)
            return [p for place in left for p in self._template(place, "{}", values, at)]
        if function.attr == "joinpath":
            found = self._of(function.value, at)
            for a in node.arguments:
                found = combine(found, self._of(a.value, at), joined)
            return found
        if function.attr in ("glob", "rglob", "iterdir"):
            hole = [unknown_at(node)]
            return combine(self._of(function.value, at), hole, joined)
        if function.attr in _SAME_METHODS:
            return self._of(function.value, at)
        if function.attr in _OPEN_METHODS:
            return [p._replace(opened=True) for p in self._of(function.value, at)]
        return None

    def _returned(self, node: s.Call, at: _At) -> list[Place]:
        """What a function of the script returns."""
        function = node.function
        last = function.attr if isinstance(function, s.Attribute) else s.dotted(function) or ""
        owner = s.dotted(function.value) if isinstance(function, s.Attribute) else "self"
        scopes = self._variables.functions.get(last, []) if owner in ("self", "cls") else []
        if len(scopes) != 1 or not isinstance(scopes[0].node, s.Function):
            return [unknown_at(node)]
        values = [n.value for n in s.walk(scopes[0].node) if isinstance(n, s.Return)]
        found: list[Place] = []
        for value in values[:MOST]:
            inner = _At(scopes[0], at.depth)
            found += self._of(value, inner) if value else []
        return found or [unknown_at(node)]

    def _joined_arguments(self, node: s.Call, at: _At) -> list[Place]:
        found: list[Place] | None = None
        for given in node.arguments:
            if given.star or given.keyword:
                return [unknown_at(node)]
            places = self._of(given.value, at)
            found = places if found is None else combine(found, places, joined)
        return found if found is not None else [Place("literal", ".", node.span)]

    def _first_argument(self, node: s.Call, at: _At) -> list[Place]:
        first = argument(node, 0, ("file", "filename", "pathname", "path"))
        return self._of(first, at) if first else [unknown_at(node)]

    def _opened(self, node: s.Call, at: _At) -> list[Place]:
        return [p._replace(opened=True) for p in self._first_argument(node, at)]

    def _dirname(self, node: s.Call, at: _At) -> list[Place]:
        return each(self._first_argument(node, at), parent_of)

    def _here(self, node: s.Call, at: _At) -> list[Place]:
        return [Place("literal", ".", node.span)]

    def _getenv(self, node: s.Call, at: _At) -> list[Place]:
        key = argument(node, 0, ("key",))
        return [
            environment_variable(key, node.span)
            if isinstance(key, s.Constant)
            else unknown_at(node)
        ]


class _At(NamedTuple):
    """Where names are read from, and how many steps it took to get there."""

    scope: Scope
    depth: int

    def deeper(self) -> _At:
        return self._replace(depth=self.depth + 1)
