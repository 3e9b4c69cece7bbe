"""Which azureml-core a repository asks for: what a newer one does says little of older ones."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_PIN: Final = re.compile(
    rb"\bazureml[-_](?:core|sdk|defaults)[ \t]*(?:\[[^\]\r\n]{0,80}\])?[ \t]*(===?|~=|=|<=?)"
    rb"[ \t]*[\"']?(\d+\.\d+(?:\.\d+)*)"
)
HINT: Final = b"azureml"
"""What is in every text that pins one."""


_OLDEST: Final = "1.0"


def older_pin(texts: Iterable[bytes], version: str) -> str | None:
    """The oldest release that pins of azureml-core or its meta-packages admit, if it is older.

    `version` is the release that amllint knows. They are released together, under one number;
    patches of one minor release are alike. An upper bound admits the first release.
    """
    known = _minor(version)
    pins = (pin for text in texts if HINT in text for pin in _PIN.findall(text))
    found = {(sign, pin.decode()) for sign, pin in pins}
    older = (
        _OLDEST if sign.startswith(b"<") else pin for sign, pin in found if _minor(pin) < known
    )
    return min(older, key=_numbers, default=None)


def is_older(version: str, other: str) -> bool:
    """Whether a release is older than another."""
    return _numbers(version) < _numbers(other)


def _numbers(version: str) -> tuple[int, ...]:
    numbers = tuple(int(part) for part in version.split("."))
    return numbers + (0,) * (3 - len(numbers))


def _minor(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:2])
