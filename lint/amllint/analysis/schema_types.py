"""What stands where a schema decorator wants a ParameterType, as far as it is written out."""

from __future__ import annotations

from typing import Final, NamedTuple

from amllint.analysis.read_script import ReadScript
from amllint.analysis.request_mode import last_part
from amllint.source.python import syntax as s

PARAMETER_TYPES: Final = {
    "StandardPythonParameterType": "a value of plain Python",
    "NumpyParameterType": "a numpy array",
    "PandasParameterType": "a pandas DataFrame",
}
"""The parameter types of inference-schema, and what their sample has to be."""
_ARRAYS: Final = frozenset(
    {"numpy.array", "numpy.asarray", "numpy.zeros", "numpy.ones", "numpy.empty", "numpy.arange"}
)
_FRAMES: Final = frozenset({"pandas.DataFrame", "pandas.read_csv", "pandas.read_json"})
_STEPS: Final = 4


class Sort(NamedTuple):
    """What an expression makes, roughly: `type` (a ParameterType of the class `name`), `class`,
    `array`, `frame`, `text`, `list`, `dict`, `number`, `none`; `expression` is where it is made.
    """

    kind: str
    expression: s.Expr
    name: str = ""


def sort_of(facts: ReadScript, node: s.Expr, steps: int = _STEPS) -> Sort | None:
    """What an expression makes, through module-level variables; `None` if not certain."""
    if isinstance(node, s.Name):
        value = _assigned_once(facts, node.id)
        if value is not None and steps:
            return sort_of(facts, value, steps - 1)
        return Sort("class", node, _type_name(facts, node)) if _type_name(facts, node) else None
    if isinstance(node, s.Attribute):
        return Sort("class", node, _type_name(facts, node)) if _type_name(facts, node) else None
    if isinstance(node, s.Call):
        return _made(facts, node)
    return _literal(node)


def _made(facts: ReadScript, call: s.Call) -> Sort | None:
    type_name = _type_name(facts, call.function)
    if type_name:
        return Sort("type", call, type_name)
    called = facts.names.qualify(call.function)
    if called in _ARRAYS:
        return Sort("array", call)
    return Sort("frame", call) if called in _FRAMES else None


def _literal(node: s.Expr) -> Sort | None:
    if isinstance(node, s.Dictionary):
        return Sort("dict", node)
    if isinstance(node, s.Display):
        return Sort("list" if node.kind != "set" else "set", node)
    if isinstance(node, s.FormattedString):
        return Sort("text", node)
    if not isinstance(node, s.Constant):
        return None
    kinds = {str: "text", bytes: "bytes", int: "number", float: "number", bool: "number"}
    kind = "none" if node.value is None else kinds.get(type(node.value))
    return Sort(kind, node) if kind else None


def _type_name(facts: ReadScript, node: s.Expr) -> str:
    """The name of inference-schema's class that an expression is, empty if it is none."""
    qualified = facts.names.qualify(node) or ""
    name = last_part(qualified)
    return name if name in PARAMETER_TYPES and qualified.startswith("inference_schema.") else ""


def _assigned_once(facts: ReadScript, name: str) -> s.Expr | None:
    """The value of a module-level variable that only one statement binds."""
    bound = facts.bindings.bound.get(name, ())
    if len(bound) != 1 or facts.bindings.dynamic:
        return None
    statement = bound[0].statement
    plain = isinstance(statement, s.Assign) and len(statement.targets) == 1
    if not plain or not isinstance(statement, s.Assign):
        return None
    return statement.value if isinstance(statement.targets[0], s.Name) else None


def argument(call: s.Call, position: int, name: str) -> s.Argument | None:
    """An argument by its position or its name; `None` if it is not there."""
    for number, given in enumerate(call.arguments):
        if given.keyword == name or (given.keyword is None and number == position):
            return given
    return None


def array_within(facts: ReadScript, node: s.Expr) -> s.Expr | None:
    """An array or DataFrame in nested lists and dicts, outside of any ParameterType."""
    found = sort_of(facts, node)
    if found is None:
        return None
    if found.kind in ("array", "frame"):
        return found.expression
    inner = found.expression
    items = inner.items if isinstance(inner, s.Display) else ()
    values = inner.values if isinstance(inner, s.Dictionary) else ()
    return next((n for n in (array_within(facts, i) for i in (*items, *values)) if n), None)
