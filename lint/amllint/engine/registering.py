"""What of a repository registers models or environments in the same run that deploys them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from typing import Final

from amllint.source.overlay import Overlay
from amllint.source.problem import Unreadable
from amllint.source.repository import Repository

_REGISTERS: Final = {
    "model": re.compile(
        rb"\bmodel[ \t]+(?:create|register)\b|\bModel\.register\b|\bregister_model\b"
        rb"|\bregistered_model_name\b|\bmodels\.create_or_update\b"
        rb"|\bModel\([\s\S]*\.create_or_update\b|\.create_or_update\b[\s\S]*\bModel\("
    ),
    "environment": re.compile(
        rb"\benvironment[ \t]+(?:create|register)\b|\benvironments\.create_or_update\b"
        rb"|\benv(?:ironment)?\w*\.register\b"
        rb"|\bEnvironment\([\s\S]*\.create_or_update\b|\.create_or_update\b[\s\S]*\bEnvironment\("
    ),
}
_DEPLOYS: Final = re.compile(
    rb"(?:online|batch)-deployment[ \t]+(?:create|update)\b|\bmodel[ \t]+deploy\b"
    rb"|\bModel\.deploy\b|\.begin_create_or_update\b"
)
_COMMENT: Final = re.compile(rb"(?m)^[ \t]*#.*$")
_TOLD: Final = (".md", ".rst", ".txt")
"""Guides run nothing."""


class Registering:
    """The files that register and deploy: a snapshot made before them lacks what they register."""

    def __init__(self, overlay: Overlay, repository: Repository) -> None:
        self._overlay = overlay
        self._repository = repository

    def before(self, what: str, name: str, deployed: str) -> str | None:
        """The name of a file that registers some `what` and then deploys a file, if there is one.

        It counts where it names what is registered, or the file that is deployed.
        """
        words = (name, os.path.basename(deployed))
        named = re.compile(rb"(?<![\w-])(?:%s)(?![\w-])" % b"|".join(map(_escaped, words)))
        for path, data in self._deploying:
            if _REGISTERS[what].search(data) and named.search(data):
                return os.path.basename(path)
        return None

    @cached_property
    def _deploying(self) -> tuple[tuple[str, bytes], ...]:
        run = ((path, _COMMENT.sub(b"", data)) for path, data in self._files() if _may(data))
        return tuple((path, data) for path, data in run if _DEPLOYS.search(data))

    def _files(self) -> Iterator[tuple[str, bytes]]:
        scripts = (p for p in self._repository.scripts if not p.endswith(_TOLD))
        for path in dict.fromkeys((*self._repository.files, *scripts)):
            with suppress(Unreadable):
                yield path, self._overlay.data(path)


def _may(data: bytes) -> bool:
    return b"deploy" in data or b"create_or_update" in data


def _escaped(word: str) -> bytes:
    return re.escape(os.fsencode(word))
