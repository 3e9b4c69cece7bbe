"""A command line as it stands, with the files that it gives as something else than they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from amllint.artifacts.command_line import CommandLine
from amllint.artifacts.fields import Known


class WrongFile(NamedTuple):
    """A file that an option of another kind of file names: `is_inference` is what it is."""

    option: str
    field: Known[Any]
    shown: str
    is_inference: bool


@dataclass(frozen=True, slots=True)
class ReadCommand:
    """A command line, and the files that it takes for another kind than they are."""

    line: CommandLine
    wrong_files: tuple[WrongFile, ...] = ()

    @property
    def path(self) -> str:
        """The path of the text that the command stands in."""
        return self.line.path
