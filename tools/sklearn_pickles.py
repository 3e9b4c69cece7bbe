"""Finds out which scikit-learn loads what another one pickled: `schemas/sklearn-pickles.json`.

python -m tools.sklearn_pickles FOLDER 0.24.2=python3.8 1.5.2=python3.11 …

For each version, oldest first, with a Python that has wheels of it: an environment is made in
FOLDER, every estimator is fitted with its defaults and pickled, and every version loads and calls
what the others pickled. What is in FOLDER already is not done again; FOLDER may be thrown away
afterwards. Eleven versions take an hour and 6 GB.

A failure counts if a name is missing, or if every estimator that has the name fails alike. What
other libraries cause (scipy, the random generators of numpy) is left out. The names that the table
has already are asked about too: those that releases before the oldest one used stay in it so.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "lint"))

TABLE = ROOT / "schemas/sklearn-pickles.json"
INSIDE = Path(__file__).with_name("sklearn_estimators.py")
BESIDE = {
    "0": ("numpy==1.19.5", "scipy==1.5.4"),
    "1.2": ("numpy<2",),
    "1.3": ("numpy<2",),
    "1.4": ("numpy<2",),
}
"""What releases do not hold back themselves, by the beginning of their version."""
ELSEWHERE = re.compile(r"__randomstate_ctor|BitGenerator|scipy|_asarray|NotFitted")
"""Failures that are none of scikit-learn's, or of which no name is to be blamed."""
TREE = "sklearn.tree._tree:Tree"
NODES = ("node array from the pickle", "Did not recognise loaded array")
ATTRIBUTE = re.compile(r"(?:predict|transform): AttributeError: '(\w+)' object has no attribute '")


class Cell(NamedTuple):
    """What a name, pickled by one version, fails with in another: its stage and symptom."""

    stage: str
    symptom: str


class Seen(NamedTuple):
    """Everything that was executed.

    `versions` oldest first; `names` has the names of scikit-learn in each pickle
    (`version/estimator`), `missing` those that a version has not, `answers` how a version fails
    with each pickle, `None` where it does not.
    """

    versions: list[str]
    names: dict[str, list[str]]
    missing: dict[str, set[str]]
    answers: dict[str, dict[str, str | None]]


def main(arguments: list[str]) -> int:
    """Execute all that is not there yet, and write the table."""
    if len(arguments) < 2:
        print(__doc__)
        return 2
    folder = Path(arguments[0]).resolve()
    pythons = dict(a.partition("=")[::2] for a in arguments[1:])
    for version, python in pythons.items():
        prepare(folder / version, version, python)
    names = {key: used for version in pythons for key, used in used_names(folder / version)}
    for version in pythons:
        ask(folder, version, list(pythons), names)
    write(table(seen(folder, list(pythons), names)))
    return 0


# -- executing ------------------------------------------------------------------------------


def prepare(folder: Path, version: str, python: str) -> None:
    """Make the environment of a version, and the pickles of its estimators."""
    if not executable(folder).exists():
        run(python, "-m", "venv", str(folder / "venv"))
        beside = next((b for start, b in BESIDE.items() if version.startswith(f"{start}.")), ())
        options = ("-q", "--disable-pip-version-check", "--only-binary=:all:")
        wanted = (f"scikit-learn=={version}", *beside)
        run(str(executable(folder)), "-m", "pip", "install", *options, *wanted)
    if not (folder / "models/made.json").exists():
        run(str(executable(folder)), str(INSIDE), "write", str(folder / "models"))


def ask(folder: Path, version: str, versions: list[str], names: Mapping[str, list[str]]) -> None:
    """Have a version load everything, and look for every name."""
    python, own = str(executable(folder / version)), folder / version
    if not (own / "answers.json").exists():
        models = [str(folder / v / "models") for v in versions]
        run(python, str(INSIDE), "read", str(own / "answers.json"), *models)
    if not (own / "missing.json").exists():
        every = sorted({n for used in names.values() for n in used} | set(known_names()))
        (own / "names.json").write_text(json.dumps(every), "utf-8")
        run(python, str(INSIDE), "names", str(own / "missing.json"), str(own / "names.json"))


def executable(folder: Path) -> Path:
    """The Python of a version's environment."""
    return folder / "venv/bin/python"


def run(*command: str) -> None:
    """Run a command. Raises `CalledProcessError` where it fails."""
    subprocess.run(command, check=True)


def used_names(folder: Path) -> Iterable[tuple[str, list[str]]]:
    """The names of scikit-learn that each pickle of a version imports."""
    from amllint.source.pickles.scan import scan_file

    for path in sorted((folder / "models").glob("*.pkl")):
        references = scan_file(str(path)).references
        names = sorted(f"{r.module}:{r.name}" for r in references if r.module[:7] == "sklearn")
        yield f"{folder.name}/{path.stem}", names


def known_names() -> list[str]:
    """The names that the table has already."""
    if not TABLE.exists():
        return []
    return [":".join(n.rsplit(".", 1)) for n in json.loads(TABLE.read_text("utf-8"))["missing"]]


