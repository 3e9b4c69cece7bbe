"""Compares how amllint and rattler read conda's match specs.

    python -m tests.oracle.compare_match_specs --count 4000 --seed 27112026 [--corpus FOLDER] \\
        [--write tests/oracle/results --date DAY]

amllint leaves open what it does not read; what it does read must be what rattler reads: the name,
the build, and which of a list of versions are admitted. What is admitted must lie within the
bounds that rules reckon with, and no version may meet what is said to be impossible. Of what
rattler refuses nothing may be known. Addresses are left out, and names that begin with a dash: in a
file that is an item's dash, stuck. `--corpus` adds the specs of the conda files below a folder.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from amllint.artifacts.conda_specs import conda_spec
from amllint.artifacts.environment import Requirement
from amllint.artifacts.pins import _CONDA, _bounds
from amllint.artifacts.version_ranges import contradiction
from amllint.config import Settings
from amllint.engine.loading import Loader
from amllint.findings.finding import Location
from amllint.source.overlay import Overlay
from amllint.source.repository import Repository
from amllint.source.text import SourceText, Span
from tests.oracle.conda_spec_texts import VERSIONS, spec_texts
from tests.oracle.environments import oracle_environment

TABLE = "match-specs.json"


class Row(NamedTuple):
    """A spec, how rattler and amllint read it, and what that comes to."""

    text: str
    rattler: dict[str, Any] | None
    amllint: dict[str, Any] | None
    verdict: str


def requirement(text: str) -> Requirement:
    return Requirement(text, Location("a", Span(0, 0)), (), False, SourceText("a", text))


def compared(texts: Iterable[str], python: Path) -> Iterator[Row]:
    """The specs with both readings."""
    specs = list(dict.fromkeys(texts))
    script = Path(__file__).with_name("match_specs.py")
    asked = json.dumps({"specs": [_bare(t) for t in specs], "versions": VERSIONS})
    done = subprocess.run([python, script], input=asked, capture_output=True, text=True, check=True)
    for text, theirs in zip(specs, json.loads(done.stdout), strict=True):
        ours = read(text)
        yield Row(text, theirs, ours, verdict(text, theirs, ours))


def _bare(text: str) -> str:
    """A spec without a comment, which conda's reader of files takes off."""
    return text.partition(" #")[0]


def read(text: str) -> dict[str, Any] | None:
    """A spec as amllint reads it; versions are `None` where they are left open."""
    spec = conda_spec(requirement(text))
    if spec is None:
        return None
    return {"name": spec.name, "build": spec.build, "versions": _admitted(spec.versions)}


def _admitted(versions: str) -> list[str] | None:
    try:
        found = SpecifierSet(versions)
    except InvalidSpecifier:
        return None
    return [v for v in VERSIONS if found.contains(v, prereleases=True)] if versions else None


def verdict(text: str, theirs: dict[str, Any] | None, ours: dict[str, Any] | None) -> str:
    """What both readings come to; anything that begins with `wrong` is to be mended."""
    versions = ours["versions"] if ours else None
    if theirs is None:
        return "refused" if versions is None else "wrong: read, and refused by rattler"
    if ours is None:
        left_out = text.startswith("-") or "://" in text
        return "left out" if left_out else "wrong: not read"
    if theirs["name"] != ours["name"]:
        return "wrong: another name"
    if ours["build"] is not None and theirs["build"] != ours["build"]:
        return "wrong: another build"
    if versions is not None and versions != theirs["versions"]:
        return "wrong: other versions"
    if not _holds(text, theirs["versions"]):
        return "wrong: outside of the bounds"
    whole = versions is not None or theirs["versions"] == list(VERSIONS)
    return "read alike" if whole else "versions left open"


def _holds(text: str, admitted: list[str]) -> bool:
    """Whether what rules reckon with leaves in what is admitted."""
    spec = conda_spec(requirement(text))
    if spec and contradiction(spec.versions, True) is not None and admitted:
        return False
    match = _CONDA.match(text)
    found = _bounds(match.group(1), requirement(text), conda=True) if match else None
    if found is None:
        return True
    numbers = [tuple(map(int, v.split("."))) for v in admitted]
    return all(found.low <= (*n, 0, 0, 0)[:4] < found.below for n in numbers)


def corpus_specs(folder: Path) -> Iterator[str]:
    """The conda packages of every conda file below a folder."""
    overlay = Overlay(str(folder))
    loader = Loader(overlay, Repository.around(str(folder)), Settings())
    loader.request(["."])
    for environment in (u.environment for u in loader.load().units(())):
        yield from (r.text for r in environment.conda if not r.unknown) if environment else ()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus", type=Path, action="append", default=[])
    parser.add_argument("--write", type=Path)
    parser.add_argument("--date")
    given = parser.parse_args()
    texts = list(spec_texts(given.count, given.seed))
    real = {text for folder in given.corpus for text in corpus_specs(folder)}
    rows = list(compared([*texts, *sorted(real)], oracle_environment("rattler")))
    for row in rows:
        if row.verdict.startswith("wrong"):
            print(f"{row.verdict}: {row.text!r}\n  {row.rattler}\n  {row.amllint}")
    tally = dict(sorted(Counter(row.verdict for row in rows).items()))
    print(json.dumps({"specs": len(rows), "real": len(real), **tally}, indent=1))
    if given.write:
        made = {"command": f"compare_match_specs --count {given.count} --seed {given.seed}"}
        counts = {"specs": len(rows), "of conda files": len(real), "answers": tally}
        text = json.dumps({**made, "date": given.date, "rattler": "0.28.0", **counts}, indent=1)
        (given.write / TABLE).write_text(text + "\n", "utf-8")
    return int(any(row.verdict.startswith("wrong") for row in rows))


if __name__ == "__main__":
    raise SystemExit(main())
