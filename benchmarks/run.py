"""Measures amllint as a process, in turns with what it is compared to, and checks the bounds.

python benchmarks/run.py TREE      a tree against ruff and flake8, and single files
python benchmarks/run.py           single files only
python benchmarks/run.py TREE -n 15 --python .venv-test/bin/python

Needs Linux or macOS. ruff and flake8 are looked for beside the given Python, then on PATH.
Each round runs every command once, in rotating order, so that a slow phase of the machine
falls on all of them; what counts is the median of a ratio within rounds. The table's peak is
that of the largest process; the bound is for all processes of amllint together.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
MIB = 2**20
CONDA = "examples/broken/conda.yml"
SCRIPT = "examples/broken/score.py"
CONFIG = "examples/broken/deploymentconfig.json"


class Run(NamedTuple):
    """One process: seconds on the clock, seconds of processor, bytes at the peak, exit code."""

    wall: float
    cpu: float
    peak: int
    code: int


@dataclass(slots=True)
class Candidate:
    """A command under a name, with what was measured.

    `cache` is a folder that amllint keeps facts in from round to round; without one, each
    run is the first to see its files.
    """

    name: str
    command: list[str]
    codes: tuple[int, ...] = (0,)
    cache: Path | None = None
    runs: list[Run] = field(default_factory=list)

    def run(self, cwd: Path, environment: dict[str, str]) -> Run:
        """Run the command once."""
        with tempfile.TemporaryDirectory() as empty:
            kept = {"AMLLINT_CACHE_DIR": str(self.cache or empty)}
            return measure(self.command, cwd, environment | kept)

    def median(self, what: str) -> float:
        return float(statistics.median(getattr(run, what) for run in self.runs))


class Bound(NamedTuple):
    """A candidate's wall time may be at most so many times another's."""

    name: str
    base: str
    most: float


# -- measuring ------------------------------------------------------------------------------


def measure(command: list[str], cwd: Path, environment: dict[str, str]) -> Run:
    """Run a command to its end."""
    began = time.perf_counter()
    process = os.posix_spawn(command[0], command, environment, file_actions=_to_nowhere())
    _, status, usage = os.wait4(process, 0)
    wall = time.perf_counter() - began
    unit = 1 if sys.platform == "darwin" else 1024
    cpu = usage.ru_utime + usage.ru_stime
    return Run(wall, cpu, usage.ru_maxrss * unit, os.waitstatus_to_exitcode(status))


def peak_of_all(command: list[str], cwd: Path) -> int:
    """The most memory that a command and its children held together, sampled; bytes.

    Shared pages count once (PSS). Where the system does not tell, 0.
    """
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(map(_held, _session(process.pid))))
        time.sleep(0.01)
    return peak


def _session(leader: int) -> list[Path]:
    """The processes of a session, as folders of /proc."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, IndexError):
            if int((folder / "stat").read_text().rpartition(")")[2].split()[3]) == leader:
                found.append(folder)
    return found


def _held(folder: Path) -> int:
    with contextlib.suppress(OSError, IndexError):
        said = (folder / "smaps_rollup").read_text()
        return int(said.partition("\nPss:")[2].split()[0]) * 1024
    return 0


def _to_nowhere() -> list[tuple[int, int, str, int, int]]:
    return [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in (0, 1, 2)]


def rotate(candidates: list[Candidate], rounds: int, cwd: Path) -> None:
    """Measure each candidate once a round, each round beginning with another one."""
    environment = clean_environment()
    os.chdir(cwd)
    for candidate in candidates:
        first = candidate.run(cwd, environment)
        if first.code not in candidate.codes:
            raise SystemExit(f"{candidate.name} ended with {first.code}: {candidate.command}")
    for number in range(rounds):
        turn = number % len(candidates)
        for candidate in candidates[turn:] + candidates[:turn]:
            candidate.runs.append(candidate.run(cwd, environment))


def clean_environment() -> dict[str, str]:
    """The environment without what would keep Python from using compiled files."""
    dropped = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PYTHONUNBUFFERED", "PYTHONOPTIMIZE")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return {**kept, "PYTHONPATH": str(ROOT / "lint"), "NO_COLOR": "1"}


def compile_all(python: str) -> None:
    """Compile the checkout and what that Python has installed, as an installation would."""
    where = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    if not Path(python).samefile(sys.executable):
        ask = "import sysconfig as s; print(s.get_path('purelib')); print(s.get_path('platlib'))"
        said = subprocess.run([python, "-c", ask], capture_output=True, text=True, check=True)
        where = said.stdout.split("\n")[:2]
    code = "import compileall, sys; [compileall.compile_dir(p, quiet=2) for p in sys.argv[1:]]"
    folders = [str(ROOT / "lint"), *dict.fromkeys(where)]
    subprocess.run([python, "-c", code, *folders], env=clean_environment(), check=True)


# -- reporting ------------------------------------------------------------------------------


