"""Counts findings in repositories, draws samples to grade, and adds the verdicts up.

    python -m tests.corpus.graded_findings count REPOSITORY …
    python -m tests.corpus.graded_findings sample --seed 7 REPOSITORY … > sheet.md
    python -m tests.corpus.graded_findings precision [REPOSITORY …] [--of NAME …]

`count` prints how often each rule speaks, at default severity and as advice. `sample` draws up
to 50 findings a rule, the same ones for a seed, with the code around each; whoever grades says
for each id: right (the owner would mend it today), arguable or wrong. The verdicts of two
readers who do not know each other's stand in tests/corpus/verdicts.tsv, without any code of the
repositories; `precision` adds them up, arguable ones counted as wrong at default severity. Given
the repositories, it counts each verdict at the severity that its finding has today, and leaves
out those of findings that are no longer reported; what became of them it lists.

A folder `owner+name` is taken for a clone of github.com/owner/name, whatever its own remote says.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from amllint.config import Settings
from amllint.engine.check import Report, check
from amllint.findings.finding import Finding
from amllint.output.places import own_extent
from amllint.source.overlay import Overlay

VERDICTS = Path(__file__).with_name("verdicts.tsv")
LINES_AROUND = 8


class Met(NamedTuple):
    """A finding in a repository, which is known by the name of its folder."""

    repository: str
    report: Report
    finding: Finding

    @property
    def key(self) -> str:
        """A short id that a second run gives again."""
        finding = self.finding
        place = f"{self.repository}:{finding.location.text_path}:{finding.location.span.start}"
        return sha256(f"{finding.name}:{place}".encode()).hexdigest()[:8]

    @property
    def line(self) -> int:
        """The line that it stands on."""
        return own_extent(self.report, self.finding.location).start.line


def findings(repositories: list[Path], persona: str = "pedantic") -> Iterator[Met]:
    """Everything found in the repositories, with amllint's own defaults but for the persona."""
    for folder in repositories:
        report = check(["."], Settings(persona=persona), _cloned(folder))
        for finding in report.findings:
            yield Met(folder.name, report, finding)


def _cloned(folder: Path) -> Overlay:
    """The folder as it was published: copies of a mirror would lack the repository's name."""
    owner, _, name = folder.name.rpartition("+")
    remote = f'[remote "origin"]\n\turl = https://github.com/{owner or "Azure"}/{name}.git\n'
    config = str(folder / ".git" / "config")
    return Overlay(cwd=str(folder), buffers={config: remote.encode()})


def count(repositories: list[Path]) -> None:
    """Print findings by rule."""
    default: Counter[str] = Counter()
    advice: Counter[str] = Counter()
    for met in findings(repositories):
        counted = advice if met.finding.severity == "info" else default
        counted[f"{met.finding.code} {met.finding.name}"] += 1
    print(f"{'':40} {'default':>8} {'advice':>8}")
    for name in sorted({*default, *advice}):
        print(f"{name:40} {default[name]:8} {advice[name]:8}")
    print(f"{'all':40} {default.total():8} {advice.total():8}")


def sample(repositories: list[Path], seed: int, most: int, rules: list[str], advice: bool) -> None:
    """Print a sheet of findings to grade, with the code around each."""
    by_rule: dict[str, list[Met]] = defaultdict(list)
    for met in findings(repositories):
        if (met.finding.severity == "info") == advice:
            by_rule[met.finding.name].append(met)
    for rule in sorted(set(rules) & set(by_rule) if rules else by_rule):
        drawn = sorted(by_rule[rule], key=lambda met: met.key)
        random.Random(seed).shuffle(drawn)
        print(f"# {rule}: {min(most, len(drawn))} of {len(drawn)}\n")
        for met in drawn[:most]:
            print(_shown(met))


def _shown(met: Met) -> str:
    finding = met.finding
    source = met.report.source(finding.location.text_path)
    rows = source.text.splitlines() if source else []
    first = max(met.line - LINES_AROUND, 1)
    around = rows[first - 1 : met.line + LINES_AROUND]
    code = "\n".join(
        f"{n:5}{'>' if n == met.line else ' '} {r}" for n, r in enumerate(around, first)
    )
    place = f"{met.repository}/{finding.location.text_path}:{met.line}"
    return (
        f"## {met.key} {finding.severity} {place}\n{finding.message}\n"
        f"help: {finding.observation.help}\n```\n{code}\n```\n"
    )


def precision(repositories: list[Path], names: list[str]) -> int:
    """Print verdicts by rule and reader; 1 if a rule is below 98 % with either of them."""
    rows = [r for r in _graded() if not names or r[3].partition("/")[0] in names]
    if repositories:
        rows = list(_today(rows, {met.key: met.finding for met in findings(repositories)}))
    said: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for _key, severity, rule, _place, *verdicts in rows:
        for reader, verdict in enumerate(verdicts, 1):
            shown = "advice" if severity == "info" else "default"
            said[f"{shown} {rule}", f"reader {reader}"][verdict] += 1
    good = True
    for (rule, reader), verdicts_ in sorted(said.items()):
        share = verdicts_["right"] / verdicts_.total()
        below = share < 0.98 and rule.startswith("default")
        good &= not below
        print(f"{rule:44} {reader}  {share:7.1%}  {dict(verdicts_)}{'  BELOW' if below else ''}")
    return 0 if good else 1


def _graded() -> list[list[str]]:
    """The verdicts: id, severity, rule, place, and what each reader says."""
    return [r.split("\t") for r in VERDICTS.read_text().splitlines() if r and r[0] != "#"]


def _today(rows: list[list[str]], found: dict[str, Finding]) -> Iterator[list[str]]:
    """The verdicts with the severities of today; says which changed, and why."""
    for key, severity, *rest in rows:
        finding = found.get(key)
        now = finding.severity if finding else "gone"
        if now != severity:
            why = finding.eased if finding else ""
            print("\t".join([f"{severity} -> {now}", *rest, why]))
        if finding is not None:
            yield [key, now, *rest]


def main() -> int:
    """Run one of the three commands."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("count", "sample"):
        command = commands.add_parser(name)
        command.add_argument("repositories", nargs="+", type=Path)
        command.set_defaults(command=name)
    command.add_argument("--seed", type=int, required=True)
    command.add_argument("--most", type=int, default=50, help="findings a rule")
    command.add_argument("--rule", action="append", default=[], help="only these rules")
    command.add_argument("--advice", action="store_true", help="advice rather than the default")
    added = commands.add_parser("precision")
    added.add_argument("repositories", nargs="*", type=Path)
    added.add_argument("--of", action="append", default=[], help="only this repository's verdicts")
    options = parser.parse_args()
    if options.command == "count":
        count(options.repositories)
    elif options.command == "sample":
        sample(options.repositories, options.seed, options.most, options.rule, options.advice)
    else:
        return precision(options.repositories, options.of)
    return 0


if __name__ == "__main__":
    sys.exit(main())
