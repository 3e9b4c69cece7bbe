"""Which pip packages the files ask for, and where their index is."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from amllint.artifacts.conda import CondaEnvironment, Requirement
from amllint.artifacts.pins import Bounds, bounds
from amllint.artifacts.pip_requirements import PipLine, parsed, pip_line
from amllint.findings.finding import Location, Related
from amllint.source.problem import Malformed, Unreadable
from amllint.source.text import SourceText, Span
from amllint.units import DeploymentUnit, Linker

REQUIREMENTS_FILE: Final = re.compile(r"(?i).*requirements.*\.txt$")
NEWEST: Final = 99
"""Stands for the newest patch of a Python, which is what conda installs."""
_OPTION: Final = re.compile(r"(?P<name>--?[a-zA-Z][\w-]*)(?:\s*=\s*|\s+|(?=\S))(?P<value>.*)$")
_INCLUDES: Final = ("-r", "--requirement")
_ADDRESSES: Final = {
    "-i": "--index-url",
    "--index-url": "--index-url",
    "--extra-index-url": "--extra-index-url",
    "-f": "--find-links",
    "--find-links": "--find-links",
}
_FLAGS: Final = ("--no-index", "--pre", "--prefer-binary")
_FILLED_IN: Final = re.compile(r"\$\{|\{\{|#\{|\$\(|(?<!\w)__[A-Z]")
_DEPTH: Final = 5
"""Files that name one another, at most so many."""


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
    """The lists of every environment, and of the requirements files among `given`.

    `given` are absolute paths; `python` is for files that do not say theirs.
    """
    seen: set[int] = set()
    for unit in units:
        environment = unit.environment
        if environment is None or id(environment) in seen or not environment.pip:
            continue
        seen.add(id(environment))
        if not environment.is_python_env and not environment.run_together:
            yield of_environment(environment, linker, python)
    for path in given:
        if REQUIREMENTS_FILE.fullmatch(os.path.basename(path)):
            yield from of_file(path, linker, python)


def of_environment(environment: CondaEnvironment, linker: Linker, python: str | None) -> PipList:
    """What the `pip` list of an environment asks for."""
    place = environment.pip[0].location
    gathered = _Gathered(linker)
    folder = os.path.dirname(linker.absolute(environment.path))
    gathered.take(environment.pip, folder)
    return gathered.listed(environment.path, place, python_of(environment) or python)


def of_file(path: str, linker: Linker, python: str | None) -> Iterator[PipList]:
    """What a requirements file asks for; nothing where it cannot be read."""
    try:
        source = linker.overlay.text(path)
    except (Unreadable, Malformed):
        return
    gathered = _Gathered(linker)
    gathered.take(requirements_in(source), os.path.dirname(path))
    yield gathered.listed(source.path, Location(source.path, Span(0, 0)), python)


def requirements_in(source: SourceText) -> Iterator[Requirement]:
    """The lines of a requirements file; a backslash at the end joins the next."""
    for match in re.finditer(r"(?:[^\r\n\\]|\\(?:\r\n|\r|\n)|\\)+", source.text):
        text = re.sub(r"\\(\r\n|\r|\n)", " ", match.group()).strip()
        if text and not text.startswith("#"):
            start = match.start() + len(match.group()) - len(match.group().lstrip())
            span = Span(start, start + len(match.group().strip()))
            unknown = bool(_FILLED_IN.search(text))
            yield Requirement(text, Location(source.path, span), (), unknown)


def python_of(environment: CondaEnvironment) -> str | None:
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
    """The lines of a list while the files that it names are read."""

    def __init__(self, linker: Linker) -> None:
        self.linker = linker
        self.lines: list[PipLine] = []
        self.options: list[str] = []
        self.left_out: list[str] = []
        self.named_by: list[Related] = []
        self.obstacle: str | None = None

    def take(self, lines: Iterable[Requirement], folder: str) -> None:
        """Sort lines into packages, options and the rest."""
        for requirement in lines:
            text = re.split(r"(?:^|\s)#", requirement.text, maxsplit=1)[0].strip()
            line = pip_line(requirement)
            if text.startswith("-"):
                self.option(text, requirement, folder)
            elif line is not None and parsed(line) is not None:
                self.lines.append(line)
            elif text:
                self.left_out.append(text)

    def option(self, text: str, requirement: Requirement, folder: str) -> None:
        """Take an option of pip: where the index is, or another file."""
        match = _OPTION.match(text if text.startswith("--") else f"{text[:2]} {text[2:]}")
        name, value = (match["name"], match["value"].strip(" \"'")) if match else (text, "")
        if text in _FLAGS:
            self.options.append(text)
        elif name in _ADDRESSES:
            self.address(_ADDRESSES[name], value, requirement.unknown)
        elif name in _INCLUDES and not requirement.unknown:
            self.include(value, requirement, folder)
        elif name in ("-e", "--editable", *_INCLUDES):
            self.left_out.append(text)

    def address(self, name: str, value: str, unknown: bool) -> None:
        """Take the address of an index; a secret of this machine is not put into one."""
        if unknown or _FILLED_IN.search(value):
            self.obstacle = "the address of its index is filled in later"
        elif not re.match(r"https?://", value):
            self.obstacle = f"`{name}` names a folder"
        else:
            self.options += [name, value]

    def include(self, name: str, requirement: Requirement, folder: str) -> None:
        """Read a file that a line names, if it lies in the repository."""
        path = os.path.normpath(os.path.join(folder, name))
        inside = "\0" not in path and self.linker.repository.contains(path)
        if not inside or len(self.named_by) >= _DEPTH:
            self.left_out.append(requirement.text)
            return
        try:
            source = self.linker.overlay.text(path)
        except (Unreadable, Malformed):
            self.left_out.append(requirement.text)
            return
        self.named_by.append(Related(requirement.location, "named here"))
        self.take(requirements_in(source), os.path.dirname(path))

    def listed(self, path: str, place: Location, python: str | None) -> PipList:
        """The list, with what keeps it from being asked about."""
        obstacle = self.obstacle
        if python is None:
            obstacle = "nothing says for which Python; give it with --resolve-python"
        return PipList(
            path,
            place,
            python,
            tuple(self.lines),
            tuple(self.options),
            tuple(self.left_out),
            obstacle,
            tuple(self.named_by),
        )
