"""The process that azureml-core runs in: started, heard with a limit, and ended."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final, NamedTuple

DISTRIBUTION: Final = "azureml-core"
_PROGRAM: Final = os.path.join(
    os.path.dirname(os.path.abspath(__file__)), "azureml_core_program.py"
)
_KEPT: Final = ("LANG", "LC_ALL", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP")
"""Variables that programs need to run at all; nothing of Azure's, and none that has a secret."""
_END: Final = ""


class NotAnswered(Exception):
    """azureml-core has no answer, for a reason of its own; ARM is to be asked."""


class Installation(NamedTuple):
    """A Python that has azureml-core, and where it looks for modules (empty: where it does)."""

    python: str
    path: tuple[str, ...]


def installed() -> Installation | None:
    """The Python that runs this, if it has azureml-core; it is not imported to find out."""
    try:
        version(DISTRIBUTION)
    except PackageNotFoundError:
        return None
    return Installation(sys.executable, tuple(os.path.abspath(p) for p in sys.path if p))


class CoreProcess:
    """azureml-core with a home of its own, without the user's variables, settings and caches.

    `note` is told of each line that it writes to standard error.
    """

    def __init__(self, found: Installation, note: Callable[[str], None]) -> None:
        self._home = tempfile.TemporaryDirectory(prefix="amllint-", ignore_cleanup_errors=True)
        self._lines: queue.Queue[str] = queue.Queue()
        home = self._home.name
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        self._process = subprocess.Popen(
            [found.python, "-I", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**kept, "HOME": home, "USERPROFILE": home, "PYTHONWARNINGS": "ignore"},
            cwd=home,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        self._unsent: queue.Queue[str] = queue.Queue()
        threads = (
            (self._read, (self._process.stdout, self._lines.put)),
            (self._read, (self._process.stderr, lambda line: note(line.rstrip()))),
            (self._write, (self._process.stdin,)),
        )
        for work, arguments in threads:
            threading.Thread(target=work, args=arguments, daemon=True).start()

    def _read(self, stream: Any, each: Callable[[str], None]) -> None:
        with suppress(OSError, ValueError), stream:
            for line in stream:
                each(line)
        if stream is self._process.stdout:
            each(_END)

    def _write(self, stream: Any) -> None:
        """In a thread of its own: who does not read would hold the writer up without end."""
        with suppress(OSError, ValueError):
            while text := self._unsent.get():
                stream.write(text)
                stream.flush()
        with suppress(OSError, ValueError):
            stream.close()

    def say(self, message: dict[str, Any]) -> None:
        """Send a message."""
        self._unsent.put(json.dumps(message) + "\n")

    def hear(self, seconds: float) -> dict[str, Any]:
        """The next message. Raises `NotAnswered` where none comes in time, or ever."""
        try:
            text = self._lines.get(timeout=max(seconds, 0.0))
        except queue.Empty:
            raise NotAnswered(f"no word from it within {max(seconds, 0.0):.0f} s") from None
        if text == _END:
            raise NotAnswered("it ended")
        try:
            heard = json.loads(text)
        except ValueError:
            heard = None
        if not isinstance(heard, dict):
            raise NotAnswered("what it says is no message")
        return heard

    def end(self) -> None:
        """End it, and remove what it has left."""
        self._process.kill()
        self._process.wait()
        self._unsent.put(_END)
        self._home.cleanup()
