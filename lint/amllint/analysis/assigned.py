"""What a variable is assigned, in the function that reads it or at module level."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amllint.analysis.statements import target_names
from amllint.source.python import syntax as s

if TYPE_CHECKING:
    from amllint.analysis.bodies import Body
    from amllint.analysis.facts import ScriptFacts


def assigned_values(facts: ScriptFacts, body: Body, node: s.Expr) -> list[s.Expr | None]:
    """The expressions that an expression may be the value of; `None` among them is unknown.

    What is put into a list or dict later is not looked at.
    """
    if not isinstance(node, s.Name):
        return [node]
    function = body.function
    if not isinstance(function, s.Function):
        return [None]
    scope = facts.scope(function)
    if node.id in scope.parameters:
        return [None]
    if scope.local(node.id):
        found = [_bound(n, node.id) for n in s.walk(function) if _binds(n, node.id)]
        return found if len(found) >= len(scope.bound[node.id]) and found else [None]
    bound = facts.bindings.bound.get(node.id, ())
    return [_bound(bound[0].statement, node.id)] if len(bound) == 1 else [None]


def _binds(node: s.Syntax, name: str) -> bool:
    if isinstance(node, (s.Assign, s.Delete)):
        targets: tuple[s.Expr | None, ...] = node.targets
    elif isinstance(node, (s.AugmentedAssign, s.For, s.NamedExpression, s.WithItem)):
        targets = (node.target,)
    else:
        return False
    return any(n.id == name for t in targets if t is not None for n in target_names(t))


def _bound(node: s.Syntax, name: str) -> s.Expr | None:
    plain = isinstance(node, s.Assign) and isinstance(node.targets[0], s.Name)
    if not plain or not isinstance(node, s.Assign) or len(node.targets) != 1:
        return None
    return node.value
