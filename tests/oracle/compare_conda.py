"""Compares what amllint and azureml-core read in generated conda files.

    python -m tests.oracle.compare_conda --count 2000 --seed 1
    python -m tests.oracle.compare_conda --count 4000 --seed 27112026 \\
        --write tests/oracle/results --date 2026-11-27

For each file three questions: does azureml-core refuse it, and does conda-schema (or a syntax
error) say so; does it put another Python in than the file has, and does python-pin-lost say so;
which pip packages does it see. The latter two are asked of files that conda-schema has nothing
against (of one that is misshapen it alone speaks), and that have no `pip:` without a list, of
which azureml-core and conda raise. Prints what the two disagree on, and exits with 1 if there is
any.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from amllint.artifacts.conda import CondaEnvironment
from amllint.config import Settings
from amllint.engine.check import check
from amllint.engine.loading import Loader
from amllint.source.overlay import Overlay
from amllint.source.repository import Repository
from tests.oracle.conda_files import PYTHONS, CondaFile, conda_files
from tests.oracle.environments import oracle_environment

TABLE = "conda-files.json"
CONFIG = '{"entryScript": "score.py", "runtime": "python", "condaFile": "conda.yml"}'
SCRIPT = "def init():\n    pass\n\n\ndef run(data):\n    return len(data)\n"
DEFAULT = "python=3.10.18"
BATCH = 500


class Row(NamedTuple):
    """One question about one file: both answers."""

    question: str
    file: CondaFile
    azureml: Any
    amllint: Any

    @property
    def agrees(self) -> bool:
        """Whether both say the same."""
        return bool(self.azureml == self.amllint)


def compared(count: int, seed: int, python: Path) -> Iterator[Row]:
    """The answers of both, for so many files."""
    files = list(conda_files(count, seed))
    for start in range(0, count, BATCH):
        yield from _batch(files[start : start + BATCH], python)


def _batch(files: list[CondaFile], python: Path) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as name:
        for number, file in enumerate(files):
            place = Path(name, f"{number:05}")
            place.mkdir()
            (place / "conda.yml").write_bytes(file.text.encode())
            (place / "inferenceconfig.json").write_text(CONFIG, "utf-8")
            (place / "score.py").write_text(SCRIPT, "utf-8")
        script = Path(__file__).with_name("conda_readings.py")
        done = subprocess.run([python, script, name], capture_output=True, text=True, check=True)
        readings = json.loads(done.stdout.splitlines()[-1])
        told = _told(name)
        pip = _pip(name)
    for number, file in enumerate(files):
        case = f"{number:05}"
        yield from _rows(file, readings[case], told.get(case, set()), pip.get(case))


def _told(folder: str) -> dict[str, set[str]]:
    """What is told of each case: `refused`, `misshapen`, `lost`."""
    report = check(["."], Settings(persona="pedantic"), Overlay(folder))
    found: dict[str, set[str]] = {}
    for finding in report.findings:
        case = found.setdefault(finding.location.path.split("/")[0], set())
        if finding.name == "syntax-error" or "azureml-core refuses" in finding.message:
            case.add("refused")
        if finding.name == "conda-schema":
            case.add("misshapen")
        if finding.name == "python-pin-lost":
            case.add("lost")
    return found


def _pip(folder: str) -> dict[str, list[str]]:
    """The pip packages of each case, as rules see them; azureml-core keeps options elsewhere."""
    overlay = Overlay(folder)
    loader = Loader(overlay, Repository.around(folder), Settings())
    loader.request(["."])
    environments = (e for e in loader.load().all() if isinstance(e, CondaEnvironment))
    return {
        e.path.split("/")[0]: [r.text for r in e.own_pip if not r.text.startswith("-")]
        for e in environments
    }


def _rows(
    file: CondaFile, reading: dict[str, Any], told: set[str], pip: list[str] | None
) -> Iterator[Row]:
    refused = reading["loaded"] is not None
    yield Row("refused", file, refused, "refused" in told)
    if refused or "misshapen" in told:
        return
    if file.python is not None:
        lost = DEFAULT in reading["conda"] and not PYTHONS[file.python]
        yield Row("python lost", file, lost, "lost" in told)
    if reading["pip"] is not None:
        yield Row("pip packages", file, reading["pip"], pip or [])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", type=Path)
    parser.add_argument("--date")
    given = parser.parse_args()
    tally: Counter[tuple[str, str]] = Counter()
    for row in compared(given.count, given.seed, oracle_environment("azureml-core")):
        yes = "yes" if row.azureml else "no"
        tally[row.question, f"{yes}, agreed" if row.agrees else "disagreed"] += 1
        if not row.agrees:
            print(f"{row.question}: {row.azureml} / {row.amllint}\n{row.file.text}\n")
    table: dict[str, dict[str, int]] = {}
    for (question, answer), number in sorted(tally.items()):
        table.setdefault(question, {})[answer] = number
    print(json.dumps(table, indent=1), file=sys.stderr)
    if given.write:
        made = {"command": f"compare_conda --count {given.count} --seed {given.seed}"}
        text = json.dumps({**made, "date": given.date, "answers": table}, indent=1)
        (given.write / TABLE).write_text(text + "\n", "utf-8")
    return int(any("disagreed" in row for row in table.values()))


if __name__ == "__main__":
    raise SystemExit(main())
