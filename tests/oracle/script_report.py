"""The tables of a run over scoring scripts."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from amllint import __version__
from amllint.rules.registry import RULES
from tests.oracle.script_rules import JUDGED, OUTSIDE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.oracle.script_judgement import Judgement

STAGES = (("start", "the server"), ("score", "the call"))


class Run(NamedTuple):
    """How a run was made."""

    seed: int
    date: str
    corpus: bool
    seconds: float


def matrix(all_judged: Sequence[Judgement]) -> list[dict[str, Any]]:
    """For each judged rule and stage: told or not, failed or not, and what is excused."""
    built = {info.code for info in RULES}
    rows = []
    for code, stages in sorted(JUDGED.items()):
        for stage in (s for s in ("start", "score") if s in stages):
            rows.append(
                {
                    "rule": code,
                    "stage": stage,
                    "built": code in built,
                    **_row(all_judged, code, stage),
                }
            )
    return rows


def _row(all_judged: Sequence[Judgement], code: str, stage: str) -> dict[str, int]:
    found: Counter[str] = Counter()
    for one in all_judged:
        failed = one.failure is not None and one.failure.stage == stage
        refused = one.failure is not None and one.failure.stage == "start"
        if code in one.claimed[stage]:
            if stage == "score" and refused:
                found["told, not called"] += 1
            elif failed:
                found["told, failed"] += 1
            else:
                found["told, excused" if code in one.spoken else "told, fine"] += 1
        elif failed and one.missed == code:
            found["silent, failed"] += 1
        elif failed and one.silent is not None and one.failure and code in one.failure.cause.rules:
            found["silent, excused"] += 1
        else:
            found["silent, fine or another's"] += 1
    return {key: found[key] for key in COLUMNS}


COLUMNS = (
    "told, failed",
    "told, fine",
    "silent, failed",
    "silent, fine or another's",
    "told, excused",
    "silent, excused",
    "told, not called",
)


def stages(all_judged: Sequence[Judgement]) -> list[dict[str, Any]]:
    """For start and call: any error of a judged rule against what happened."""
    rows = []
    for stage, what in STAGES:
        found: Counter[str] = Counter()
        for one in all_judged:
            refused = one.failure is not None and one.failure.stage == "start"
            if stage == "score" and refused:
                continue
            failed = one.failure is not None and one.failure.stage == stage
            told = bool(one.claimed[stage])
            excused = (not told and failed and not one.missed) or (
                told and not failed and not one.wrong
            )
            word = ", excused or not to be foreseen" if excused else ""
            said, happened = "told" if told else "silent", "failed" if failed else "fine"
            found[f"{said}, {happened}{word}"] += 1
        columns = (*COLUMNS[:3], "silent, fine", *(key for key in found if "excused" in key))
        rows.append({"stage": what, **{key: found[key] for key in columns}})
    return rows


def recall(all_judged: Sequence[Judgement]) -> list[dict[str, Any]]:
    """For each cause of a failure: how many failed, how many of them a rule explains."""
    rows: dict[tuple[str, str], Counter[str]] = {}
    rules: dict[tuple[str, str], tuple[str, ...]] = {}
    for one in all_judged:
        if one.failure is None:
            continue
        key = (one.failure.stage, one.failure.cause.name)
        rules[key] = one.failure.cause.rules
        row = rows.setdefault(key, Counter())
        row["failed"] += 1
        told = bool(one.claimed["start"] | one.claimed["score"])
        row["explained"] += one.explained
        row["told by another rule"] += told and not one.explained
        row["excused"] += not told and one.silent is not None
        row["missed"] += one.missed is not None
    return [
        {"stage": stage, "cause": name, "rules": list(rules[stage, name]), **rows[stage, name]}
        for stage, name in sorted(rows, key=lambda k: (k[0] != "start", -rows[k]["failed"]))
    ]


def exceptions(all_judged: Sequence[Judgement]) -> list[dict[str, Any]]:
    """The exclusions that were used, with their reasons."""
    silent = Counter(one.silent for one in all_judged if one.silent is not None)
    spoken = Counter(e for one in all_judged for e in one.spoken.values())
    return [
        {"rule": e.rule, "kind": word, "number": number, "reason": e.reason}
        for word, used in (("silent about a failure", silent), ("told of an answer", spoken))
        for e, number in used.most_common()
    ]


def table(rows: Sequence[dict[str, Any]]) -> str:
    """A Markdown table of rows with the same keys."""
    keys = list(dict.fromkeys(key for row in rows for key in row))
    lines = ["| " + " | ".join(keys) + " |", "|" + "---|" * len(keys)]
    for row in rows:
        lines.append("| " + " | ".join(_cell(row.get(key, 0)) for key in keys) + " |")
    return "\n".join(lines)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, list) else str(value)


def tables(all_judged: Sequence[Judgement]) -> str:
    """All tables, one under the other."""
    parts = (
        ("Start and call", stages(all_judged)),
        ("By rule", matrix(all_judged)),
        ("By cause of failure", recall(all_judged)),
        ("Exceptions used", exceptions(all_judged)),
        ("Rules outside", [{"rule": code, "reason": why} for code, why in OUTSIDE.items()]),
    )
    return "\n".join(f"\n## {title}\n\n{table(rows)}" for title, rows in parts if rows)


HEAD = """\
# Scoring scripts, amllint and the inference server, {date}

{count} scripts, {mutated} of them mutations of scripts of the open corpus, the others put together
by the grammar of `tests/oracle`, seed {seed}. Each was served by azureml-inference-server-http
1.5.1 on the loopback address, started, and called once with a good request; amllint {version}
checked the same files. {seconds} seconds in all.

"Told" is an error of the rule that says that this stage fails. Of each rule the columns *told,
fine* and *silent, failed* are the wrong ones. A failure counts for a rule as *silent, failed* if
its cause is one that the rule is to explain, no error says that the stage fails, and no exception
was listed for it beforehand.
"""


def report(run: Run, all_judged: Sequence[Judgement], folder: Path) -> None:
    """Write the tables as Markdown and as JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    mutated = sum(one.judged.case.kind.startswith("corpus:") for one in all_judged)
    facts = {
        "date": run.date,
        "count": len(all_judged),
        "mutated": mutated,
        "seed": run.seed,
        "version": __version__,
        "seconds": round(run.seconds),
    }
    name = f"scripts-{run.date}"
    text = HEAD.format(**facts) + tables(all_judged) + "\n"
    (folder / f"{name}.md").write_text(text, "utf-8")
    data = {
        **facts,
        "stages": stages(all_judged),
        "matrix": matrix(all_judged),
        "recall": recall(all_judged),
        "exceptions": exceptions(all_judged),
    }
    (folder / f"{name}.json").write_text(json.dumps(data, indent=1) + "\n", "utf-8")
