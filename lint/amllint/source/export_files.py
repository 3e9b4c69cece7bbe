"""Opens the files that `az … -o json` and `kubectl … -o json` were sent into."""

from __future__ import annotations

import codecs
import os
import stat
from datetime import datetime, timezone
from typing import Final, NamedTuple

from amllint.source.overlay import decode
from amllint.source.problem import Refused, Unreadable
from amllint.source.text import SourceText

MAX_BYTES: Final = 64 * 1024 * 1024
"""The pods of a large cluster have some ten MiB."""
_MARKS: Final = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


class ExportFile(NamedTuple):
    """A file of an export, and when it was written."""

    name: str
    source: SourceText
    written: datetime


def export_files(folder: str) -> list[ExportFile]:
    """The JSON files of a folder, by name, not those of folders in it.

    Raises `Refused` for a folder or a file that cannot be read: one that is left out would seem
    to say that things do not exist.
    """
    return [_file(os.path.join(folder, name), name) for name in _names(folder) if _is_json(name)]


def other_files(folder: str) -> list[str]:
    """What else lies in a folder, hidden files left out; folders end with a slash.

    Raises `Refused` for a folder that cannot be read.
    """
    others = (name for name in _names(folder) if not _is_json(name) and not name.startswith("."))
    return [f"{n}/" if os.path.isdir(os.path.join(folder, n)) else n for n in others]


def _is_json(name: str) -> bool:
    return name.lower().endswith(".json")


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError as error:
        raise Refused(f"cannot read the folder {folder}: {error.strerror}") from None


def _file(path: str, name: str) -> ExportFile:
    try:
        with open(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as stream:
            status = os.fstat(stream.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise Refused(f"{path} is no regular file")
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise Refused(f"cannot read {path}: {error.strerror}") from None
    if len(data) > MAX_BYTES:
        raise Refused(f"{path} is larger than {MAX_BYTES // 2**20} MiB")
    return ExportFile(
        name, _text(path, data), datetime.fromtimestamp(status.st_mtime, timezone.utc)
    )


def _text(path: str, data: bytes) -> SourceText:
    """The text; `>` of Windows PowerShell writes UTF-16."""
    encoding = _MARKS.get(data[:2])
    try:
        if encoding is not None:
            return SourceText(path, data.decode(encoding), encoding)
        return decode(path, data)
    except UnicodeDecodeError:
        raise Refused(f"{path} cannot be read as text: it is no UTF-16") from None
    except Unreadable as problem:
        raise Refused(f"{path} {problem.message}") from None
