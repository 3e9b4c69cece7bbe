"""Opens logs: files of any size, and standard input."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from amllint.source.problem import Refused


@contextmanager
def open_log(path: str) -> Iterator[BinaryIO]:
    """The bytes of a log; `-` is standard input, which may be a pipe or a FIFO's end.

    Raises `Refused` for what is not there, may not be read, or is no file.
    """
    if path == "-":
        yield sys.stdin.buffer
        return
    try:
        mode = os.stat(path).st_mode
        if not stat.S_ISREG(mode):
            raise Refused(f"{path} is no file; `amllint diagnose -` reads standard input")
        stream = open(path, "rb")  # noqa: SIM115 - closed below
    except OSError as error:
        raise Refused(f"cannot read {path}: {error.strerror}") from None
    with stream:
        yield stream
