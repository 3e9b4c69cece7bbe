"""Names of the `pip` list that are a slip away from a well-known one, and that nothing has."""

from __future__ import annotations

from functools import cache

from amllint.artifacts.environment import Environment
from amllint.artifacts.pip_requirements import PipLine, pip_line
from amllint.artifacts.requirements import is_index_option
from amllint.schemas import load_table


def misspelt_lines(environment: Environment) -> tuple[tuple[PipLine, str], ...]:
    """The lines whose package the index did not have, each with the name that is meant.

    None where another index is named, which may have it.
    """
    if any(is_index_option(r) and "://" in r.text for r in environment.pip):
        return ()
    lines = [line for line in map(pip_line, environment.pip) if line]
    meant = ((line, _meant().get(line.project)) for line in lines)
    return tuple((line, name) for line, name in meant if name)


@cache
def _meant() -> dict[str, str]:
    """The names that are meant, by near misses."""
    names = load_table("misspelt-names")["names"]
    return {miss: name for name, misses in names.items() for miss in misses}