def seen(folder: Path, versions: list[str], names: dict[str, list[str]]) -> Seen:
    """What was executed, from the files that it left."""

    def load(version: str, file: str) -> dict[str, str | None]:
        found: dict[str, str | None] = json.loads((folder / version / file).read_text("utf-8"))
        return found

    missing = {v: set(load(v, "missing.json")) for v in versions}
    return Seen(versions, names, missing, {v: load(v, "answers.json") for v in versions})


# -- the table ------------------------------------------------------------------------------


def table(facts: Seen) -> dict[str, object]:
    """The table that facts come to."""
    minors = [minor(v) for v in facts.versions]
    gone: dict[str, list[str]] = {}
    for name in sorted(set().union(*facts.missing.values())):
        without = [minor(v) for v in facts.versions if name in facts.missing[v]]
        gone[name.replace(":", ".")] = ranges(without, minors)
    pairs = sum(len(answers) for answers in facts.answers.values())
    executed = ", ".join(facts.versions[:-1]) + f" and {facts.versions[-1]}"
    return {
        "title": "What scikit-learn cannot load of what another version of it pickled",
        "source": f"Executed: every estimator of scikit-learn {executed}, fitted with its defaults "
        "and pickled, was loaded and called in each of the others "
        f"({len(facts.names)} pickles, {pairs} pairs). What other libraries cause (scipy, numpy's "
        "random generators) is left out.",
        "date": date.today().isoformat(),
        "versions": minors,
        "missing": gone,
        "states": states(facts, minors),
    }


def states(facts: Seen, minors: list[str]) -> list[dict[str, str]]:
    """Failures with names that are there: ranges of versions that write and that read."""
    rows = []
    for name, cells in sorted(failures(facts).items()):
        readers: dict[tuple[str, Cell], list[str]] = defaultdict(list)
        for (written, read), cell in cells.items():
            if always(facts, name, written, read):
                readers[written, cell].append(minor(read))
        writers: dict[tuple[str, Cell], list[str]] = defaultdict(list)
        for (written, cell), those in readers.items():
            for span in ranges(those, minors):
                writers[span, cell].append(minor(written))
        for (read, cell), those in writers.items():
            for written in ranges(those, minors):
                row = {"name": name.replace(":", "."), "written": written, "read": read}
                rows.append({**row, "stage": cell.stage, "symptom": cell.symptom})
    first = {m: number for number, m in enumerate(minors)}
    rows.sort(key=lambda r: (r["name"], *(first[r[k].split("-")[0]] for k in ("written", "read"))))
    return rows


def failures(facts: Seen) -> dict[str, dict[tuple[str, str], Cell]]:
    """By name and by pair of versions, what fails for another reason than a missing name."""
    found: dict[str, dict[tuple[str, str], Cell]] = defaultdict(dict)
    for read, answers in facts.answers.items():
        for key, why in answers.items():
            names = facts.names[key]
            if not why or ELSEWHERE.search(why) or facts.missing[read].intersection(names):
                continue
            cause = cause_of(why, names)
            if cause is not None:
                found[cause[0]][key.partition("/")[0], read] = cause[1]
    return found


def cause_of(why: str, names: Iterable[str]) -> tuple[str, Cell] | None:
    """The name that a failure is about; `None` where nothing says which."""
    _, _, text = why.partition(": ")
    if any(nodes in text for nodes in NODES):
        symptom = text.split("\n")[0].rstrip(":")
        return (TREE, Cell("start", symptom)) if TREE in names else None
    match = ATTRIBUTE.match(why)
    if match is None or not re.fullmatch(r"AttributeError: '\w+' object has no \w+ '\w+'", text):
        return None
    name = next((n for n in names if n.endswith(f":{match.group(1)}")), None)
    return (name, Cell("score", text)) if name else None


def always(facts: Seen, name: str, written: str, read: str) -> bool:
    """Whether everything of a version that has the name fails."""
    own = (key for key, names in facts.names.items() if name in names)
    mine = (key for key in own if key.startswith(f"{written}/"))
    return all(facts.answers[read].get(key) for key in mine)


def minor(version: str) -> str:
    """The first two numbers of a version."""
    return ".".join(version.split(".")[:2])


def ranges(some: Iterable[str], minors: list[str]) -> list[str]:
    """Versions as ranges such as `1.2-1.7`."""
    runs: list[list[int]] = []
    for at in sorted(minors.index(m) for m in some):
        if runs and at == runs[-1][1] + 1:
            runs[-1][1] = at
        else:
            runs.append([at, at])
    return [minors[a] if a == b else f"{minors[a]}-{minors[b]}" for a, b in runs]


def write(found: dict[str, object]) -> None:
    """One row a line: tables are read by people."""
    lines = []
    for key, value in found.items():
        if isinstance(value, dict):
            rows = [f"    {json.dumps(k)}: {json.dumps(v)}" for k, v in value.items()]
            text = "{\n" + ",\n".join(rows) + "\n  }"
        elif value and isinstance(value, list) and isinstance(value[0], dict):
            text = "[\n" + ",\n".join(f"    {json.dumps(row)}" for row in value) + "\n  ]"
        else:
            text = json.dumps(value)
        lines.append(f"  {json.dumps(key)}: {text}")
    TABLE.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
