"""`amllint check --watch`: check again whenever a file changes."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple, TypeAlias

from amllint.config import NAMES
from amllint.source.repository import Repository

POLL_SECONDS: Final = 0.3
LIST_SECONDS: Final = 2.0
"""How often files are listed anew: that runs git, and looking at known files does not."""
QUIET_SECONDS: Final = 0.1
"""How long nothing may change before it is checked: editors and git write in several steps."""

State: TypeAlias = dict[str, tuple[int, int, int]]


class Watched(NamedTuple):
    """The repositories that hold what is checked, and the paths that are given by name."""

    repositories: tuple[Repository, ...]
    given: tuple[str, ...]

    def files(self) -> Iterator[str]:
        """Every file whose change can change a finding, the configuration included."""
        for repository in self.repositories:
            fresh = Repository(repository.root, repository.is_git)
            yield from fresh.files
            for folder in {os.path.dirname(f) for f in fresh.files} | {fresh.root}:
                yield from (os.path.join(folder, name) for name in NAMES)
        yield from self.given


def watch(paths: list[str], check: Callable[[], int]) -> int:
    """Call `check` at once and after each change, until interrupted; never returns 0.

    `paths` are those of the command line. Changes are found by size, time of change and
    inode, so that every file system will do.
    """
    given = tuple(os.path.abspath(p) for p in paths)
    roots = {r.root: r for r in map(Repository.around, given)}
    watched = Watched(tuple(roots.values()), given)
    files = sorted(set(watched.files()))
    state = _state(files)
    while True:
        _clear()
        check()
        # Each pass leaves syntax trees in cycles, and the check itself runs without collector.
        gc.collect()
        _say(f"watching {len(state)} files, Ctrl-C ends")
        files, state = _changed(watched, files, state)


def _changed(watched: Watched, files: list[str], before: State) -> tuple[list[str], State]:
    """Wait for a change, and until it is over; the files there are now and their state."""
    listed = time.monotonic()
    while True:
        time.sleep(POLL_SECONDS)
        if time.monotonic() - listed > LIST_SECONDS:
            files, listed = sorted(set(watched.files())), time.monotonic()
        if _state(files) != before:
            return _settled(watched)


def _settled(watched: Watched) -> tuple[list[str], State]:
    """The files and their state once nothing has changed for a moment.

    They are listed anew: what changed first may be the folder of a file that has come or gone.
    """
    last: State | None = None
    while True:
        files = sorted(set(watched.files()))
        now = _state(files)
        if now == last:
            return files, now
        last = now
        time.sleep(QUIET_SECONDS)


def _state(files: list[str]) -> State:
    state: State = {}
    for path in files:
        try:
            found = os.stat(path)
        except (OSError, ValueError):
            continue
        state[path] = (found.st_mtime_ns, found.st_size, found.st_ino)
    return state


def _clear() -> None:
    """An empty terminal for each pass; in a pipe the passes follow one another."""
    if sys.stdout.isatty() and os.environ.get("TERM") != "dumb":
        sys.stdout.write("\x1b[2J\x1b[H")
        sys.stdout.flush()


def _say(text: str) -> None:
    sys.stdout.flush()
    print(text, file=sys.stderr, flush=True)
