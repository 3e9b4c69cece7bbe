"""Classes of a script and their objects: attributes, constructors, calls."""

from __future__ import annotations

from typing import Final

from amllint.analysis.bindings import block_bindings
from amllint.analysis.bound_values import bound_expression
from amllint.analysis.meanings import (
    Answer,
    External,
    Inert,
    Instance,
    Meaning,
    Missing,
    OwnClass,
    Place,
    Resolves,
    Routine,
    Signature,
)
from amllint.analysis.parameters import without_first
from amllint.source.python import syntax as s

_PLAIN_BASES: Final = (External("object"), External("abc.ABC"))
_MISFIT: Final = Inert("a method that has no parameter for its object", True, unfit=True)


def attribute(resolver: Resolves, owner: Meaning | None, name: str) -> Meaning | None:
    """What `owner.name` stands for."""
    if isinstance(owner, External):
        return None if owner.made else External(f"{owner.name}.{name}")
    if isinstance(owner, OwnClass):
        found = member(resolver, owner, name)
        if isinstance(found, Routine) and found.binds == "class":
            return bound(found, owner)
        return None if isinstance(found, Missing) else found
    if not isinstance(owner, Instance) or not _is_plain(resolver, owner.owner):
        return None
    if resolver.stores(owner.owner, name):
        return _own_attribute(resolver, owner, name)
    found = member(resolver, owner.owner, name)
    return bound(found, owner) if isinstance(found, Routine) else None


def member(resolver: Resolves, owner: OwnClass, name: str) -> Meaning | None:
    """What a class or its base has under a name, unbound; `None` where that is unknown."""
    if resolver.stores(owner, name) or any(b.keyword or b.star for b in owner.node.bases):
        return None
    bindings = block_bindings(owner.node.body)
    candidates = bindings.candidates(name, owner.node.span.end)
    if candidates:
        binding = candidates[0]
        if len(candidates) > 1 or binding.within is not None:
            return None
        place = _inside(owner, binding.statement.span.start)
        return _member(resolver, owner, place, binding.statement)
    if len(owner.node.bases) > 1:
        return None
    for base in owner.node.bases:
        of_base = resolver.meaning(base.value, owner.place._replace(at=owner.node.span.start))
        if isinstance(of_base, OwnClass):
            return member(resolver, of_base, name)
        return Missing() if of_base in _PLAIN_BASES else None
    return Missing()


def _inside(owner: OwnClass, at: int) -> Place:
    """The inside of a class body."""
    body = owner.node.body
    outer = owner.place._replace(at=owner.node.span.start)
    return Place(body, block_bindings(body), at, {}, outer)


def _member(resolver: Resolves, owner: OwnClass, place: Place, statement: s.Stmt) -> Meaning | None:
    if isinstance(statement, s.Function):
        return resolver.function(statement, place, owner.place)
    if isinstance(statement, s.Assign) and len(statement.targets) == 1:
        value = bound_expression(statement, statement.targets[0].span)
        return resolver.meaning(value, place) if value else None
    return None


def bound(method: Routine, owner: Meaning) -> Meaning | None:
    """A method looked up in an object, or a class method in its class."""
    if method.binds == "nothing":
        return method
    shown, taken = (None if p is None else without_first(p) for p in (method.shown, method.taken))
    if shown is None and taken is None and None not in (method.shown, method.taken):
        return _MISFIT
    code = method.code and method.code._replace(first=(owner, *method.code.first))
    return Routine(shown, taken, code)


def _own_attribute(resolver: Resolves, owner: Instance, name: str) -> Meaning | None:
    """What `__init__` leaves in `self.name`, if nothing else of the script assigns it."""
    method = member(resolver, owner.owner, "__init__")
    if resolver.stores(owner.owner, name) > 1 or not isinstance(method, Routine) or not method.code:
        return None
    function = method.code.function
    if isinstance(function, s.Lambda) or not function.parameters:
        return None
    code = method.code._replace(first=(owner,))
    place = resolver.entered(code, owner.given)
    own = f"{function.parameters[0].name}.{name}"
    for statement in function.body:
        if not isinstance(statement, s.Assign) or statement.value is None:
            continue
        if own in map(s.dotted, statement.targets):
            return resolver.meaning(statement.value, place._replace(at=statement.span.start))
    return None


def _is_plain(resolver: Resolves, owner: OwnClass) -> bool:
    """Whether looking something up in an object of the class follows the common rules."""
    special = ("__new__", "__getattribute__", "__init_subclass__")
    return all(isinstance(member(resolver, owner, name), Missing) for name in special)


def constructor(resolver: Resolves, owner: OwnClass) -> Answer:
    """How a class can be called."""
    new, init = (member(resolver, owner, name) for name in ("__new__", "__init__"))
    if isinstance(new, Missing) and isinstance(init, Missing):
        return Signature((), ())
    method = init if isinstance(new, Missing) else new if isinstance(init, Missing) else None
    if not isinstance(method, Routine) or method.binds != "instance":
        return None
    return resolver.signature(bound(method, owner))


def called_object(resolver: Resolves, owner: Instance) -> Meaning | None:
    """The `__call__` of an object, bound to it and seen as inspection sees it."""
    if not _is_plain(resolver, owner.owner):
        return None
    method = member(resolver, owner.owner, "__call__")
    if isinstance(method, Missing):
        return Inert(f"an object of `{owner.owner.node.name}`, which has no `__call__`", None)
    if not isinstance(method, Routine):
        return None
    if method.binds == "nothing":
        # Whether inspection takes a parameter away from a static one depends on the Python.
        return method._replace(shown=None)
    found = bound(method, owner)
    return _disguised(resolver, owner, found) if isinstance(found, Routine) else found


def _disguised(resolver: Resolves, owner: Instance, found: Routine) -> Routine:
    """As inspection sees an object whose `__init__` makes it pass for something else."""
    method = member(resolver, owner.owner, "__init__")
    if isinstance(method, Missing):
        return found
    if not isinstance(method, Routine) or method.code is None:
        return found._replace(shown=None)
    place = resolver.entered(method.code._replace(first=(owner,)), owner.given)
    first = method.code.function.parameters[:1]
    return resolver.disguised(first[0].name, found, place, 0) if first else found
