"""Lines of a `pip` list, read as pip reads them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from amllint.artifacts.environment import Requirement
from amllint.artifacts.requirements import normalize

if TYPE_CHECKING:
    from packaging.requirements import Requirement as Parsed

_NAMED: Final = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*")
_FOLDER: Final = re.compile(r"(?:file:|[\w.-]+/)")
_ELSEWHERE: Final = ("-", ".", "/", "#", "$", "{", "\\")


class PipLine(NamedTuple):
    """A requirement of a named distribution: the line without its comment, and its parts.

    `name` is as written, `rest` what follows it: extras, versions, marker.
    """

    requirement: Requirement
    text: str
    name: str
    rest: str

    @property
    def project(self) -> str:
        """The name as the index compares it."""
        return normalize(self.name)

    @property
    def versions(self) -> str:
        """What is written of versions: extras, marker and options left out."""
        rest = self.rest.partition(";")[0]
        rest = re.sub(r"^\s*\[[^\]]*\]", "", rest)
        return re.split(r"\s--?[a-z]", rest)[0].strip()


def pip_line(requirement: Requirement) -> PipLine | None:
    """A line of a `pip` list; `None` for options, paths, URLs and placeholders."""
    text = re.split(r"(?:^|\s)#", requirement.text, maxsplit=1)[0].strip()
    if requirement.unknown or text.startswith(_ELSEWHERE) or "://" in text or "@" in text:
        return None
    match = _NAMED.match(text)
    if match is None or text.endswith((".whl", ".tar.gz", ".zip")) or _FOLDER.match(text):
        return None
    return PipLine(requirement, text, match.group(1), text[match.end() :])


def parsed(line: PipLine) -> Parsed | None:
    """The requirement as PEP 508 has it, `None` where it is none."""
    from packaging.requirements import InvalidRequirement
    from packaging.requirements import Requirement as Parsed

    try:
        return Parsed(re.split(r"\s--[a-z]", line.text)[0])
    except InvalidRequirement:
        return None
