"""Compares amllint with azureml-core over generated configurations.

    python -m tests.oracle.compare_configurations --count 20000 --seed 1 --jobs 2
    python -m tests.oracle.compare_configurations --kind "aci, code" --count 500

What azureml-core refuses must be an error of one of the rules that model it, and the other way
round; what goes further stands in `configuration_rules.py`. Prints a table of each kind and
route and the text of every case on which the two disagree; exits with 1 when there is one.
``--write`` leaves the tables in a folder.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tests.oracle.called_configurations import called_deployments
from tests.oracle.called_inference import called_inferences
from tests.oracle.configuration_answers import Clock, Comparison, compare
from tests.oracle.configuration_report import Tally, matrix, write_report
from tests.oracle.configurations import DEPLOYMENTS, deployment_cases
from tests.oracle.inference_trees import inference_cases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tests.oracle.cases import Case
    from tests.oracle.configuration_answers import Reported

SHOWN = 25
GENERATORS: dict[str, Callable[[int, int], Iterator[Case]]] = {
    **{f"{kind}, file": partial(deployment_cases, kind) for kind in DEPLOYMENTS},
    **{f"{kind}, code": partial(called_deployments, kind) for kind in DEPLOYMENTS},
    "inference, file": inference_cases,
    "inference, code": called_inferences,
}
"""What makes ``count`` cases of a ``seed``, by kind and route."""


def run(kind: str, options: argparse.Namespace, lint: Callable[..., Iterable[Reported]]) -> Tally:
    """All cases of one kind; disagreements are shown as they come."""
    clock = Clock()
    tally = Tally(kind)
    for comparison in compare(GENERATORS[kind](options.count, options.seed), lint, clock):
        tally.take(comparison)
        if not comparison.agrees and tally.disagreements <= options.show:
            show(comparison)
    tally.seconds, tally.lint_seconds = clock.whole, clock.lint
    print(f"{kind}: {tally.cases} cases in {tally.seconds:.0f} s", file=sys.stderr, flush=True)
    return tally


def show(comparison: Comparison) -> None:
    print(comparison, end="\n\n", flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=500, help="cases of each kind and route")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", action="append", choices=list(GENERATORS), help="only this one")
    parser.add_argument("--jobs", type=int, default=1, help="processes for amllint")
    parser.add_argument("--show", type=int, default=SHOWN, help="disagreements to show of a kind")
    parser.add_argument("--write", type=Path, metavar="FOLDER", help="leave the tables there")
    parser.add_argument("--date", help="the day that the tables are named after")
    return parser.parse_args()


def main() -> int:
    options = arguments()
    kinds = options.kind or list(GENERATORS)
    with multiprocessing.get_context("fork").Pool(options.jobs) as pool:
        lint = partial(pool.map, chunksize=20)
        tallies = []
        for kind in kinds:
            tallies.append(run(kind, options, lint))
            if options.write:  # after each kind, so that a run that is cut short leaves some
                write_report(options.write, tallies, options.seed, options.date)
    print(matrix(tallies))
    return 1 if any(tally.disagreements for tally in tallies) else 0


if __name__ == "__main__":
    sys.exit(main())
