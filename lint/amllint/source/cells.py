"""Names of cells: a notebook's cell is a text among those of files, with a path of its own."""

from __future__ import annotations

import re
from typing import Final

_CELL_PATH: Final = re.compile(r"(?P<path>.*\.ipynb):cell (?P<cell>[1-9]\d*)", re.DOTALL)


def cell_path(path: str, cell: int | None) -> str:
    """The path of a cell's text; the path itself without a cell."""
    return path if cell is None else f"{path}:cell {cell}"


def split_path(path: str) -> tuple[str, int | None]:
    """The file that a text belongs to, and its cell if it is one's."""
    match = _CELL_PATH.fullmatch(path) if ".ipynb:cell " in path else None
    return (match["path"], int(match["cell"])) if match else (path, None)


def is_python(path: str) -> bool:
    """Whether a text is Python: a file by its name, or a cell."""
    return path.endswith(".py") or split_path(path)[1] is not None
