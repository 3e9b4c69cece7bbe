"""Which files there are: what git lists, or a plain walk where git is absent or refuses."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Final

from amllint.source.git import git

BASELINE: Final = "amllint-baseline.json"
"""What the file of accepted findings is called, unless it is called otherwise."""
EXTENSIONS: Final = (".py", ".ipynb", ".yml", ".yaml", ".json")
RUN: Final = (".sh", ".bash", ".ps1", ".cmd", ".bat", ".azcli")
"""Endings of the names of files whose lines a shell runs."""
TELLING: Final = (
    *(".sh", ".bash", ".ps1", ".psm1", ".bat", ".cmd", ".azcli", ".tf", ".md", ".rst", ".txt"),
    *("Makefile", "Dockerfile", "Jenkinsfile", ".groovy", ".toml", ".cfg", ".ini", ".env"),
    *(".bicep", ".bicepparam"),
)
"""Endings of the names of files that may run or describe a deployment."""
_GUIDES: Final = (".md", ".rst", ".txt")
_MAKING: Final = (".mk", ".just", ".hcl", ".gradle", ".kts", ".zsh", ".fish", ".nu", "pom.xml")
_BUILD_FILES: Final = ("dockerfile", "containerfile")

_SKIPPED: Final = frozenset(
    {".git", ".hg", ".svn", ".tox", ".nox", ".venv", "venv", "node_modules", "__pycache__"}
    | {".mypy_cache", ".pytest_cache", ".ruff_cache", ".ipynb_checkpoints", "site-packages"}
    | {".eggs", ".idea", ".vscode", ".azureml", ".oracle"}
)
_COPIES: Final = ".ipynb_checkpoints"
"""A folder of what a notebook server saved last: git may have it, and nothing runs it."""


def is_guide(path: str) -> bool:
    """Whether a file tells people what to do, and runs nothing itself."""
    return path.lower().endswith(_GUIDES)


def find_root(start: str) -> str | None:
    """The nearest folder at or above `start` that holds `.git`, `None` if there is none."""
    here = os.path.abspath(start)
    while True:
        if os.path.lexists(os.path.join(here, ".git")):
            return here
        parent = os.path.dirname(here)
        if parent == here:
            return None
        here = parent


class Repository:
    """A folder tree whose files belong together: a git work tree, or a plain folder.

    `files` are given where they are not those on disk.
    """

    def __init__(self, root: str, is_git: bool, files: Iterable[str] | None = None) -> None:
        self.root = root
        self.is_git = is_git
        self._given = files
        self._own: set[str] = set()

    @classmethod
    def around(cls, path: str) -> Repository:
        """The repository that a file or folder belongs to; without git the folder itself."""
        folder = path if os.path.isdir(path) else os.path.dirname(path)
        root = find_root(folder)
        return cls(root or folder, root is not None)

    @cached_property
    def files(self) -> tuple[str, ...]:
        """Absolute paths of all files with an extension of interest, ignored ones left out."""
        return tuple(p for p in self._listed if not p.lower().endswith(RUN) and not self._is_own(p))

    @cached_property
    def run(self) -> tuple[str, ...]:
        """Absolute paths of the files whose lines a shell runs."""
        return tuple(p for p in self._listed if p.lower().endswith(RUN))

    @cached_property
    def _listed(self) -> tuple[str, ...]:
        listed = self._given
        if listed is None:
            listed = _git_files(self.root, (*EXTENSIONS, *RUN)) if self.is_git else None
        found = listed if listed is not None else _walk(self.root, (*EXTENSIONS, *RUN))
        return tuple(sorted(found))

    @cached_property
    def scripts(self) -> tuple[str, ...]:
        """Absolute paths of what else may say how things are deployed: shell scripts, guides."""
        if self._given is not None:
            return ()
        listed = _git_files(self.root, TELLING) if self.is_git else None
        return tuple(sorted(listed if listed is not None else _walk(self.root, TELLING)))

    @cached_property
    def makers(self) -> tuple[str, ...]:
        """Absolute paths of what else may build images: Dockerfiles, files without an ending."""
        if self._given is not None:
            return ()
        listed = _git_files(self.root, ("",), _may_make) if self.is_git else None
        found = listed if listed is not None else filter(_may_make, _walk(self.root, ("",)))
        return tuple(sorted(found))

    def leave_out(self, *paths: str | None) -> None:
        """Take files of amllint's own for none of the repository's, before `files` is asked.

        A baseline quotes what was found, and must not count as a file that says it.
        """
        self._own.update(p for p in paths if p is not None)

    def _is_own(self, path: str) -> bool:
        return path in self._own or os.path.basename(path) == BASELINE

    def below(self, folder: str) -> Iterator[str]:
        """The files of interest below a folder."""
        prefix = os.path.join(folder, "")
        if _COPIES in prefix.split(os.sep):
            return _walk(folder)
        inside = folder == self.root or folder.startswith(os.path.join(self.root, ""))
        if inside:
            return (f for f in self.files if f.startswith(prefix))
        return (f for f in _walk(folder) if not self._is_own(f))

    def contains(self, path: str) -> bool:
        """Whether a path, links resolved, lies in the repository."""
        return below(path, self.root)

    def ignores(self, paths: Iterable[str]) -> bool:
        """Whether git ignores a file or folder at one of the paths: it is made, not committed."""
        if not self.is_git:
            return False
        steps = [os.path.relpath(path, self.root) for path in paths]
        inside = [s for s in steps if not s.startswith("..") and not os.path.isabs(s)]
        # What is not there is a folder for git only with a slash behind it.
        named = [name for s in inside for name in (s, s + "/")]
        answer = git(self.root, "check-ignore", "--", *named) if named else None
        return answer is not None and answer.code == 0

    def ancestors(self, path: str) -> Iterator[str]:
        """The folder of a file and every one above it up to the root."""
        here = os.path.dirname(path)
        while True:
            yield here
            if here == self.root or os.path.dirname(here) == here:
                return
            here = os.path.dirname(here)


def _may_make(path: str) -> bool:
    name = os.path.basename(path).lower()
    return "." not in name or name.endswith(_MAKING) or any(n in name for n in _BUILD_FILES)


def _git_files(
    root: str, endings: tuple[str, ...] = EXTENSIONS, keep: Callable[[str], bool] | None = None
) -> list[str] | None:
    """What `git ls-files` lists, untracked files included; `None` if git cannot."""
    patterns = [f"*{e}" for e in endings]
    listed = git(root, "ls-files", "-zco", "--exclude-standard", "--", *patterns)
    if listed is None or listed.code:
        return None
    names = [os.fsdecode(name) for name in listed.out.split(b"\0") if name]
    kept = (name for name in filter(keep, dict.fromkeys(names)) if _COPIES not in name.split("/"))
    paths = [os.path.join(root, name) for name in kept]
    return [p for p in paths if os.path.lexists(p) and not os.path.isdir(p)]


def _walk(folder: str, endings: tuple[str, ...] = EXTENSIONS) -> Iterator[str]:
    """Files of interest below a folder, and folders that cannot be listed, to be told of.

    Links to folders are not followed.
    """
    pending = [folder]
    while pending:
        here = pending.pop()
        try:
            entries = sorted(os.scandir(here), key=lambda e: e.name)
        except OSError:
            yield here
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in _SKIPPED:
                    pending.append(entry.path)
            elif entry.name.lower().endswith(tuple(map(str.lower, endings))):
                yield entry.path


def below(path: str, folder: str) -> bool:
    """Whether a path lies below a folder, links resolved."""
    try:
        inside = os.path.join(os.path.realpath(folder), "")
        return os.path.realpath(path).startswith(inside)
    except (OSError, ValueError):
        return False
