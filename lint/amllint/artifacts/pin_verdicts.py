"""What a package index said of lists of pip packages, which a rule turns into findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from amllint.artifacts.pip_requirements import PipLine
from amllint.findings.finding import Location, Related


class Cause(NamedTuple):
    """One side of a conflict: who asks for what.

    `by` is a release such as `flask 3.1.0`, or empty where the list itself asks.
    """

    by: str
    wants: str


class Refusal(NamedTuple):
    """Why pip cannot install a list: a conflict, or a requirement that no release meets.

    `causes` has both sides of a conflict; of a requirement that is not met there is one.
    `there` are the releases that the index has for the Python, the oldest first, `why` says
    what keeps pip from the one that is asked for. `brought_by` has the projects of the list
    by those that they bring in.
    """

    causes: tuple[Cause, ...]
    met: bool = True
    there: tuple[str, ...] = ()
    why: str = ""
    brought_by: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RefusedPins:
    """A list that pip cannot install, for the Python that it was asked about.

    `path` is the display path of the file, `place` that of the list, for what no line stands for.
    """

    path: str
    place: Location
    python: str
    lines: tuple[PipLine, ...]
    refusal: Refusal
    named_by: tuple[Related, ...] = ()


@dataclass(frozen=True, slots=True)
class UnaskedPins:
    """A list of which nothing was learned; `failed` where the index should have known."""

    path: str
    place: Location
    reason: str
    failed: bool
