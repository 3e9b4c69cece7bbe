"""Measures the scan of large model files, and checks the bounds.

python benchmarks/models.py
python benchmarks/models.py --mebibytes 64 -n 5 --python .venv-test/bin/python

Model files are written to a temporary folder. Those with one large buffer, and archives as torch
writes them, are held against reading the same file; pickles of many objects, of which a scan
reads a bounded number, against one with half as many. All run in turns, in one process; what
counts is the median of the ratios within rounds. The exit code is 1 if a bound does not hold.
"""

from __future__ import annotations

import argparse
import io
import pickle
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
MIB: Final = 2**20
MOST: Final = {"one large buffer": 0.5, "torch archive": 0.5, "many objects": 1.5}
"""The time of a scan, at most, as a ratio to what the kind of model is held against."""
HALF: Final = "half as many objects"
OBJECTS_PER_MEBIBYTE: Final = 1_250
"""Small objects in the third file, by the size of the others."""


def main() -> int:
    """Write the files, measure in a process that has amllint, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--mebibytes", type=int, default=256, help="size of the large files")
    parser.add_argument("-n", "--rounds", type=int, default=7)
    parser.add_argument("--python", help="an interpreter that amllint's packages are in")
    options = parser.parse_args()
    if options.python:
        rest = [f"--mebibytes={options.mebibytes}", f"-n{options.rounds}"]
        return subprocess.run([options.python, __file__, *rest], check=False).returncode
    with tempfile.TemporaryDirectory() as folder:
        return measured(written(Path(folder), options.mebibytes), options.rounds)


def written(folder: Path, mebibytes: int) -> dict[str, Path]:
    """The files by their kind, and `half as many objects`."""
    names = (*MOST, HALF)
    files = {name: folder / f"{number}.bin" for number, name in enumerate(names)}
    buffer = bytes(range(256)) * (mebibytes * MIB // 256)
    files["one large buffer"].write_bytes(pickle.dumps({"weights": buffer}, protocol=4))
    with zipfile.ZipFile(files["torch archive"], "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps({"layers": list(range(1000))}))
        archive.writestr("archive/data/0", buffer)
    count = mebibytes * OBJECTS_PER_MEBIBYTE
    rows = [{"name": f"node {n}", "left": n, "value": n / 7} for n in range(count)]
    files["many objects"].write_bytes(pickle.dumps(rows, protocol=4))
    files[HALF].write_bytes(pickle.dumps(rows[: count // 2], protocol=4))
    return files


def measured(files: dict[str, Path], rounds: int) -> int:
    """Measure each file, and say whether all bounds hold."""
    sys.path.insert(0, str(ROOT / "lint"))
    from amllint.source.pickles.scan import scan_file

    held = True
    print(f"{'model file':20} {'MiB':>6} {'scan ms':>9} {'ratio':>8} {'at most':>8}")
    for name, most in MOST.items():
        path = files[name]
        scanned = partial(scan_file, str(path))
        other = partial(plain, name, files, scan_file)
        times = [(seconds(scanned), seconds(other)) for _ in range(rounds)]
        ratio = statistics.median(scan / base for scan, base in times)
        scan = 1000 * statistics.median(scan for scan, _ in times)
        size = path.stat().st_size / MIB
        print(f"{name:20} {size:6.0f} {scan:9.1f} {ratio:8.3f} {most:8.1f}")
        held &= ratio <= most
    return 0 if held else 1


def plain(name: str, files: dict[str, Path], scan: Callable[[str], object]) -> None:
    """What the scan of a kind of model is held against."""
    if name == "many objects":
        scan(str(files[HALF]))
    else:
        read(files[name])


def read(path: Path) -> None:
    """Read a file to its end, a mebibyte at a time."""
    with io.FileIO(path) as file:
        while file.read(MIB):
            pass


def seconds(what: Callable[[], object]) -> float:
    """How long something takes on the clock."""
    start = time.perf_counter()
    what()
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
