"""What code does with services: deploys, updates, waits, and what becomes of the result."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from amllint.analysis.facts import ScriptFacts
from amllint.analysis.sdk_calls import SdkCall
from amllint.analysis.statements import inner_blocks
from amllint.artifacts.deploy_code import DeployCode
from amllint.artifacts.deployment_config import LocalDeployment
from amllint.artifacts.fields import value_of
from amllint.source.python import syntax as s
from amllint.source.text import Span

DEPLOYS: Final = frozenset(
    {"Model.deploy", "Webservice.deploy", "Webservice.deploy_from_model"}
    | {"Webservice.deploy_from_image"}
)
"""Calls that begin to make a service and return at once."""
_UPDATES: Final = frozenset({"update", "create_version", "update_version", "delete_version"})
_WAITS: Final = frozenset(
    {"wait_for_deployment", "wait_for_completion", "state", "update_deployment_state"}
)
"""Attributes of a service through which code waits for it, or asks whether it is ready."""
_NEEDS_READY: Final = frozenset({"run", "scoring_uri", "swagger_uri"})
_SHOWS: Final = frozenset({"print", "display", "str", "type", "repr"})


class Service(NamedTuple):
    """What becomes of a deployed service within the code.

    `variable` is its name, if it has one. `waited` holds where the code waits for it,
    `handed_on` says that other code may. `needs` is the first use that a service that is not
    ready does not answer. `called` says that the code asks it for an answer, which waits for a
    local container.
    """

    variable: str | None
    waited: tuple[int, ...]
    handed_on: bool
    needs: Span | None
    called: bool = False


class Operation(NamedTuple):
    """A change of a service: the call, which service, and the block that the call stands in."""

    call: SdkCall
    identity: str
    verb: str
    block: Span
    function: Span | None


class ServiceFlow:
    """Answers about the services in one script or notebook."""

    def __init__(self, code: DeployCode) -> None:
        self._code = code
        self._facts: ScriptFacts = code.facts
        self._blocks = list(_blocks(self._facts.module.body))

    def service(self, call: SdkCall) -> Service:
        """What becomes of the result of a call that deploys."""
        for node in self._facts.of_kind(s.Assign):
            if node.value is call.call:
                target = node.targets[0]
                if len(node.targets) == 1 and isinstance(target, s.Name):
                    return self._named(target.id, call.call.span.end)
                return Service(None, (), True, None)
        if any(node.value is call.call for node in self._facts.of_kind(s.Evaluate)):
            return Service(None, self.waits(None), False, None)
        chained = (n for n in self._facts.of_kind(s.Attribute) if n.value is call.call)
        waits = tuple(n.span.start for n in chained if n.attr in _WAITS)
        return Service(None, waits, not waits, None)

    def _named(self, name: str, since: int) -> Service:
        later = [n for n in self._attributes(name) if n.span.start > since]
        needs = next((n.span for n in later if n.attr in _NEEDS_READY), None)
        called = any(n.attr == "run" for n in later)
        return Service(name, self.waits(name), self._is_handed_on(name), needs, called)

    def waits(self, name: str | None) -> tuple[int, ...]:
        """Where the code waits for a service; for any, without a name."""
        nodes = self._facts.of_kind(s.Attribute) if name is None else self._attributes(name)
        return tuple(n.span.start for n in nodes if n.attr in _WAITS)

    def _attributes(self, name: str) -> list[s.Attribute]:
        nodes = self._facts.of_kind(s.Attribute)
        found = [n for n in nodes if isinstance(n.value, s.Name) and n.value.id == name]
        return sorted(found, key=lambda n: n.span)

    def _is_handed_on(self, name: str) -> bool:
        """Whether the service itself, rather than something of it, goes anywhere."""
        through = {id(n.value) for n in self._facts.of_kind(s.Attribute)}
        shown = {
            id(a.value)
            for n in self._facts.of_kind(s.Call)
            if isinstance(n.function, s.Name) and n.function.id in _SHOWS
            for a in n.arguments
        }
        bound = {id(t) for n in self._facts.of_kind(s.Assign) for t in n.targets}
        alone = {id(n.value) for n in self._facts.of_kind(s.Evaluate)}
        fine = through | shown | bound | alone
        names = (n for n in self._facts.of_kind(s.Name) if n.id == name)
        return any(id(n) not in fine for n in names)

    # -- operations ---------------------------------------------------------------------

    def operations(self) -> list[Operation]:
        """Every change of a service whose identity is known, in the order of the text."""
        found = []
        for call in self._code.calls:
            identity = self._identity(call)
            verb = call.name.partition(".")[2]
            if identity is not None:
                block, function = self.around(call.call.span)
                found.append(Operation(call, identity, verb, block, function))
        return found

    def _identity(self, call: SdkCall) -> str | None:
        """A name for the service that a call changes: its own one, or that of the variable."""
        method = call.name.partition(".")[2]
        if call.name in DEPLOYS:
            made = self._code.made(call, "deployment_config")
            config = self._code.configurations.get(id(made.call.call)) if made else None
            name = value_of(self._code.argument(call, "name"))
            local = isinstance(config, LocalDeployment)
            return f"name {name}" if isinstance(name, str) and not local else None
        if method not in _UPDATES or not isinstance(call.call.function, s.Attribute):
            return None
        made = self._code.objects.made(call.call.function.value)
        if made is None:
            return None
        name = value_of(self._code.argument(made.call, "name"))
        return f"name {name}" if isinstance(name, str) else None

    def around(self, span: Span) -> tuple[Span, Span | None]:
        """The innermost block around a place, and the innermost function."""
        blocks = [b for b in self._blocks if b.contains(span)]
        functions = [f.span for f in self._facts.all_functions if f.span.contains(span)]
        return (
            min(blocks, key=lambda b: b.end - b.start),
            min(functions, key=lambda f: f.end - f.start) if functions else None,
        )

    def waits_between(self, first: int, second: int) -> bool:
        """Whether the code waits for anything between two places."""
        return any(first < at < second for at in self.waits(None))


def _blocks(body: tuple[s.Stmt, ...]) -> Iterator[Span]:
    if body:
        yield Span(body[0].span.start, body[-1].span.end)
    for statement in body:
        if isinstance(statement, (s.Function, s.Class)):
            yield from _blocks(statement.body)
        for block in inner_blocks(statement):
            yield from _blocks(block)
