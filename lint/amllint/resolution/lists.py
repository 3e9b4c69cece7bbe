"""Which pip packages the files ask for, and where their index is."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from amllint.artifacts.conda import CondaEnvironment
from amllint.artifacts.docker_environment import DockerEnvironment
from amllint.artifacts.environment import Environment, Requirement
from amllint.artifacts.pins import Bounds, bounds
from amllint.artifacts.pip_requirements import PipLine, parsed, pip_line
from amllint.artifacts.requirements import conda_name
from amllint.artifacts.requirements_file import included_file
from amllint.findings.finding import Location, Related
from amllint.units import DeploymentUnit, Linker

_FILE: Final = re.compile(r"(?i).*requirements.*\.txt$")
NEWEST: Final = 99
"""Stands for the newest patch of a Python, which is what conda installs."""
_OPTION: Final = re.compile(r"(?P<name>--?[a-zA-Z][\w-]*)(?:\s*=\s*|\s+|(?=\S))(?P<value>.*)$")
_BRINGING: Final = ("-e", "--editable", "-r", "--requirement")
_ADDRESSES: Final = {
    "-i": "--index-url",
    "--index-url": "--index-url",
    "--extra-index-url": "--extra-index-url",
    "-f": "--find-links",
    "--find-links": "--find-links",
}
_FLAGS: Final = ("--no-index", "--pre", "--prefer-binary")
_FILLED_IN: Final = re.compile(r"\$\{|\{\{|#\{|\$\(|(?<!\w)__[A-Z]")


class PipList(NamedTuple):
    """What pip is given of one environment.

    `python` is a full version, the newest patch as 99. `options` say where the index is, as the
    file has them. `left_out` are the lines that are not asked about: paths, addresses, templates.
    `obstacle` says why none can be asked about; `named_by` the lines that name other files.
    """

    path: str
    place: Location
    python: str | None
    lines: tuple[PipLine, ...]
    options: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    obstacle: str | None = None
    named_by: tuple[Related, ...] = ()

    @property
    def requirements(self) -> tuple[str, ...]:
        """The lines as pip takes them."""
        return tuple(str(found) for line in self.lines if (found := parsed(line)))


def pip_lists(
    units: Iterable[DeploymentUnit], linker: Linker, given: Iterable[str], python: str | None
) -> Iterator[PipList]:
    """The lists of the environments among `given`, and of the requirements files there.

    `given` are absolute paths; `python` is for files that do not say theirs.
    """
    named = dict.fromkeys(given)
    seen: set[int] = set()
    for unit in units:
        environment = unit.environment
        if environment is None or id(environment) in seen or not environment.pip:
            continue
        files = {environment.path, *(r.source.path for r in environment.pip)}
        if not any(linker.absolute(file) in named for file in files):
            continue
        seen.add(id(environment))
        if not environment.is_python_env and not environment.run_together:
            yield pip_list(environment, python_of(environment) or python)
    for path in named:
        # Files that environments name have been read by now, and belong to those.
        if path not in linker.environments.texts and is_requirements_file(path):
            file = linker.environments.requirements(path)
            if file is not None:
                yield pip_list(file, python)


def is_requirements_file(path: str) -> bool:
    """Whether a file has the name of a list of requirements, which is asked about by itself."""
    return _FILE.fullmatch(os.path.basename(path)) is not None


def _is_built_in_steps(environment: Environment) -> bool:
    """Whether an image is made by installations one after the other, or by what is not known.

    pip never sees their packages together: a later installation may replace what one before made.
    """
    if not isinstance(environment, DockerEnvironment):
        return False
    return not environment.complete or environment.installations != 1


def pip_list(environment: Environment, python: str | None) -> PipList:
    """What an environment gives pip to install, for a Python."""
    gathered = _Gathered()
    gathered.take(environment.pip)
    own = environment.own_pip if isinstance(environment, CondaEnvironment) else ()
    named_by = (Related(r.location, "named here") for r in own if included_file(r.text))
    obstacle = gathered.obstacle
    if _is_built_in_steps(environment):
        obstacle = "its image is built by several installations, or from what is not known"
    elif python is None:
        later = any(r.unknown for r in environment.conda if conda_name(r) == "python")
        what = "its Python is filled in later" if later else "nothing says for which Python"
        obstacle = f"{what}; give it with --resolve-python"
    return PipList(
        environment.path,
        environment.place,
        python,
        tuple(gathered.lines),
        tuple(gathered.options),
        tuple(gathered.left_out),
        obstacle,
        tuple(named_by),
    )


def python_of(environment: Environment) -> str | None:
    """The Python that conda installs, `None` where the file leaves that open."""
    found = bounds(environment, "python")
    if found is None or found.is_open:
        return None
    major, minor, patch = found.low[:3]
    if _is_only(found, (major, minor, patch)):
        return f"{major}.{minor}.{patch}"
    return f"{major}.{minor}.{NEWEST}" if _is_only(found, (major, minor)) else None


def _is_only(found: Bounds, version: tuple[int, ...]) -> bool:
    return found.is_before((*version[:-1], version[-1] + 1))


class _Gathered:
    """The lines of a list, sorted into packages, options and the rest."""

    def __init__(self) -> None:
        self.lines: list[PipLine] = []
        self.options: list[str] = []
        self.left_out: list[str] = []
        self.obstacle: str | None = None

    def take(self, lines: Iterable[Requirement]) -> None:
        """Sort lines."""
        for requirement in lines:
            text = re.split(r"(?:^|\s)#", requirement.text, maxsplit=1)[0].strip()
            line = pip_line(requirement)
            if text.startswith("-"):
                self.option(text, requirement.unknown)
            elif line is not None and parsed(line) is not None:
                self.lines.append(line)
            elif text:
                self.left_out.append(text)

    def option(self, text: str, unknown: bool) -> None:
        """Take an option of pip, if it says where the index is."""
        match = _OPTION.match(text if text.startswith("--") else f"{text[:2]} {text[2:]}")
        name, value = (match["name"], match["value"].strip(" \"'")) if match else (text, "")
        if text in _FLAGS:
            self.options.append(text)
        elif name in _ADDRESSES:
            self.address(_ADDRESSES[name], value, unknown)
        elif name in _BRINGING:
            self.left_out.append(text)

    def address(self, name: str, value: str, unknown: bool) -> None:
        """Take the address of an index; a secret of this machine is not put into one."""
        if unknown or _FILLED_IN.search(value):
            self.obstacle = "the address of its index is filled in later"
        elif not re.match(r"https?://", value):
            self.obstacle = f"`{name}` names a folder"
        else:
            self.options += [name, value]
