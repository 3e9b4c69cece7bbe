"""The interpreter that a script is tried with: what it has installed, and whether it will do."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

SERVER: Final = "azureml-inference-server-http"
INSIDE: Final = os.path.join(os.path.dirname(os.path.abspath(__file__)), "inside")
_SECONDS: Final = 60


class NoServer(Exception):
    """No trial is possible: the message says what is missing and how to get it."""


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python with the inference server: its executable, versions, and what is installed.

    `distributions` has versions by normalized names.
    """

    executable: str
    python: str
    server: str
    distributions: Mapping[str, str]


def find_interpreter(given: str | None) -> Interpreter:
    """The interpreter at a path or of a name, else the one that runs amllint.

    Raises `NoServer` where it cannot be run or has no inference server.
    """
    if os.name != "posix":
        raise NoServer("try needs Linux or macOS: it limits and ends processes as POSIX does")
    executable = shutil.which(given) if given else sys.executable
    if not executable:
        raise NoServer(f"there is no interpreter {given}")
    about = _describe(executable)
    if not about.get("server"):
        raise NoServer(_missing(executable, bool(given)))
    return Interpreter(executable, about["python"], about["server"], about["distributions"])


def _describe(executable: str) -> Any:
    command = [executable, os.path.join(INSIDE, "describe.py")]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_SECONDS, stdin=subprocess.DEVNULL
        )
        if done.returncode == 0:
            return json.loads(done.stdout)
    except (OSError, subprocess.TimeoutExpired, ValueError) as error:
        raise NoServer(f"{executable} cannot be run as Python: {error}") from None
    said = done.stderr.strip().splitlines()[-1:] or [f"it ended with {done.returncode}"]
    raise NoServer(f"{executable} cannot be run as Python 3.8 or newer: {said[0]}")


def _missing(executable: str, given: bool) -> str:
    if given:
        how = f"{executable} -m pip install {SERVER}"
    else:
        how = "pip install 'amllint[try]', or the same of your clone"
    return (
        f"try runs the script under {SERVER}, which {executable} does not have: {how};"
        " or name an interpreter that has it with --python"
    )
