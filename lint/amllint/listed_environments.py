"""Files that list packages, read where something names them: requirements, Dockerfiles."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from amllint.artifacts.conda import CondaEnvironment
from amllint.artifacts.docker_environment import DockerEnvironment, docker_environment
from amllint.artifacts.docker_stages import Context
from amllint.artifacts.fields import Section
from amllint.artifacts.requirements_file import RequirementsFile, included, requirements_file
from amllint.findings.finding import Location
from amllint.source import documents
from amllint.source.documents import Document
from amllint.source.overlay import Overlay
from amllint.source.problem import Malformed, Unreadable
from amllint.source.text import SourceText

_LONGEST: Final = 1_000_000
_LONGEST_DOCKERFILE: Final = 60_000
"""In characters; what is longer nobody wrote, and taking it apart would only cost time."""

_LEAVE_OUT: Final = "leave it out with `exclude` in the configuration"


class Trouble(NamedTuple):
    """Why a file cannot be read, and where it is named."""

    problem: Unreadable | Malformed
    by: Location


@dataclass(slots=True)
class ListedEnvironments:
    """Reads such files; `texts` has those that were read, by absolute path.

    `may_read` tells the files that a check may look into. `troubles` has those that are there
    and cannot be read, with the place that names them.
    """

    overlay: Overlay
    may_read: Callable[[str], bool]
    texts: dict[str, SourceText] = field(default_factory=dict)
    troubles: dict[str, Trouble] = field(default_factory=dict)

    def completed(self, environment: CondaEnvironment) -> CondaEnvironment:
        """A conda environment with the files of requirements that it includes."""
        path = os.path.normpath(os.path.join(self.overlay.cwd, environment.path))
        files = included(environment.own_pip, path, self._for_pip)
        return replace(environment, files=files) if files else environment

    def requirements(self, path: str, by: Location | None = None) -> RequirementsFile | None:
        """The file of requirements at an absolute path; `None` where it cannot be read.

        Without a place that names it nobody needs it, and trouble with it is not told.
        """
        return requirements_file(path, lambda file: self._text(file, by))

    def dockerfile(
        self, path: str, folder: str | None, by: Location | None = None
    ) -> DockerEnvironment | None:
        """What a Dockerfile makes of the context in a folder; `None` where it cannot be read.

        Without a folder nothing is known of the context.
        """
        source = self._text(path, by, _LONGEST_DOCKERFILE)
        if source is None:
            return None
        overlay = self.overlay
        if folder is None:
            return docker_environment(source, Context.unknown())
        context = Context(folder, overlay.exists, overlay.is_folder, self._of_context)
        return docker_environment(source, context)

    def read_mlmodel(self, path: str, by: Location) -> None:
        """Take account of trouble with the `MLmodel` of a model that is named at a place."""
        document = self._document(path, by)
        if document is not None and not isinstance(document.data, dict):
            self.troubles[path] = Trouble(_no_mapping(document.source.path), by)

    def _of_context(
        self, path: str, conda: bool, by: Location
    ) -> CondaEnvironment | RequirementsFile | None:
        if not conda:
            return requirements_file(path, lambda file: self._for_pip(file, by))
        document = self._document(path, by)
        return self.completed(CondaEnvironment(Section(document))) if document else None

    def _document(self, path: str, by: Location) -> Document | None:
        if not self.may_read(path):
            return None
        try:
            return documents.load(self.overlay.text(path))
        except (Unreadable, Malformed) as problem:
            self._tell(path, problem, by)
            return None

    def _for_pip(self, path: str, by: Location | None = None) -> SourceText | None:
        """The text of a file that pip reads itself."""
        if self.may_read(path):
            with suppress(Unreadable):
                self.overlay.text_for_pip(path)
        return self._text(path, by)

    def _text(self, path: str, by: Location | None, most: int = _LONGEST) -> SourceText | None:
        if not self.may_read(path):
            return None
        try:
            source = self.overlay.text(path)
        except (Unreadable, Malformed) as problem:
            self._tell(path, problem, by)
            return None
        if len(source.text) > most:
            self._tell(path, _too_long(source, most), by)
            return None
        self.texts[path] = source
        return source

    def _tell(self, path: str, problem: Unreadable | Malformed, by: Location | None) -> None:
        """Keep trouble with a file that is there; one that is not is told by rules."""
        gone = isinstance(problem, Unreadable) and problem.reason == "missing"
        if by is not None and not gone:
            self.troubles.setdefault(path, Trouble(problem, by))


def _too_long(source: SourceText, most: int) -> Unreadable:
    what = f"has {len(source.text):,} characters, and at most {most:,} are read"
    return Unreadable(source.path, "too-large", what, _LEAVE_OUT)


def _no_mapping(shown: str) -> Unreadable:
    what = "is no description of an MLflow model: its content is no mapping"
    return Unreadable(shown, "no-mapping", what, "restore the file that MLflow wrote")
