"""Runs git on a tree that is not trusted: nothing of the tree is executed, nothing is fetched."""

from __future__ import annotations

import os
import shutil
from typing import Final, NamedTuple

GIT_SECONDS: Final = 3
"""git is killed after this long: a hostile `.git/config` can make it wait for ever."""

_SETTINGS: Final = (
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    f"core.excludesFile={os.devnull}",
    f"core.attributesFile={os.devnull}",
    "core.bare=false",
    "core.alternateRefsCommand=",
    "diff.external=",
    "uploadpack.packObjectsHook=",
)
_ENVIRONMENT: Final = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": os.devnull,
    # A partial clone fetches what is missing; with no protocol allowed, it cannot.
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}


class Answer(NamedTuple):
    """What git said and its exit code."""

    code: int
    out: bytes
    err: bytes


def git(
    root: str, *arguments: str, given: bytes = b"", seconds: float = GIT_SECONDS
) -> Answer | None:
    """Run a git command in a work tree; `None` where there is no git, or it did not come back.

    Only commands that read the index or objects are safe here. What compares the work tree
    (`diff`, `status`, `ls-files -m`) runs the filters that the tree's attributes name, and
    no setting keeps it from that.
    """
    import subprocess

    program = shutil.which("git")
    if program is None:
        return None
    settings = [part for setting in _SETTINGS for part in ("-c", setting)]
    command = [program, *settings, "-c", "core.worktree=" + root, "--no-pager", *arguments]
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    try:
        done = subprocess.run(
            command,
            cwd=root,
            env=inherited | _ENVIRONMENT,
            input=given,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired, ValueError):
        return None
    return Answer(done.returncode, done.stdout, done.stderr)
