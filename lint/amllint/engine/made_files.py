"""Whether a file that is not in a repository may be there once a command is run."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Final

from amllint.artifacts.bringing import BRINGS, COMMENT
from amllint.artifacts.command_line import CommandLine
from amllint.artifacts.fields import Known
from amllint.artifacts.running_texts import RunningTexts
from amllint.engine.spare_files import NAMES, VARIABLE
from amllint.source.names import whole_name

_WRITES: Final = re.compile(
    rb"(?:>>?|\b(?:tee|cp|mv|copy|move|ren|ln|Out-File|Set-Content|Copy-Item)\b|\bsed[ \t]+-i)"
    rb"([^\r\n;|&]*[$%][^\r\n;|&]*)"
)
"""What writes files whose names hold a variable."""
_KNOWN: Final = re.compile(rb"(?i)\$\{?(?:env:)?(?:GITHUB_\w+|null)\b|/dev/")
_WORD: Final = re.compile(rb"[^\s\"']+")
_CHANGES: Final = re.compile(
    rb"(?m)^[ \t]*(?:cd|pushd|Set-Location)[ \t]+[^\r\n;&|]*|az[ \t]+ml[ \t]+[\w-]+[ \t]+[\w-]+"
)
"""What changes into a folder, and names of commands, which may be those of folders."""
_TELLING: Final = 4
"""A name with a variable in it must have as many other letters to be taken for one."""
_LEVELS: Final = 3


class MadeFiles:
    """Searches the texts of a repository for what may make a file.

    `lines` are the command lines, whose own naming of a file makes none.
    """

    def __init__(self, running: RunningTexts, lines: Mapping[str, list[CommandLine]]) -> None:
        self._running = running
        self._lines = lines
        self._mentioned: dict[bytes, bool] = {}

    def may_come(self, path: str, line: CommandLine, given: str) -> bool:
        """Whether a file may be there by the time a command of the file at `path` is run."""
        name = os.fsencode(os.path.basename(given.replace("\\", "/").rstrip("/")))
        if not re.search(rb"\w", name):
            return True
        return self._brought(path, line, name) or self._mentions(name) or self._ignored(path, given)

    def folder_may_come(self, path: str, line: CommandLine, given: str) -> bool:
        """Whether a folder may be there when a script changes into it before a command.

        Whatever mentions it, but to change into it, may make it.
        """
        name = os.fsencode(os.path.basename(given))
        if self._brought(path, line, name) or self._ignored(path, given):
            return True
        pattern = whole_name(name)
        told = (
            _CHANGES.sub(b"", self._running.plain(p))
            for p, d in self._running.texts.items()
            if name in d
        )
        return any(pattern.search(text) for text in told)

    def _brought(self, path: str, line: CommandLine, name: bytes) -> bool:
        """Whether something before, or a file that runs this one, brings files."""
        start = line.place.span.start
        before = line.run.source.text[:start].encode("utf-8", "replace")
        if path.endswith(".ipynb"):  # its cells are run in any order
            before = self._running.texts.get(path, b"")
        own = COMMENT.sub(b"", before)
        texts = chain([own], map(self._running.plain, self._callers(path)))
        return any(BRINGS.search(text) or _writes_any(text, name) for text in texts)

    def _callers(self, path: str) -> Iterator[str]:
        """The files that mention the file at a path, and those that mention them."""
        seen, pending = {path}, [path]
        for _ in range(_LEVELS):
            names = {os.fsencode(os.path.basename(p)) for p in pending}
            found = [p for p, d in self._running.texts.items() if any(n in d for n in names)]
            pending = [p for p in found if p not in seen]
            seen.update(pending)
            yield from pending

    def _mentions(self, name: bytes) -> bool:
        """Whether a text says a name other than as what a command line is to read."""
        known = self._mentioned.get(name)
        if known is None:
            pattern = whole_name(name)
            told = [self._running.plain(p) for p, d in self._running.texts.items() if name in d]
            count = sum(len(pattern.findall(text)) for text in told)
            own = sum(pattern.search(word) is not None for word in self._words())
            known = count > own or any(_could_name(d, name) for d in self._running.texts.values())
            self._mentioned[name] = known
        return known

    def _words(self) -> Iterator[bytes]:
        """The paths that command lines read, as they are written."""
        for lines in self._lines.values():
            for line in lines:
                for argument in line.command.paths:
                    for _, field in line.given(argument):
                        if isinstance(field, Known):
                            yield os.fsencode(field.value)

    def _ignored(self, path: str, given: str) -> bool:
        """Whether git ignores such a file: then it is made, and not committed."""
        folders = self._running.repository.ancestors(path)
        steps = given.replace("\\", "/")
        return self._running.repository.ignores(os.path.join(f, steps) for f in folders)


def _writes_any(text: bytes, name: bytes) -> bool:
    """Whether a shell's text writes a file whose name holds a variable, and may be `name`."""
    for write in _WRITES.finditer(text):
        for word in _WORD.findall(write[1]):
            end = re.split(rb"[\\/]", VARIABLE.sub(b"*", word))[-1]
            pattern = b".*".join(map(re.escape, end.split(b"*")))
            if b"*" in end and not _KNOWN.match(word) and re.fullmatch(pattern, name):
                return True
    return False


def _could_name(data: bytes, name: bytes) -> bool:
    """Whether a text has a name with variables in it that can stand for `name`."""
    for token in {t for t in NAMES.findall(data) if VARIABLE.search(t)}:
        fixed = VARIABLE.split(token)
        stem = re.sub(rb"\W", b"", b"".join(fixed).rpartition(b".")[0])
        if len(stem) >= _TELLING and re.fullmatch(b".*".join(map(re.escape, fixed)), name):
            return True
    return False
