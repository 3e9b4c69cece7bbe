"""Conda's match specs, as far as a file of dependencies has them."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from amllint.artifacts.environment import Requirement

_SPEC: Final = re.compile(
    r"(?:(?P<channel>[\w./:-]+)::)?(?P<name>[A-Za-z0-9_][\w.-]*)\s*(?P<rest>[^\[]*)(?:\[.*\])?$"
)
_EXACT: Final = re.compile(
    r"(?P<op>==?)?\s*(?P<version>[\w.*+!]+)(?:\s*=\s*|\s+)(?P<build>[\w.*]+)$"
)


class CondaSpec(NamedTuple):
    """A package as conda reads it: `versions` written as pip would write them, and the build."""

    requirement: Requirement
    name: str
    versions: str
    build: str | None


def conda_spec(requirement: Requirement) -> CondaSpec | None:
    """Read an item of the conda packages; `None` where it is no such spec.

    `=1.2` means any 1.2, `1.2` and `==1.2` that version alone, as does a version with a build.
    Alternatives (`1.0|2.0`) and the keys in brackets are left out: of these versions nothing
    is known.
    """
    text = re.split(r"\s#", requirement.text, maxsplit=1)[0].strip()
    match = _SPEC.match(text)
    if match is None or requirement.unknown or text.startswith("-"):
        return None
    name, rest = match.group("name").lower(), match.group("rest").strip()
    if "|" in rest or "[" in text:
        return CondaSpec(requirement, name, "", None)
    exact = _EXACT.match(rest)
    if exact:
        return CondaSpec(requirement, name, f"=={exact['version']}", exact["build"])
    clauses = (c.strip() for c in rest.split(","))
    return CondaSpec(requirement, name, ",".join(_as_pip(c) for c in clauses if c), None)


def _as_pip(clause: str) -> str:
    if re.match(r"=(?![=<>])", clause):
        version = clause[1:].strip().rstrip("*").rstrip(".")
        return f"=={version}.*"
    return clause if clause[0] in "=<>!~" else f"=={clause}"
