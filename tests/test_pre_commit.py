"""The hook for pre-commit runs a command that exists, on the files amllint reads."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import yaml

from amllint.cli.parser import _parser
from amllint.source.repository import EXTENSIONS

ROOT = Path(__file__).resolve().parents[1]
(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))


def test_the_hook_gets_every_kind_of_file_that_is_read() -> None:
    for extension in EXTENSIONS:
        assert re.search(HOOK["files"], f"deploy/score{extension}"), extension
    assert not re.search(HOOK["files"], "deploy/README.md")
    assert not re.search(HOOK["files"], "deploy/Dockerfile")


def test_the_hook_runs_once_with_all_files() -> None:
    assert HOOK["id"] == "amllint"
    assert HOOK["require_serial"] is True
    assert HOOK["pass_filenames"] is True
    program, *arguments = shlex.split(HOOK["entry"])
    assert program == "amllint"
    assert _parser().parse_args([*arguments, "a.py"]).paths == ["a.py"]
