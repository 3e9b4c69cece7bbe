"""Measures the hook from start to end against the bare command, on the same files.

python benchmarks/pre_commit.py            the files of the examples
python benchmarks/pre_commit.py TREE       all files of a tree that the hook gets

Needs git, and pre-commit beside the Python that runs this (`.venv-test/bin/python`). Each
run sees the files for the first time, as with files that have just been changed. The hook
is installed by pre-commit from the last commit of this checkout, and the bare command is the
one that it installed. What pre-commit itself takes is shown too, by a hook that does nothing.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from run import ROOT, Bound, Candidate, judge, rotate, table, tool

NAMES = re.compile(r"(\.(py|ya?ml|json)|(^|/)amllint\.toml)$")
CONFIG = """\
repos:
  - repo: {hooks}
    rev: v0.0.0
    hooks:
      - id: amllint
  - repo: local
    hooks:
      - {{id: nothing, name: nothing, entry: "true", language: system, stages: [manual]}}
"""


def git(folder: Path, *arguments: str) -> None:
    """Run git in a folder, as nobody in particular."""
    identity = ("-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def repository(folder: Path, tree: Path | None) -> list[str]:
    """A repository with the files and the hook; the files that the hook gets."""
    hooks, work = folder / "hooks", folder / "work"
    git(folder, "clone", "--quiet", str(ROOT), str(hooks))
    git(hooks, "tag", "v0.0.0")
    ignored = shutil.ignore_patterns(".git")
    shutil.copytree(tree or ROOT / "examples", work, symlinks=True, ignore=ignored)
    (work / ".pre-commit-config.yaml").write_text(CONFIG.format(hooks=hooks))
    git(work, "init", "--quiet")
    git(work, "add", "--all", "--force")
    git(work, "commit", "--quiet", "-m", "files")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=work, capture_output=True, check=True)
    names = [os.fsdecode(n) for n in listed.stdout.split(b"\0") if n]
    return [n for n in names if NAMES.search(n) and not n.startswith(".pre-commit")]


def main() -> int:
    """Measure and judge; 1 if the bound does not hold."""
    parser = argparse.ArgumentParser(description="Measure the pre-commit hook.")
    parser.add_argument("tree", nargs="?", type=Path, help="a tree instead of the examples")
    parser.add_argument("-n", "--rounds", type=int, default=9)
    options = parser.parse_args()
    tree = options.tree.resolve() if options.tree else None
    program = tool("pre-commit", sys.executable)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["PRE_COMMIT_HOME"] = str(folder / "home")
        # Whoever commits a file has just changed it.
        os.environ["AMLLINT_NO_CACHE"] = "1"
        files = repository(folder, tree)
        work = folder / "work"
        subprocess.run([program, "install-hooks"], cwd=work, check=True, capture_output=True)
        (amllint,) = (folder / "home").glob("repo*/py_env*/bin/amllint")
        idle = ["run", "nothing", "--hook-stage", "manual", "--files", *files]
        candidates = [
            Candidate("the hook", [program, "run", "amllint", "--files", *files], (0, 1)),
            Candidate("amllint check", [str(amllint), "check", *files], (0, 1)),
            Candidate("pre-commit without a hook", [program, *idle], (0, 1)),
        ]
        rotate(candidates, options.rounds, work)
    print(f"{len(files)} files\n")
    table(candidates, candidates[1])
    return 0 if judge(candidates, [Bound("the hook", "amllint check", 1.5)]) else 1


if __name__ == "__main__":
    sys.exit(main())
