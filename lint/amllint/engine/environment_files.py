"""Finds the YAML of an environment that a deployment only names: `azureml:NAME:VERSION`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, Protocol

from amllint.artifacts.classify import may_define_environment
from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.environment_definition import (
    EnvironmentDefinition,
    EnvironmentName,
    defines_environment,
    environment_file,
    environment_name,
)
from amllint.artifacts.fields import Section
from amllint.engine.name_search import NameSearch
from amllint.source.overlay import Overlay
from amllint.source.problem import Unreadable
from amllint.source.repository import Repository
from amllint.units import Linker

if TYPE_CHECKING:
    from amllint.source.documents import Document

_DATA: Final = (".yml", ".yaml")
_CODE: Final = (".py", ".ipynb")
_MADE: Final = re.compile(rb"\bEnvironment\b")


class Files(Protocol):
    """What loads files."""

    overlay: Overlay
    repository: Repository
    linker: Linker
    documents: dict[str, Document]

    def excluded(self, path: str) -> bool:
        """Whether the configuration leaves a file out."""

    def document(self, path: str) -> Document | None:
        """The document of a file, `None` where it cannot be read."""

    def tell(self, path: str, kind: str, reason: str) -> None:
        """List a file that was asked for."""

    def untell(self, path: str) -> None:
        """Take back what was listed of a file."""


class EnvironmentFiles:
    """Gives the deployments that were loaded the environments that they name.

    A name is that of a file where the repository has exactly one of that name, and no code that
    makes an environment of it as well.
    """

    def __init__(self, loader: Files) -> None:
        self._loader = loader
        self._known: dict[EnvironmentName, EnvironmentDefinition | None] = {}

    def load(self) -> None:
        """Complete all deployments."""
        for artifacts in list(self._loader.linker.found.values()):
            for number, artifact in enumerate(artifacts):
                if isinstance(artifact, DeploymentReference) and not artifact.is_job:
                    definition = self._named_by(artifact)
                    if definition is not None:
                        artifacts[number] = replace(artifact, named=definition)

    def names(self, path: str) -> Iterator[bytes]:
        """How deployments name the environment that a file defines."""
        for artifact in self._loader.linker.found.get(path, ()):
            if isinstance(artifact, EnvironmentDefinition) and artifact.name:
                yield f"azureml:{artifact.name}".encode()

    def defining(self, searched: NameSearch) -> list[str]:
        """Files that define environments of what is searched for, and that were none of ours."""
        found = []
        for path in self._candidates:
            if path not in self._loader.documents:
                with suppress(Unreadable):
                    if searched.finds(self._loader.overlay.data(path)) and self._define(path):
                        found.append(path)
        return found

    def _named_by(self, reference: DeploymentReference) -> EnvironmentDefinition | None:
        field = reference.environment_reference
        file, name = environment_file(field), environment_name(field)
        if file is not None:
            path = self._loader.linker.resolve_beside(reference.path, file).path
            return self._define(path) if path else None
        if name is None:
            return None
        if name not in self._known:
            self._known[name] = self._only(name)
        return self._known[name]

    def _only(self, name: EnvironmentName) -> EnvironmentDefinition | None:
        """The one definition of a name; `None` where there are others, or code makes one too."""
        found = [d for d in map(self._define, self._mentioning(name)) if d and d.is_meant(name)]
        alone = len(found) == 1 and not self._is_made_by_code(name.name)
        return found[0] if alone else None

    def _mentioning(self, wanted: EnvironmentName) -> Iterator[str]:
        """YAML files that may define an environment of that name."""
        name = wanted.name.encode()
        return (path for path in self._candidates if name in self._loader.overlay.data(path))

    @cached_property
    def _candidates(self) -> tuple[str, ...]:
        """YAML files of the repository that may define an environment, by their bytes."""
        found = []
        for path in self._loader.repository.files:
            if path.endswith(_DATA) and not self._loader.excluded(path):
                with suppress(Unreadable):
                    if may_define_environment(self._loader.overlay.data(path)):
                        found.append(path)
        return tuple(found)

    def _define(self, path: str) -> EnvironmentDefinition | None:
        loader = self._loader
        for artifact in loader.linker.found.get(path, ()):
            if isinstance(artifact, EnvironmentDefinition):
                return artifact
        document = loader.document(path)
        if document is None or not defines_environment(Section(document).data):
            return None
        definition = EnvironmentDefinition(Section(document))
        loader.documents[path] = document
        loader.linker.add(path, definition)
        loader.untell(path)
        loader.tell(path, "environment", "a deployment names it")
        return definition

    def _is_made_by_code(self, name: str) -> bool:
        """Whether code or a notebook of the repository makes an environment of that name."""
        sought = name.encode()
        quoted = re.compile(rb"[\"']%b\\?[\"']" % re.escape(sought))
        for path in self._loader.repository.files:
            if path.endswith(_CODE):
                with suppress(Unreadable):
                    data = self._loader.overlay.data(path)
                    made = _MADE.search(data) if sought in data else None
                    if made and quoted.search(data, made.end()):
                        return True
        return False
