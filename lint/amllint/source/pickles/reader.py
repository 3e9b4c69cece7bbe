"""Bytes read forward from a file or a decompressor, within bounds of memory and time."""

from __future__ import annotations

import bz2
import lzma
import os
import zipfile
import zlib
from typing import BinaryIO, Final, Protocol

CHUNK: Final = 1 << 16
MOST_BYTES: Final = 1 << 26
"""Bytes of one file that are read or decompressed; what is skipped by a seek does not count."""
_LZMA_BYTES: Final = 80 << 20
"""Memory for the dictionary of LZMA: what its highest preset needs."""


class Truncated(ValueError):
    """The bytes end before what they announce."""


class TooMuch(ValueError):
    """More would have to be read than is looked at."""


class Source(Protocol):
    """Where bytes come from."""

    def read(self, most: int) -> bytes:
        """Up to so many bytes, none at the end."""

    def skip(self, count: int) -> bool:
        """Leave bytes out unread, if the source can do that. Raises `Truncated`."""


class File:
    """An open file from where it stands, up to `end`."""

    def __init__(self, file: BinaryIO, end: int | None = None) -> None:
        self._file = file
        here = file.tell()
        self._left = (file.seek(0, os.SEEK_END) if end is None else end) - here
        file.seek(here)

    def read(self, most: int) -> bytes:
        """Up to so many bytes, none at the end."""
        data = self._file.read(min(most, max(self._left, 0)))
        self._left -= len(data)
        return data

    def skip(self, count: int) -> bool:
        """Go on behind so many bytes. Raises `Truncated`."""
        if count > self._left:
            raise Truncated
        self._file.seek(count, os.SEEK_CUR)
        self._left -= count
        return True


class Stream:
    """What can only be read: an entry of a zip archive."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, most: int) -> bytes:
        """Up to so many bytes, none at the end. Raises `Truncated` where it is broken."""
        try:
            return self._file.read(most)
        except (zlib.error, zipfile.BadZipFile, EOFError) as error:
            raise Truncated from error

    def skip(self, count: int) -> bool:
        """Nothing can be left out unread."""
        return False


class Inflated:
    """A compressed file, decompressed piece by piece: however much it holds, little is held."""

    def __init__(self, file: BinaryIO, compression: str) -> None:
        self._file = file
        self._rest = b""
        self._zlib = zlib.decompressobj(47) if compression == "zlib" else None
        self._other: bz2.BZ2Decompressor | lzma.LZMADecompressor | None = None
        if compression == "bz2":
            self._other = bz2.BZ2Decompressor()
        elif compression == "lzma":
            self._other = lzma.LZMADecompressor(memlimit=_LZMA_BYTES)

    def read(self, most: int) -> bytes:
        """Up to so many bytes, none at the end. Raises `Truncated` where it is broken."""
        try:
            while True:
                data, ended = self._more(most)
                if data or ended:
                    return data
        except (zlib.error, lzma.LZMAError, OSError, EOFError) as error:
            raise Truncated from error

    def skip(self, count: int) -> bool:
        """Nothing can be left out unread."""
        return False

    def _more(self, most: int) -> tuple[bytes, bool]:
        """What one piece comes to, and whether that was the last."""
        if self._zlib is not None:
            fed = self._rest or self._file.read(CHUNK)
            data = self._zlib.decompress(fed, most)
            self._rest = self._zlib.unconsumed_tail
            return data, self._zlib.eof or not fed
        other = self._other
        if other is None or other.eof:
            return b"", True
        fed = self._file.read(CHUNK) if other.needs_input else b""
        ended = other.needs_input and not fed
        return other.decompress(fed, most), ended


class Reader:
    """Takes opcodes and their arguments from a source, counting what is read."""

    __slots__ = ("_at", "_buffer", "_left", "_source")

    def __init__(self, source: Source, most: int = MOST_BYTES) -> None:
        self._source = source
        self._left = most
        self._buffer = b""
        self._at = 0

    def byte(self) -> int:
        """The next byte. Raises `Truncated` and `TooMuch`, as all of these do."""
        at = self._at
        if at == len(self._buffer):
            self._refill()
            at = 0
        self._at = at + 1
        return self._buffer[at]

    def peek(self) -> int | None:
        """The next byte, which stays the next; `None` at the end."""
        if self._at == len(self._buffer):
            try:
                self._refill()
            except Truncated:
                return None
        return self._buffer[self._at]

    def take(self, count: int) -> bytes:
        """So many bytes: a few, they are held at once."""
        end = self._at + count
        if end > len(self._buffer):
            self._extend(count)
            end = count
        data = self._buffer[self._at : end]
        self._at = end
        return data

    def line(self, most: int) -> bytes | None:
        """A line without its end; `None` for one that is longer than `most`, read past."""
        end = self._buffer.find(b"\n", self._at)
        if end >= 0:
            line, self._at = self._buffer[self._at : end], end + 1
            return line if len(line) <= most else None
        kept = self._buffer[self._at :]
        while b"\n" not in kept:
            kept = kept if len(kept) <= most else b"." * (most + 1)
            self._refill()
            kept += self._buffer
        line, _, rest = kept.partition(b"\n")
        self._at = len(self._buffer) - len(rest)
        return line if len(line) <= most else None

    def skip(self, count: int) -> None:
        """Go on behind so many bytes, however many."""
        there = len(self._buffer) - self._at
        if count <= there:
            self._at += count
            return
        self._at = len(self._buffer)
        count -= there
        if self._source.skip(count):
            return
        while count > len(self._buffer) - self._at:
            count -= len(self._buffer) - self._at
            self._refill()
        self._at += count

    def _refill(self) -> None:
        data = self._source.read(CHUNK)
        if not data:
            raise Truncated
        self._left -= len(data)
        if self._left < 0:
            raise TooMuch
        self._buffer, self._at = data, 0

    def _extend(self, count: int) -> None:
        """Get so many bytes into the buffer."""
        parts = [self._buffer[self._at :]]
        held = len(parts[0])
        while held < count:
            self._at = len(self._buffer)
            self._refill()
            parts.append(self._buffer)
            held += len(self._buffer)
        self._buffer, self._at = b"".join(parts), 0
