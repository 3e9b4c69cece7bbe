"""The texts of a repository that may run, and where they mention a file or a folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from typing import Final, NamedTuple

from amllint.artifacts.bringing import COMMENT
from amllint.source.names import whole_name
from amllint.source.overlay import Overlay
from amllint.source.problem import Unreadable
from amllint.source.repository import Repository

DATA: Final = (".yml", ".yaml")
"""Endings of the names of files of data, of which only pipelines run."""
_GUIDES: Final = (".md", ".rst", ".txt", ".json")
_STEPS: Final = re.compile(rb"(?m)^[ \t-]*(?:steps|script|run|bash|pwsh|inlineScript)[ \t]*:")
"""What only the YAML of a pipeline has."""
_WAY: Final = rb"(?:\$(?:env:)?\w+[\\/]+)?(?<![\w.-])((?:[\w.-]+[\\/]+)*)%b(?![\w-])"
"""A name with the folders before it, but for a variable that they begin with."""
_NO_STEPS: Final = (b"", b".", b"..")


class Mention(NamedTuple):
    """A text that mentions a name, without its comments.

    `lines` are those that do, `ways` the folders that it gives before the name, one tuple for
    each way to write it: empty for a bare name.
    """

    path: str
    data: bytes
    lines: tuple[bytes, ...]
    ways: frozenset[tuple[bytes, ...]]


class RunningTexts:
    """Looks for names in what of a repository may run: each text is read, each name sought once."""

    def __init__(self, overlay: Overlay, repository: Repository) -> None:
        self._overlay = overlay
        self._repository = repository
        self._plain: dict[str, bytes | None] = {}
        self._known: dict[bytes, tuple[Mention, ...]] = {}

    def mentioning(self, path: str) -> tuple[Mention, ...]:
        """The texts that mention a file or a folder by its name, whichever of that name it is."""
        name = os.fsencode(os.path.basename(path))
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = tuple(self._sought(name))
        return known

    def others(self, path: str) -> tuple[str, ...]:
        """The other files of the repository that have the name of a file."""
        return tuple(p for p in self._named.get(os.path.basename(path), ()) if p != path)

    def _sought(self, name: bytes) -> Iterator[Mention]:
        whole, way = whole_name(name), re.compile(_WAY % re.escape(name))
        for path, text in self._texts.items():
            data = self._without_comments(path, text) if name in text else None
            if data is not None and whole.search(data):
                lines = tuple(n for n in data.splitlines() if name in n and whole.search(n))
                yield Mention(path, data, lines, frozenset(map(_steps, way.findall(data))))

    def _without_comments(self, path: str, text: bytes) -> bytes | None:
        """A text without its comments, `None` if it is data that does not run."""
        if path not in self._plain:
            data = COMMENT.sub(b"", text)
            self._plain[path] = None if path.endswith(DATA) and not _STEPS.search(data) else data
        return self._plain[path]

    @cached_property
    def setting(self) -> tuple[bytes, ...]:
        """What holds `--set`, guides as well: they tell how a deployment is made."""
        return tuple(data for _, data in self._read() if b"--set" in data)

    @cached_property
    def _texts(self) -> dict[str, bytes]:
        return {p: data for p, data in self._read() if not p.lower().endswith(_GUIDES)}

    def _read(self) -> Iterator[tuple[str, bytes]]:
        repository = self._repository
        for path in dict.fromkeys((*repository.files, *repository.run, *repository.scripts)):
            with suppress(Unreadable):
                yield path, self._overlay.data(path)

    @cached_property
    def _named(self) -> dict[str, list[str]]:
        named: dict[str, list[str]] = {}
        for path in (*self._repository.files, *self._repository.run):
            named.setdefault(os.path.basename(path), []).append(path)
        return named


def _steps(way: bytes) -> tuple[bytes, ...]:
    return tuple(step for step in re.split(rb"[\\/]+", way) if step not in _NO_STEPS)
