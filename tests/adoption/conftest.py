"""A folder in which commands are run, and a git repository in it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.checking import Files, write
from tests.cli.commands import Commands
from tests.hostile.repositories import clean_environment


class Repo:
    """A git repository and amllint in it."""

    def __init__(self, folder: Path, amllint: Commands) -> None:
        self.folder = folder
        self.amllint = amllint
        self.git("init", "-q", "-b", "main")
        self.git("config", "user.email", "a@b.c")
        self.git("config", "user.name", "A")

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            env=clean_environment(self.folder),
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def write(self, files: Files) -> None:
        write(self.folder, files)

    def commit(self, files: Files, message: str = "x") -> str:
        self.write(files)
        self.git("add", "-A")
        self.git("commit", "-qm", message)
        return self.git("rev-parse", "HEAD")

    def shown(self, *arguments: str, base: str = "HEAD") -> list[tuple[str, str]]:
        """Path and rule of the findings in the change."""
        done = self.amllint.check("-o", "json", "--diff-base", base, *arguments)
        assert done.code in (0, 1), done.err
        found = [(f["path"], f["name"]) for f in done.data["findings"]]
        assert done.code == bool(found)
        return found


@pytest.fixture
def amllint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Commands:
    for name in [n for n in os.environ if n.startswith("GIT_")] + ["NO_COLOR", "FORCE_COLOR"]:
        monkeypatch.delenv(name, raising=False)
    return Commands(tmp_path, monkeypatch, capsys)


@pytest.fixture
def repo(amllint: Commands) -> Repo:
    return Repo(amllint.folder, amllint)
