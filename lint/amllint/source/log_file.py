"""Opens logs: files of any size, packed or not, and standard input."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader, RawIOBase
from typing import BinaryIO, Final, cast

from amllint.source.problem import Refused

MOST: Final = 4 << 30
"""Bytes that are unpacked of a packed log: more than a log has, and less than a bomb."""
_PACKED: Final = {
    b"PK\x03\x04": "a zip archive",
    b"BZh": "packed with bzip2",
    b"\xfd7zXZ": "packed with xz",
    b"\x28\xb5\x2f\xfd": "packed with zstd",
    b"7z\xbc\xaf": "a 7z archive",
    b"\x7fELF": "a program",
    b"%PDF-": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"SQLite format 3": "a database",
}
_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_TEXT: Final = frozenset(b"\t\n\r\x0b\x0c\x1b\x08")
_HEAD: Final = 1024


@contextmanager
def open_log(path: str) -> Iterator[BinaryIO]:
    """The bytes of a log; `-` is standard input, which may be a pipe or a FIFO's end.

    What gzip has packed is unpacked. Raises `Refused` for what is not there, may not be read, is
    no file or no text, and for packed data that is damaged or endless.
    """
    if path == "-":
        yield _read("standard input", sys.stdin.buffer)
        return
    try:
        mode = os.stat(path).st_mode
        if not stat.S_ISREG(mode):
            raise Refused(f"{path} is no file; `amllint diagnose -` reads standard input")
        stream = open(path, "rb")  # noqa: SIM115 - closed below
    except OSError as error:
        raise Refused(f"cannot read {path}: {error.strerror}") from None
    with stream:
        yield _read(path, stream)


def _read(path: str, stream: BinaryIO) -> BinaryIO:
    reader = stream if hasattr(stream, "peek") else BufferedReader(cast(RawIOBase, stream))
    head = reader.peek(_HEAD)[:_HEAD]
    if head.startswith(b"\x1f\x8b"):
        unpacked = _Unpacked(path, reader)
        _hold_text(path, unpacked.head)
        return cast(BinaryIO, unpacked)
    _hold_text(path, head)
    return reader


def _hold_text(path: str, head: bytes) -> None:
    """Raise for what cannot be a log."""
    for mark, what in _PACKED.items():
        if head.startswith(mark):
            raise Refused(f"{path} is {what}, and no log: unpack it, and name the log within")
    strange = sum(byte < 32 and byte not in _TEXT for byte in head)
    if strange <= len(head) // 20 or head.startswith(_MARKS) or _is_wide(head):
        return
    raise Refused(f"{path} is binary data, and no log")


def _is_wide(head: bytes) -> bool:
    """Whether it looks like UTF-16: zeros at every other byte, and nowhere else."""
    counts = sorted((head[::2].count(0), head[1::2].count(0)))
    return counts[0] == 0 and counts[1] > 0.4 * (len(head) // 2)


class _Unpacked:
    """A stream of what gzip has packed."""

    def __init__(self, path: str, stream: BinaryIO) -> None:
        import gzip

        self.path = path
        self.file = gzip.GzipFile(fileobj=stream)
        self.left = MOST
        self.head = b""
        self.head = self.read(_HEAD)

    def read(self, size: int) -> bytes:
        """The next bytes. Raises `Refused` as `open_log` does."""
        import zlib

        if self.head:
            data, self.head = self.head, b""
            return data
        try:
            data = self.file.read(size)
        except (OSError, EOFError, zlib.error) as error:
            raise Refused(f"{self.path} is packed with gzip, and damaged: {error}") from None
        self.left -= len(data)
        if self.left < 0:
            raise Refused(f"{self.path} holds more than {MOST >> 30} GiB unpacked")
        return data
