"""Pinned packages of which no release runs on the Python that is pinned beside them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from amllint.artifacts.environment import Environment
from amllint.artifacts.pins import Bounds, Version, bounds
from amllint.artifacts.pip_requirements import pip_line
from amllint.schemas import load_table


class Unsupported(NamedTuple):
    """A package, the versions of it that are admitted, and the Python that all of these need."""

    package: str
    pinned: Bounds
    needs: str


def unsupported(environment: Environment, python: Bounds | None) -> Iterator[Unsupported]:
    """Packages of the `pip` list that cannot be installed on a Python, by the table."""
    if python is None or python.is_open:
        return
    listed = {line.project for line in map(pip_line, environment.pip) if line}
    for row in load_table("incompatible-pins")["pythons"]:
        for package in sorted(set(row["packages"]) & listed):
            pinned = bounds(environment, package)
            if pinned is None or not within(pinned, row.get("from"), row.get("below")):
                continue
            since, before = row.get("since"), row.get("before")
            if since is not None and python.is_before(numbers(since)):
                yield Unsupported(package, pinned, f"Python {since} or newer")
            elif before is not None and python.is_from(numbers(before)):
                yield Unsupported(package, pinned, f"a Python before {before}")


def numbers(text: str) -> Version:
    """A version of a table."""
    return tuple(int(part) for part in text.split("."))


def within(pinned: Bounds, low: str | None, below: str | None) -> bool:
    """Whether every version that is admitted lies between two, as far as they are given."""
    after = low is None or pinned.is_from(numbers(low))
    return after and (below is None or pinned.is_before(numbers(below)))
