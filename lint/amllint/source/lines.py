"""Which lines of a text a change made: in time that grows with the text, whatever it holds."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

_MAX_PASSES: Final = 20


class Changed(NamedTuple):
    """Lines (from 1) that are new or other, and lines after which some were taken out.

    Line 0 stands for the beginning of the text.
    """

    lines: frozenset[int]
    cuts: frozenset[int]

    def touches(self, first: int, last: int) -> bool:
        """Whether any line from `first` to `last` is changed, or one between them taken out."""
        inside = any(first <= cut < last for cut in self.cuts)
        return inside or any(first <= line <= last for line in self.lines)


class _Gap(NamedTuple):
    """A stretch of both texts, half-open, that is not matched yet."""

    old: tuple[int, int]
    new: tuple[int, int]


def changed(old: Sequence[str], new: Sequence[str]) -> Changed:
    """What of `new` is not in `old`, as a patience diff sees it.

    Lines that occur once in both texts hold them together; what stands between two such
    lines and is not equal from either end is changed. That may call more changed than a
    shortest diff would, never less.
    """
    lines: set[int] = set()
    cuts: set[int] = set()
    gaps = [_Gap((0, len(old)), (0, len(new)))]
    for number in range(_MAX_PASSES + 1):
        following: list[_Gap] = []
        for gap in gaps:
            (a, b), (c, d) = trimmed = _trimmed(old, new, gap)
            anchors = _anchors(old, new, trimmed) if number < _MAX_PASSES else []
            if anchors:
                following.extend(_between(trimmed, anchors))
            elif c < d:
                lines.update(range(c + 1, d + 1))
            elif a < b:
                cuts.add(c)
        gaps = following
    return Changed(frozenset(lines), frozenset(cuts))


def _trimmed(old: Sequence[str], new: Sequence[str], gap: _Gap) -> _Gap:
    """A gap without what is equal at its ends."""
    (a, b), (c, d) = gap
    while a < b and c < d and old[a] == new[c]:
        a, c = a + 1, c + 1
    while a < b and c < d and old[b - 1] == new[d - 1]:
        b, d = b - 1, d - 1
    return _Gap((a, b), (c, d))


def _anchors(old: Sequence[str], new: Sequence[str], gap: _Gap) -> list[tuple[int, int]]:
    """Lines that occur once on both sides of a gap, as the longest rising row of pairs."""
    (a, b), (c, d) = gap
    if a == b or c == d:
        return []
    counts, others = Counter(old[a:b]), Counter(new[c:d])
    places = {old[i]: i for i in range(a, b) if counts[old[i]] == 1}
    pairs = [(places[new[j]], j) for j in range(c, d) if others[new[j]] == 1 and new[j] in places]
    ends: list[int] = []
    piles: list[int] = []
    before: dict[int, int | None] = {}
    for index, (i, _) in enumerate(pairs):
        at = bisect_left(ends, i)
        before[index] = piles[at - 1] if at else None
        ends[at : at + 1] = [i]
        piles[at : at + 1] = [index]
    row: list[tuple[int, int]] = []
    last: int | None = piles[-1] if piles else None
    while last is not None:
        row.append(pairs[last])
        last = before[last]
    return row[::-1]


def _between(gap: _Gap, anchors: list[tuple[int, int]]) -> Iterator[_Gap]:
    a, c = gap.old[0], gap.new[0]
    for i, j in [*anchors, (gap.old[1], gap.new[1])]:
        yield _Gap((a, i), (c, j))
        a, c = i + 1, j + 1
