"""The stages of a Dockerfile: what is known of an image while its instructions are read."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple, TypeAlias

from amllint.artifacts.conda import CondaEnvironment
from amllint.artifacts.environment import Requirement
from amllint.artifacts.requirements_file import RequirementsFile
from amllint.findings.finding import Location

Listed: TypeAlias = CondaEnvironment | RequirementsFile

_PATTERN: Final = re.compile(r"[*?\[]")


class Context(NamedTuple):
    """The folder that an image is built from, and how to look into it by absolute paths.

    `listed` reads a file of requirements, or with `True` a conda file, that is named at a place;
    `None` where it cannot.
    """

    folder: str
    exists: Callable[[str], bool]
    is_folder: Callable[[str], bool]
    listed: Callable[[str, bool, Location], Listed | None]

    @classmethod
    def unknown(cls) -> Context:
        """A folder of which nothing is known: everything may be in it, and nothing can be read."""
        return cls("", lambda path: True, lambda path: False, lambda path, conda, by: None)

    def path(self, name: str) -> str:
        """The absolute path of a file that is copied."""
        return os.path.normpath(os.path.join(self.folder, name))

    def contains(self, path: str) -> bool:
        """Whether an absolute path lies in the folder: nothing else can be copied."""
        inside = path == self.folder or path.startswith(os.path.join(self.folder, ""))
        return inside or not self.folder

    def has(self, path: str) -> bool:
        """Whether there is a file or folder at an absolute path."""
        return self.exists(path) or self.is_folder(path)


@dataclass(slots=True)
class Stage:
    """What is known of an image while its instructions are read.

    `image` is the one that it goes back to, `system` the packages of the operating system that
    are added; each is `None` where it cannot be known. `copied` has what was copied to where.
    `writes` says that commands may have made files of their own.
    """

    variables: dict[str, str] = field(default_factory=dict)
    workdir: str = "/"
    copied: list[tuple[str, str | None]] = field(default_factory=list)
    conda: list[Requirement] = field(default_factory=list)
    pip: list[Requirement] = field(default_factory=list)
    complete: bool = True
    starts: bool = False
    installations: int = 0
    separate: bool = False
    writes: bool = False
    image: str | None = None
    system: frozenset[str] | None = frozenset()

    def following(self) -> Stage:
        """A stage that builds on this one."""
        return replace(
            self,
            variables=dict(self.variables),
            copied=list(self.copied),
            conda=list(self.conda),
            pip=list(self.pip),
        )

    def enter(self, folder: str | None) -> None:
        """Go to another folder, by its path from this one."""
        self.workdir = posixpath.join(self.workdir, folder or "/?")

    def take_file(self, context: Context, name: str, target: str, several: bool) -> str | None:
        """Copy from the context; the path that was asked for where nothing is there."""
        into = posixpath.normpath(posixpath.join(self.workdir, target))
        if "://" in name or name.startswith("git@") or _PATTERN.search(name):
            self.copied.append((into, None))
            return None
        path = context.path(name)
        if not context.contains(path):
            inside = context.path(posixpath.normpath(f"/{name}").lstrip("/"))
            path = inside if context.has(inside) else path
        in_folder = several or target.endswith("/") or target in (".", "./", "..")
        if not context.is_folder(path) and in_folder:
            into = posixpath.join(into, posixpath.basename(name))
        self.copied.append((into, path))
        return None if context.has(path) and context.contains(path) else path

    def copy_of(self, name: str) -> str | None:
        """The file of the context that a path of the image is a copy of."""
        wanted = posixpath.normpath(posixpath.join(self.workdir, name))
        for into, path in reversed(self.copied):
            if wanted == into:
                return path
            if wanted.startswith(into.rstrip("/") + "/"):
                rest = posixpath.relpath(wanted, into)
                return os.path.join(path, *rest.split("/")) if path else None
        return None

    def add_system(self, names: frozenset[str] | None) -> None:
        """Take up packages of the operating system, `None` for what is not known."""
        known = self.system is not None and names is not None
        self.system = (self.system or frozenset()) | (names or frozenset()) if known else None
