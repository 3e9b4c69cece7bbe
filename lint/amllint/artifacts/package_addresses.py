"""Where commands and variables of an image's build say that packages come from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from amllint.artifacts.install_commands import program
from amllint.source.shell import Simple, Word

_FETCHES: Final = re.compile(r"(?:pip|python)(?:3(?:\.\d+)?)?|conda|mamba|micromamba|uv|poetry|pdm")
_SETTINGS: Final = (".condarc", "pip.conf", "pip.ini", "uv.toml")
_NAMES: Final = re.compile(r"(?i)pip|pypi|index|feed|channel|find_links|wheel")


def names_packages(variable: str) -> bool:
    """Whether a variable is called like one that says where packages come from."""
    return _NAMES.search(variable) is not None


def given(words: tuple[Word, ...], variables: Mapping[str, str]) -> Iterator[Word]:
    """The words of a simple command that give an address to what fetches packages."""
    words = program(words, variables)
    name = (words[0].text(variables) or "").rpartition("/")[2] if words else ""
    if _FETCHES.fullmatch(name):
        yield from filter(_is_address, words[1:])


def written(command: Simple) -> Iterator[Word]:
    """The words that a command writes into a file of settings."""
    files = (word.plain or "" for word in command.redirected)
    if any(file.endswith(_SETTINGS) for file in files):
        yield from filter(_is_address, command.words)


def _is_address(word: Word) -> bool:
    return "://" in "".join(part if isinstance(part, str) else " " for part in word.parts)
