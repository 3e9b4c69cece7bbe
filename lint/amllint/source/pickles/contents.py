"""What a pickle says of itself: the names it imports, the versions it was written by."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple

_RENAMED: Final = {
    "__builtin__": "builtins",
    "copy_reg": "copyreg",
    "cPickle": "pickle",
    "commands": "subprocess",
}
"""Modules by their name in Python 2, which protocols 0 to 2 write."""


class Reference(NamedTuple):
    """A name that is imported when the pickle is loaded."""

    module: str
    name: str

    @property
    def dotted(self) -> str:
        """The whole name, as an import would write it."""
        return f"{self.module}.{self.name}"


@dataclass(frozen=True, slots=True)
class PickleContents:
    """What was found in the pickles of a file; of a file that holds none, nothing.

    `versions` are pairs of a library and a version that objects say they were written by.
    `complete` says that everything was looked at: where it is false, more may be imported.
    """

    references: frozenset[Reference] = frozenset()
    versions: frozenset[tuple[str, str]] = frozenset()
    complete: bool = True

    def version_of(self, library: str) -> str | None:
        """The version of a library that all of it was written by, if it is only one."""
        found = {version for name, version in self.versions if name == library}
        return found.pop() if len(found) == 1 else None


@dataclass(slots=True)
class Gathered:
    """What is found while a file is scanned; `steps` are the opcodes that may still be read."""

    steps: int
    references: set[Reference] = field(default_factory=set)
    versions: set[tuple[str, str]] = field(default_factory=set)
    complete: bool = True

    def refer(self, module: str, name: str) -> Reference:
        """Note that something is imported."""
        reference = Reference(_RENAMED.get(module, module), name)
        self.references.add(reference)
        return reference

    def result(self) -> PickleContents:
        """All of it, to be kept."""
        found = frozenset(self.references), frozenset(self.versions)
        return PickleContents(*found, complete=self.complete)
