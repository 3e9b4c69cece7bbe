"""Virtual environments that hold the real SDK and the real inference server."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parents[1] / ".oracle"
INSTALL_SECONDS = 900

# Oldest and newest minor version of Python 3 that each oracle is known to install and run on.
SUPPORTED = {
    "azure-ai-ml": (10, 13),
    "azureml-core": (10, 13),
    "inference-server": (10, 13),
    "rattler": (10, 13),
    "scikit-learn-1.2": (10, 11),
    "scikit-learn-1.5": (10, 13),
    "scikit-learn-1.7": (10, 13),
}


class OracleUnavailable(RuntimeError):
    """The environment of an oracle cannot be made here; the message says why."""


def oracle_environment(name: str) -> Path:
    """The Python executable of the environment called ``name``, made on first use.

    Raises OracleUnavailable when this interpreter is not supported or the installation fails.
    """
    requirements = HERE / f"requirements-{name}.txt"
    check_interpreter(name)
    folder = FOLDER / name
    python = executable(folder)
    stamp = folder / "amllint-stamp"
    wanted = fingerprint(requirements)
    with held(FOLDER / f"{name}.lock"):
        if not (python.exists() and stamp.exists() and stamp.read_text() == wanted):
            build(name, folder, requirements)
            stamp.write_text(wanted)
    return python


@contextmanager
def held(lock: Path) -> Iterator[None]:
    """Keeps other processes out; a lock older than any installation was left by a dead one."""
    lock.parent.mkdir(exist_ok=True)
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
            break
        except FileExistsError:
            with suppress(FileNotFoundError):
                if time.time() - lock.stat().st_mtime > 2 * INSTALL_SECONDS:
                    lock.unlink()
            time.sleep(0.2)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def check_interpreter(name: str) -> None:
    oldest, newest = SUPPORTED[name]
    if sys.version_info[0] != 3 or not oldest <= sys.version_info[1] <= newest:
        running = ".".join(map(str, sys.version_info[:2]))
        raise OracleUnavailable(
            f"the {name} oracle runs on Python 3.{oldest} to 3.{newest}, this is {running}"
        )


def fingerprint(requirements: Path) -> str:
    text = f"{sys.version}\n{requirements.read_text()}"
    return hashlib.sha256(text.encode()).hexdigest()


def executable(folder: Path) -> Path:
    if sys.platform == "win32":
        return folder / "Scripts" / "python.exe"
    return folder / "bin" / "python"


def build(name: str, folder: Path, requirements: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    run(name, [sys.executable, "-m", "venv", str(folder)])
    install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run(name, [str(executable(folder)), *install, "-r", str(requirements)])


def run(name: str, command: list[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise OracleUnavailable(f"the {name} oracle cannot be made: {error}") from error
    if done.returncode:
        tail = "\n".join(x[:300] for x in (done.stderr or done.stdout).strip().splitlines()[-5:])
        raise OracleUnavailable(f"the {name} oracle cannot be made: {' '.join(command)}\n{tail}")
