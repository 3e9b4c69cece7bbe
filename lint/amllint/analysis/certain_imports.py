"""Imports that must succeed: nothing catches their failure and no test stands before them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from amllint.analysis.statements import reachable
from amllint.analysis.truth import truth_on_import
from amllint.source.python import syntax as s

if TYPE_CHECKING:
    from amllint.analysis.facts import ScriptFacts

_CATCHING: Final = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


class CertainImport(NamedTuple):
    """An import statement, and what comes to it: `import`, `init` or `run`."""

    statement: s.Import
    part: str


def certain_imports(facts: ScriptFacts) -> Iterator[CertainImport]:
    """The imports that importing the script, `init` or `run` certainly comes to."""
    yield from (CertainImport(i, "import") for i in _imports(facts.module.body))
    for part in ("init", "run"):
        entry = facts.entry(part)
        function = entry.function if entry else None
        if isinstance(function, s.Function):
            yield from (CertainImport(i, part) for i in _imports(function.body))


def _imports(body: tuple[s.Stmt, ...]) -> Iterator[s.Import]:
    for statement in reachable(body):
        if isinstance(statement, s.Import):
            yield statement
        elif isinstance(statement, s.If):
            truth = truth_on_import(statement.test)
            if truth is not None:
                yield from _imports(statement.body if truth else statement.orelse)
        elif isinstance(statement, s.Try):
            if not catches_import_error(statement):
                yield from _imports(statement.body)
            yield from _imports(statement.final)
        elif isinstance(statement, s.With):
            if not any("suppress" in str(i.context) for i in statement.items):
                yield from _imports(statement.body)
        elif isinstance(statement, s.Class):
            yield from _imports(statement.body)


def catches_import_error(statement: s.Try) -> bool:
    """Whether a `try` goes on when an import in it fails."""
    for handler in statement.handlers:
        types = handler.type.items if isinstance(handler.type, s.Display) else (handler.type,)
        names = {(s.dotted(t) or "?").rpartition(".")[2] if t else "Exception" for t in types}
        raises = bool(handler.body) and isinstance(handler.body[-1], s.Raise)
        if names & _CATCHING and not raises:
            return True
    return False
