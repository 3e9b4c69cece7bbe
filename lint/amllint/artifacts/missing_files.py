"""Files that a command line names, and that are nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from amllint.artifacts.command_line import CommandLine
from amllint.artifacts.fields import Known


class MissingFile(NamedTuple):
    """A file that an option names: its path as it is written, and the places tried.

    `near` is the path of a file with a similar name, as it could be written there instead;
    `elsewhere` the display path of a file of that very name in another folder.
    """

    option: str
    argument: str
    field: Known[str]
    tried: tuple[str, ...]
    near: str | None = None
    elsewhere: str | None = None


@dataclass(frozen=True, slots=True)
class MissingFiles:
    """What a command line names that is in none of the folders that it may be run in.

    Of a folder that its script changes into before, `stops` is whether the script ends there.
    """

    line: CommandLine
    files: tuple[MissingFile, ...]
    stops: bool = True

    @property
    def path(self) -> str:
        """The path of the text that the command stands in."""
        return self.line.path
