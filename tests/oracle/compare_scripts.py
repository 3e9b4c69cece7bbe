"""Does amllint say of a scoring script what the real inference server does with it?

    python -m tests.oracle.compare_scripts --count 300 --seed 1 [--each] [--corpus DIR]

The claim that is tested: the server refuses to start exactly when amllint has an error that stops
the start (``START_RULES``) in the script. A refusal that amllint is silent about is excused if it
is listed in ``script_exclusions``; an error about a script that starts is never excused. For
AML113 the claim is that a script it reports answers its call with a failure or with something else
than what ``init`` loaded.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from tests.oracle import script_mutations
from tests.oracle.oracle_runs import Judged, available_distributions, judge, server_python, starting
from tests.oracle.scoring_scripts import ScriptCase, case_of_script, generated, one_of_each
from tests.oracle.script_exclusions import Exclusion, excuse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

START_RULES = frozenset({"AML101", "AML102", "AML103", "AML104", "AML901", "AML903"})
#: Rules about files, which have the stage of whatever reads the file.
FILE_RULES = frozenset({"AML901", "AML903"})
#: AML903 about a file that amllint alone cannot read: it does not say that the server cannot.
OWN_LIMIT = "the file is valid Python that"


def claims_refusal(judged: Judged) -> list[str]:
    """The codes by which amllint says that the server will not start."""
    return sorted(
        str(finding["code"])
        for finding in judged.findings
        if finding["code"] in START_RULES
        and finding["severity"] == "error"
        and (finding.get("stage") == "start" or finding["code"] in FILE_RULES)
        and not finding["message"].startswith(OWN_LIMIT)
    )


def excused(judged: Judged) -> Exclusion | None:
    return excuse(judged.case.kind, judged.verdict["error"] or "")


def disagrees_on_start(judged: Judged) -> bool:
    claimed, started = bool(claims_refusal(judged)), bool(judged.verdict["started"])
    return claimed if started else not claimed and excused(judged) is None


def loses_what_init_loaded(judged: Judged) -> bool:
    call = judged.verdict["call"]
    return bool(call["status"] != 200 or call["body"] != judged.case.intended)


def tells_globals(judged: Judged) -> bool:
    """Whether the call tells a lost name from a kept one."""
    kind = judged.case.kind
    return (
        judged.case.intended is not None
        and judged.verdict["started"]
        and "/same-value/" not in kind
    )


def reports_global(judged: Judged) -> bool:
    return any(finding["code"] == "AML113" for finding in judged.findings)


def disagrees_on_global(judged: Judged) -> bool:
    return tells_globals(judged) and reports_global(judged) and not loses_what_init_loaded(judged)


def disagreements(all_judged: Iterable[Judged]) -> list[Judged]:
    return [one for one in all_judged if disagrees_on_start(one) or disagrees_on_global(one)]


def described(judged: Judged) -> str:
    verdict = "started" if judged.verdict["started"] else f"refused: {judged.verdict['error']}"
    codes = ", ".join(sorted({str(finding["code"]) for finding in judged.findings})) or "nothing"
    siblings = "".join(
        f"--- {name}\n{body.decode('utf-8', 'replace')}\n"
        for name, body in judged.case.files.items()
        if name != "score.py"
    )
    head = (
        f"=== {judged.name} {judged.case.kind}\nserver {verdict}; call {judged.verdict['call']}\n"
    )
    return f"{head}amllint reports {codes}\n---\n{judged.case.text}\n{siblings}"


def table(all_judged: Sequence[Judged]) -> str:
    """The confusion matrix of the start, the excuses used, and the table for AML113."""
    start: Counter[tuple[bool, bool]] = Counter()
    excuses: Counter[str] = Counter()
    lost: Counter[tuple[bool, bool]] = Counter()
    for one in all_judged:
        claimed, started = bool(claims_refusal(one)), bool(one.verdict["started"])
        exclusion = None if claimed or started else excused(one)
        if exclusion:
            excuses[f"{exclusion.rule}: {exclusion.reason}"] += 1
        else:
            start[started, claimed] += 1
        if tells_globals(one):
            lost[reports_global(one), loses_what_init_loaded(one)] += 1
    lines = ["                 amllint: error   no error"]
    lines += [
        f"server {word:8} {start[flag, True]:14} {start[flag, False]:10}"
        for word, flag in (("refuses", False), ("starts", True))
    ]
    lines += ["excused (server refuses, amllint silent):"] + [
        f"  {number:5} {reason}" for reason, number in excuses.most_common()
    ]
    lines += ["AML113             value lost       kept"]
    lines += [
        f"  {word:14} {lost[flag, True]:12} {lost[flag, False]:10}"
        for word, flag in (("reported", True), ("not reported", False))
    ]
    return "\n".join(lines)


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


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", action="store_true", help="every kind of the grammar once")
    parser.add_argument(
        "--corpus", type=Path, action="append", default=[], help="a folder with real scripts"
    )
    options = parser.parse_args(arguments)
    python = server_python()
    with tempfile.TemporaryDirectory() as folder:
        all_judged = judge(python, chosen_cases(options, python), Path(folder))
    wrong = disagreements(all_judged)
    for one in wrong:
        print(described(one))
    print(table(all_judged))
    print(f"{len(all_judged)} cases, {len(wrong)} disagreements")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
