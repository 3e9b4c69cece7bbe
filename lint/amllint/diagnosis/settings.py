"""Lines of a deployment's files that have to do with a failure: settings and requirements."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from amllint.diagnosis.blocks import Item
from amllint.diagnosis.signatures import Signature

_COMMENT: Final = re.compile(r"(?:^|\s)#.*$")
_CHANNEL: Final = re.compile(r"^[\w./:-]+::")
_NAME: Final = re.compile(r"[A-Za-z0-9][\w.-]*")
_GROUPS: Final = ("packages", "package", "requirement")
_SEPARATORS: Final = re.compile(r"[-_.]+")


class Setting(NamedTuple):
    """A key of a file with its value as written; line and column count from 1."""

    key: str
    value: str
    line: int
    column: int
    text: str


def settings_in(text: str, keys: tuple[str, ...]) -> Iterator[Setting]:
    """The keys of a configuration file, JSON or YAML, in the order in which they stand."""
    if not keys:
        return
    pattern = re.compile(
        rf"(?<![\w.])[\"']?({'|'.join(map(re.escape, keys))})[\"']?\s*:\s*([^,}}\n]*)"
    )
    for number, line in enumerate(text.splitlines(), 1):
        for match in pattern.finditer(_COMMENT.sub("", line)):
            value = match[2].strip().strip("\"'")
            yield Setting(match[1], value, number, match.start() + 1, line.strip())


def requirements_in(text: str, names: frozenset[str]) -> Iterator[Setting]:
    """The lines of a conda or requirements file that list one of some packages."""
    for number, line in enumerate(text.splitlines(), 1):
        entry = _COMMENT.sub("", line).strip().removeprefix("- ").strip("\"' ")
        found = _NAME.search(_CHANNEL.sub("", entry))
        if found and _normal(re.split(r"[=<>!~\[]", found[0])[0]) in names:
            column = len(line) - len(line.lstrip()) + 1
            yield Setting(found[0], "", number, column, line.strip())


def packages_of(
    signature: Signature, groups: dict[str, str], because: Iterable[Item] = ()
) -> frozenset[str]:
    """The packages that a message of pip or conda names, in its list too, normalized."""
    if signature.stage != "build":
        return frozenset()
    listed = [name for item in because for name in item.names]
    said = " ".join([*(groups.get(name, "") for name in _GROUPS), *listed])
    words = re.split(r"[\s,]+|\band\b", said)
    names = (re.split(r"[=<>!~\[(]", word)[0] for word in words)
    return frozenset(_normal(name) for name in names if _NAME.fullmatch(name))


def _normal(name: str) -> str:
    return _SEPARATORS.sub("-", name).lower()
