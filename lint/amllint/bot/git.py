"""The change of a file by the git repository at hand."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import Final

SECONDS: Final = 10
_COMMIT: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_NOTHING: Final = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
"""The tree without files, which every repository knows."""


def patch(root: str, base: str, head: str, old: str, new: str) -> str | None:
    """Hunks between `base:old` and `head:new`, `None` if git cannot tell.

    Without `old` the file is new. Nothing in the repository's configuration is run.
    """
    git = shutil.which("git")
    if git is None or not all(map(_COMMIT.fullmatch, (base, head))):
        return None
    command = [git, "-c", "core.fsmonitor=false", "-c", "core.hooksPath=" + os.devnull]
    command += [
        "--no-pager",
        "--literal-pathspecs",
        "diff",
        "--no-color",
        "--no-ext-diff",
        "--no-textconv",
        "-U3",
    ]
    two = [f"{base}:{old}", f"{head}:{new}", "--"] if old else [_NOTHING, head, "--", new]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    # A clone without history must not be completed over the network behind our back.
    environment |= {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
    try:
        done = subprocess.run(
            [*command, *two],
            cwd=root,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired, ValueError):
        return None
    if done.returncode:
        return None
    text = done.stdout.decode("utf-8", "replace")
    start = re.search(r"(?m)^@@ ", text)
    return text[start.start() :] if start else ""
