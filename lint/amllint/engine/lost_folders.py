"""Folders that a script changes into before it deploys, and that are nowhere.

Said is only what cannot be otherwise: the folder's path is written out, no folder of the
repository ends like it, and no text of the repository mentions it but to change into it.
"""

from __future__ import annotations

import os
import re
from functools import cached_property
from typing import Final, Protocol

from amllint.artifacts.command_line import CommandLine
from amllint.artifacts.fields import Known
from amllint.artifacts.missing_files import MissingFile, MissingFiles
from amllint.engine.made_files import MadeFiles
from amllint.source.overlay import Overlay
from amllint.source.repository import Repository
from amllint.source.shell import Word, folder_at
from amllint.source.text import Span

CHANGES: Final = "cd"
_PLAIN: Final = re.compile(r"(?:\.{1,2}/)*((?!\.{0,2}/?\Z)[\w.-]+(?:/[\w.-]+)*)/?\Z")
_ENDS_THERE: Final = re.compile(r"(?m)^[ \t]*set[ \t]+-\w*e|ErrorActionPreference\s*=\s*.?Stop")
_AND: Final = re.compile(r"[ \t]*(?:&&|\|\|[ \t]*(?:exit|return)\b)")
_OTHERWISE: Final = re.compile(r"[ \t]*\|\|")


class Files(Protocol):
    """What knows the files of a repository."""

    overlay: Overlay
    repository: Repository


class LostFolders:
    """Looks for the folders of `cd`; each is told of once, by the first command behind it."""

    def __init__(self, loader: Files, made: MadeFiles) -> None:
        self._loader = loader
        self._made = made
        self._told: set[tuple[str, Span]] = set()

    def missing(self, path: str, line: CommandLine) -> MissingFiles | None:
        """The first folder before a command that is nowhere, `None` if there is none."""
        if path.endswith(".ipynb"):
            return None
        for word in folder_at(line.run.text, line.call.span.start):
            text = word.plain or ""
            if not self._is_lost(path, line, text, word.span.end):
                continue
            place = line.at(word.span)
            if (place.path, place.span) in self._told:
                return None
            self._told.add((place.path, place.span))
            file = MissingFile(CHANGES, CHANGES, Known(text, place, place), self._tried(path, text))
            return MissingFiles(line, (file,), _stops(line, word))
        return None

    def _is_lost(self, path: str, line: CommandLine, text: str, end: int) -> bool:
        plain = _PLAIN.match(text)
        after = line.run.text[end : end + 40]
        if plain is None or (_OTHERWISE.match(after) and not _AND.match(after)):
            return False
        name = plain[1]
        return not self._is_somewhere(name) and not self._made.folder_may_come(path, line, name)

    def _is_somewhere(self, name: str) -> bool:
        """Whether a folder of the repository, or itself, ends like a path."""
        repository, overlay = self._loader.repository, self._loader.overlay
        if name.split("/")[0] in repository.root.split(os.sep):
            return True
        if overlay.exists(os.path.join(repository.root, ".gitmodules")):
            return True
        return any(overlay.is_folder(os.path.join(f, name)) for f in self._folders)

    @cached_property
    def _folders(self) -> frozenset[str]:
        """The folders that files of the repository lie in, and those above them."""
        repository = self._loader.repository
        files = {os.path.dirname(f): f for f in (*repository.files, *repository.run)}
        return frozenset(above for f in files.values() for above in repository.ancestors(f))

    def _tried(self, path: str, text: str) -> tuple[str, ...]:
        overlay, repository = self._loader.overlay, self._loader.repository
        found = (os.path.normpath(os.path.join(b, text)) for b in repository.ancestors(path))
        return tuple(overlay.display(p) for p in dict.fromkeys(found) if repository.contains(p))


def _stops(line: CommandLine, word: Word) -> bool:
    """Whether what is behind a `cd` that fails is not run."""
    text = line.run.text
    return bool(_ENDS_THERE.search(text, 0, word.span.start) or _AND.match(text, word.span.end))
