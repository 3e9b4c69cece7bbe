"""Runs `amllint` in this process, in a folder and an environment of its own."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from amllint.cli import main


@dataclass(frozen=True)
class Done:
    """What a command came to."""

    code: int
    out: str
    err: str


def run(folder: Path, env: Mapping[str, str], *arguments: str, stdin: bytes = b"") -> Done:
    """Run a command line; nothing of this process's environment but the search path is there."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    given: Any = io.TextIOWrapper(io.BytesIO(stdin))
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    here = os.getcwd()
    os.chdir(folder)
    try:
        with (
            mock.patch.dict(os.environ, {**kept, **env}, clear=True),
            mock.patch.object(sys, "stdin", given),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            code = main(list(arguments))
    finally:
        os.chdir(here)
        gc.enable()
    return Done(code, *(_text(stream) for stream in (out, err)))


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    raw = stream.buffer
    assert isinstance(raw, io.BytesIO)
    return raw.getvalue().decode("utf-8")
