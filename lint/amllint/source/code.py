"""Python that runs as a whole: a script, or the plain cells of a notebook one behind another."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from amllint.source.notebook import Notebook
from amllint.source.text import SourceText, Span

_SUFFIX: Final = ":code"


@dataclass(frozen=True, slots=True)
class CodeText:
    """The text with a path of its own, so that places in it are told from those in the file.

    `path` is the file's display path. `starts` are the offsets at which the texts at `paths`
    begin: one for a script, one a cell for a notebook.
    """

    path: str
    source: SourceText
    starts: tuple[int, ...]
    paths: tuple[str, ...]

    def place(self, span: Span) -> tuple[str, Span]:
        """The path of the text that a span stands in, and the span there."""
        index = max(bisect_right(self.starts, span.start) - 1, 0)
        start = self.starts[index]
        return self.paths[index], Span(span.start - start, max(span.end - start, 0))


def of_script(source: SourceText) -> CodeText:
    """A script as code that runs."""
    path = source.path
    text = SourceText(path + _SUFFIX, source.text, source.encoding, source.bom, code=source.code)
    return CodeText(path, text, (0,), (path,))


def of_notebook(path: str, notebook: Notebook, cells: Iterable[int]) -> CodeText:
    """Cells of a notebook, in order, as one text; `path` is the notebook's display path."""
    starts: list[int] = []
    paths: list[str] = []
    parts: list[str] = []
    length = 0
    for number in cells:
        cell = notebook.text(number)
        code = cell.code if cell.code.endswith("\n") else cell.code + "\n"
        starts.append(length)
        paths.append(cell.path)
        parts.append(code)
        length += len(code)
    joined = SourceText(path + _SUFFIX, "".join(parts), interactive=True)
    return CodeText(path, joined, tuple(starts) or (0,), tuple(paths) or (path,))


def plain_cells(notebook: Notebook) -> list[int]:
    """The numbers of the cells whose code the kernel runs itself."""
    return [n for n in notebook.cells if notebook.text(n).interactive and notebook.text(n).code]
