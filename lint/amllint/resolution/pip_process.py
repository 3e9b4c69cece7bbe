"""pip, in a process of its own that ends with the run."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.metadata import PackageNotFoundError, version
from typing import Final, NamedTuple

_DRIVER: Final = os.path.join(os.path.dirname(os.path.abspath(__file__)), "inside", "as_python.py")
_NO_PIP, _NOT_TOLD = 97, 98
_OLDEST: Final = (25, 1)
"""The first whose resolver refuses nothing that can be installed (it has resolvelib 1.1)."""
_NEWEST_GLIBC: Final = 39
"""Minor version of the newest glibc that images for serving have (Ubuntu 24.04 has 2.39)."""
_WAIT: Final = 0.2
INSTALL: Final = "pip install 'amllint[resolve]'"


class NoPip(Exception):
    """There is no pip that can be asked; the message says what to install."""


class NoAnswer(Exception):
    """pip did not come back with an answer; the message says why."""


class Said(NamedTuple):
    """The exit code of pip and what it printed."""

    code: int
    log: str


def pip_version() -> str:
    """The version of the pip beside amllint. Raises `NoPip`."""
    try:
        found = version("pip")
    except PackageNotFoundError:
        raise NoPip(f"--resolve asks pip, and {sys.executable} has none: {INSTALL}") from None
    numbers = tuple(int(n) for n in found.split(".")[:2] if n.isdigit())
    if numbers < _OLDEST:
        oldest = ".".join(map(str, _OLDEST))
        raise NoPip(
            f"--resolve takes pip {oldest} or newer, as older ones refuse some lists that can be "
            f"installed; this is {found}: {INSTALL}"
        )
    return found


def index_settings() -> str:
    """Everything that is configured of pip: indexes, proxies. Not to be shown."""
    with tempfile.TemporaryDirectory(prefix="amllint-") as folder:
        command = [sys.executable, "-m", "pip", "config", "list"]
        said = run(command, folder, lambda: None).log
    return "\n".join(line for line in said.splitlines() if ".constraint=" not in line)


def ask(
    requirements: Sequence[str],
    options: Sequence[str],
    python: str,
    stand_ins: str,
    tick: Callable[[], None],
) -> Said:
    """Have pip resolve requirements for a Python on Linux, and install nothing.

    `python` is a full version; `stand_ins` a folder of wheels besides those of the index.
    `tick` is called every moment; what it raises ends pip. Raises `NoPip` and `NoAnswer`.
    """
    with tempfile.TemporaryDirectory(prefix="amllint-") as folder:
        command = [sys.executable, _DRIVER, json.dumps(_markers(python)), *_arguments(python)]
        command += ["--find-links", stand_ins, "--target", os.path.join(folder, "target")]
        said = run([*command, *options, "--", *requirements], folder, tick)
    if said.code == _NO_PIP:
        raise NoPip(f"--resolve asks pip, and {sys.executable} has none: {INSTALL}")
    if said.code == _NOT_TOLD:
        raise NoPip(f"this pip cannot be asked about another Python: {INSTALL}")
    return said


def _arguments(python: str) -> list[str]:
    """What makes pip resolve for a Python on Linux, from wheels alone: nothing is built."""
    glibc = [f"manylinux_2_{minor}_x86_64" for minor in range(_NEWEST_GLIBC, 4, -1)]
    older = [f"manylinux{name}_x86_64" for name in ("2014", "2010", "1")]
    platforms = [f"--platform={name}" for name in (*glibc, *older, "linux_x86_64")]
    return [
        *("install", "-vv", "--dry-run", "--ignore-installed", "--no-input"),
        *("--progress-bar=off", "--retries=2", "--only-binary=:all:"),
        *(f"--python-version={python}", "--implementation=cp", *platforms),
    ]


def _markers(python: str) -> dict[str, str]:
    """The environment that markers are judged in."""
    return {
        "python_version": ".".join(python.split(".")[:2]),
        "python_full_version": python,
        "implementation_name": "cpython",
        "implementation_version": python,
        "platform_python_implementation": "CPython",
        "os_name": "posix",
        "sys_platform": "linux",
        "platform_system": "Linux",
        "platform_machine": "x86_64",
    }


def run(command: Sequence[str], folder: str, tick: Callable[[], None]) -> Said:
    """Run a command in a folder of its own."""
    none = os.path.join(folder, "none.txt")
    path = os.path.join(folder, "log.txt")
    with open(none, "wb"), open(path, "w+b") as log:
        with _process(command, folder, none, log.fileno()) as process:
            code = _waited(process, tick)
        log.seek(0)
        return Said(code, log.read().decode("utf-8", "replace").replace("\r\n", "\n"))


@contextmanager
def _process(
    command: Sequence[str], folder: str, none: str, log: int
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is ended with all that it started, however this ends."""
    quiet = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"}
    # Of the user's settings the indexes count; how and where they install does not.
    own = {"PIP_CONSTRAINT": none, "PIP_REQUIRE_VIRTUALENV": "0", "PIP_USER": "0"}
    # What pip unpacks is as large as a framework, and stays if pip is ended.
    here = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), folder)
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **quiet, **own, **here},
            stdin=subprocess.PIPE,  # its end tells the process that this one is gone
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        raise NoAnswer(f"pip cannot be run: {error.strerror}") from None
    try:
        yield process
    finally:
        _end(process)


def _waited(process: subprocess.Popen[bytes], tick: Callable[[], None]) -> int:
    while True:
        tick()
        with suppress(subprocess.TimeoutExpired):
            return process.wait(_WAIT)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        process.stdin.close()
    if process.poll() is not None:
        return
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    with suppress(OSError):
        process.kill()
    process.wait()
