"""What matched in a log: kept once for each meaning, with how often and where."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from amllint.diagnosis.prose import is_row, is_spoken, is_told
from amllint.diagnosis.quoting import masked, quoted
from amllint.diagnosis.signatures import Signature
from amllint.diagnosis.spots import START, Spot
from amllint.source.tracebacks import Frame, unprefixed

_MAX_KINDS: Final = 20
"""Different wordings of one message that are kept apart."""
_MAX_GROUP: Final = 200
_WINDOW: Final = 4096
_OVERLAP: Final = 512


@dataclass(slots=True)
class Hit:
    """A message that was met: the groups of its pattern, where first and last, how often."""

    signature: Signature
    groups: dict[str, str]
    at: Spot
    text: str
    section: int
    last: Spot = START
    count: int = 1
    frame: Frame | None = None


@dataclass(slots=True)
class Hits:
    """All hits of a log, in a bounded number."""

    found: dict[tuple[str, int, tuple[tuple[str, str], ...]], Hit] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)

    def add(self, signature: Signature, text: str, at: Spot, section: int) -> Hit | None:
        """Hold a signature against a text; the hit, if it matches."""
        match = _found(signature, text)
        if match is None:
            return None
        found = {k: v.strip() for k, v in match.groupdict().items() if v}
        key = (signature.id, section, tuple((k, v[:_MAX_GROUP]) for k, v in found.items()))
        hit = self.found.get(key)
        if hit is not None:
            hit.count, hit.last = hit.count + 1, at
            return hit
        groups = {k: masked(v)[:_MAX_GROUP] for k, v in found.items()}
        hit = Hit(signature, groups, at, quoted(text, match.start()), section, at)
        if self.kinds[signature.id] < _MAX_KINDS:
            self.kinds[signature.id] += 1
            self.found[key] = hit
        return hit

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.found.values())


def _found(signature: Signature, text: str) -> re.Match[str] | None:
    """Where a message stands in a text, unless that only speaks of it."""
    whole = text
    if signature.anchored:
        text = unprefixed(text)
    match = _search(signature.pattern, text)
    if match is None or (signature.unless and signature.unless.search(text)):
        return None
    start, end = match.span()
    word = signature.word and " " not in match[0]
    told = is_told(text, start, end) or is_row(whole) or (word and is_spoken(text, start, end))
    return None if told else match


def _search(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The first match; in an endless line, in parts of it, as patterns take quadratic time."""
    for start in range(0, max(1, len(text)), _WINDOW):
        match = pattern.search(text, start, start + _WINDOW + _OVERLAP)
        if match is not None:
            return match
    return None
