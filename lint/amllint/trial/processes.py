"""The processes of a server: what they hold, where they listen, and their end."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

MARK: Final = "AMLLINT_TRY"
"""The environment variable by which processes are known that left the server's session."""
_LOOPBACK: Final = frozenset(
    {
        "0100007F",
        "0000000000000000FFFF00000100007F",
        "00000000000000000000000001000000",
    }
)
_SESSION_FIELD: Final = 3
"""Of `/proc/PID/stat`, behind the name in brackets."""


def end_all(leader: int, mark: str) -> None:
    """Kill a server's group, and on Linux every process that carries its mark, until none is left.

    A process that is being forked while its group is killed is met in the next round.
    """
    for _ in range(50):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(leader, signal.SIGKILL)
        left = [pid for pid in marked(mark) if pid != os.getpid()]
        for pid in left:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        if not left:
            return
        time.sleep(0.02)


def marked(mark: str) -> Iterator[int]:
    """Living processes whose environment says that a trial started them; none without `/proc`."""
    wanted = f"{MARK}={mark}".encode()
    for pid in _pids():
        with suppress(OSError), open(f"/proc/{pid}/environ", "rb") as stream:
            if wanted in stream.read().split(b"\0"):
                yield pid


def memory(session: int) -> tuple[int, int] | None:
    """What the processes of a session hold now, and the most that each has held, in bytes.

    Pages that processes share count for each of them. `None` where there is no `/proc`.
    """
    if not os.path.isdir("/proc/self"):
        return None
    now = most = 0
    for pid in _pids():
        with suppress(OSError, ValueError, IndexError):
            with open(f"/proc/{pid}/stat", "rb") as stream:
                fields = stream.read().rpartition(b")")[2].split()
            if int(fields[_SESSION_FIELD]) == session:
                now += _status(pid, b"VmRSS:")
                most += _status(pid, b"VmHWM:")
    return now, most


def _status(pid: int, name: bytes) -> int:
    with open(f"/proc/{pid}/status", "rb") as stream:
        for line in stream:
            if line.startswith(name):
                return int(line.split()[1]) * 1024
    return 0


def listens_elsewhere(port: int) -> bool:
    """Whether anything listens on a port at another address than the loopback one (Linux)."""
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with suppress(OSError):
            with open(table, encoding="ascii") as stream:
                rows = [line.split() for line in stream.readlines()[1:]]
            for local, state in ((row[1], row[3]) for row in rows):
                address, _, number = local.partition(":")
                if state == "0A" and int(number, 16) == port and address not in _LOOPBACK:
                    return True
    return False


def _pids() -> list[int]:
    try:
        return [int(name) for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return []
