"""The environment that a Dockerfile builds: what it installs in the image that serves."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

from amllint.artifacts.conda import CondaEnvironment
from amllint.artifacts.environment import Requirement
from amllint.artifacts.install_commands import Installed, installed
from amllint.artifacts.requirements_file import RequirementsFile
from amllint.findings.finding import Location
from amllint.source.dockerfile import Instruction, instructions
from amllint.source.shell import commands, whole_word
from amllint.source.text import SourceText, Span

Listed: TypeAlias = CondaEnvironment | RequirementsFile

_IMAGE_WITH_PYTHON: Final = re.compile(
    r"(?:docker\.io/)?(?:library/)?python:(3\.\d+)(?![\w.]*(?:a|b|rc)\d)"
)
_WITH_CONDA: Final = re.compile(
    r"(?:docker\.io/)?(?:continuumio/(?:miniconda|anaconda)3?|conda/miniconda\d"
    r"|condaforge/mini\w+|mambaorg/micromamba|mcr\.microsoft\.com/azureml/(?:openmpi|intelmpi|base\b))"
)
_VARIABLE: Final = re.compile(r"ARG|ENV")
_SHELL_WORDS: Final = re.compile(r"pip|conda|mamba|poetry|uv|setup\.py|python")
_INHERIT: Final = frozenset({"ONBUILD", "SHELL"})


class Context(NamedTuple):
    """The folder that an image is built from, and how to look into it by absolute paths.

    `listed` reads a file of requirements, or with `True` a conda file; `None` where it cannot.
    """

    folder: str
    exists: Callable[[str], bool]
    is_folder: Callable[[str], bool]
    listed: Callable[[str, bool], Listed | None]


class CopiedFile(NamedTuple):
    """A file that the build takes from its context by name, and that is not there."""

    name: str
    location: Location


@dataclass(slots=True)
class _Stage:
    """What is known of an image while its instructions are read."""

    variables: dict[str, str] = field(default_factory=dict)
    workdir: str = "/"
    copied: list[tuple[str, str | None]] = field(default_factory=list)
    conda: list[Requirement] = field(default_factory=list)
    pip: list[Requirement] = field(default_factory=list)
    complete: bool = True
    starts: bool = False
    installations: int = 0
    separate: bool = False

    def following(self) -> _Stage:
        """A stage that builds on this one."""
        return _Stage(
            dict(self.variables),
            self.workdir,
            list(self.copied),
            list(self.conda),
            list(self.pip),
            self.complete,
            self.starts,
            self.installations,
            self.separate,
        )


@dataclass(frozen=True, slots=True)
class DockerEnvironment:
    """What the last stage of a Dockerfile installs, on top of the image that it builds on.

    `starts` says that it names what the container runs, `installations` how many commands
    install something, one behind another. `missing` are files that it copies, and that are not
    in the folder that it is built from.
    """

    source: SourceText
    place: Location
    conda: tuple[Requirement, ...]
    pip: tuple[Requirement, ...]
    complete: bool
    starts: bool
    installations: int
    missing: tuple[CopiedFile, ...]

    @property
    def path(self) -> str:
        """The display path."""
        return self.source.path

    @property
    def run_together(self) -> tuple[Requirement, ...]:
        """Nothing: no YAML joins what stands in it."""
        return ()

    @property
    def is_python_env(self) -> bool:
        """It is none."""
        return False


def docker_environment(source: SourceText, context: Context) -> DockerEnvironment:
    """The environment that a Dockerfile builds from a context."""
    reading = _Reading(source, context)
    for instruction in instructions(source.text):
        reading.take(instruction)
    stage = reading.stage
    whole = stage.complete and reading.begun and "<<" not in source.text
    several = stage.separate and stage.installations > 1  # which one serves is not known
    return DockerEnvironment(
        source,
        reading.place,
        tuple(stage.conda),
        tuple(stage.pip),
        whole and not several,
        stage.starts,
        stage.installations,
        tuple(reading.missing),
    )


class _Reading:
    """Goes through the instructions of a Dockerfile, keeping what each of its stages has."""

    def __init__(self, source: SourceText, context: Context) -> None:
        self.source = source
        self.context = context
        self.stage = _Stage()
        self.begun = False
        self.place = Location(source.path, Span(0, 0))
        self.missing: list[CopiedFile] = []
        self._stages: dict[str, _Stage] = {}
        self._arguments: dict[str, str] = {}

    def take(self, instruction: Instruction) -> None:
        """Read one instruction."""
        keyword, text = instruction.keyword, instruction.text
        if keyword == "FROM":
            self._from(instruction)
        elif keyword in ("ARG", "ENV"):
            self._set(keyword, text)
        elif keyword == "WORKDIR":
            folder = self._filled(text.strip().strip("\"'"))
            self.stage.workdir = posixpath.join(self.stage.workdir, folder or "/?")
        elif keyword in ("COPY", "ADD"):
            self._copy(instruction)
        elif keyword == "RUN":
            self._run(instruction)
        elif keyword in ("CMD", "ENTRYPOINT"):
            self.stage.starts = True
        elif keyword in _INHERIT and _SHELL_WORDS.search(text):
            self.stage.complete = False

    # -- stages -------------------------------------------------------------------------

    def _from(self, instruction: Instruction) -> None:
        words = [w for w in instruction.text.split() if not w.startswith("--")]
        image = self._filled(words[0]) if words else None
        span = Span(instruction.start, instruction.start + len(instruction.text.rstrip()))
        self.place = Location(self.source.path, span)
        self.begun = True
        known = self._stages.get((image or "").lower())
        self.stage = known.following() if known else self._based_on(image, span)
        if len(words) == 3:
            self._stages[words[2].lower()] = self.stage

    def _based_on(self, image: str | None, span: Span) -> _Stage:
        stage = _Stage(dict(self._arguments))
        if image is None:
            stage.complete = False
            return stage
        python = _IMAGE_WITH_PYTHON.match(image)
        if python:
            stage.conda.append(self._requirement(f"python={python[1]}", span))
        elif _WITH_CONDA.match(image):
            stage.conda.append(self._requirement("conda", span))
        else:
            stage.complete = False
        return stage

    # -- variables ----------------------------------------------------------------------

    def _set(self, keyword: str, text: str) -> None:
        into = self.stage.variables if self.begun else self._arguments
        pairs = re.findall(r"([A-Za-z_]\w*)=(\"[^\"]*\"|'[^']*'|\S*)", text)
        if keyword == "ENV" and not re.match(r"\s*\w+=", text):
            pairs = [(*text.split(None, 1), "", "")[:2]]
        for name, value in pairs:
            filled = self._filled(str(value).strip("\"'"))
            if filled is None:
                into.pop(name, None)
            elif not (keyword == "ARG" and "=" not in text):
                into[name] = filled

    def _filled(self, text: str) -> str | None:
        variables = self.stage.variables if self.begun else self._arguments
        return whole_word(text).text({**self._arguments, **variables}) if text else text

    # -- files --------------------------------------------------------------------------

    def _copy(self, instruction: Instruction) -> None:
        words = instruction.text.split()
        options = [w for w in words if w.startswith("--")]
        names = [self._filled(w) for w in words if not w.startswith("--")]
        if any(o.startswith("--from") for o in options):
            self.stage.complete = False
            return
        if len(names) < 2 or any(n is None for n in names) or "[" in instruction.text[:1]:
            self.stage.copied.append(("/", None))
            return
        *sources, target = (str(n) for n in names)
        into = posixpath.normpath(posixpath.join(self.stage.workdir, target))
        for name in sources:
            self._copied(name.lstrip("/"), into, target, len(sources), instruction)

    def _copied(
        self, name: str, into: str, target: str, count: int, instruction: Instruction
    ) -> None:
        if "://" in name or re.search(r"[*?\[]", name):
            self.stage.copied.append((into, None))
            return
        path = os.path.normpath(os.path.join(self.context.folder, name))
        if not self.context.exists(path) and not self.context.is_folder(path):
            at = instruction.start + max(instruction.text.find(name), 0)
            place = Location(self.source.path, Span(at, at + len(name)))
            self.missing.append(CopiedFile(name, place))
        in_folder = count > 1 or target.endswith("/") or target in (".", "./", "..")
        if self.context.is_folder(path) or not in_folder:
            self.stage.copied.append((into, path))
        else:
            self.stage.copied.append((posixpath.join(into, posixpath.basename(name)), path))

    def _context_path(self, name: str) -> str | None:
        """The file of the context that a path of the image is a copy of."""
        wanted = posixpath.normpath(posixpath.join(self.stage.workdir, name))
        for into, path in reversed(self.stage.copied):
            if wanted == into:
                return path
            if wanted.startswith(into.rstrip("/") + "/"):
                rest = posixpath.relpath(wanted, into)
                return os.path.join(path, *rest.split("/")) if path else None
        return None

    # -- installing ---------------------------------------------------------------------

    def _run(self, instruction: Instruction) -> None:
        text = instruction.text
        stage = self.stage
        if text.lstrip().startswith("["):
            stage.complete = stage.complete and not _SHELL_WORDS.search(text)
            return
        while option := re.match(r"\s*--(\w+)=\S+", text):
            stage.complete = stage.complete and "bind" not in option[0]
            text = " " * option.end() + text[option.end() :]
        for command in commands(text):
            if command.piped and command.words[0].plain not in ("tee", "tar", "grep", "apt-key"):
                stage.complete = False
            if command.words[0].plain == "cd":
                folder = command.words[1].text(stage.variables) if command.words[1:] else "/"
                stage.workdir = posixpath.join(stage.workdir, folder or "/?")
            plain = [w.plain for w in command.words[1:3]]
            stage.separate |= plain[:1] == ["create"] or plain == ["env", "create"]
            found = list(installed(command.words, stage.variables))
            stage.installations += bool(found)
            self._take(found, instruction.start)

    def _take(self, found: Iterable[Installed], start: int) -> None:
        for item in found:
            span = Span(item.word.span.start + start, item.word.span.end + start)
            if item.kind == "pip":
                self._package(self.stage.pip, item.text, span)
            elif item.kind == "conda":
                self._package(self.stage.conda, item.text, span)
            elif item.kind == "unknown":
                self.stage.complete = False
            else:
                self._listing(item)

    def _package(self, into: list[Requirement], text: str, span: Span) -> None:
        if text.startswith((".", "/")):
            self.stage.complete = False
        into.append(self._requirement(text, span))

    def _listing(self, item: Installed) -> None:
        path = self._context_path(item.text)
        listed = self.context.listed(path, item.kind == "conda file") if path else None
        if listed is None:
            self.stage.complete = False
            return
        self.stage.complete = self.stage.complete and listed.complete
        self.stage.conda += listed.conda
        self.stage.pip += listed.pip

    def _requirement(self, text: str, span: Span) -> Requirement:
        return Requirement(text, Location(self.source.path, span), (), False, self.source)
