"""One Python file of what ships: the scoring script itself, or a module that it imports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from amllint.analysis.bodies import Body
from amllint.analysis.facts import ScriptFacts
from amllint.findings.finding import Location
from amllint.findings.secrets import concealed_slice
from amllint.source.python import syntax as s
from amllint.source.text import SourceText, Span


@dataclass(frozen=True, slots=True)
class ScriptModule:
    """A file with its facts.

    `name` is the dotted name of a sibling, `""` for the script; `is_package` says that the
    file is a package's `__init__.py`.
    """

    name: str
    source: SourceText
    facts: ScriptFacts
    is_package: bool = False

    @property
    def inner_name(self) -> str:
        """The name from which relative imports in this file count."""
        return f"{self.name}.__init__" if self.is_package else self.name

    @property
    def path(self) -> str:
        """The display path."""
        return self.source.path

    def at(self, span: Span) -> Location:
        """A place in this file."""
        return Location(self.path, span)

    def text(self, span: Span) -> str:
        """The source of a span on one line, shortened in the middle of long ones; no secrets."""
        line = " ".join(concealed_slice(self.source, span).split())
        return line if len(line) <= 60 else f"{line[:40]} … {line[-17:]}"


class ReachedCall(NamedTuple):
    """A call that an entry can come to.

    `name` is what is called, as in `Site`; `body` the function that the call stands in, and
    `via` the functions from the entry to there, without that one.
    """

    call: s.Call
    name: str
    module: ScriptModule
    body: Body
    via: tuple[str, ...]
