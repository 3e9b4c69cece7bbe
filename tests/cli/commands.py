"""Runs command lines in this process, and says what came out where."""

from __future__ import annotations

import gc
import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from amllint.cli import main
from tests.checking import Files, write

SCRIPT = "def init():\n    pass\n\n\ndef run(raw_data):\n    return {'received': len(raw_data)}\n"
LEAKY = """\
import json


def init():
    pass


def run(raw_data):
    try:
        return json.loads(raw_data)
    except Exception as e:
        return str(e)
"""
NO_RUN = "def init():\n    print('AZUREML_MODEL_DIR')\n"
AKS = '{"computeType": "aks", "numReplicas": 2}\n'
BAD_AKS = '{\n  "computeType": "aks",\n  "numReplica": 2\n}\n'


@dataclass(frozen=True)
class Done:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)

    @property
    def names(self) -> list[str]:
        """Rules of the findings, from JSON or concise output."""
        if self.out.startswith("{"):
            return sorted(f["name"] for f in self.data["findings"])
        return sorted(line.split(" ")[2] for line in self.out.splitlines())


class Commands:
    """A folder in which commands are run."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, capture: Any) -> None:
        self.folder = folder
        self.patch = patch
        self.capture = capture

    def __call__(self, *arguments: str, stdin: bytes | None = None, **files: str) -> Done:
        """Run `amllint` with arguments in the folder."""
        self.patch.chdir(self.folder)
        if stdin is not None:
            self.patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        self.capture.readouterr()
        try:
            code = main(list(arguments))
        finally:
            gc.enable()
        return Done(code, *self.capture.readouterr())

    def check(self, *arguments: str, stdin: bytes | None = None) -> Done:
        """Run `amllint check` with concise output, unless told otherwise."""
        given = any(a.startswith(("-o", "--output-format")) for a in arguments)
        return self("check", *(() if given else ("-o", "concise")), *arguments, stdin=stdin)

    def write(self, files: Files) -> None:
        """Write files into the folder."""
        write(self.folder, files)
