"""The comment that sums up a run, and lists what has no comment of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from amllint.bot.comments import SUMMARY, marked, rule
from amllint.bot.markdown import code, link, one_line, prose
from amllint.bot.plan import REASONS, Rest
from amllint.bot.results import Found, Place, Results
from amllint.findings.finding import SEVERITIES

LIMIT: Final = 65_000
"""Characters; GitHub takes 65,536 for a comment and 65,535 for a check's summary."""

Linker: TypeAlias = Callable[[Place], str]
"""The address of a place on the server."""


@dataclass(frozen=True, slots=True)
class Overview:
    """What a summary is about: the results, those without a comment, the number of comments."""

    results: Results
    rest: Sequence[Rest]
    commented: int
    complete_diff: bool = True


def summary(overview: Overview, linker: Linker) -> str:
    """The summary with its mark."""
    return marked(text(overview, linker), SUMMARY)


def text(overview: Overview, linker: Linker, limit: int = LIMIT) -> str:
    """The summary, at most `limit` characters: of long lists the first entries."""
    parts = [f"### amllint: {title(overview.results)}", *_remarks(overview)]
    lists = list(_lists(overview.rest, linker))
    used = sum(map(len, parts)) + sum(len(head) for head, _ in lists) + 200 * (len(lists) + 1)
    for head, entries in lists:
        shown, used = _fitting(entries, used, limit)
        parts.append(_folded(head, shown, len(entries)))
    return "\n\n".join(parts)


def title(results: Results) -> str:
    """How many findings of which severity, in one line of plain text."""
    counts = Counter(f.severity for f in results.findings)
    found = [_count(counts[s], s) for s in reversed(SEVERITIES) if counts[s]]
    said = ", ".join(found) or "no findings"
    return f"{said}, incomplete" if results.incomplete else said


def _remarks(overview: Overview) -> Iterator[str]:
    results = overview.results
    if results.findings:
        yield (
            f"{overview.commented} on lines of this change, {len(overview.rest)} listed here."
            if overview.rest
            else "All on lines of this change."
        )
    if results.incomplete:
        yield "**Not everything could be checked**, see the findings of amllint itself."
    if not overview.complete_diff:
        yield "The server tells only a part of this change; the findings in the rest are listed."
    rules = sorted({one_line(rule, 80) for rule, _, _ in results.unchecked})
    if rules:
        yield f"Not checked, for lack of facts: {', '.join(map(code, rules[:50]))}"


def _lists(rest: Iterable[Rest], linker: Linker) -> Iterator[tuple[str, list[str]]]:
    entries = list(rest)
    for reason, said in REASONS.items():
        mine = [e.found for e in entries if e.reason == reason]
        if mine:
            ordered = sorted(mine, key=lambda f: (-SEVERITIES.index(f.severity), f.place[:3]))
            yield f"{_count(len(mine), 'finding')} {said}", [_entry(f, linker) for f in ordered]


def _entry(found: Found, linker: Linker) -> str:
    place = found.place
    cell = f", cell {place.cell}" if place.cell is not None else ""
    where = link(code(f"{place.path}:{place.start.line}{cell}"), linker(place))
    return f"- **{found.severity}** {where}: {prose(found.message, 500)} ({rule(found)})"


def _fitting(entries: list[str], used: int, limit: int) -> tuple[list[str], int]:
    shown = []
    for entry in entries:
        used += len(entry) + 1
        if used > limit:
            break
        shown.append(entry)
    return shown, used


def _folded(head: str, shown: list[str], total: int) -> str:
    more = [f"- and {total - len(shown)} more"] if len(shown) < total else []
    listed = "\n".join([*shown, *more])
    return f"<details><summary>{head}</summary>\n\n{listed}\n\n</details>"


def _count(number: int, noun: str) -> str:
    plural = noun if number == 1 or noun == "info" else noun + "s"
    return f"{number} {plural}"
