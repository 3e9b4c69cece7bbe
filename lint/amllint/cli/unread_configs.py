"""Configuration files that lie below what is checked, and are not read."""

from __future__ import annotations

import os
from collections.abc import Iterator

from amllint.config import NAMES, config_in
from amllint.engine.check import Report


def unread_configs(report: Report, read: str | None) -> Iterator[str]:
    """A line for each file of configuration beside files that were looked at, but the one read.

    `read` is the absolute path of that one.
    """
    root = report.root
    seen: set[str] = set()
    for listed in report.listed:
        folder = os.path.dirname(report.absolute(listed.path))
        while folder not in seen and folder.startswith(root + os.sep):
            seen.add(folder)
            folder = os.path.dirname(folder)
    base = report.overlay.cwd if report.overlay else os.getcwd()
    above = os.path.dirname(read) if read else ""
    for folder in sorted(seen):
        if above.startswith(folder + os.sep) or folder == above:
            continue
        path = config_in(folder)
        if path is not None and os.path.isfile(path):
            shown, where = os.path.relpath(path, base), os.path.relpath(folder, base)
            if os.path.basename(path) != NAMES[0]:
                shown = f"[tool.amllint] of {shown}"
            other = f"what it says to {os.path.relpath(read, base)}" if read else "it here"
            yield f"{shown} is not read: run amllint in {where}, or move {other}"
