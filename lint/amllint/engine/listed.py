"""What `--list-files` says."""

from __future__ import annotations

from typing import NamedTuple


class Listed(NamedTuple):
    """One line of `--list-files`: the display path, what it was taken for, and why."""

    path: str
    kind: str
    reason: str
