"""Finds the scripts in notebooks: cells that write one, and cells that define `init` and `run`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from amllint.source.cells import cell_path
from amllint.source.notebook import EXTENSION, Cell, Notebook
from amllint.source.text import SourceText

_DEFINES: Final = (re.compile(rb"def[ \t]+init[ \t]*\("), re.compile(rb"def[ \t]+run[ \t]*\("))
_WRITTEN: Final = re.compile(rb"%%(?:write)?file\b([^\r\n]{0,300}?)\.py\b")
_VARIABLE: Final = re.compile(r"\$\{?([A-Za-z_]\w*)\}?|\{([A-Za-z_]\w*)\}")
_AZURE: Final = (b"azureml", b"azure.ai.ml", b"AZUREML_MODEL_DIR")


class ScriptCell(NamedTuple):
    """A cell that may be a script.

    `path` is the absolute path of its text, `notebook` that of the file. `written` is the
    absolute path of the file it writes, `None` where it writes none or that cannot be known.
    `name` is what the script is called. `whole` says that its text is all of the script: no
    other cell adds to it or ran before it. A `draft` is a plain cell that defines `init` and
    `run`: the kernel calls them, and whether it is ever deployed is not known.
    """

    path: str
    notebook: str
    source: SourceText
    written: str | None
    name: str
    whole: bool
    draft: bool = False

    @property
    def data(self) -> bytes:
        """Its code as bytes."""
        return self.source.code.encode("utf-8", "surrogatepass")


def mentions(data: bytes) -> bool:
    """Whether a notebook could hold a script, by its bytes alone: decides what is parsed."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.replace(b"\0", b"")
    init, run = b"def init" in data, b"def run" in data
    if not (init or run):
        return False
    written = _WRITTEN.findall(data) if b"%%" in data else []
    if not (init and run):
        return any(b"scor" in name.lower() for name in written)
    return (bool(written) or any(hint in data for hint in _AZURE)) and defines_both(data)


def defines_both(data: bytes) -> bool:
    """Whether functions `init` and `run` are defined somewhere in a notebook."""
    return all(pattern.search(data) for pattern in _DEFINES)


def script_cells(path: str, notebook: Notebook, azure: bool) -> Iterator[ScriptCell]:
    """The cells of a notebook that may be scripts; `azure` says that it speaks of Azure ML."""
    written = {number: _written(path, cell, notebook) for number, cell in notebook.cells.items()}
    for number, cell in notebook.cells.items():
        magic = cell.magic
        source = notebook.text(number)
        if magic is not None and magic.written is not None:
            name = os.path.basename(magic.written)
            if name.endswith(".py"):
                whole = not magic.appends and not _is_added_to(written, notebook, number)
                target = written[number]
                yield ScriptCell(cell_path(path, number), path, source, target, name, whole)
        elif azure and defines_both(source.code.encode("utf-8", "surrogatepass")):
            name = os.path.basename(path).removesuffix(EXTENSION) + ".py"
            yield ScriptCell(cell_path(path, number), path, source, None, name, False, True)


def _is_added_to(written: dict[int, str | None], notebook: Notebook, number: int) -> bool:
    """Whether a later cell adds to the file that a cell writes."""
    own = written[number]
    for other, cell in notebook.cells.items():
        magic = cell.magic
        if other > number and magic is not None and magic.appends and written[other] == own:
            return True
    return False


def _written(path: str, cell: Cell, notebook: Notebook) -> str | None:
    """The file that a cell writes, the kernel being started beside the notebook."""
    magic = cell.magic
    if magic is None or magic.written is None or "\0" in magic.written:
        return None
    name = _VARIABLE.sub(lambda m: _value(m[1] or m[2], notebook) or m[0], magic.written)
    if "$" in name or "{" in name or "~" in name or not _is_file_name(name):
        return None
    return os.path.normpath(os.path.join(os.path.dirname(path), name))


def _is_file_name(name: str) -> bool:
    """Whether a file could have the name: half a character has no bytes."""
    try:
        return bool(os.fsencode(name))
    except UnicodeEncodeError:
        return False


def _value(name: str, notebook: Notebook) -> str | None:
    """The text that a variable has in a notebook, if it is always the same one."""
    assigned = re.compile(
        rf"(?m)^{re.escape(name)}[ \t]*=[ \t]*(['\"])([^'\"\\\r\n]*)\1[ \t\r]*(?:#|$)"
    )
    bound = re.compile(rf"(?m)^[ \t]*{re.escape(name)}[ \t]*=[^=]")
    code = [c.text for c in notebook.cells.values() if c.magic is None]
    values = {m[2] for text in code for m in assigned.finditer(text)}
    bindings = sum(len(bound.findall(text)) for text in code)
    found = sum(len(assigned.findall(text)) for text in code)
    return values.pop() if len(values) == 1 and bindings == found else None
