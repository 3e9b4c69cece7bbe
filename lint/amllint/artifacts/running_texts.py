"""The texts of a repository that may run, and where they mention a file or a folder."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cached_property
from typing import Any, Final, NamedTuple, TypeVar

from amllint.artifacts.bringing import COMMENT
from amllint.source.names import whole_name
from amllint.source.overlay import Overlay
from amllint.source.problem import Unreadable
from amllint.source.repository import Repository, is_guide

T = TypeVar("T")

DATA: Final = (".yml", ".yaml")
"""Endings of the names of files of data, of which only pipelines run."""
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
    """What of a repository may run: each text is read, and each question asked of them once."""

    def __init__(self, overlay: Overlay, repository: Repository) -> None:
        self.overlay = overlay
        self.repository = repository
        self._plain: dict[str, bytes] = {}
        self._known: dict[bytes, tuple[Mention, ...]] = {}
        self._answers: dict[Callable[[RunningTexts], Any], Any] = {}

    def once(self, search: Callable[[RunningTexts], T]) -> T:
        """What a search finds in the texts; it is made once, whoever asks."""
        if search not in self._answers:
            self._answers[search] = search(self)
        answer: T = self._answers[search]
        return answer

    @cached_property
    def all(self) -> dict[str, bytes]:
        """Every text by its path, guides as well: they tell how a deployment is made."""
        repository, found = self.repository, {}
        for path in dict.fromkeys((*repository.files, *repository.run, *repository.scripts)):
            with suppress(Unreadable):
                found[path] = self.overlay.data(path)
        return found

    @cached_property
    def texts(self) -> dict[str, bytes]:
        """Those that may run themselves, by path: neither guides nor JSON."""
        return {
            path: data
            for path, data in self.all.items()
            if not is_guide(path) and not path.lower().endswith(".json")
        }

    def plain(self, path: str) -> bytes:
        """A text without the lines that are comments."""
        known = self._plain.get(path)
        if known is None:
            known = self._plain[path] = COMMENT.sub(b"", self.all[path])
        return known

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
        for path, text in self.texts.items():
            data = self.plain(path) if name in text else b""
            runs = not path.endswith(DATA) or _STEPS.search(data)
            if data and runs and whole.search(data):
                lines = tuple(n for n in data.splitlines() if name in n and whole.search(n))
                yield Mention(path, data, lines, frozenset(map(_steps, way.findall(data))))

    @cached_property
    def _named(self) -> dict[str, list[str]]:
        named: dict[str, list[str]] = {}
        for path in (*self.repository.files, *self.repository.run):
            named.setdefault(os.path.basename(path), []).append(path)
        return named


def _steps(way: bytes) -> tuple[bytes, ...]:
    return tuple(step for step in re.split(rb"[\\/]+", way) if step not in _NO_STEPS)
