"""Resolves what names and expressions of a script stand for, as far as calling them goes.

Nothing is run. Whatever depends on more than the script's text is `None`, unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Final

from amllint.analysis import libraries
from amllint.analysis.bindings import Binding, block_bindings
from amllint.analysis.bound_values import bound_expression, own_nodes
from amllint.analysis.classes import attribute, called_object, constructor
from amllint.analysis.disguises import disguise
from amllint.analysis.lookups import (
    Store,
    agreed,
    concerns,
    external_signature,
    imported,
    is_settled,
    literal,
    stored_attributes,
    truth_of,
)
from amllint.analysis.meanings import (
    Answer,
    Code,
    External,
    Given,
    Inert,
    Instance,
    Meaning,
    NotCallable,
    OwnClass,
    Place,
    Routine,
    Signature,
)
from amllint.analysis.parameters import POSITIONAL
from amllint.analysis.statements import following
from amllint.analysis.truth import truth_on_import
from amllint.source.python import syntax as s

_STEPS: Final = 300
_DEPTH: Final = 60
_NONE: Final = Inert("`None`", False)


class Resolver:
    """Resolves names of one script. Gives up after a number of steps."""

    def __init__(self, nodes: Iterable[s.Syntax]) -> None:
        self._steps = _STEPS
        self._depth = 0
        self._nodes = tuple(nodes)

    @cached_property
    def _stored(self) -> tuple[Store, ...]:
        return tuple(stored_attributes(self._nodes))

    @cached_property
    def _classes(self) -> frozenset[str]:
        return frozenset(n.name for n in self._nodes if isinstance(n, s.Class))

    def stores(self, owner: OwnClass, attribute: str) -> int:
        """How often the script changes an attribute of a class or of its objects."""
        found = (one for one in self._stored if one.attribute == attribute)
        return sum(concerns(one, owner.node, self._classes) for one in found)

    # -- expressions ----------------------------------------------------------------------

    def meaning(self, expression: s.Expr, place: Place) -> Meaning | None:
        """What an expression stands for."""
        if self._steps == 0 or self._depth == _DEPTH:
            return None
        self._steps -= 1
        self._depth += 1
        found = self._meaning(expression, place)
        self._depth -= 1
        return found

    def _meaning(self, expression: s.Expr, place: Place) -> Meaning | None:
        if isinstance(expression, s.Name):
            return self._joined(self.possible(expression.id, place))
        if isinstance(expression, s.Attribute):
            return attribute(self, self.meaning(expression.value, place), expression.attr)
        if isinstance(expression, s.Lambda):
            code = Code(expression, place)
            return Routine(expression.parameters, expression.parameters, code, "instance")
        if isinstance(expression, s.Call):
            callee = self.meaning(expression.function, place)
            return self.call(callee, self._given(expression, place))
        if isinstance(expression, s.NamedExpression):
            return self.meaning(expression.value, place)
        return literal(expression) or self._chosen(expression, place)

    def _chosen(self, expression: s.Expr, place: Place) -> Meaning | None:
        """What `a if test else b`, `a or b` and `a and b` stand for."""
        if isinstance(expression, s.Conditional):
            truth = truth_on_import(expression.test)
            if truth is None:
                both = (expression.body, expression.orelse)
                return self._joined([self.meaning(part, place) for part in both])
            return self.meaning(expression.body if truth else expression.orelse, place)
        if isinstance(expression, s.Operation) and expression.operators[0] in ("and", "or"):
            for operand in expression.operands[:-1]:
                found = self.meaning(operand, place)
                truth = truth_of(found)
                if truth is None or truth is (expression.operators[0] == "or"):
                    return None if truth is None else found
            return self.meaning(expression.operands[-1], place)
        return None

    def _given(self, call: s.Call, place: Place) -> Given:
        plain = [a for a in call.arguments if not a.star]
        named = {a.keyword: a.value for a in plain if a.keyword is not None}
        return Given(
            tuple(self.meaning(a.value, place) for a in plain if a.keyword is None),
            {name: self.meaning(value, place) for name, value in named.items()},
            named,
            len(plain) == len(call.arguments),
        )

    # -- names ----------------------------------------------------------------------------

    def possible(self, name: str, place: Place) -> list[Meaning | None]:
        """The things of which a name is one in a place."""
        candidates = place.bindings.candidates(name, place.at)
        found = [self._bound(binding, place) for binding in candidates]
        if name in place.given and not any(binding.is_certain(place.at) for binding in candidates):
            found.append(place.given[name])
        if found:
            return found if is_settled(place, candidates) else [None]
        if name in place.bindings.bound or name in place.bindings.removed:
            return [None]
        return self.possible(name, place.outer) if place.outer else [External(name)]

    def _bound(self, binding: Binding, place: Place) -> Meaning | None:
        """What one binding gives to its name."""
        statement = binding.statement
        if binding.inside is not None:
            place = self.entered(Code(binding.inside, place), Given())
        here = place._replace(at=statement.span.start)
        if isinstance(statement, s.Function) and statement.name_span == binding.span:
            return self._disguised(self.function(statement, here, place), binding, place)
        if isinstance(statement, s.Class) and statement.name_span == binding.span:
            return None if statement.decorators else OwnClass(statement, place)
        if isinstance(statement, s.Import):
            return imported(statement, binding)
        value = bound_expression(statement, binding.span)
        found = self.meaning(value, here) if value is not None else None
        return self._disguised(found, binding, place)

    def _disguised(self, meaning: Meaning | None, binding: Binding, place: Place) -> Meaning | None:
        if not isinstance(meaning, Routine):
            return meaning
        return self.disguised(binding.name, meaning, place, binding.statement.span.end)

    def function(self, node: s.Function, at: Place, later: Place) -> Meaning | None:
        """What a `def` makes at a place; its body sees the names of `later`."""
        code = Code(node, later)
        found: Meaning | None = Routine(node.parameters, node.parameters, code, "instance")
        for decorator in reversed(node.decorators):
            found = self.call(self.meaning(decorator, at), Given((found,)))
        return found

    def disguised(self, name: str, meaning: Routine, place: Place, since: int) -> Routine:
        """A function as inspection sees it after what a place does to it under a name."""
        for statement in following(place.body, since):
            if statement.span.start < place.at:
                meaning = disguise(self, statement, name, meaning, place)
        return meaning

    def _joined(self, meanings: Sequence[Meaning | None]) -> Meaning | None:
        """What is one of several things, if it makes no difference which."""
        first = meanings[0]
        if all(m == first for m in meanings) or all(isinstance(m, Inert) for m in meanings):
            return first
        answer = agreed([self.signature(m) for m in meanings])
        return Routine(answer.shown, answer.taken, None) if isinstance(answer, Signature) else None

    # -- calls ----------------------------------------------------------------------------

    def call(self, callee: Meaning | None, given: Given) -> Meaning | None:
        """What a call comes to."""
        if isinstance(callee, External):
            return libraries.called(self, callee, given)
        if isinstance(callee, OwnClass):
            made = constructor(self, callee)
            return Instance(callee, given) if isinstance(made, Signature) else None
        if isinstance(callee, Instance):
            callee = called_object(self, callee)
        code = callee.code if isinstance(callee, Routine) else None
        return self._returned(code, given) if code else None

    def entered(self, code: Code, given: Given) -> Place:
        """The inside of a function that is called."""
        function = code.function
        defined = code.place._replace(at=function.span.start)
        arguments = {
            p.name: self.meaning(p.default, defined) if p.default else None
            for p in function.parameters
        }
        plain = [p.name for p in function.parameters if p.kind in POSITIONAL]
        if not given.complete:
            arguments = dict.fromkeys(arguments)
        else:
            arguments |= zip(plain, (*code.first, *given.positional), strict=False)
            arguments |= {n: v for n, v in given.keywords.items() if n in arguments}
        body = () if isinstance(function, s.Lambda) else function.body
        bindings = block_bindings(body)
        if any(isinstance(n, s.Declare) and n.kind == "nonlocal" for n in s.walk(function)):
            bindings.dynamic = "an inner function rebinds its names"
        return Place(body, bindings, function.span.end, arguments, code.place)

    def _returned(self, code: Code, given: Given) -> Meaning | None:
        function, place = code.function, self.entered(code, given)
        if isinstance(function, s.Lambda):
            return self.meaning(function.body, place)
        nodes = tuple(own_nodes(function.body))
        yields = any(isinstance(n, s.Wrapped) and n.kind != "await" for n in nodes)
        if function.is_async or yields:
            return Inert("a generator" if yields else "a coroutine", True)
        returns = [n for n in nodes if isinstance(n, s.Return)]
        found = [
            self.meaning(r.value, place._replace(at=r.span.start)) if r.value else _NONE
            for r in returns
        ]
        if not isinstance(function.body[-1], s.Return):
            found.append(_NONE)
        return self._joined(found)

    def signature(self, meaning: Meaning | None) -> Answer:
        """How something can be called, as inspection tells and by its own parameters."""
        if isinstance(meaning, OwnClass):
            return constructor(self, meaning)
        if isinstance(meaning, Instance):
            meaning = called_object(self, meaning)
        if isinstance(meaning, Inert):
            return NotCallable(meaning.what)
        if isinstance(meaning, External):
            return external_signature(meaning)
        if not isinstance(meaning, Routine):
            return None
        if meaning.binds == "class":
            return NotCallable("a class method outside of a class")
        return Signature(meaning.shown, meaning.taken)
