"""Places that the server comes to when it imports a script, starts it and calls it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from amllint.analysis.bodies import Body
from amllint.analysis.certainty import Certainty, certainty
from amllint.artifacts.scoring_script import EntryPoint, ScoringScript
from amllint.artifacts.script_module import ScriptModule
from amllint.source.python import syntax as s
from amllint.source.text import Span

ENTRIES: Final[tuple[EntryPoint, ...]] = ("import", "init", "run")
_WORST: Final[tuple[Certainty, ...]] = ("always", "sometimes", "switched", "never")


class Place(NamedTuple):
    """A node that an entry can come to, by name, and how certainly it does.

    What stands in a helper is certain where calling the helper is, in the same file.
    """

    node: s.Call | s.Raise
    name: str
    entry: EntryPoint
    module: ScriptModule
    body: Body
    certainty: Certainty

    @property
    def statements(self) -> Sequence[s.Syntax]:
        """The statements of the function, or of the module, that it stands in."""
        return statements(self.module, self.body)


def statements(module: ScriptModule, body: Body) -> Sequence[s.Syntax]:
    """What running a body runs."""
    function = body.function
    if function is None:
        return module.facts.module.body
    return (function.body,) if isinstance(function, s.Lambda) else function.body


def places(script: ScoringScript, names: frozenset[str]) -> list[Place]:
    """Calls of the named functions, and raises of the named classes, one for each span.

    Of several entries that come to one, the one that does so most certainly counts.
    """
    found: dict[tuple[str, Span], Place] = {}
    for entry in ENTRIES:
        for place in _of_entry(script, entry, names):
            key = (place.module.path, place.node.span)
            before = found.get(key)
            if before is None or _rank(place) < _rank(before):
                found[key] = place
    return [place for place in found.values() if place.certainty != "never"]


def _rank(place: Place) -> int:
    return _WORST.index(place.certainty)


def _of_entry(script: ScoringScript, entry: EntryPoint, names: frozenset[str]) -> Iterator[Place]:
    certain: dict[tuple[str, str], Body] = {}
    for name, body, via in script.reached(entry):
        module = script.modules[name] if name else script.itself
        caller = certain.get((name, via[-1])) if via else None
        if not via or (caller is not None and _always_calls(module, caller, body.name)):
            certain[name, body.name] = body
        for node, called in _named(module, body, names):
            how = certainty(statements(module, body), node.span)
            if how == "always" and (name, body.name) not in certain:
                how = "sometimes"
            yield Place(node, called, entry, module, body, how)


def _always_calls(module: ScriptModule, caller: Body, name: str) -> bool:
    """Whether a body calls a function of its module whenever it runs."""
    calls = (site.call for site in caller.calls if site.name == name)
    return any(certainty(statements(module, caller), c.span) == "always" for c in calls)


def _named(
    module: ScriptModule, body: Body, names: frozenset[str]
) -> Iterator[tuple[s.Call | s.Raise, str]]:
    for site in body.calls:
        made = site.name == "SystemExit"  # is an exit only once it is raised
        if site.name in names and not made and not _is_own(module, body, site.name):
            yield site.call, site.name
    if "SystemExit" not in names or "SystemExit" not in body.uses:
        return
    for statement in statements(module, body):
        for node in s.walk(statement):
            if isinstance(node, s.Raise) and _raised(node) == "SystemExit":
                yield node, "SystemExit"


def _raised(node: s.Raise) -> str:
    made = node.exception
    return s.dotted(made.function if isinstance(made, s.Call) else made) or ""


def _is_own(module: ScriptModule, body: Body, name: str) -> bool:
    """Whether a plain name is the script's own rather than the builtin one."""
    if "." in name:
        return False
    scope = module.facts.scope(body.function) if body.function is not None else None
    local = scope is not None and (name in scope.bound or name in scope.parameters)
    return local or module.facts.bindings.may_have(name)
