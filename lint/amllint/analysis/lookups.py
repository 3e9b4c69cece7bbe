"""What imports and literals stand for, what names can be trusted, and what several agree on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from amllint.analysis.bindings import Binding
from amllint.analysis.meanings import (
    Answer,
    External,
    Inert,
    Meaning,
    NotCallable,
    OwnClass,
    Place,
    Routine,
    Signature,
)
from amllint.analysis.parameters import same_shape
from amllint.source.python import syntax as s


class Store(NamedTuple):
    """A place that assigns or deletes an attribute; `owner` is the name of the object."""

    owner: str | None
    attribute: str
    at: int


def stored_attributes(nodes: Iterable[s.Syntax]) -> Iterator[Store]:
    """The attributes that are assigned or deleted anywhere."""
    for node in nodes:
        targets: tuple[s.Expr | None, ...] = ()
        if isinstance(node, (s.Assign, s.Delete)):
            targets = node.targets
        elif isinstance(node, (s.AugmentedAssign, s.For, s.WithItem)):
            targets = (node.target,)
        for target in targets:
            for part in s.walk(target) if target is not None else ():
                if isinstance(part, s.Attribute):
                    yield Store(s.dotted(part.value), part.attr, part.span.start)


def concerns(store: Store, owner: s.Class, classes: frozenset[str]) -> bool:
    """Whether a store may change an attribute of a class or its objects."""
    if store.owner == "self":
        own = owner.span.start <= store.at < owner.span.end
        return own or bool(owner.bases)
    return store.owner == owner.name or store.owner not in classes


def is_settled(place: Place, candidates: list[Binding]) -> bool:
    """Whether nothing else than the candidates can have bound the name."""
    if place.bindings.dynamic is not None:
        return False
    certain = [b.span.start for b in candidates if b.is_certain(place.at)]
    first = min(certain, default=0)
    return all(not first < star.span.start < place.at for star in place.bindings.stars)


def imported(statement: s.Import, binding: Binding) -> External | None:
    """What an import binds to a name."""
    for alias in statement.names:
        if alias.span != binding.span:
            continue
        if statement.module is None and not statement.level:
            name = alias.name if alias.asname else alias.name.partition(".")[0]
            return External(name, module=True)
        return External(f"{'.' * statement.level}{statement.module or ''}.{alias.name}")
    return None


def literal(expression: s.Expr) -> Inert | None:
    """What is written out, if that is no callable."""
    if isinstance(expression, s.Constant):
        return Inert(f"`{expression.value!r}`"[:40], bool(expression.value))
    if isinstance(expression, s.Display):
        return Inert(f"a {expression.kind}", bool(expression.items))
    if isinstance(expression, s.Dictionary):
        return Inert("a dict", bool(expression.keys))
    if isinstance(expression, (s.FormattedString, s.Comprehension)):
        return Inert("a string" if isinstance(expression, s.FormattedString) else "a collection")
    return None


def truth_of(meaning: Meaning | None) -> bool | None:
    """What a test makes of something."""
    if isinstance(meaning, Inert):
        return meaning.truth
    return True if isinstance(meaning, (Routine, OwnClass)) else None


def agreed(answers: Sequence[Answer]) -> Answer:
    """How one of several things can be called, where they do not differ in that."""
    if all(isinstance(answer, NotCallable) for answer in answers):
        return answers[0]
    signatures = [answer for answer in answers if isinstance(answer, Signature)]
    if len(signatures) < len(answers):
        return None
    last = signatures[-1]
    return Signature(
        last.shown if all(same_shape(last.shown, one.shown) for one in signatures) else None,
        last.taken if all(same_shape(last.taken, one.taken) for one in signatures) else None,
        last.fault if all(last.fault == one.fault for one in signatures) else None,
    )


def external_signature(meaning: External) -> Answer:
    """How something of a library can be called, as far as that is beyond doubt."""
    if meaning.module:
        return NotCallable("a module")
    if meaning.made is not None and meaning.name == "functools.lru_cache":
        # Given something that is not known, it may have its function already.
        sizes = all(isinstance(given, Inert) for given in meaning.made.positional)
        fault = "as a decorator that waits for its function"
        return Signature(None, None, fault) if sizes and meaning.made.complete else None
    return None