def table(candidates: Iterable[Candidate], base: Candidate) -> None:
    """Print medians, and the median ratio to a base within rounds."""
    print(f"{'':34} {'wall ms':>9} {'cpu ms':>9} {'peak MiB':>9} {'wall ×':>8} {'cpu ×':>8}")
    for one in candidates:
        print(
            f"{one.name:34} {one.median('wall') * 1000:9.1f} {one.median('cpu') * 1000:9.1f}"
            f" {one.median('peak') / MIB:9.1f} {ratio(one, base):8.2f}"
            f" {ratio(one, base, 'cpu'):8.2f}"
        )
    print(f"{'':34} {'':9} {'':9} {'':9} (× {base.name})\n")


def ratio(one: Candidate, base: Candidate, what: str = "wall") -> float:
    """The median of one candidate's measure in that of another, within rounds."""
    pairs = zip(one.runs, base.runs, strict=True)
    within = (getattr(a, what) / max(getattr(b, what), 1e-4) for a, b in pairs)
    return float(statistics.median(within))


def judge(candidates: list[Candidate], bounds: Iterable[Bound]) -> bool:
    """Print each bound and whether it holds; whether all do."""
    named = {candidate.name: candidate for candidate in candidates}
    good = True
    for bound in bounds:
        found = ratio(named[bound.name], named[bound.base])
        good &= verdict(f"{bound.name} ÷ {bound.base}", found, bound.most, "×")
    return good


def verdict(what: str, found: float, most: float, unit: str) -> bool:
    """Print one bound."""
    held = found <= most
    said = "ok" if held else "OUT OF BOUNDS"
    print(f"{what:52} {found:8.2f} {unit:3} of {most:g}  {said}")
    return held


# -- what is measured -----------------------------------------------------------------------


def single_files(python: str, rounds: int) -> bool:
    """Small runs against a Python that does nothing."""
    check = [python, "-m", "amllint", "check"]
    with tempfile.TemporaryDirectory() as folder:
        candidates = [
            Candidate("python -c pass", [python, "-c", "pass"]),
            Candidate("amllint --version", [python, "-m", "amllint", "--version"]),
            Candidate("one conda file", [*check, alone(CONDA, folder)], (0, 1)),
            Candidate("one scoring script", [*check, alone(SCRIPT, folder)], (0, 1)),
            Candidate("one deployment config", [*check, alone(CONFIG, folder)], (0, 1)),
            Candidate("a whole deployment", [*check, "examples/broken"], (0, 1)),
        ]
        rotate(candidates, rounds, ROOT)
    base = candidates[0]
    table(candidates, base)
    return judge(
        candidates,
        (
            Bound("amllint --version", base.name, 3),
            Bound("one conda file", base.name, 16),
            Bound("one scoring script", base.name, 28),
        ),
    )


def alone(name: str, folder: str) -> str:
    """A copy of an example in a folder of its own, so that nothing is linked to it."""
    place = Path(folder, Path(name).stem)
    place.mkdir()
    return str(shutil.copy(ROOT / name, place))


def whole_tree(python: str, tree: Path, rounds: int) -> bool:
    """A tree against ruff and flake8: seen for the first time by each, and by amllint again."""
    check = [python, "-m", "amllint", "check", "--isolated", "--quiet", "."]
    ruff = [tool("ruff", python), "check", "--no-cache", "--isolated", "--exclude", "*.ipynb", "."]
    flake8 = [tool("flake8", python), "-j1", "--isolated", "."]
    with tempfile.TemporaryDirectory() as cache:
        candidates = [
            Candidate("amllint check", check, (0, 1)),
            Candidate("ruff check", ruff, (0, 1)),
            Candidate("flake8 -j1", flake8, (0, 1)),
            Candidate("amllint check, again", check, (0, 1), Path(cache)),
        ]
        rotate(candidates, rounds, tree)
    own, ruffs, flakes, _ = candidates
    table(candidates, ruffs)
    bounds = (Bound(own.name, ruffs.name, 6), Bound(own.name, flakes.name, 0.25))
    good = judge(candidates, bounds)
    peak = max(peak_of_all(check, tree), *(run.peak for run in own.runs)) / MIB
    return verdict("amllint check, peak of all its processes", peak, 120, "MiB") and good


def tool(name: str, python: str) -> str:
    """A program beside a Python, or on PATH."""
    beside = Path(python).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        raise SystemExit(f"{name} is needed for the comparison: pip install {name}")
    return found


def main() -> int:
    """Measure and judge; 1 if a bound does not hold."""
    parser = argparse.ArgumentParser(description="Measure amllint and check its bounds.")
    parser.add_argument("tree", nargs="?", type=Path, help="a tree to check, such as a clone")
    parser.add_argument("-n", "--rounds", type=int, default=15, help="for single files")
    parser.add_argument("--tree-rounds", type=int, default=5, help="for the tree")
    parser.add_argument("--python", default=sys.executable, help="a Python with amllint's needs")
    options = parser.parse_args()
    python = str(Path(options.python).absolute())
    tree = options.tree.resolve() if options.tree else None
    compile_all(python)
    good = single_files(python, options.rounds)
    if tree:
        print()
        good = whole_tree(python, tree, options.tree_rounds) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
