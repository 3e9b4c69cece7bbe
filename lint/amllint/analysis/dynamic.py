"""Names that a module gets by running code rather than by a statement that binds them."""

from __future__ import annotations

from typing import Final

from amllint.source.python import syntax as s

_CHANGES: Final = frozenset({"update", "setdefault", "__setitem__"})


def answered_names(fallback: s.Stmt) -> frozenset[str] | None:
    """The names that a module's `__getattr__` knows, `None` if that cannot be read off."""
    names: set[str] = set()
    if not isinstance(fallback, s.Function) or fallback.decorators or not fallback.parameters:
        return None
    for statement in fallback.body:
        if isinstance(statement, s.Raise):
            return frozenset(names)
        test = statement.test if isinstance(statement, s.If) else None
        if not isinstance(test, s.Operation) or test.operators != ("==",):
            return None
        asked, name = test.operands
        if not isinstance(name, s.Constant) or s.dotted(asked) != fallback.parameters[0].name:
            return None
        names.add(str(name.value))
    return None


def dynamic_call(call: s.Call) -> str | None:
    """How a call may bind any name of the module, if it may."""
    name = s.dotted(call.function)
    if name in ("exec", "execfile"):
        return f"it calls {name}()"
    if name == "setattr" and call.arguments:
        owner = call.arguments[0].value
        if isinstance(owner, s.Subscript) and s.dotted(owner.value) == "sys.modules":
            return "it sets attributes of sys.modules"
    if isinstance(call.function, s.Attribute) and call.function.attr in _CHANGES:
        owner = call.function.value
        if isinstance(owner, s.Call) and s.dotted(owner.function) in ("globals", "vars"):
            return "it changes globals()"
    return None


def dynamic_store(statement: s.Assign | s.AugmentedAssign) -> str | None:
    """How an assignment may bind any name of the module, if it may."""
    targets = statement.targets if isinstance(statement, s.Assign) else (statement.target,)
    for target in targets:
        owner = target.value if isinstance(target, s.Subscript) else None
        called = s.dotted(owner.function) if isinstance(owner, s.Call) else None
        if called in ("globals", "vars", "locals"):
            return "it changes globals()"
    return None
