"""Tables of a comparison of configurations, as text, Markdown and JSON."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from amllint import __version__
from tests.oracle.configuration_rules import NOT_EVALUATED, STRICTER

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.oracle.configuration_answers import Comparison

OUTCOMES = ("both accept", "stricter", "both refuse", "missed", "invented")
AZUREML_CORE = "1.61.0"
MEANING = """\
*Both refuse*: azureml-core refuses the configuration, and a rule that models it tells an error.
*Stricter*: azureml-core accepts it, and the only errors are of rules that go further, listed
below. *Missed* and *invented* are disagreements. A file is read as the v1 CLI does; a script is
run, and calls azureml-core itself."""


@dataclass(slots=True)
class Tally:
    """What came out of the cases of one kind and route."""

    kind: str
    outcomes: Counter[str] = field(default_factory=Counter)
    rules: Counter[tuple[str, str]] = field(default_factory=Counter)
    seconds: float = 0.0
    lint_seconds: float = 0.0

    def take(self, comparison: Comparison) -> None:
        self.outcomes[comparison.outcome] += 1
        for code in {code for code, _ in comparison.reported}:
            self.rules[code, "accepted" if comparison.accepted else "refused"] += 1

    @property
    def cases(self) -> int:
        return self.outcomes.total()

    @property
    def disagreements(self) -> int:
        return self.outcomes["missed"] + self.outcomes["invented"]


def matrix(tallies: Iterable[Tally]) -> str:
    """Outcomes by kind and route, in columns."""
    rows = [("", *OUTCOMES)]
    rows += [(t.kind, *(str(t.outcomes[outcome]) for outcome in OUTCOMES)) for t in tallies]
    return "\n".join("".join(cell.rjust(19) for cell in row) for row in rows)


def write_report(folder: Path, tallies: list[Tally], seed: int, date: str | None) -> None:
    """Leaves `configurations-DATE.md` and `.json` in a folder."""
    name = folder / f"configurations-{date}"
    name.with_suffix(".md").write_text(markdown(tallies, seed, date), encoding="utf-8")
    text = json.dumps(data(tallies, seed, date), indent=1) + "\n"
    name.with_suffix(".json").write_text(text, encoding="utf-8")


def data(tallies: list[Tally], seed: int, date: str | None) -> dict[str, Any]:
    """The tables as data."""
    kinds = {
        tally.kind: {
            "cases": tally.cases,
            "seconds": round(tally.seconds),
            "outcomes": {outcome: tally.outcomes[outcome] for outcome in OUTCOMES},
            "rules": {f"{code} {side}": n for (code, side), n in sorted(tally.rules.items())},
        }
        for tally in tallies
    }
    versions = {"amllint": __version__, "azureml-core": AZUREML_CORE}
    return {"date": date, "seed": seed, "versions": versions, "kinds": kinds}


def table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def markdown(tallies: list[Tally], seed: int, date: str | None) -> str:
    """The report for people."""
    cases = sum(tally.cases for tally in tallies)
    seconds = sum(tally.seconds for tally in tallies)
    by_kind = [
        (t.kind, t.cases, *(t.outcomes[outcome] for outcome in OUTCOMES), round(t.seconds))
        for t in tallies
    ]
    codes = sorted({code for tally in tallies for code, _ in tally.rules})
    sides = ("refused", "accepted")
    by_rule = [(c, *(sum(t.rules[c, side] for t in tallies) for side in sides)) for c in codes]
    return (
        "\n\n".join(
            (
                f"# Configurations, amllint and azureml-core, {date}",
                f"{cases:,} generated cases, seed {seed}. azureml-core {AZUREML_CORE} and amllint "
                f"{__version__} judged the same files; {seconds:.0f} seconds in all.",
                MEANING,
                "## By kind and route",
                table(("kind", "cases", *OUTCOMES, "seconds"), by_kind),
                "## By rule",
                "Cases with an error of the rule, by what azureml-core says of them.",
                table(("rule", "refused", "accepted"), by_rule),
                "## Rules that go further",
                table(("rule", "why", "source"), ((c, *row) for c, row in STRICTER.items())),
                "## Not generated",
                table(("what amllint leaves open", "why"), NOT_EVALUATED.items()),
            )
        )
        + "\n"
    )
