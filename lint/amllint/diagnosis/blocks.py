"""Lists behind a message: what pip and conda name as the causes of a conflict, line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from amllint.diagnosis.quoting import masked, quoted
from amllint.diagnosis.spots import Spot
from amllint.source.tracebacks import unprefixed

_MAX_BLOCKS: Final = 20
_MAX_ITEMS: Final = 12
"""Lines of one list that are kept; conda's may be thousands."""
_MAX_PASSED: Final = 200
"""Lines between two of a list, after which the list has ended whatever they are."""
_STEP: Final = re.compile(r"^#\d+ \d+\.\d+ ?")


@dataclass(frozen=True, slots=True)
class Block:
    """How a list reads: what stands before it, its lines, and what may stand between them.

    Each named group of `item` is a package.
    """

    opens: re.Pattern[str]
    item: re.Pattern[str]
    between: re.Pattern[str]


def block_from(row: Mapping[str, str]) -> Block:
    """A list as the tables of signatures write it."""
    between = row.get("between", r"^\s*$")
    return Block(re.compile(row["opens"]), re.compile(row["item"]), re.compile(between))


class Item(NamedTuple):
    """A line of a list: where it stands, its text without secrets, the packages that it names."""

    at: Spot
    text: str
    names: frozenset[str]


@dataclass(slots=True)
class Listed:
    """A list that was met, of the signature `owner`."""

    owner: str
    block: Block
    at: Spot
    items: list[Item] = field(default_factory=list)
    passed: int = 0

    def take(self, at: Spot, line: str) -> bool:
        """Read a line behind what opens the list; whether the list may go on."""
        match = self.block.item.search(line)
        if match is None:
            self.passed += 1
            return self.passed <= _MAX_PASSED and bool(self.block.between.search(line))
        self.passed = 0
        names = frozenset(masked(v) for v in match.groupdict().values() if v)
        # The branches of a tree stay where they are.
        text = " " * (len(line) - len(line.lstrip())) + quoted(line)
        if all(text != item.text for item in self.items):
            self.items.append(Item(at, text, names))
        return len(self.items) < _MAX_ITEMS


@dataclass(slots=True)
class Lists:
    """All lists of a log, in a bounded number, and those that have not ended yet."""

    found: list[Listed] = field(default_factory=list)
    busy: list[Listed] = field(default_factory=list)

    def take(self, at: Spot, line: str) -> None:
        """Read a line, which goes on with a list or ends it."""
        bare = _bare(line)
        self.busy = [listed for listed in self.busy if listed.take(at, bare)]

    def open(self, owner: str, block: Block, at: Spot, line: str) -> None:
        """Begin a list, if the line is one that stands before it."""
        if not block.opens.search(_bare(line)) or len(self.found) >= _MAX_BLOCKS:
            return
        self.busy = [listed for listed in self.busy if listed.owner != owner]
        listed = Listed(owner, block, at)
        self.found.append(listed)
        self.busy.append(listed)

    def near(self, owner: str, at: Spot, others: list[Spot]) -> Iterator[Item]:
        """The lines of the lists of a signature that stand nearer to a hit than to its others."""
        for listed in self.found:
            if listed.owner == owner and at == min(others, key=lambda o: _distance(o, listed.at)):
                yield from listed.items


def _distance(one: Spot, other: Spot) -> int:
    return abs(one.order - other.order)


def _bare(line: str) -> str:
    """A line without stamps and without the number and seconds of a step of BuildKit."""
    return _STEP.sub("", unprefixed(line), count=1)
