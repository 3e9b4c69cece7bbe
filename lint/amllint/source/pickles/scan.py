"""Finds the pickles of a file, whatever they are wrapped in, and reads them by opcode.

Pickles one after the other (old torch files), compressed ones (joblib), those in zip archives
(torch since 1.6, `.npz`) and in arrays of objects (`.npy`). Archives in archives are not opened.
"""

from __future__ import annotations

import io
import os
import re
import stat
from typing import BinaryIO, Final

from amllint.source.pickles.archives import Refused, in_tar, in_zip, is_tar
from amllint.source.pickles.contents import Gathered, PickleContents
from amllint.source.pickles.machine import Machine
from amllint.source.pickles.reader import File, Inflated, Reader, Source, TooMuch, Truncated
from amllint.source.pickles.stack import Malformed

MOST_OPCODES: Final = 400_000
"""Opcodes of one file that are read, some half a second's worth; models have some thousands."""
_MOST_PICKLES: Final = 16
"""Pickles one after the other; old torch files have five."""
_COMPRESSIONS: Final = (
    (b"\x1f\x8b", "zlib"),
    *((b"x" + level, "zlib") for level in (b"\x01", b"\x5e", b"\x9c", b"\xda")),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ", "lzma"),
    (b"\x5d\x00\x00", "lzma"),
)
_CLOSED: Final = (b"\x04\x22\x4d\x18", b"ZF0x")
"""LZ4, and joblib's format before 0.10: not opened."""
_NPY: Final = b"\x93NUMPY"
_MOST_HEADER: Final = 1 << 16
_PROTO: Final = 0x80
_HEAD: Final = 512


def scan_file(path: str) -> PickleContents:
    """What the pickles of a file import and were written by; nothing is loaded.

    Of a file that cannot be opened, or is none (a pipe, a device), nothing is known.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with open(descriptor, "rb") as file:
            if stat.S_ISREG(os.fstat(descriptor).st_mode):
                return scan(file)
    except (OSError, ValueError):
        pass
    return PickleContents(complete=False)


def scan_data(data: bytes) -> PickleContents:
    """The same of bytes that stand for a file."""
    return scan(io.BytesIO(data))


def scan(file: BinaryIO) -> PickleContents:
    """The same of an open file. Raises `OSError` where it cannot be read."""
    found = Gathered(MOST_OPCODES)
    head = file.read(_HEAD)
    file.seek(0)
    try:
        if head.startswith(b"PK\x03\x04"):
            _zip(file, found)
        elif is_tar(head):
            _pickles(in_tar(file), found)
        else:
            _single(head, file, found)
    except (Malformed, Refused, Truncated, TooMuch):
        found.complete = False
    return found.result()


def _zip(file: BinaryIO, found: Gathered) -> None:
    for name, source in in_zip(file):
        try:
            if name.lower().endswith(".npy"):
                _array(Reader(source), found)
            else:
                _pickles(source, found)
        except (Malformed, Truncated):
            found.complete = False


def _single(head: bytes, file: BinaryIO, found: Gathered) -> None:
    if head.startswith(_CLOSED):
        found.complete = False
        return
    if head.startswith(_NPY):
        _array(Reader(File(file)), found)
        return
    compression = next((c for prefix, c in _COMPRESSIONS if head.startswith(prefix)), None)
    _pickles(Inflated(file, compression) if compression else File(file), found)


def _array(reader: Reader, found: Gathered) -> None:
    """An array as numpy saves it: one of objects is a pickle behind its header."""
    magic = reader.take(8)
    if not magic.startswith(_NPY):
        raise Malformed
    size = int.from_bytes(reader.take(2 if magic[6] == 1 else 4), "little")
    if size > _MOST_HEADER:
        raise TooMuch
    if re.search(rb"['\"][|<>=]?O\d?['\"]", reader.take(size)):
        Machine(reader, found, joblib=False).run()


def _pickles(source: Source, found: Gathered) -> None:
    """A pickle, and those that follow it at once."""
    reader = Reader(source)
    for _ in range(_MOST_PICKLES):
        Machine(reader, found).run()
        if reader.peek() != _PROTO:
            return
    found.complete = False
