"""What the server prints, kept within bounds, with the time at which certain lines came."""

from __future__ import annotations

import re
import sys
import threading
import time
from typing import IO, Final

HEAD_BYTES: Final = 1 << 20
TAIL_BYTES: Final = 1 << 20
"""Of a longer log, the beginning and the end are kept."""
_LINE_BYTES: Final = 1 << 16

INIT_BEGINS: Final = "Invoking user's init function"
INIT_ENDS: Final = "init has completed successfully"
WORKER_BEGINS: Final = "Booting worker with pid"
_MARKS: Final = tuple(m.encode() for m in (INIT_BEGINS, INIT_ENDS, WORKER_BEGINS))


class ServerLog:
    """Reads a pipe to its end in a thread of its own; `echo` also shows it on standard error."""

    def __init__(self, stream: IO[bytes], echo: bool = False) -> None:
        self._stream = stream
        self._echo = echo
        self._head = bytearray()
        self._tail = bytearray()
        self._size = 0
        self._times: dict[str, list[float]] = {}
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        while True:
            try:
                line = self._stream.readline(_LINE_BYTES)
            except (OSError, ValueError):
                return
            if not line:
                return
            self._keep(line)
            if self._echo:
                sys.stderr.write(_shown(line))
                sys.stderr.flush()

    def _keep(self, line: bytes) -> None:
        with self._lock:
            for mark in _MARKS:
                if mark in line:
                    self._times.setdefault(mark.decode(), []).append(time.monotonic())
            self._size += len(line)
            room = HEAD_BYTES - len(self._head)
            self._head += line[:room] if room > 0 else b""
            self._tail += line[max(room, 0) :]
            if len(self._tail) > 2 * TAIL_BYTES:
                del self._tail[:-TAIL_BYTES]

    @property
    def size(self) -> int:
        """How many bytes have come so far, kept or not."""
        with self._lock:
            return self._size

    def text(self, since: int = 0) -> str:
        """The log from a byte on, as far as it is kept."""
        with self._lock:
            left_out = self._size - len(self._head) - len(self._tail)
            gap = b"\n[...]\n" if left_out else b""
            if since < len(self._head):
                data = bytes(self._head[since:] + gap + self._tail)
            else:
                data = bytes(self._tail[max(since - len(self._head) - left_out, 0) :])
        return data.decode("utf-8", "replace")

    def times(self, mark: str) -> list[float]:
        """When lines with a mark came, by the monotonic clock."""
        with self._lock:
            return list(self._times.get(mark, ()))

    def settle(self, seconds: float) -> None:
        """Wait for the rest of the log, which ends when every process of the server has."""
        self._thread.join(seconds)

    def quiet(self, seconds: float = 0.5, pause: float = 0.02) -> None:
        """Wait until nothing has come for a moment: a line trails the answer it belongs to."""
        end = time.monotonic() + seconds
        before = -1
        while before != self.size and time.monotonic() < end:
            before = self.size
            time.sleep(pause)


def _shown(line: bytes) -> str:
    from amllint.output.style import printable

    return "  | " + printable(re.sub(r"[\r\n]+$", "", line.decode("utf-8", "replace"))) + "\n"
