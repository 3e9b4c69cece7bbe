"""Does amllint say of a scoring script what the real inference server does with it?

    python -m tests.oracle.compare_scripts --count 300 --seed 1 [--each] [--corpus DIR]
        [--write FOLDER --date YYYY-MM-DD]

Each case is started and called once. Two claims are tested: the server refuses to start exactly
when amllint has an error about the start, and one good call fails exactly when it has one about
calls. Which rules are judged, and why not the others, is in ``script_rules``; failures for which no
rule can speak, and the exceptions, are in ``script_causes`` and ``script_exclusions``.
``--write`` leaves the tables behind as ``scripts-DATE.md`` and ``.json``.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.oracle import script_mutations
from tests.oracle.oracle_runs import Judged, available_distributions, judge, server_python, starting
from tests.oracle.scoring_scripts import ScriptCase, case_of_script, generated, one_of_each
from tests.oracle.script_judgement import Judgement, judgement
from tests.oracle.script_report import Run, report, tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def disagreements(all_judged: Iterable[Judged]) -> list[Judgement]:
    """The cases of which amllint says something else than the server did."""
    every = (judgement(one) for one in all_judged)
    return [one for one in every if one.wrong or one.missed]


def described(one: Judgement) -> str:
    """A case as it stands, what the server did and what amllint says."""
    judged = one.judged
    verdict = "started" if judged.verdict["started"] else f"refused: {judged.verdict['error']}"
    codes = ", ".join(
        sorted({f"{f['code']} ({f['severity']}, {f.get('stage')})" for f in judged.findings})
    )
    siblings = "".join(
        f"--- {name}\n{body.decode('utf-8', 'replace')}\n"
        for name, body in judged.case.files.items()
        if name != "score.py"
    )
    return (
        f"=== {judged.name} {judged.case.kind}\n"
        f"wrong {sorted(one.wrong)}, missed {one.missed}\n"
        f"server {verdict}; call {judged.verdict['call']}, {judged.verdict['cause']}\n"
        f"amllint reports {codes or 'nothing'}\n---\n{judged.case.text}\n{siblings}"
    )


def usable(
    python: Path, scripts: Sequence[script_mutations.RealScript]
) -> list[script_mutations.RealScript]:
    """The scripts that start as they are, or with nothing done in ``init``."""
    verdicts = starting(python, [case_of_script("corpus", script) for script in scripts])
    as_they_are = [
        script for script, verdict in zip(scripts, verdicts, strict=True) if verdict["started"]
    ]
    idle = [
        script_mutations.with_idle_init(script)
        for script, verdict in zip(scripts, verdicts, strict=True)
        if (verdict["error"] or "").startswith("UserScriptException: ")
    ]
    verdicts = starting(python, [case_of_script("corpus", script) for script in idle])
    return as_they_are + [
        script for script, verdict in zip(idle, verdicts, strict=True) if verdict["started"]
    ]


def chosen_cases(options: argparse.Namespace, python: Path) -> list[ScriptCase]:
    if options.each:
        return one_of_each()
    real = script_mutations.real_scripts(options.corpus)
    corpus = usable(python, real) if real else []
    if options.corpus:
        print(f"{len(corpus)} of {len(real)} scripts of the corpus start in the oracle")
    return generated(options.count, options.seed, corpus, available_distributions(python))


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", action="store_true", help="every kind of the grammar once")
    parser.add_argument(
        "--corpus", type=Path, action="append", default=[], help="a folder with real scripts"
    )
    parser.add_argument("--write", type=Path, metavar="FOLDER", help="where the tables are left")
    parser.add_argument("--date", help="the date that they carry")
    return parser


def main(argv: list[str] | None = None) -> int:
    options = arguments().parse_args(argv)
    began = time.monotonic()
    python = server_python()
    with tempfile.TemporaryDirectory() as folder:
        all_judged = judge(python, chosen_cases(options, python), Path(folder))
    judgements = [judgement(one) for one in all_judged]
    wrong = [one for one in judgements if one.wrong or one.missed]
    for one in wrong:
        print(described(one))
    run = Run(options.seed, options.date or "", bool(options.corpus), time.monotonic() - began)
    print(tables(judgements))
    if options.write:
        report(run, judgements, options.write)
    print(f"{len(judgements)} cases, {len(wrong)} disagreements")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
