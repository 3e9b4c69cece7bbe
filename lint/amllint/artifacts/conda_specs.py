"""Conda's match specs, as far as a file of dependencies has them."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from amllint.artifacts.environment import Requirement

_SPEC: Final = re.compile(
    r"(?:(?:(?!::)[^\s\[\]=<>!~,|])*::)?(?P<name>[A-Za-z0-9_][A-Za-z0-9_.-]*)"
    r"(?P<rest>(?:\s+|(?=[=<>!~(]))[^\[\],:][^\[\]:]*)?\s*(?:\[(?P<keys>.*)\])?$"
)
_BUILD: Final = re.compile(r"(?P<versions>.*[\w*])\s*(?:=|\s)\s*(?P<build>[\w.*]+)$")
_CLAUSE: Final = re.compile(
    r"(?P<operator>==|[<>!~]=|[=<>])?\s*(?P<version>\d[\w.!]*?)(?P<star>\.?\*)?$"
)
_KEY: Final = re.compile(r"\s*(\w+)\s*=\s*('[^']*'|\"[^\"]*\"|[^,'\"]*)\s*(?:,|$)")
_NO_VERSIONS: Final = re.compile(r"[\w.*]+\s+\S|[A-Za-z]|.*[\w*]\s+[\w=<>!~]")


class CondaSpec(NamedTuple):
    """A package as conda reads it: `versions` written as pip would write them, and the build."""

    requirement: Requirement
    name: str
    versions: str
    build: str | None


def conda_spec(requirement: Requirement) -> CondaSpec | None:
    """Read an item of the conda packages; `None` where it is no such spec.

    `=1.2` means any 1.2, `1.2` and `==1.2` that version alone, as does a version with a build.
    Alternatives (`1.0|2.0`) and what is no version are left out: of these versions nothing is
    known.
    """
    text = re.split(r"\s#", requirement.text, maxsplit=1)[0].strip()
    match = _SPEC.match(text)
    if match is None or requirement.unknown or text.startswith("-"):
        return None
    versions, build = _divided((match["rest"] or "").strip())
    keys = {key: value.strip("'\"") for key, value in _KEY.findall(match["keys"] or "")}
    build = keys.get("build", build)
    if "version" in keys:
        versions = keys["version"] if not versions and " " not in keys["version"] else "?"
    alone = build is None and not keys
    return CondaSpec(requirement, match["name"].lower(), _as_pip(versions, alone), build)


def _divided(rest: str) -> tuple[str, str | None]:
    """What follows a name: versions, and a build."""
    found = _BUILD.match(rest)
    if found is None:
        return rest, None
    versions, build = found["versions"], found["build"]
    if _NO_VERSIONS.match(versions):
        return "?", None
    # A version with a build is that one alone, with whichever of the two operators.
    return re.sub(r"^=(?=\s*[\w.!]+$)", "==", versions), build


def _as_pip(versions: str, alone: bool) -> str:
    """Clauses as pip would write them, nothing where one of them cannot be read.

    A star behind `==` is one only where nothing else is said (`alone`): readers drop it.
    """
    clauses = [_clause_as_pip(clause.strip()) for clause in versions.split(",")]
    if not (alone and len(clauses) == 1) and re.search(r"==[^,]*\*", versions):
        return ""
    return ",".join(clauses) if all(clauses) else ""


def _clause_as_pip(clause: str) -> str:
    match = _CLAUSE.match(clause)
    if match is None or match["version"].endswith("."):
        return ""
    operator, version, star = match["operator"], match["version"], match["star"]
    if operator in (None, "=", "=="):
        return f"=={version}.*" if star or operator == "=" else f"=={version}"
    if operator == "!=":
        return f"!={version}.*" if star else f"!={version}"
    if operator == ">" and star:
        return f">={version}"
    if operator == "~=" and "." not in version:
        return f">={version}"
    return f"{operator}{version}"
