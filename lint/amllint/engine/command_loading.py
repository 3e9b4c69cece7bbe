"""Loads command lines that deploy, and links the configurations that they name."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from amllint.artifacts.commands import MODEL_DEPLOY, PATTERN, command_at
from amllint.artifacts.deployment_config import DeploymentConfig
from amllint.artifacts.fields import Known
from amllint.artifacts.inference_config import InferenceConfig
from amllint.engine.listed import Listed
from amllint.findings.finding import Location
from amllint.source.overlay import Overlay
from amllint.source.problem import Malformed, Unreadable
from amllint.source.repository import RUN, Repository
from amllint.units import Linker

if TYPE_CHECKING:
    from amllint.artifacts.command_line import CommandLine, DeployCommand
    from amllint.artifacts.read_command import ReadCommand
    from amllint.engine.code_loading import CodeLoader
    from amllint.engine.command_files import CommandFiles
    from amllint.findings.suppressions import Suppression
    from amllint.source.documents import Document
    from amllint.source.run_texts import RunText

_BYTES: Final = re.compile(PATTERN.encode())
_TEXT: Final = re.compile(rf"\b{PATTERN}")
_PIPELINE: Final = (".yml", ".yaml")
_NOTEBOOK: Final = ".ipynb"
_FOLDERS: Final = (
    *("Build.SourcesDirectory", "System.DefaultWorkingDirectory", "Build.Repository.LocalPath"),
    *("GITHUB_WORKSPACE", "github.workspace", "BUILD_SOURCESDIRECTORY", "CI_PROJECT_DIR"),
)
_ROOTS: Final = dict.fromkeys(_FOLDERS, ".")
"""Variables of build services that stand for the folder of the repository."""


class Files(Protocol):
    """What loads files."""

    overlay: Overlay
    repository: Repository
    linker: Linker
    requested: dict[str, bool]
    folders: list[str]
    listed: list[Listed]
    code: CodeLoader
    documents: dict[str, Document]

    def excluded(self, path: str) -> bool:
        """Whether the configuration leaves a file out."""

    def load_data(self, path: str, ours: bool, by: Location | None = None) -> None:
        """Load a YAML or JSON file."""


class CommandLoader:
    """Finds the command lines of a repository that deploy, by their bytes first."""

    def __init__(self, loader: Files) -> None:
        self.loader = loader
        self.lines: dict[str, list[CommandLine]] = {}
        self.found: dict[str, list[DeployCommand]] = {}
        self._files: dict[int, list[str | None]] = {}

    def load(self) -> None:
        """Load the commands and the configurations that they name."""
        if not self.loader.requested and not self.loader.folders:
            return
        for path in self._candidates():
            with suppress(Unreadable, Malformed, RecursionError):
                lines = list(self._lines(path))
                if lines:
                    self.lines[path] = lines
        if self.lines:
            self._link()

    def _link(self) -> None:
        from amllint.engine.command_files import CommandFiles

        files = CommandFiles(self.loader, self.lines)
        for path, lines in self.lines.items():
            for line in lines:
                missing = files.missing(path, line)
                if missing is not None:
                    self.loader.linker.missing.append(missing)
            deploys = [line for line in lines if line.command == MODEL_DEPLOY]
            self.found[path] = [self._command(path, line, files) for line in deploys]
            self._keep(path, self.found[path])
            self.loader.linker.read += [self._read(line) for line in lines]

    def _candidates(self) -> list[str]:
        repository = self.loader.repository
        paths = [p for p in repository.files if p.endswith((*_PIPELINE, _NOTEBOOK))]
        found = []
        for path in dict.fromkeys((*self.loader.requested, *paths, *repository.run)):
            if path.endswith((".py", ".json")) or self.loader.excluded(path):
                continue
            with suppress(Unreadable):
                data = self.loader.overlay.data(path)
                if (b" ml" in data or b"\tml" in data) and _BYTES.search(data):
                    found.append(path)
        return found

    def _lines(self, path: str) -> Iterator[CommandLine]:
        from amllint.artifacts.command_line import CommandLine
        from amllint.source.shell import assigned, calls

        for run in self._texts(path):
            if not _TEXT.search(run.text):
                continue
            own = assigned(run.text)
            variables = {**_ROOTS, **_spelled(run.variables), **own}
            for call in calls(run.text, _TEXT):
                command = command_at(run.text, call.span.start)
                yield CommandLine(run, call, variables, command)

    def _texts(self, path: str) -> Iterator[RunText]:
        from amllint.source import documents, run_texts

        overlay = self.loader.overlay
        if path.endswith(_NOTEBOOK):
            notebook = overlay.notebook(path)
            for number in notebook.cells:
                yield from run_texts.of_cell(notebook.text(number))
        elif path.endswith(_PIPELINE):
            known = self.loader.documents.get(path)
            yield from run_texts.of_pipeline(known or documents.load(overlay.text(path)))
        elif path.endswith(RUN):
            yield run_texts.of_script(overlay.text(path))

    # -- linking ------------------------------------------------------------------------

    def _command(self, path: str, line: CommandLine, given: CommandFiles) -> DeployCommand:
        from amllint.artifacts.command_line import DeployCommand
        from amllint.artifacts.overridden import with_options

        line = replace(line, coming=given.coming(path, line))
        names = [self._named(line, o) for o in ("inference_config_file", "deploy_config_file")]
        bases = given.folders(path, line)
        folder = _first(self.loader, bases, [n for n in names if n])
        files = [os.path.normpath(os.path.join(folder, n)) if n and folder else None for n in names]
        own = (self._loaded(InferenceConfig, files[0], line), self._loaded(_KINDS, files[1], line))
        self._files[id(line.call)] = files
        inference, deployment = with_options(line, *own)
        covers = tuple(a for a in own if a is not None)
        for config in (inference, *own[:1]):
            if config is not None:
                owner = self.loader.linker.absolute(config.path)
                near = self.loader.linker.run_in.setdefault(owner, [])
                near += [b for b in ([folder] if folder else bases) if b not in near]
        return DeployCommand(line, inference, deployment, covers)

    def _named(self, line: CommandLine, option: str) -> str | None:
        """The path that an option names, without a folder that only the build service knows."""
        word = line.word(option)
        if word is None:
            return None
        from amllint.engine.command_files import rest_of

        text = rest_of(word, line.variables)
        return text if text and "\0" not in text and len(text) < 1_000 else None

    def _loaded(self, kinds: Any, path: str | None, line: CommandLine) -> Any:
        loader = self.loader
        if path is None or not loader.overlay.exists(path) or not loader.repository.contains(path):
            return None
        loader.load_data(path, True, line.place)
        artifacts = loader.linker.found.get(path, ())
        return next((a for a in artifacts if isinstance(a, kinds)), None)

    def _read(self, line: CommandLine) -> ReadCommand:
        """A command line with the files that it gives as what they are not."""
        from amllint.artifacts.read_command import ReadCommand, WrongFile

        wrong = []
        expected = (
            ("inference_config_file", InferenceConfig, _KINDS),
            (*("deploy_config_file", _KINDS, InferenceConfig),),
        )
        files = self._files.get(id(line.call), [None, None])
        for (option, kinds, others), path in zip(expected, files, strict=True):
            artifacts = self.loader.linker.found.get(path or "", ())
            given = line.field(option)
            if any(isinstance(a, kinds) for a in artifacts) or not isinstance(given, Known):
                continue
            if path and any(isinstance(a, others) for a in artifacts):
                name, shown = line.options(option)[-1].name, self.loader.overlay.display(path)
                wrong.append(WrongFile(name, given, shown, others is InferenceConfig))
        return ReadCommand(line, tuple(wrong))

    # -- keeping ------------------------------------------------------------------------

    def _keep(self, path: str, commands: list[DeployCommand]) -> None:
        loader = self.loader
        inside = (os.path.join(folder, "") for folder in loader.folders)
        if any(path.startswith(prefix) for prefix in inside):
            loader.requested.setdefault(path, False)
        for command in commands:
            loader.linker.commands.append(command)
            for config in (command.inference_config, command.deployment_config):
                if config is not None and all(config is not c for c in command.covers):
                    loader.linker.add(path, config)

    def suppressions(self) -> Iterator[Suppression]:
        """The suppression comments in what a shell runs, of files that hold commands."""
        from amllint.engine import command_comments
        from amllint.findings.suppressions import MARK
        from amllint.source import documents

        for path in self.lines:
            if MARK not in self.loader.overlay.data(path) or path in self.loader.code.deploying:
                continue
            yield from command_comments.in_texts(self._texts(path))
            if path.endswith(_PIPELINE) and path not in self.loader.documents:
                document = documents.load(self.loader.overlay.text(path))
                yield from command_comments.in_pipeline(document)

    def tell(self) -> None:
        """Say of the files which command line names them, once everything else is listed."""
        loader = self.loader
        for path, commands in self.found.items():
            shown = loader.overlay.display(path)
            if path in loader.requested:
                rows = [r for r in loader.listed if r.path == shown and r.kind == "none"]
                loader.listed = [r for r in loader.listed if r not in rows]
                called = f"calls az ml {self.lines[path][0].command.name}"
                loader.listed.append(Listed(shown, "deploy command", called))
            for command in commands:
                for config in command.covers:
                    self._name(config.path, f"{shown}:{self._line(command)}")

    def _name(self, shown: str, by: str) -> None:
        said = f"deployed by {by}"
        for number, row in enumerate(self.loader.listed):
            if row.path == shown and row.kind != "none" and said not in row.reason:
                self.loader.listed[number] = row._replace(reason=f"{row.reason}; {said}")

    def _line(self, command: DeployCommand) -> int:
        source = command.line.run.source
        return source.position(command.line.place.span.start).line


_KINDS: Final[Any] = DeploymentConfig.__args__


def _spelled(variables: dict[str, str]) -> dict[str, str]:
    """Variables by all the names that expressions call them."""
    prefixes = ("", "env.", "variables.")
    return {f"{prefix}{name}": value for name, value in variables.items() for prefix in prefixes}


def _first(loader: Files, folders: list[str], names: list[str]) -> str | None:
    """The folder from which names lead to files; any single one of the repository if need be."""
    if not names:
        return None
    exists = loader.linker.exists
    for folder in folders:
        if all(exists(os.path.normpath(os.path.join(folder, name))) for name in names):
            return folder
    anywhere = _anywhere(loader, names)
    if anywhere is not None:
        return anywhere
    for folder in folders:
        if any(exists(os.path.normpath(os.path.join(folder, name))) for name in names):
            return folder
    return None


def _anywhere(loader: Files, names: list[str]) -> str | None:
    """The only folder of the repository from which all names lead to files."""
    steps = [os.path.normpath(n) for n in names]
    if any(os.path.isabs(s) or s.startswith("..") for s in steps):
        return None
    ends = [os.sep + s for s in steps]
    found = {p[: -len(ends[0])] for p in loader.repository.files if p.endswith(ends[0])}
    for end in ends[1:]:
        found &= {p[: -len(end)] for p in loader.repository.files if p.endswith(end)}
    return found.pop() if len(found) == 1 else None
