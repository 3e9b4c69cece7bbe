"""Zip and tar archives of models, opened with care: their tables are hostile input too."""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Iterator
from typing import BinaryIO, Final

from amllint.source.pickles.reader import File, Source, Stream

_MOST_ENTRIES: Final = 32
"""Entries of an archive that are looked into."""
_MOST_TABLE: Final = 4 << 20
"""Bytes that may be read at once: the table of a zip archive with some 50000 entries."""
_MODEL: Final = re.compile(r"(?i).*\.(?:pkl|pickle|npy)$")
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_BLOCK: Final = 512
_MOST_BLOCKS: Final = 1000


class Refused(ValueError):
    """An archive that is not looked into, whole or in part."""


class _Careful(io.RawIOBase):
    """A file that never gives much at once, whatever its own tables tell a reader to ask for."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def seekable(self) -> bool:
        """Always."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """As the file does."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """As the file does."""
        return self._file.tell()

    def read(self, size: int = -1) -> bytes:
        """So many bytes. Raises `Refused` for very many."""
        to_end = size < 0
        if not to_end and size > _MOST_TABLE:
            raise Refused
        data = self._file.read(_MOST_TABLE + 1 if to_end else size)
        if len(data) > _MOST_TABLE:
            raise Refused
        return data


def in_zip(file: BinaryIO) -> Iterator[tuple[str, Source]]:
    """The pickles and arrays of a zip archive, by name. Raises `Refused`."""
    try:
        with zipfile.ZipFile(_Careful(file)) as archive:
            entries = [e for e in archive.infolist() if _MODEL.match(e.filename)]
            for entry in entries[:_MOST_ENTRIES]:
                if entry.compress_type not in _METHODS or entry.flag_bits & 1:
                    raise Refused
                with archive.open(entry) as opened:
                    yield entry.filename, Stream(opened)  # type: ignore[arg-type]
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        EOFError,
        OverflowError,
        RuntimeError,
    ) as error:
        raise Refused from error
    if len(entries) > _MOST_ENTRIES:
        raise Refused


def is_tar(head: bytes) -> bool:
    """Whether a file begins as a tar archive does."""
    return head[257:262] == b"ustar"


def in_tar(file: BinaryIO) -> Source:
    """The pickle of a model as torch wrote it before 0.1.10. Raises `Refused`."""
    end = file.seek(0, os.SEEK_END)
    at = 0
    for _ in range(_MOST_BLOCKS):
        file.seek(at)
        header = file.read(_BLOCK)
        digits = header[124:136].strip(b" \0")
        if not re.fullmatch(rb"[0-7]{1,12}", digits):
            break
        size = int(digits, 8)
        if header[:100].rstrip(b"\0").endswith(b"pickle"):
            return File(file, min(end, at + _BLOCK + size))
        at += _BLOCK + -(-size // _BLOCK) * _BLOCK
    raise Refused
