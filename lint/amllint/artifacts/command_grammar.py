"""The options that `az ml` commands take, and how the CLI's parser tells them apart.

The CLI reads a command line with argparse: an unambiguous beginning of a long option stands for
it, and a letter's value may be written right behind the letter. Source of the options: Microsoft's
reference, `schemas/az-ml-options.json`.
"""

from __future__ import annotations

import difflib
import json
from functools import cache
from typing import Any, Final, NamedTuple

from amllint.source.tables import table_path

TABLE: Final = "az-ml-options.json"
_TAKES: Final = ("one", "none", "perhaps", "many")
_CLOSE: Final = 0.75


class Taken(NamedTuple):
    """An option: its names, and whether it takes `one` value, `none`, `perhaps` one or `many`."""

    names: tuple[str, ...]
    takes: str

    @property
    def name(self) -> str:
        """Its long name."""
        return self.names[0]


class Grammar(NamedTuple):
    """The options of a command by each of their names, and the names of those that it needs."""

    extension: str
    options: dict[str, Taken]
    needed: tuple[str, ...]

    def found(self, word: str) -> tuple[Taken, ...]:
        """The options that a word without `=` may stand for: none, the one, or several."""
        exact = self.options.get(word)
        if exact is not None:
            return (exact,)
        if not word.startswith("--"):
            exact = self.options.get(word[:2])
            return (exact,) if exact is not None else ()
        begun = (option for name, option in self.options.items() if name.startswith(word))
        return tuple(dict.fromkeys(begun))

    def near(self, word: str) -> str | None:
        """The name of an option that a word looks like, but for dashes and a letter or two."""
        bare = word.lstrip("-\u2010\u2011\u2012\u2013\u2014\u2212").replace("_", "-")
        dashed = "--" + bare
        if dashed in self.options:
            return dashed
        if "-" + bare in self.options:
            return "-" + bare
        begun = [n for n in self.options if n.startswith(dashed)]
        if len(bare) > 1 and len(begun) == 1:
            return begun[0]
        long = [name for name in self.options if len(name) > len("--xx")]
        close = difflib.get_close_matches(dashed.lower(), long, 1, _CLOSE)
        return close[0] if close else None


@cache
def grammar(command: str) -> Grammar | None:
    """The grammar of a command by what is typed behind `az ml`, `None` if it is not held."""
    with open(table_path(TABLE), encoding="utf-8") as stream:
        table: dict[str, Any] = json.load(stream)
    own = table["commands"].get(command)
    if own is None:
        return None
    options: dict[str, Taken] = {}
    for held in (table["every"], own):
        for takes in _TAKES:
            for names in held.get(takes, ()):
                option = Taken(tuple(names.split()), takes)
                options |= dict.fromkeys(option.names, option)
    return Grammar(own["extension"], options, tuple(own.get("needed", ())))
