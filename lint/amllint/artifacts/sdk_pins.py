"""Which azureml-core a repository asks for: what a newer one does says little of older ones."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_PIN: Final = re.compile(
    rb"\bazureml[-_](?:core|sdk|defaults)[ \t]*(?:\[[^\]\r\n]{0,80}\])?[ \t]*(?:===?|~=|=|<=?)"
    rb"[ \t]*[\"']?(\d+\.\d+(?:\.\d+)*)"
)
HINT: Final = b"azureml"
"""What is in every text that pins one."""


def older_pin(texts: Iterable[bytes], version: str) -> str | None:
    """The oldest release that texts pin azureml-core or its meta-packages to, if it is older.

    `version` is the release that amllint knows. They are released together, under one number;
    patches of one minor release are alike.
    """
    known = _minor(version)
    found = {m.decode() for text in texts if HINT in text for m in _PIN.findall(text)}
    return min((pin for pin in found if _minor(pin) < known), key=_minor, default=None)


def _minor(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:2])
