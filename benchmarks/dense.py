"""Measures nothing but scoring scripts, against fixit and against the bare parse by libcst.

python benchmarks/dense.py TREE…

Copies every scoring script that `amllint check --list-files` finds in the trees, each into a
folder of its own, and measures whole processes in turns: `amllint check`, `fixit lint` with
its built-in rules, and a Python that imports libcst and does nothing but `parse_module` on the
same files. At most 1/12 of fixit's wall time, by a run that sees the scripts for the first time
and by one that has seen them before. At most 3 × the processor time of the bare parse, the first
time. A profile of one run in a single process says where the rest of the time goes.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from run import (
    ROOT,
    Bound,
    Candidate,
    clean_environment,
    compile_all,
    judge,
    ratio,
    rotate,
    table,
    tool,
    verdict,
)

PARSE = """\
import sys, libcst
for path in sys.argv[1:]:
    libcst.parse_module(open(path, "rb").read())
"""
PROFILE = """\
import cProfile, io, json, pstats, sys
from amllint.config import Settings
from amllint.engine.check import check
from amllint.source.overlay import Overlay
profile = cProfile.Profile()
profile.runcall(check, ["."], Settings(), Overlay(cwd=sys.argv[1]))
stats = pstats.Stats(profile, stream=io.StringIO()).stats
print(json.dumps([[file, own] for (file, _, _), (_, _, own, _, _) in stats.items()]))
"""
PARTS = {
    "libcst": ("libcst", "<built-in method libcst"),
    "syntax tree": ("amllint/source/python",),
    "analysis": ("amllint/analysis",),
    "rules": ("amllint/rules",),
    "the rest of amllint": ("amllint",),
}


def scripts(python: str, tree: Path) -> list[Path]:
    """The scoring scripts of a tree that are files of their own."""
    command = [python, "-m", "amllint", "check", "--isolated", "--list-files", "."]
    said = subprocess.run(
        command, cwd=tree, env=clean_environment(), capture_output=True, text=True, check=False
    )
    lines = [line for line in said.stdout.splitlines() if " scoring script " in line]
    return [tree / line.split("  ")[0] for line in lines if line.split("  ")[0].endswith(".py")]


def gather(found: list[Path], into: Path) -> list[str]:
    """Copy scripts into numbered folders; their paths below `into`."""
    copies = []
    for number, path in enumerate(found):
        place = into / str(number)
        place.mkdir()
        shutil.copy(path, place / path.name)
        copies.append(f"{number}/{path.name}")
    return copies


def show_profile(python: str, folder: Path) -> None:
    """Print which part of the work takes which share, in one process."""
    run = subprocess.run(
        [python, "-c", PROFILE, str(folder)],
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    shares: Counter[str] = Counter()
    for file, own in json.loads(run.stdout):
        part = next((p for p, marks in PARTS.items() if any(m in file for m in marks)), "Python")
        shares[part] += own
    total = sum(shares.values())
    print("\nwhere it goes, profiled in one process:")
    for part, seconds in shares.most_common():
        print(f"  {part:24} {seconds / total:5.0%}")


def main() -> int:
    """Measure and judge; 1 if a bound does not hold."""
    parser = argparse.ArgumentParser(description="Measure amllint on scoring scripts alone.")
    parser.add_argument("trees", nargs="+", type=Path, help="trees to take the scripts from")
    parser.add_argument("-n", "--rounds", type=int, default=5)
    parser.add_argument("--python", default=sys.executable, help="a Python with amllint's needs")
    options = parser.parse_args()
    python = str(Path(options.python).absolute())
    compile_all(python)
    found = [p for tree in options.trees for p in scripts(python, tree.resolve())]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copies = gather(found, folder)
        print(f"{len(copies)} scoring scripts, {sum(os.path.getsize(p) for p in found):,} bytes\n")
        good = measure_all(python, copies, folder, options.rounds)
        show_profile(python, folder)
    return 0 if good else 1


def measure_all(python: str, copies: list[str], folder: Path, rounds: int) -> bool:
    """Measure the three on the same files; whether the bounds hold."""
    own = [python, "-m", "amllint", "check", "--isolated", "--quiet", "."]
    fixit = [tool("fixit", python), "--quiet", "lint", "."]
    with tempfile.TemporaryDirectory() as cache:
        candidates = [
            Candidate("libcst.parse_module", [python, "-c", PARSE, *copies]),
            Candidate("amllint check, first", own, (0, 1)),
            Candidate("amllint check, again", own, (0, 1), Path(cache)),
            Candidate("fixit lint", fixit, (0, 1, 2, 3)),
        ]
        rotate(candidates, rounds, folder)
    bare, first, again, other = candidates
    table(candidates, bare)
    bounds = (Bound(one.name, other.name, 1 / 12) for one in (first, again))
    good = judge(candidates, bounds)
    used = ratio(first, bare, "cpu")
    return verdict(f"{first.name} ÷ {bare.name}, processor time", used, 3, "×") and good


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
