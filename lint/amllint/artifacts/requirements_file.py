"""Files of requirements (`requirements.txt`), and what includes them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from amllint.artifacts.environment import Requirement
from amllint.findings.finding import Location
from amllint.source.requirement_lines import requirement_lines
from amllint.source.text import SourceText, Span

_INCLUDED: Final = re.compile(r"(?:-r|--requirement)(?:\s*=\s*|\s*)(?P<file>\S.*)$")
_DEEPEST: Final = 10
"""How many files deep inclusion is followed."""

Read: TypeAlias = Callable[[str], SourceText | None]
"""Gives the text at an absolute path, `None` where it cannot be had."""
Files: TypeAlias = "tuple[tuple[str, RequirementsFile], ...]"
"""The files that lines of `-r` name, by what is written there."""


def included_file(text: str) -> str | None:
    """The file that a line includes with `-r`, as it is written; `None` for other lines."""
    match = _INCLUDED.match(text.strip())
    return match["file"].strip("\"'") if match else None


def expanded(lines: Iterable[Requirement], files: Files) -> Iterator[Requirement]:
    """Lines with those of the files that are included in their place.

    An inclusion of a file that cannot be read stays as it is: what it brings is not known.
    """
    known = dict(files)
    for line in lines:
        file = known.get(included_file(line.text) or "")
        if file is None:
            yield line
        else:
            yield from file.pip


@dataclass(frozen=True, slots=True)
class RequirementsFile:
    """A file of requirements for pip; `own` are the lines of the file itself."""

    source: SourceText
    own: tuple[Requirement, ...] = ()
    files: Files = ()

    @property
    def path(self) -> str:
        """The display path."""
        return self.source.path

    @property
    def place(self) -> Location:
        """Its first requirement, the beginning where there is none."""
        return self.own[0].location if self.own else Location(self.path, Span(0, 0))

    @property
    def conda(self) -> tuple[Requirement, ...]:
        """Nothing: pip reads it."""
        return ()

    @property
    def pip(self) -> tuple[Requirement, ...]:
        """Its lines, and those of the files that it includes."""
        return tuple(expanded(self.own, self.files))

    @property
    def complete(self) -> bool:
        """Whether every line is known as it stands."""
        return not any(requirement.unknown for requirement in self.pip)

    @property
    def run_together(self) -> tuple[Requirement, ...]:
        """Nothing: no YAML joins its lines."""
        return ()

    @property
    def is_python_env(self) -> bool:
        """It is none."""
        return False


def requirements_file(path: str, read: Read) -> RequirementsFile | None:
    """The file at an absolute path with what it includes; `None` where it cannot be read."""
    return _read(path, read, 0, set())


def included(lines: Iterable[Requirement], path: str, read: Read) -> Files:
    """The files that lines of the file at `path` include, relative to its folder as for pip."""
    return _included(lines, path, read, 0, {path})


def _read(path: str, read: Read, depth: int, seen: set[str]) -> RequirementsFile | None:
    """A file and those below it, each of which counts once: nothing goes round in circles."""
    source = read(path) if depth < _DEEPEST else None
    if source is None:
        return None
    if path in seen:
        return RequirementsFile(source)
    seen.add(path)
    own = tuple(
        Requirement(line.text, Location(source.path, line.span), (), line.unknown, source)
        for line in requirement_lines(source)
    )
    return RequirementsFile(source, own, _included(own, path, read, depth + 1, seen))


def _included(
    lines: Iterable[Requirement], path: str, read: Read, depth: int, seen: set[str]
) -> Files:
    found: list[tuple[str, RequirementsFile]] = []
    for line in lines:
        name = included_file(line.text)
        if name is None or line.unknown or "://" in name or "\0" in name:
            continue
        target = os.path.normpath(os.path.join(os.path.dirname(path), name))
        file = _read(target, read, depth, seen)
        if file is not None and name not in dict(found):
            found.append((name, file))
    return tuple(found)
