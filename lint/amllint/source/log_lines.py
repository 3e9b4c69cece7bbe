"""Lines of a log, however it was printed, in bounded memory.

A log may be UTF-16 (what PowerShell redirects), hold colours and progress bars, be one JSON or
Python string with `\\n` in it, which is what `az ml service get-logs` and a notebook print, or be
one JSON object a line, which is what collectors of logs keep.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Generator, Iterator
from typing import BinaryIO, Final, NamedTuple

from amllint.source.log_json import object_lines

_CHUNK: Final = 1 << 18
LIMIT: Final = 1 << 16
"""Characters of a line, after which it is taken apart wherever that is."""
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ESCAPED_END: Final = re.compile(r"(?<!\\)(?:\\r)?\\n")
# Not in code that a traceback quotes: there a text with `\\n` stands behind something else.
_QUOTED: Final = re.compile(r"^\s*(?:b?[\"']|[\[{(])[^\n]*?\\n|[\"']\w+[\"']\s*:\s*[\"'][^\n]*?\\n")
_ESCAPE: Final = re.compile(r"\\([\"'\\/tr]|u001[bB])")
_COLOUR: Final = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_ESCAPES: Final = {"t": "\t", "r": "", "u001b": "\x1b", "u001B": "\x1b"}


class LogLine(NamedTuple):
    """A line, and where it stands, counted from 1.

    `number` is that of the line of the file, as editors count; where that holds a text with
    escaped ends of lines, `part` is the line of that text, and 0 elsewhere.
    """

    text: str
    number: int
    part: int = 0


def log_lines(stream: BinaryIO) -> Iterator[LogLine]:
    """The lines of a log; those within a quoted string too, without their escapes."""
    splitter = _Splitter()
    tail = ""
    for text in _texts(stream):
        *whole, tail = (tail + text).split("\n")
        for line in whole:
            yield from splitter.whole(line)
        if len(tail) > LIMIT:
            tail = yield from splitter.begun(tail)
    if tail:
        yield from splitter.whole(tail)


def _texts(stream: BinaryIO) -> Iterator[str]:
    data = stream.read(_CHUNK)
    decoder = codecs.getincrementaldecoder(_encoding(data))("replace")
    while data:
        yield decoder.decode(data)
        data = stream.read(_CHUNK)
    yield decoder.decode(b"", final=True)


def _encoding(data: bytes) -> str:
    """By its mark; UTF-16 also without one, where every other byte of the beginning is 0."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    head = data[:512]
    odd, even = head[1::2].count(0), head[::2].count(0)
    if max(odd, even) > 4 and max(odd, even) > 0.8 * (len(head) // 2) and min(odd, even) == 0:
        return "utf-16-le" if odd else "utf-16-be"
    return "utf-8"


class _Splitter:
    """Takes lines of the file apart, and counts."""

    def __init__(self) -> None:
        self.number = 1
        self.part = 0
        self.escaped = False

    def whole(self, line: str) -> Iterator[LogLine]:
        """A line up to its end, or the rest of one."""
        inner = object_lines(line) if not self.escaped else None
        if inner is not None:
            for part, text in enumerate(inner, 1):
                yield LogLine(_COLOUR.sub("", text), self.number, part if len(inner) > 1 else 0)
        elif self.escaped or ("\\n" in line and _QUOTED.search(line)):
            yield from map(self._inner, _ESCAPED_END.split(line.rstrip("\r")))
        else:
            yield from self._plain(line.rstrip("\r"))
        self.number += 1
        self.part, self.escaped = 0, False

    def begun(self, text: str) -> Generator[LogLine, None, str]:
        """A line that has not ended yet; what is left of it is returned."""
        self.escaped = self.escaped or _QUOTED.search(text) is not None
        if self.escaped:
            *parts, tail = _ESCAPED_END.split(text)
            yield from map(self._inner, parts)
        else:
            head, _, tail = text.rpartition("\r")
            yield from self._plain(head) if head else ()
        if len(tail) > LIMIT:
            yield self._inner(tail) if self.escaped else LogLine(tail, self.number)
            tail = ""
        return tail

    def _plain(self, line: str) -> Iterator[LogLine]:
        """What a progress bar has written over itself is a line each."""
        for text in line.split("\r"):
            yield LogLine(_COLOUR.sub("", text) if "\x1b" in text else text, self.number)

    def _inner(self, text: str) -> LogLine:
        self.part += 1
        plain = _ESCAPE.sub(lambda m: _ESCAPES.get(m[1], m[1]), text)
        return LogLine(_COLOUR.sub("", plain), self.number, self.part)
