"""What can be wrong with a file before any rule looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from amllint.source.text import Span

NOWHERE: Final = Span(0, 0)


class Refused(Exception):
    """What was asked for cannot be done; `str()` says why and what to do."""


# Not frozen: whoever handles an exception may set its traceback.


@dataclass(unsafe_hash=True)
class Unreadable(Exception):
    """A file that cannot be turned into text: why, and what its owner can do.

    `reason` is a short slug (`missing`, `encoding`, `too-large`, `not-regular`, `denied`,
    `too-deep`, `alias-bomb`, `no-mapping`), `message` a plain sentence, `span` the place if there
    is one.
    """

    path: str
    reason: str
    message: str
    help: str
    span: Span = NOWHERE

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


@dataclass(unsafe_hash=True)
class Malformed(Exception):
    """Text that its own language refuses; `span` is where, `message` why, in plain words."""

    path: str
    language: str
    message: str
    help: str
    span: Span

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"
