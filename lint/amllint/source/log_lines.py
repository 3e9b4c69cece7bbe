"""Lines of a log, however it was printed, in bounded memory.

A log may be UTF-16 (what PowerShell redirects), hold colours and progress bars, or be one
JSON or Python string with `\\n` in it, which is what `az ml service get-logs` and a notebook
print.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO, Final

_CHUNK: Final = 1 << 18
LIMIT: Final = 1 << 16
"""Characters of a line, after which it is taken apart wherever that is."""
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ENDS: Final = re.compile(r"\r\n|[\n\r]")
_ESCAPED_END: Final = re.compile(r"(?<!\\)(?:\\r)?\\n")
# Not in code that a traceback quotes: there a text with `\\n` stands behind something else.
_QUOTED: Final = re.compile(r"^\s*(?:b?[\"']|[\[{(])[^\n]*?\\n|[\"']\w+[\"']\s*:\s*[\"'][^\n]*?\\n")
_ESCAPE: Final = re.compile(r"\\([\"'\\/tr])")
_COLOUR: Final = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_ESCAPES: Final = {"t": "\t", "r": ""}


def log_lines(stream: BinaryIO) -> Iterator[str]:
    """The lines of a log; those within a quoted string too, without their escapes."""
    tail, escaped = "", False
    for text in _texts(stream):
        *whole, tail = _ENDS.split(tail + text)
        for line in whole:
            yield from _parts(line, escaped)
            escaped = False
        if len(tail) > LIMIT:
            escaped = escaped or _QUOTED.search(tail) is not None
            *parts, tail = _ESCAPED_END.split(tail) if escaped else (tail, "")
            yield from map(_plain, parts)
            if len(tail) > LIMIT:
                yield _plain(tail)
                tail = ""
    if tail:
        yield from _parts(tail, escaped)


def _texts(stream: BinaryIO) -> Iterator[str]:
    data = stream.read(_CHUNK)
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    while data:
        yield decoder.decode(data)
        data = stream.read(_CHUNK)
    yield decoder.decode(b"", final=True)


def _parts(line: str, escaped: bool) -> Iterator[str]:
    if not escaped and ("\\n" not in line or not _QUOTED.search(line)):
        yield _COLOUR.sub("", line) if "\x1b" in line else line
        return
    yield from map(_plain, _ESCAPED_END.split(line))


def _plain(part: str) -> str:
    text = _ESCAPE.sub(lambda m: _ESCAPES.get(m[1], m[1]), part)
    return _COLOUR.sub("", text)
