"""What notebooks hold that is no Python: magics and shell lines, told apart as IPython does.

Of a cell, the first line may be a cell magic; `%%writefile` makes the rest a file's text.
Elsewhere a line magic stands where a statement would. Both are stood in for by equally long
text that means nothing, so that the cell parses and positions hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_CELL_MAGIC: Final = re.compile(r"(?:[ \t]*\r?\n)*%%(?P<name>[A-Za-z_]\w*)(?P<rest>[^\r\n]*)")
_WRITES: Final = frozenset({"writefile", "file"})
_PYTHON: Final = frozenset({"time", "timeit", "capture", "prun"})
"""Cell magics whose cell is Python that the kernel runs itself."""

_SUSPECT: Final = re.compile(r"(?m)^[ \t]*[%!?/,;]|\?[ \t\r]*$|=[ \t]*[%!]")
_MAGIC: Final = re.compile(
    r"[ \t]*(?:[%!?]|[/,;][ \t]*[A-Za-z_])|[ \t]*%{0,2}[\w.*]+\?\??[ \t\r]*\n?$"
)
_ASSIGNED: Final = re.compile(r"[ \t]*[A-Za-z_][^=!%#()]*=[ \t]*(?=[%!][^=\s])")
_TOKEN: Final = re.compile(
    r"#[^\n]*|'''|\"\"\"|\"(?:\\.|[^\"\\\n])*\"?|'(?:\\.|[^'\\\n])*'?|[\[({\])}]"
)
_CLOSING: Final = {
    mark: re.compile(rf"(?:\\.|[^\\])*?{mark}", re.DOTALL) for mark in ("'''", '"""')
}
_ARGUMENT: Final = re.compile(r"\"([^\"]*)\"|'([^']*)'|(\S+)")


class CellMagic(NamedTuple):
    """The magic that a cell begins with; `written` is the file it writes, as it stands there.

    `appends` says that it adds to the file. `line` is the line of the magic, from 1.
    """

    name: str
    written: str | None
    appends: bool
    line: int


def cell_magic(text: str) -> CellMagic | None:
    """The cell magic of a cell, `None` where it is plain code."""
    match = _CELL_MAGIC.match(text)
    if match is None:
        return None
    written: str | None = None
    appends = False
    if match["name"] in _WRITES:
        words = ["".join(w) for w in _ARGUMENT.findall(match["rest"])]
        appends = any(w in ("-a", "--append") for w in words)
        names = [w for w in words if w not in ("-a", "--append")]
        written = names[0] if len(names) == 1 else None
    return CellMagic(match["name"], written, appends, text.count("\n", 0, match.end()) + 1)


def python_of(text: str) -> str | None:
    """A cell as Python of the same length; `None` where it is of another language.

    After `%%writefile` the rest stands as it is: a magic there would be written out with it.
    """
    magic = cell_magic(text)
    if magic is None:
        return _without_magics(text)
    match = _CELL_MAGIC.match(text)
    end = match.end() if match else 0
    if magic.name in _WRITES:
        return _blank(text[:end]) + text[end:]
    return _blank(text[:end]) + _without_magics(text[end:]) if magic.name in _PYTHON else None


def _without_magics(text: str) -> str:
    if not _SUSPECT.search(text):
        return text
    return "".join(_lines(text))


def _lines(text: str) -> Iterator[str]:
    """The lines of a cell, those that are no Python stood in for."""
    inside = _Inside()
    masking = False
    for line in split_lines(text):
        if masking:
            masking = _goes_on(line)
            yield _blank(line)
        elif inside.nothing and (_MAGIC.match(line) or _ASSIGNED.match(line)):
            masking = _goes_on(line)
            yield _stand_in(line)
        else:
            inside.read(line)
            yield line


def split_lines(text: str) -> list[str]:
    """The lines of a cell with their ends, as notebooks list them: only a line feed ends one."""
    *whole, last = text.split("\n")
    return [line + "\n" for line in whole] + ([last] if last else [])


def _goes_on(line: str) -> bool:
    return line.rstrip("\r\n").endswith("\\")


def _stand_in(line: str) -> str:
    """A statement of the same length: nothing at the margin, `0` in a block, `x = _`."""
    assigned = _ASSIGNED.match(line)
    at = assigned.end() if assigned else len(line) - len(line.lstrip(" \t"))
    if at == 0:
        return _blank(line)
    return line[:at] + ("_" if assigned else "0") + _blank(line[at + 1 :])


def _blank(text: str) -> str:
    return re.sub(r"[^\r\n]", " ", text)


class _Inside:
    """What a line begins within: brackets, a string of several lines, a continued line."""

    def __init__(self) -> None:
        self.depth = 0
        self.string = ""
        self.continued = False

    @property
    def nothing(self) -> bool:
        return not (self.depth or self.string or self.continued)

    def read(self, line: str) -> None:
        at = 0
        if self.string:
            closing = _CLOSING[self.string].match(line)
            if closing is None:
                return
            self.string, at = "", closing.end()
        while match := _TOKEN.search(line, at):
            token, at = match.group(), match.end()
            if token in _CLOSING:
                closing = _CLOSING[token].match(line, at)
                if closing is None:
                    self.string = token
                    return
                at = closing.end()
            elif token in "([{":
                self.depth += 1
            elif token in ")]}":
                self.depth = max(self.depth - 1, 0)
        self.continued = _goes_on(line) and "#" not in line
