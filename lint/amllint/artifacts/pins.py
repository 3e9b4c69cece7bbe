"""Which versions of a package an environment admits, as far as its requirements say."""

from __future__ import annotations

import re
from typing import Final, NamedTuple, TypeAlias

from amllint.artifacts.environment import Environment, Requirement
from amllint.artifacts.requirements import conda_name, normalize, pip_name

Version: TypeAlias = tuple[int, ...]

_WIDTH: Final = 4
"""Numbers of a version that are compared; the last stands for what comes just behind."""
_PIP: Final = re.compile(r"\s*[A-Za-z0-9][\w.-]*\s*(?:\[[^\]]*\])?\s*\(?([^;#()]*)\)?\s*(?:#.*)?$")
_CONDA: Final = re.compile(r"\s*(?:[\w./-]+::)?[A-Za-z0-9_][\w.-]*\s*(?:\[[^\]]*\])?([^#\[]*)")
_CLAUSE: Final = re.compile(r"(===|==|~=|>=|<=|!=|<|>|=)?\s*v?(\d+(?:\.\d+)*)((?:\.\*|\*)?)(.*)$")
LAST: Final[Version] = (10**6,) * _WIDTH
"""Above every version."""
_FIRST: Final[Version] = (0,) * _WIDTH


class Bounds(NamedTuple):
    """The versions from `low` on and below `below`, and the requirement that says so."""

    low: Version
    below: Version
    requirement: Requirement

    @property
    def is_open(self) -> bool:
        """Whether any version is admitted."""
        return (self.low, self.below) == (_FIRST, LAST)

    def is_before(self, version: Version) -> bool:
        """Whether every version that is admitted is older than this one."""
        return self.below <= _wide(version)

    def is_from(self, version: Version) -> bool:
        """Whether every version that is admitted is this one or newer."""
        return self.low >= _wide(version)


def bounds(environment: Environment, name: str) -> Bounds | None:
    """The versions of a package that are admitted, `None` where it is not listed or not clear.

    What pip is asked for counts before what conda is: it is installed later. A requirement
    without a version admits all of them. Python itself is nothing that pip installs.
    """
    wanted = normalize(name)
    if not environment.complete:
        return None
    pip = [r for r in environment.pip if pip_name(r) == wanted and wanted != "python"]
    if len(pip) == 1 and ";" not in pip[0].text and "@" not in pip[0].text:
        match = _PIP.match(pip[0].text)
        return _bounds(match.group(1), pip[0], conda=False) if match else None
    conda = [r for r in environment.conda if normalize(conda_name(r) or "") == wanted]
    if pip or len(conda) != 1:
        return None
    match = _CONDA.match(conda[0].text)
    return _bounds(match.group(1), conda[0], conda=True) if match else None


def _bounds(text: str, requirement: Requirement, conda: bool) -> Bounds | None:
    """What all clauses of a version specification admit together."""
    low, below = _FIRST, LAST
    if "|" in text:
        return None
    if conda:
        text = _without_build(text)
    for clause in filter(None, (c.strip() for c in text.split(","))):
        one = _clause(clause, conda)
        if one is None:
            return None
        low, below = max(low, one[0]), min(below, one[1])
    return Bounds(low, below, requirement) if low < below else None


def _without_build(text: str) -> str:
    """`=1.2=py38_0` and `1.2 py38_0` without the build."""
    text = text.strip()
    match = re.match(r"(==?\s*[\w.*]+|[\d.*]+)(?:\s*=\s*|\s+)[\w.*]+$", text)
    return match.group(1) if match else text


def _clause(clause: str, conda: bool) -> tuple[Version, Version] | None:
    """The versions that one clause admits."""
    match = _CLAUSE.match(clause)
    if match is None or (match.group(4).strip() and match.group(1) not in ("==", ">=", "=")):
        return None
    if match.group(4).startswith("_") or (conda and "v" in clause.partition(match.group(2))[0]):
        return None  # to conda `v1.2` is no number, and `1_2` is 1.2 to it
    operator, star = match.group(1) or "=", bool(match.group(3))
    version = tuple(int(n) for n in match.group(2).split("."))[: _WIDTH - 1]
    exact = _wide(version), (*_wide(version)[:-1], 1)
    if operator in ("==", "===", "="):
        whole = star or (conda and operator == "=")
        return (_wide(version), _wide(_next(version))) if whole else exact
    if operator == "~=":
        return _wide(version), _wide(_next(version[:-1])) if version[1:] else LAST
    if operator == ">" and star:
        return exact[0], LAST
    return {
        ">=": (exact[0], LAST),
        ">": (exact[1], LAST),
        "<": (_FIRST, exact[0]),
        "<=": (_FIRST, exact[1]),
        "!=": (_FIRST, LAST),
    }[operator]


def _next(version: Version) -> Version:
    return (*version[:-1], version[-1] + 1)


def _wide(version: Version) -> Version:
    return (version + _FIRST)[:_WIDTH]


def shown(version: Version) -> str:
    """A version as people write it."""
    return ".".join(map(str, version))


def numbers(text: str) -> Version:
    """A version of a table."""
    return tuple(int(part) for part in text.split("."))
