"""Applying fixes: edits of disjoint spans, each fix whole or not at all."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from amllint.findings.finding import Edit, Finding, Fix
from amllint.source.text import SourceText


def select(findings: Iterable[Finding], unsafe: bool) -> list[tuple[Finding, Fix]]:
    """Fixes that may be applied together: of the allowed kind, in order, none overlapping."""
    chosen: list[tuple[Finding, Fix]] = []
    taken: list[Edit] = []
    for finding in findings:
        fix = finding.observation.fix
        if fix is None or (fix.applicability == "unsafe" and not unsafe):
            continue
        new = [edit for edit in fix.edits if edit not in taken]
        if not any(_overlap(edit, other) for edit in new for other in taken):
            chosen.append((finding, fix))
            taken.extend(new)
    return chosen


def _overlap(one: Edit, other: Edit) -> bool:
    if one.text_path != other.text_path:
        return False
    if one.span.start == other.span.start:
        return True
    return one.span.start < other.span.end and other.span.start < one.span.end


def apply(source: SourceText, edits: Iterable[Edit]) -> str:
    """The text of a file with edits applied; identical edits count once.

    Insertions at one place come out in the order in which they are given.
    """
    text = source.text
    ordered = sorted(dict.fromkeys(edits), key=lambda e: e.span)
    for edit in ordered[::-1]:
        text = text[: edit.span.start] + edit.content + text[edit.span.end :]
    return text


def diff(path: str, before: str, after: str) -> str:
    """A unified diff that `git apply` takes; lines without a line end are marked as such."""
    out: list[str] = []
    lines = difflib.unified_diff(
        _lines(before),
        _lines(after),
        f"a/{path}",
        f"b/{path}",
    )
    for line in lines:
        out.append(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n")
    return "".join(out)


def _lines(text: str) -> list[str]:
    """Lines as git counts them: only a line feed ends one."""
    *whole, last = text.split("\n")
    return [line + "\n" for line in whole] + ([last] if last else [])
