"""Which files there are: what git lists, or a plain walk where git is absent or refuses."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from functools import cached_property
from typing import Final

EXTENSIONS: Final = (".py", ".yml", ".yaml", ".json")
GIT_SECONDS: Final = 3
"""git is killed after this long: a hostile `.git/config` can make it wait for ever."""

_SKIPPED: Final = frozenset(
    {".git", ".hg", ".svn", ".tox", ".nox", ".venv", "venv", "node_modules", "__pycache__"}
    | {".mypy_cache", ".pytest_cache", ".ruff_cache", ".ipynb_checkpoints", "site-packages"}
    | {".eggs", ".idea", ".vscode", ".azureml", ".oracle"}
)


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
    """A folder tree whose files belong together: a git work tree, or a plain folder."""

    def __init__(self, root: str, is_git: bool) -> None:
        self.root = root
        self.is_git = is_git

    @classmethod
    def around(cls, path: str) -> Repository:
        """The repository that a file or folder belongs to; without git the folder itself."""
        folder = path if os.path.isdir(path) else os.path.dirname(path)
        root = find_root(folder)
        return cls(root or folder, root is not None)

    @cached_property
    def files(self) -> tuple[str, ...]:
        """Absolute paths of all files with an extension of interest, ignored ones left out."""
        listed = _git_files(self.root) if self.is_git else None
        return tuple(sorted(listed if listed is not None else _walk(self.root)))

    def below(self, folder: str) -> Iterator[str]:
        """The files of interest below a folder."""
        prefix = os.path.join(folder, "")
        inside = folder == self.root or folder.startswith(os.path.join(self.root, ""))
        return (f for f in self.files if f.startswith(prefix)) if inside else _walk(folder)

    def contains(self, path: str) -> bool:
        """Whether a path, links resolved, lies in the repository."""
        return below(path, self.root)

    def ancestors(self, path: str) -> Iterator[str]:
        """The folder of a file and every one above it up to the root."""
        here = os.path.dirname(path)
        while True:
            yield here
            if here == self.root or os.path.dirname(here) == here:
                return
            here = os.path.dirname(here)


def _git_files(root: str) -> list[str] | None:
    """What `git ls-files` lists, untracked files included; `None` if git cannot.

    The configuration of the tree is not trusted: nothing in it may start a program or move
    the work tree.
    """
    import subprocess

    git = shutil.which("git")
    if git is None:
        return None
    command = [git, "-c", "core.fsmonitor=false", "-c", "core.hooksPath=" + os.devnull]
    command += ["-c", "core.excludesFile=" + os.devnull, "-c", "core.worktree=" + root]
    command += ["-c", "core.bare=false", "--no-pager", "ls-files", "-zco", "--exclude-standard"]
    patterns = [f"*{e}" for e in EXTENSIONS]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    environment["GIT_OPTIONAL_LOCKS"] = "0"
    try:
        done = subprocess.run(
            [*command, "--", *patterns],
            cwd=root,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=GIT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired, ValueError):
        return None
    if done.returncode:
        return None
    names = [os.fsdecode(name) for name in done.stdout.split(b"\0") if name]
    paths = [os.path.join(root, name) for name in dict.fromkeys(names)]
    return [p for p in paths if os.path.lexists(p) and not os.path.isdir(p)]


def _walk(folder: str) -> Iterator[str]:
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
            elif entry.name.lower().endswith(EXTENSIONS):
                yield entry.path


def below(path: str, folder: str) -> bool:
    """Whether a path lies below a folder, links resolved."""
    try:
        inside = os.path.join(os.path.realpath(folder), "")
        return os.path.realpath(path).startswith(inside)
    except (OSError, ValueError):
        return False


def is_folder(path: str) -> bool:
    """Whether a path is a folder, links followed; `False` where it cannot be told."""
    try:
        return stat.S_ISDIR(os.stat(path).st_mode)
    except (OSError, ValueError):
        return False
