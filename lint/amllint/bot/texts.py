"""The hunks between two texts, where git does not have the commits."""

from __future__ import annotations

import difflib
from typing import Final

CONTEXT: Final = 3
MAX_LINES: Final = 4000
"""Changed lines that are compared with each other; more of them count as one change."""


def hunks(old: str, new: str) -> str:
    """A unified diff without headers, with three lines of context."""
    before, after = rows_of(old), rows_of(new)
    rows: list[str] = []
    for group in _groups(before, after):
        first, last = group[0], group[-1]
        sizes = (last[2] - first[1], last[4] - first[3])
        rows.append(f"@@ -{first[1] + 1},{sizes[0]} +{first[3] + 1},{sizes[1]} @@")
        for kind, a, b, c, d in group:
            rows += [f" {row}" for row in before[a:b]] if kind == "equal" else []
            rows += [f"-{row}" for row in before[a:b]] if kind != "equal" else []
            rows += [f"+{row}" for row in after[c:d]] if kind != "equal" else []
    return "\n".join(rows)


def rows_of(text: str) -> list[str]:
    """The lines of a text as git counts them: only line feeds end one."""
    rows = text.split("\n")
    return rows[:-1] if rows[-1] == "" else rows


def _groups(before: list[str], after: list[str]) -> list[list[tuple[str, int, int, int, int]]]:
    """Changes with their context, as `difflib` groups them; bounded in time."""
    if before == after:
        return []
    head = _same(before, after)
    tail = min(_same(before[::-1], after[::-1]), min(len(before), len(after)) - head)
    a, b = before[head : len(before) - tail], after[head : len(after) - tail]
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=True)
    whole = [("replace", 0, len(a), 0, len(b))]
    inner = matcher.get_opcodes() if max(len(a), len(b)) <= MAX_LINES else whole
    lead = min(head, CONTEXT)
    moved = [(k, i + head, j + head, m + head, n + head) for k, i, j, m, n in inner]
    end_a, end_b = len(before) - tail, len(after) - tail
    codes = [("equal", head - lead, head, head - lead, head)] if lead else []
    codes += moved
    if tail:
        after_lines = min(tail, CONTEXT)
        codes.append(("equal", end_a, end_a + after_lines, end_b, end_b + after_lines))
    return _split(codes)


def _split(
    codes: list[tuple[str, int, int, int, int]],
) -> list[list[tuple[str, int, int, int, int]]]:
    """Groups of changes with at most `CONTEXT` lines around, cut where they are far apart."""
    groups: list[list[tuple[str, int, int, int, int]]] = [[]]
    for kind, a, b, c, d in codes:
        inside = groups[-1] and kind == "equal" and b - a > 2 * CONTEXT
        if not inside:
            groups[-1].append((kind, a, b, c, d))
            continue
        groups[-1].append((kind, a, a + CONTEXT, c, c + CONTEXT))
        groups.append([(kind, b - CONTEXT, b, d - CONTEXT, d)])
    return [g for g in groups if any(kind != "equal" for kind, *_ in g)]


def _same(a: list[str], b: list[str]) -> int:
    count = 0
    for one, other in zip(a, b, strict=False):
        if one != other:
            break
        count += 1
    return count
