"""Looks for the files that command lines name, from the folders that they may be run in.

What may come before the command is run is no missing file: what the repository's scripts mention
elsewhere, what git ignores, and anything once something is downloaded or the folder is not known.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterator, Mapping
from typing import Final, Protocol

from amllint.artifacts.command_line import CommandLine, Option
from amllint.artifacts.commands import BELOW
from amllint.artifacts.fields import Known
from amllint.artifacts.missing_files import MissingFile, MissingFiles
from amllint.engine.lost_folders import LostFolders
from amllint.engine.made_files import MadeFiles
from amllint.source.overlay import Overlay
from amllint.source.repository import Repository
from amllint.source.shell import Word, folder_at, whole_word
from amllint.units import Linker

_OWN_FOLDER: Final = re.compile(
    r"dirname\b|BASH_SOURCE|%~dp0|PSScriptRoot|MyInvocation|rev-parse[ \t]+--show-toplevel"
)
"""Words for the folder of the script itself, or for that of the repository."""
_LATE_CD: Final = re.compile(r"[^\s#][ \t]*\b(?:cd|pushd|Set-Location)[ \t]+[^\s;&|]*[$%`]")
_ANY: Final = re.compile(r"[*?\[\]{}<>|$%\0]|://|__[A-Z]|#\{")
"""What is no path of one file as it stands: patterns, addresses, placeholders."""
_ABSOLUTE: Final = re.compile(r"[/~@]|[A-Za-z]:")
_SHELL_OF_WINDOWS: Final = (".cmd", ".bat", ".ps1")
_DATA: Final = {".json", ".yml", ".yaml"}
_MOST: Final = 1_000


class Files(Protocol):
    """What knows the files of a repository."""

    overlay: Overlay
    repository: Repository
    linker: Linker


class CommandFiles:
    """Knows where files that command lines name are looked for; `lines` are all of them."""

    def __init__(self, loader: Files, lines: Mapping[str, list[CommandLine]]) -> None:
        self._loader = loader
        self._made = MadeFiles(loader.linker.running, lines)
        self._lost_folders = LostFolders(loader, self._made)

    # -- folders ------------------------------------------------------------------------

    def folders(self, path: str, line: CommandLine) -> list[str]:
        """The folders that a command may be run in, the likely ones first."""
        steps = [rest_of(word, line.variables) or "." for word in _steps(line)]
        ancestors = list(self._loader.repository.ancestors(path))
        found: list[str] = []
        for count in range(len(steps) + 1):
            found += [os.path.normpath(os.path.join(base, *steps[count:])) for base in ancestors]
        return list(dict.fromkeys(found))

    def _are_all(self, path: str, line: CommandLine) -> bool:
        """Whether a command is run in one of these folders, as far as its file tells."""
        text, end = line.run.text, line.call.span.start
        own = len(folder_at(text, end))
        words = _steps(line)
        for number, word in enumerate(words):
            shell = number >= len(words) - own
            script = shell and _OWN_FOLDER.search(text, word.span.start, word.span.end)
            if word.text(line.variables) is None and not script:
                return False
        late = _LATE_CD.search(text, 0, end)
        if late and not _OWN_FOLDER.search(text, late.start(), end):
            return False
        steps = [rest_of(word, line.variables) or "." for word in words]
        ancestors = self._loader.repository.ancestors(path)
        whole = (os.path.normpath(os.path.join(base, *steps)) for base in ancestors)
        return any(map(self._loader.overlay.is_folder, whole))

    # -- files --------------------------------------------------------------------------

    def missing(self, path: str, line: CommandLine) -> MissingFiles | None:
        """The files of a command that are nowhere; `None` if none is missing."""
        lost_folder = self._lost_folders.missing(path, line)
        if lost_folder is not None:
            return lost_folder
        below = self._source_directory(line)
        places = [(argument, "") for argument in line.command.files]
        if below is not None:
            places += [(argument, below) for argument in line.command.below]
        found = []
        for argument, folder in places:
            lost = self._lost(path, line, argument, folder)
            found += [self._told(line, argument, *m) for m in lost]
        return MissingFiles(line, tuple(found)) if found else None

    def coming(self, path: str, line: CommandLine) -> frozenset[str]:
        """The parts of a configuration whose file is not there, and may be by then."""
        below = self._source_directory(line)
        found = {a for a in BELOW if line.options(a) and below is not None}
        found = {a for a in found if self._may_come(path, line, a, below or "")}
        folder = line.options("source_directory")
        if folder and self._may_come(path, line, "source_directory", ""):
            found |= {"source_directory"}
        return frozenset(found)

    def _may_come(self, path: str, line: CommandLine, argument: str, below: str) -> bool:
        """Whether what an argument names is not there, and is none that is missing."""
        given = list(_named(line, argument))
        if not given or self._there(self.folders(path, line), below, given[-1][1].value, line):
            return False
        return not any(self._lost(path, line, argument, below))

    def _lost(
        self, path: str, line: CommandLine, argument: str, below: str
    ) -> Iterator[tuple[Option, Known[str], list[str]]]:
        """The options whose file is nowhere and will not be, with the places tried."""
        for option, field in _named(line, argument):
            bases = self.folders(path, line)
            if _ABSOLUTE.match(field.value) or self._there(bases, below, field.value, line):
                continue
            if not self._are_all(path, line) or self._made.may_come(path, line, field.value):
                continue
            tried = [os.path.normpath(os.path.join(b, below, _path(field.value))) for b in bases]
            inside = [p for p in dict.fromkeys(tried) if self._loader.repository.contains(p)]
            if inside:
                yield option, field, inside

    def _there(self, bases: list[str], below: str, given: str, line: CommandLine) -> bool:
        """Whether a path leads to a file or a folder from one of the folders."""
        paths = [os.path.normpath(os.path.join(b, below, _path(given))) for b in bases]
        overlay, exists = self._loader.overlay, self._loader.linker.exists
        if any(exists(p) or overlay.is_folder(p) for p in paths):
            return True
        windows = line.path.lower().endswith(_SHELL_OF_WINDOWS) or "windows" in (
            line.run.source.text.lower()
        )
        return windows and any(_in_other_case(p) for p in paths)

    def _source_directory(self, line: CommandLine) -> str | None:
        """The folder that some paths are joined to, `None` where it is not known."""
        given = list(line.given("source_directory"))
        if not given:
            return None if line.is_open else ""
        field = given[-1][1]
        return _path(field.value) if isinstance(field, Known) else None

    # -- telling ------------------------------------------------------------------------

    def _told(
        self,
        line: CommandLine,
        argument: str,
        option: Option,
        field: Known[str],
        tried: list[str],
    ) -> MissingFile:
        overlay = self._loader.overlay
        same = self._loader.linker.same_name(_path(field.value))
        near = self._near(field.value, tried, line)
        elsewhere = overlay.display(same) if same is not None else None
        shown = tuple(overlay.display(p) for p in tried)
        return MissingFile(option.name, argument, field, shown, near, elsewhere)

    def _near(self, given: str, tried: list[str], line: CommandLine) -> str | None:
        """A path like the given one, to a file of a similar name; such a file counts as meant."""
        others = {os.path.basename(_path(f.value)) for _, f in _all_named(line)}
        name = os.path.basename(_path(given))
        for path in tried:
            names = [n for n in _listed(os.path.dirname(path)) if n not in others]
            alike = [n for n in names if _are_alike(n, name)]
            stem = os.path.splitext(name)[0]
            close = [n for n in alike if os.path.splitext(n)[0] == stem]
            close = close or difflib.get_close_matches(name, alike, 1, 0.7)
            if close:
                self._loader.linker.meant.add(os.path.join(os.path.dirname(path), close[0]))
                return os.path.join(os.path.dirname(_path(given)), close[0])
        return None


def rest_of(word: Word, variables: Mapping[str, str]) -> str | None:
    """What a path says behind the last folder in it that is not known."""
    text = ""
    for part in word.parts:
        known = part if isinstance(part, str) else variables.get(part.name)
        text = "\0" if known is None else text + known
    text = _path(text)
    if "\0" not in text:
        return text
    rest = text.rpartition("\0")[2]
    return rest.lstrip("/") if rest.startswith("/") else None


def _steps(line: CommandLine) -> list[Word]:
    """The folders that are changed into before a command, one behind another."""
    first = [whole_word(line.run.folder)] if line.run.folder else []
    return [*first, *folder_at(line.run.text, line.call.span.start)]


def _named(line: CommandLine, argument: str) -> Iterator[tuple[Option, Known[str]]]:
    """The options that give an argument as a path that is one as it stands."""
    for option, field in line.given(argument):
        text = field.value if isinstance(field, Known) else ""
        if isinstance(field, Known) and text and len(text) < _MOST and not _ANY.search(text):
            yield option, field


def _all_named(line: CommandLine) -> Iterator[tuple[Option, Known[str]]]:
    for argument in line.command.paths:
        yield from _named(line, argument)


def _are_alike(one: str, other: str) -> bool:
    """Whether two names are those of files that are read alike."""
    endings = {os.path.splitext(n)[1].lower() for n in (one, other)}
    return len(endings) == 1 or endings <= _DATA


def _path(text: str) -> str:
    return text.replace("\\", "/")


def _listed(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except (OSError, ValueError):
        return []


def _in_other_case(path: str) -> bool:
    name = os.path.basename(path).lower()
    return any(n.lower() == name for n in _listed(os.path.dirname(path)))
