"""What lies below a folder, by name alone."""

from __future__ import annotations

import os
from typing import Final

MOST: Final = 5000
"""A folder with more files is not looked through."""
_SKIPPED: Final = frozenset({".git", "__pycache__", ".ipynb_checkpoints"})


def files_below(folder: str) -> frozenset[str] | None:
    """The paths of all files below a folder, relative to it and with `/`.

    `None` where there are too many, or a folder cannot be read. Links are not followed.
    """
    found: set[str] = set()
    pending = [""]
    while pending:
        here = pending.pop()
        try:
            entries = list(os.scandir(os.path.join(folder, here)))
        except OSError:
            return None
        for entry in entries:
            path = f"{here}/{entry.name}" if here else entry.name
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in _SKIPPED:
                    pending.append(path)
            else:
                found.add(path)
        if len(found) + len(pending) > MOST:
            return None
    return frozenset(found)
