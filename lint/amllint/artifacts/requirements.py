"""Names of distributions in an environment, as pip and conda normalize them."""

from __future__ import annotations

import re
from typing import Final

from amllint.artifacts.environment import Environment, Requirement

_PIP_NAME: Final = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)")
_CONDA_NAME: Final = re.compile(r"\s*(?:[\w./-]+::)?([A-Za-z0-9_][\w.-]*)")


def normalize(name: str) -> str:
    """A distribution's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pip_name(requirement: Requirement) -> str | None:
    """The normalized name of a pip requirement.

    `None` for an option, a path, a URL: what they bring cannot be read off.
    """
    text = requirement.text.partition(" #")[0].strip()
    if text.startswith(("-", ".", "/", "#")) or "://" in text.partition("@")[0]:
        return None
    match = _PIP_NAME.match(text)
    if match is None or text.endswith((".whl", ".tar.gz", ".zip")):
        return None
    return normalize(match.group(1))


def is_index_option(requirement: Requirement) -> bool:
    """Whether a pip line only says where to look, and installs nothing."""
    options = ("--index-url", "-i ", "--extra-index-url", "--find-links", "-f ", "--pre")
    more = ("--trusted-host", "--no-cache-dir", "--prefer-binary", "--no-deps", "#")
    return requirement.text.strip().startswith((*options, *more))


def conda_name(requirement: Requirement) -> str | None:
    """The name of a conda package, lower case, its channel left out."""
    match = _CONDA_NAME.match(requirement.text)
    return match.group(1).lower() if match else None


def distribution_names(environment: Environment) -> set[str] | None:
    """Names of everything listed, `None` where a line brings what cannot be read off."""
    names: set[str] = set()
    for requirement in environment.pip:
        name = pip_name(requirement)
        if name is None and not is_index_option(requirement):
            return None
        names.add(name or "")
    for requirement in environment.conda:
        name = conda_name(requirement)
        if name:
            names.add(normalize(name))
    return names
