"""What the facts of a script offer to the modules that they are worked out with."""

from __future__ import annotations

from typing import Any, Protocol, TypeAlias

from amllint.analysis.bindings import ModuleBindings
from amllint.analysis.names import Names
from amllint.source.python import syntax as s

FunctionLike: TypeAlias = s.Function | s.Lambda


class ReadScript(Protocol):
    """A script that has been read: see `facts.ScriptFacts`."""

    @property
    def names(self) -> Names: ...
    @property
    def bindings(self) -> ModuleBindings: ...
    @property
    def nodes(self) -> tuple[s.Syntax, ...]: ...
    @property
    def all_functions(self) -> tuple[s.Function, ...]: ...
    @property
    def batch_evidence(self) -> str | None: ...
    def of_kind(self, *kinds: type) -> list[Any]: ...
    def decorators(self, function: FunctionLike) -> tuple[str, ...]: ...
