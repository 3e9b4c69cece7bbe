"""Goes through the instructions of a Dockerfile, keeping what each of its stages has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from amllint.artifacts.docker_absent import (
    AbsentFile,
    absent_file,
    absent_inclusions,
    is_conditional,
    may_write,
    near_name,
)
from amllint.artifacts.docker_stages import Context, Stage
from amllint.artifacts.environment import Requirement
from amllint.artifacts.install_commands import Installed, installed
from amllint.artifacts.package_addresses import given, names_packages, written
from amllint.artifacts.requirements_file import RequirementsFile
from amllint.artifacts.system_packages import system_packages
from amllint.findings.finding import Location
from amllint.source.dockerfile import Instruction
from amllint.source.shell import Simple, commands, whole_word
from amllint.source.text import SourceText, Span

_IMAGE_WITH_PYTHON: Final = re.compile(
    r"(?:docker\.io/)?(?:library/)?python:(3\.\d+)(?![\w.]*(?:a|b|rc)\d)"
)
_WITH_CONDA: Final = re.compile(
    r"(?:docker\.io/)?(?:continuumio/(?:miniconda|anaconda)3?|conda/miniconda\d"
    r"|condaforge/mini\w+|mambaorg/micromamba|mcr\.microsoft\.com/azureml/(?:openmpi|intelmpi|base\b))"
)
_ARCHIVE: Final = re.compile(r"\.(?:tar(?:\.\w+)?|tgz|tbz2?|txz)$")
"""What `ADD` takes apart."""
_SETTING: Final = re.compile(r"([A-Za-z_]\w*)=(\"[^\"]*\"|'[^']*'|\S*)")
_SHELL_WORDS: Final = re.compile(r"pip|conda|mamba|poetry|uv|setup\.py|python")
_CUT: Final = re.compile(r"(?:>=|<=|[<>])\d[\w.*]*(?:,[<>=!~]+\d[\w.*]*)*")
"""The versions of a requirement that the shell takes for a redirection."""
_KINDS: Final = ("pip", "conda")
_INHERIT: Final = frozenset({"ONBUILD", "SHELL"})


class CopiedFile(NamedTuple):
    """A file that the build takes from its context by name, and that is not there.

    `outside` says that it lies beside or above the context, `near` is one of a similar name.
    """

    name: str
    location: Location
    outside: bool = False
    near: str | None = None


class Reading:
    """What a Dockerfile says up to an instruction.

    `stage` is the one that is being read, `begun` tells whether there is any, and `place` is its
    `FROM`. `missing`, `absent`, `addresses` and `cut` are of all stages.
    """

    def __init__(self, source: SourceText, context: Context) -> None:
        self.source = source
        self.context = context
        self.stage = Stage()
        self.begun = False
        self.place = Location(source.path, Span(0, 0))
        self.missing: list[CopiedFile] = []
        self.absent: list[AbsentFile] = []
        self.addresses: list[Location] = []
        self.cut: list[Location] = []
        self._stages: dict[str, Stage] = {}
        self._arguments: dict[str, str] = {}

    def take(self, instruction: Instruction) -> None:
        """Read one instruction."""
        keyword, text = instruction.keyword, instruction.text
        if keyword == "FROM":
            self._from(instruction)
        elif keyword in ("ARG", "ENV"):
            self._set(instruction)
        elif keyword == "WORKDIR":
            self.stage.enter(self._filled(text.strip().strip("\"'")))
        elif keyword in ("COPY", "ADD"):
            self._copy(instruction)
        elif keyword == "RUN":
            self._run(instruction)
        elif keyword in ("CMD", "ENTRYPOINT"):
            self.stage.starts = True
        elif keyword in _INHERIT and _SHELL_WORDS.search(text):
            self.stage.complete = False
            self.stage.add_system(None)

    # -- stages -------------------------------------------------------------------------

    def _from(self, instruction: Instruction) -> None:
        words = [w for w in instruction.text.split() if not w.startswith("--")]
        image = self._filled(words[0]) if words else None
        span = Span(instruction.start, instruction.start + len(instruction.text.rstrip()))
        self.place = self._at(span)
        self.begun = True
        known = self._stages.get((image or "").lower())
        self.stage = known.following() if known else self._based_on(image, span)
        if len(words) == 3:
            self._stages[words[2].lower()] = self.stage

    def _based_on(self, image: str | None, span: Span) -> Stage:
        stage = Stage(dict(self._arguments), image=image)
        if image is None:
            stage.complete = False
            return stage
        python = _IMAGE_WITH_PYTHON.match(image)
        if python:
            stage.conda.append(self._requirement(f"python={python[1]}", self._at(span)))
        elif _WITH_CONDA.match(image):
            stage.conda.append(self._requirement("conda", self._at(span)))
        else:
            stage.complete = False
        return stage

    # -- variables ----------------------------------------------------------------------

    def _set(self, instruction: Instruction) -> None:
        into = self.stage.variables if self.begun else self._arguments
        for name, value, span in _settings(instruction):
            if names_packages(name) and "://" in value:
                self.addresses.append(self._at(span, instruction.start))
            filled = self._filled(value)
            if filled is None:
                into.pop(name, None)
            elif not (instruction.keyword == "ARG" and "=" not in instruction.text):
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
            self.stage.writes = True
            self.stage.add_system(None)
            return
        if len(names) < 2 or any(n is None for n in names) or "[" in instruction.text[:1]:
            self.stage.copied.append(("/", None))
            return
        *sources, target = (str(n) for n in names)
        for source in sources:
            name = source.lstrip("/")
            self.stage.writes |= instruction.keyword == "ADD" and _ARCHIVE.search(name) is not None
            gone = self.stage.take_file(self.context, name, target, len(sources) > 1)
            if gone is not None:
                at = max(instruction.text.find(name), 0)
                place = self._at(Span(at, at + len(name)), instruction.start)
                outside = not self.context.contains(gone)
                near = None if outside else near_name(gone, name)
                self.missing.append(CopiedFile(name, place, outside, near))

    # -- installing ---------------------------------------------------------------------

    def _run(self, instruction: Instruction) -> None:
        text = instruction.text
        stage = self.stage
        if text.lstrip().startswith("["):
            self._run_program(instruction)
            return
        while option := re.match(r"\s*--(\w+)=\S+", text):
            stage.complete = stage.complete and "bind" not in option[0]
            stage.writes |= "bind" in option[0]
            text = " " * option.end() + text[option.end() :]
        stage.writes |= is_conditional(text)
        for command in commands(text):
            if command.piped and command.words[0].plain not in ("tee", "tar", "grep", "apt-key"):
                stage.complete = False
                stage.add_system(None)
            self._command(command, instruction.start, text)

    def _run_program(self, instruction: Instruction) -> None:
        """A program that is run without a shell: its words are not told apart."""
        stage = self.stage
        stage.add_system(None)
        stage.writes = True
        if _SHELL_WORDS.search(instruction.text):
            stage.complete = False
            self.addresses.append(self._at(Span(0, len(instruction.text)), instruction.start))

    def _command(self, command: Simple, start: int, text: str) -> None:
        stage, words = self.stage, command.words
        if words[0].plain == "cd":
            stage.enter(words[1].text(stage.variables) if words[1:] else "/")
        plain = [w.plain for w in words[1:3]]
        stage.separate |= plain[:1] == ["create"] or plain == ["env", "create"]
        stage.add_system(system_packages(words, stage.variables))
        found = list(installed(words, stage.variables))
        stage.installations += bool(found)
        self._take(found, start)
        stage.writes |= may_write(command, found, words[0].plain or "")
        places = (*given(words, stage.variables), *written(command))
        self.addresses += [self._at(word.span, start) for word in places]
        if found:
            self.cut += [self._at(span, start) for span in _cut_off(text, command, found)]

    def _take(self, found: Iterable[Installed], start: int) -> None:
        for item in found:
            place = self._at(item.word.span, start)
            if item.kind == "pip":
                self._package(self.stage.pip, item.text, place)
            elif item.kind == "conda":
                self._package(self.stage.conda, item.text, place)
            elif item.kind == "unknown":
                self.stage.complete = False
            else:
                self._listing(item, place)

    def _package(self, into: list[Requirement], text: str, place: Location) -> None:
        if text.startswith((".", "/")) or text.endswith(".txt"):  # `-r` was meant
            self.stage.complete = False
        into.append(self._requirement(text, place))

    def _listing(self, item: Installed, place: Location) -> None:
        path = self.stage.copy_of(item.text)
        listed = self.context.listed(path, item.kind == "conda file", place) if path else None
        self.absent += absent_file(self.stage, self.context, item, place)
        if isinstance(listed, RequirementsFile):
            self.absent += absent_inclusions(self.stage, self.context, item.text, listed)
        if listed is None:
            self.stage.complete = False
            return
        self.stage.complete = self.stage.complete and listed.complete
        self.stage.conda += listed.conda
        self.stage.pip += listed.pip

    def _requirement(self, text: str, place: Location) -> Requirement:
        return Requirement(text, place, (), False, self.source)

    def _at(self, span: Span, start: int = 0) -> Location:
        """A place in an instruction's text that begins at `start`."""
        return Location(self.source.path, Span(span.start + start, span.end + start))


def _cut_off(text: str, command: Simple, found: Iterable[Installed]) -> Iterator[Span]:
    """The requirements of a command that the shell cuts off at a `<` or `>`."""
    packages = {item.word.span.end: item.word.span.start for item in found if item.kind in _KINDS}
    ends = {word.span.end for word in command.redirected}
    for end, start in packages.items():
        versions = _CUT.match(text, end)
        if versions is not None and versions.end() in ends:
            yield Span(start, versions.end())


def _settings(instruction: Instruction) -> Iterable[tuple[str, str, Span]]:
    """The variables that `ENV` or `ARG` sets, with their values and the places of these."""
    text = instruction.text
    old = re.match(r"\s*(\w+)(?:\s+(.*))?$", text) if instruction.keyword == "ENV" else None
    if old is not None:
        return [(old[1], (old[2] or "").strip("\"'"), Span(*old.span(2)))] if old[2] else []
    return [(m[1], m[2].strip("\"'"), Span(*m.span(2))) for m in _SETTING.finditer(text)]
