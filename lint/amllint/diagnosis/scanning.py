"""Reads a log once, line by line, and keeps what its messages match.

Lines come in blocks: what stands in no line of a block is looked for in none of them, so that
a long log costs little more than reading it.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from amllint.diagnosis.blocks import Lists
from amllint.diagnosis.hits import Hit, Hits
from amllint.diagnosis.quoting import quoted
from amllint.diagnosis.signatures import Signature, signatures
from amllint.diagnosis.spots import START as BEFORE
from amllint.diagnosis.spots import Spot
from amllint.diagnosis.suspects import HINTS, is_suspect
from amllint.source.log_lines import LogLine
from amllint.source.tracebacks import START, Chain, Joiner, unprefixed

_BLOCK: Final = 1 << 18
"""Characters of the lines that are read together."""
_MAX_LINES: Final = 6
"""Lines that look like a failure, of which so many are kept from the start and the end."""
_DIGITS: Final = str.maketrans("123456789", "000000000")
_MARKED: Final = str.maketrans("23456789", "11111111")
"""Digits as one, but for 0: an exit code of 0 is another thing than one of 137."""
_MAX_SHAPES: Final = 4096
_SECTION: Final = re.compile(r"^Name: {2,}\S")
_TRACEBACK: Final = START.lower()


@dataclass(slots=True)
class Scan:
    """What a log holds: hits, tracebacks' ends, lines that look like a failure, its length."""

    hits: Hits = field(default_factory=Hits)
    lists: Lists = field(default_factory=Lists)
    lines: int = 0
    last: Spot = BEFORE
    section: int = 0
    cleared: dict[tuple[str, int], Spot] = field(default_factory=dict)
    first: list[tuple[Spot, str]] = field(default_factory=list)
    final: deque[tuple[Spot, str]] = field(default_factory=lambda: deque(maxlen=_MAX_LINES))

    @property
    def empty(self) -> bool:
        """Whether the log has no line that says anything."""
        return not self.last.order

    @property
    def suspects(self) -> list[tuple[Spot, str]]:
        """Lines that look like a failure, with their places."""
        return [(at, quoted(line)) for at, line in (*self.first, *self.final)]


def scan(lines: Iterable[LogLine]) -> Scan:
    """Read a log."""
    scanner = _Scanner()
    for block in _blocks(lines):
        scanner.block(block)
    scanner.end()
    return scanner.result


def _blocks(lines: Iterable[LogLine]) -> Iterator[list[LogLine]]:
    block: list[LogLine] = []
    size = 0
    for line in lines:
        block.append(line)
        size += len(line.text) + 1
        if size >= _BLOCK:
            yield block
            block, size = [], 0
    if block:
        yield block


def _shapes(text: str) -> str:
    """Each kind of line of a text once; lines that differ in their digits are of one kind."""
    return "\n".join(set(text.translate(_DIGITS).split("\n")))


class _Scanner:
    def __init__(self) -> None:
        self.result = Scan()
        self.order = 0
        self.looks: dict[str, bool] = {}
        self.joiner: Joiner[Spot] = Joiner()
        self.within: list[Hit] = []
        self.plain = [s for s in signatures() if s.reads == "line"]
        hints = {h for s in self.plain for h in s.hints}
        self.numbered = {h for h in hints if any(c.isdigit() for c in h)}
        self.worded = hints - self.numbered
        self.exceptions = [s for s in signatures() if s.reads != "line"]
        self.clearing = {s.cleared_by.pattern: s.cleared_by for s in self.plain if s.cleared_by}

    def block(self, lines: list[LogLine]) -> None:
        """Read some lines."""
        text = "\n".join([line.text for line in lines])
        lower = text.lower()
        shapes = _shapes(lower)
        present = {h for h in self.worded if h in shapes} | {h for h in self.numbered if h in lower}
        wanted = [s for s in self.plain if not present.isdisjoint(s.hints)]
        clearing = [(k, p) for k, p in self.clearing.items() if p.search(text)]
        suspicious = [h for h in HINTS if h in shapes]
        sections = "name:  " in lower
        busy = self.joiner.busy or self.result.lists.busy
        if wanted or clearing or suspicious or sections or busy:
            for order, line in enumerate(lines, self.order + 1):
                at = Spot(order, line.number, line.part)
                self._line(at, line.text, wanted, clearing, suspicious)
        for offset in range(len(lines) - 1, -1, -1):
            if lines[offset].text.strip():
                line = lines[offset]
                self.result.last = Spot(self.order + offset + 1, line.number, line.part)
                break
        self.order += len(lines)
        self.result.lines = lines[-1].number

    def end(self) -> None:
        """Take up what the end of the log leaves open."""
        for chain in self.joiner.finish():
            self._chain(chain)

    def _line(
        self,
        at: Spot,
        line: str,
        wanted: list[Signature],
        clearing: list[tuple[str, re.Pattern[str]]],
        suspicious: list[str],
    ) -> None:
        result = self.result
        for chain in self.joiner.take(at, line):
            self._chain(chain)
        if _SECTION.match(line):
            result.section += 1
        if result.lists.busy:
            result.lists.take(at, line)
        lower = line.lower()
        known = False
        for signature in wanted:
            if any(hint in lower for hint in signature.hints):
                hit = result.hits.add(signature, line, at, result.section)
                known = known or hit is not None
                if signature.block:
                    result.lists.open(signature.id, signature.block, at, line)
                if hit is not None and self.joiner.busy:
                    self.within.append(hit)
        for key, pattern in clearing:
            if pattern.search(line):
                result.cleared[key, result.section] = at
        if not known and any(hint in lower for hint in suspicious) and self._looks_bad(line):
            self._suspect(at, line)

    def _looks_bad(self, line: str) -> bool:
        """Whether a line looks like a failure; lines that differ in their digits look alike."""
        shape = unprefixed(line).translate(_MARKED)
        found = self.looks.get(shape)
        if found is None:
            if len(self.looks) >= _MAX_SHAPES:
                self.looks.clear()
            found = self.looks[shape] = is_suspect(line)
        return found

    def _suspect(self, at: Spot, line: str) -> None:
        kept = self.result.first
        (kept if len(kept) < _MAX_LINES else self.result.final).append((at, line))

    def _chain(self, chain: Chain[Spot]) -> None:
        """Hold a chain of tracebacks against what reads exceptions, generic ones last."""
        found, self.within = self.within, []
        phase, frame = chain.phase, chain.user_frame
        reads = {"exception", phase, *(("user",) if phase != "other" else ())}
        for general in (False, True):
            if general and any(h.signature.role == "cause" for h in found):
                break
            for signature in self.exceptions:
                if signature.reads in reads and (_TRACEBACK[:9] in signature.hints) is general:
                    found += self._exceptions(signature, chain)
        for hit in found:
            hit.frame = hit.frame or frame

    def _exceptions(self, signature: Signature, chain: Chain[Spot]) -> Iterator[Hit]:
        for message, at in chain.messages:
            hit = self.result.hits.add(signature, message, at, self.result.section)
            if hit is not None:
                yield hit
                return
