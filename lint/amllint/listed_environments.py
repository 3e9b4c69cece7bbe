"""Files that list packages, read where something names them: requirements, Dockerfiles."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from amllint.artifacts.conda import CondaEnvironment
from amllint.artifacts.docker_environment import DockerEnvironment, docker_environment
from amllint.artifacts.docker_stages import Context
from amllint.artifacts.fields import Section
from amllint.artifacts.requirements_file import RequirementsFile, included, requirements_file
from amllint.source import documents
from amllint.source.overlay import Overlay
from amllint.source.problem import Malformed, Unreadable
from amllint.source.text import SourceText

_LONGEST: Final = 1_000_000
_LONGEST_DOCKERFILE: Final = 60_000
"""In characters; what is longer nobody wrote, and taking it apart would only cost time."""


@dataclass(slots=True)
class ListedEnvironments:
    """Reads such files; `texts` has those that were read, by absolute path.

    `may_read` tells the files that a check may look into.
    """

    overlay: Overlay
    may_read: Callable[[str], bool]
    texts: dict[str, SourceText] = field(default_factory=dict)

    def completed(self, environment: CondaEnvironment) -> CondaEnvironment:
        """A conda environment with the files of requirements that it includes."""
        path = os.path.normpath(os.path.join(self.overlay.cwd, environment.path))
        files = included(environment.own_pip, path, self._text)
        return replace(environment, files=files) if files else environment

    def requirements(self, path: str) -> RequirementsFile | None:
        """The file of requirements at an absolute path; `None` where it cannot be read."""
        return requirements_file(path, self._text)

    def dockerfile(self, path: str, folder: str | None) -> DockerEnvironment | None:
        """What a Dockerfile makes of the context in a folder; `None` where it cannot be read.

        Without a folder nothing is known of the context.
        """
        source = self._text(path)
        if source is None or len(source.text) > _LONGEST_DOCKERFILE:
            return None
        overlay = self.overlay
        if folder is None:
            return docker_environment(source, Context.unknown())
        context = Context(folder, overlay.exists, overlay.is_folder, self._of_context)
        return docker_environment(source, context)

    def _of_context(self, path: str, conda: bool) -> CondaEnvironment | RequirementsFile | None:
        if not conda:
            return self.requirements(path)
        if not self.may_read(path):
            return None
        try:
            document = documents.load(self.overlay.text(path))
        except (Unreadable, Malformed):
            return None
        return self.completed(CondaEnvironment(Section(document)))

    def _text(self, path: str) -> SourceText | None:
        if not self.may_read(path):
            return None
        try:
            source = self.overlay.text(path)
        except (Unreadable, Malformed):
            return None
        if len(source.text) > _LONGEST:
            return None
        self.texts[path] = source
        return source
