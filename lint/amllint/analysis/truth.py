"""Tests whose outcome is settled by how the server imports a script."""

from __future__ import annotations

from typing import Final

from amllint.source.python import syntax as s

_OLDEST_PYTHON: Final = (3, 5)
"""Of the images that azureml-defaults could ever be installed in."""


def truth_on_import(test: s.Expr) -> bool | None:
    """Whether a test holds when the server imports the script, `None` where it depends.

    The server imports it under the name `entry_module`, so a main guard does not hold.
    """
    if isinstance(test, s.Constant):
        return bool(test.value)
    if isinstance(test, (s.Name, s.Attribute)):
        name = (s.dotted(test) or "").rpartition(".")[2]
        return {"TYPE_CHECKING": False, "__debug__": True}.get(name)
    if not isinstance(test, s.Operation):
        return None
    if test.operators == ("not",):
        truth = truth_on_import(test.operands[0])
        return None if truth is None else not truth
    if test.operators in (("and",), ("or",)):
        stops = test.operators == ("or",)
        truths = [truth_on_import(o) for o in test.operands]
        if stops in truths:
            return stops
        return None if None in truths else not stops
    return _compared_on_import(test)


def _compared_on_import(test: s.Operation) -> bool | None:
    if len(test.operands) != 2:
        return None
    if s.dotted(test.operands[0]) == "sys.version_info":
        return _compared_version(test.operators[0], test.operands[1])
    left, right = (_name_or_value(o) for o in test.operands)
    if left is None or right is None:
        return None
    operator = test.operators[0]
    if operator in ("==", "!="):
        return (left == right) is (operator == "==")
    if operator in ("in", "not in") and isinstance(right, tuple):
        return (left in right) is (operator == "in")
    return None


def _compared_version(operator: str, wanted: s.Expr) -> bool | None:
    """What `sys.version_info` compared with a version comes to on every Python of Azure ML."""
    parts = wanted.items if isinstance(wanted, s.Display) and wanted.kind == "tuple" else ()
    version = tuple(part.value for part in parts if isinstance(part, s.Constant))
    if not version or len(version) < len(parts) or any(type(v) is not int for v in version):
        return None
    if version > _OLDEST_PYTHON:
        return None
    return {"<": False, "<=": False, ">=": True, ">": True}.get(operator)


def _name_or_value(node: s.Expr) -> object:
    if isinstance(node, s.Name) and node.id == "__name__":
        return "entry_module"
    if isinstance(node, s.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, s.Display):
        values = tuple(_name_or_value(i) for i in node.items)
        return None if None in values else values
    return None
