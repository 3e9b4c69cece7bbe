"""Git repositories with a change in them, as the platforms show it."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


class Repository:
    """A git repository; each commit holds exactly the files that are given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str) -> str:
        """What git prints, with no configuration but this repository's."""
        who = {
            f"GIT_{r}_{k}": "t@example.org"
            for r in ("AUTHOR", "COMMITTER")
            for k in ("EMAIL", "NAME")
        }
        date = {f"GIT_{r}_DATE": "2026-01-01T00:00:00Z" for r in ("AUTHOR", "COMMITTER")}
        kept = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            env={
                **kept,
                **who,
                **date,
                "GIT_CONFIG_GLOBAL": os.devnull,
                "GIT_CONFIG_NOSYSTEM": "1",
            },
            capture_output=True,
            check=True,
        )
        return done.stdout.decode("utf-8", "replace")

    def commit(self, files: Mapping[str, str]) -> str:
        """A commit with these files alone; its id."""
        self.git("rm", "-rqf", "--ignore-unmatch", ".")
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", "change")
        return self.git("rev-parse", "HEAD").strip()

    def change(self, base: str, head: str) -> list[dict[str, Any]]:
        """The changed files as GitHub lists them."""
        rows = self.git("diff", "-z", "--name-status", "-M", base, head).split("\0")
        files = []
        while rows and rows[0]:
            status, path = rows.pop(0), rows.pop(0)
            entry: dict[str, Any] = {"filename": path, "status": _STATUS[status[0]]}
            old = path
            if status[0] == "R":
                old, entry["filename"] = path, rows.pop(0)
                entry["previous_filename"] = old
            text = self.git("diff", "-M", base, head, "--", old, entry["filename"])
            hunks = re.search(r"(?m)^@@ ", text)
            if hunks:
                entry["patch"] = text[hunks.start() :].removesuffix("\n")
                entry["changes"] = len(re.findall(r"(?m)^[+-]", entry["patch"]))
            else:
                entry["changes"] = 0
            files.append(entry)
        return files


_STATUS = {"A": "added", "M": "modified", "D": "removed", "R": "renamed"}


def example(name: str, folder: str = "deploy") -> dict[str, str]:
    """The files of an example deployment, below a folder."""
    paths = sorted((EXAMPLES / name).iterdir())
    return {f"{folder}/{p.name}": p.read_text("utf-8") for p in paths if p.is_file()}
