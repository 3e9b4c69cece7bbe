"""Packages of the operating system that a command of an image's build adds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from amllint.artifacts.install_commands import is_harmless, program
from amllint.source.shell import Word

_APT: Final = frozenset({"apt-get", "apt"})
_OTHERS: Final = frozenset(
    {"apk", "yum", "dnf", "microdnf", "dpkg", "aptitude", "add-apt-repository"}
)
_WITH_VALUE: Final = frozenset({"-o", "-c", "--option"})
_OF_PYTHON: Final = ("python", "pip", "conda", "mamba", "micromamba", "uv")


def system_packages(words: tuple[Word, ...], variables: Mapping[str, str]) -> frozenset[str] | None:
    """The packages that a simple command adds; `None` where it may add any.

    Of apt the names that are asked for, without versions. Programs that are not known may do
    anything; those that install packages of Python add none of the system.
    """
    words = program(words, variables)
    if not words:
        return frozenset()
    name = (words[0].text(variables) or "").rpartition("/")[2]
    if name in _OTHERS:
        return None
    if name in _APT:
        return _by_apt([w.text(variables) for w in words[1:]])
    return frozenset() if name.startswith(_OF_PYTHON) or is_harmless(name) else None


def _by_apt(arguments: list[str | None]) -> frozenset[str] | None:
    if any(text is None for text in arguments):
        return None
    texts = [text or "" for text in arguments]
    plain = [
        text
        for before, text in zip(["", *texts], texts, strict=False)
        if text and not text.startswith("-") and before not in _WITH_VALUE
    ]
    if plain[:1] in (["install"], ["reinstall"]):
        return frozenset(text.partition("=")[0].partition("/")[0] for text in plain[1:])
    idle = ("update", "upgrade", "clean", "autoclean", "autoremove", "purge", "remove")
    return frozenset() if not plain or plain[0] in idle else None
