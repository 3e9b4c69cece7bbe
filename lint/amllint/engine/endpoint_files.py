"""Finds the endpoints that a repository defines, and what in it may make more of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Protocol

from amllint.artifacts.endpoint_definition import (
    EndpointDefinition,
    EndpointFiles,
    defines_endpoint,
)
from amllint.artifacts.fields import Section
from amllint.source.overlay import Overlay
from amllint.source.problem import Unreadable
from amllint.source.repository import RUN, Repository, is_guide

if TYPE_CHECKING:
    from amllint.source.documents import Document

_DATA: Final = (".yml", ".yaml")
_DEFINES: Final = re.compile(rb"ndpoint\.schema\.json|(?m:^(?:auth_mode|compute|traffic)[ \t]*:)")
_MADE: Final = re.compile(
    # Classes of azure-ai-ml, its loaders, and resources of templates and of REST.
    rb"(?:Online|Batch)Endpoint\b(?!\.schema)|load_(?:online|batch)_(?:endpoint|deployment)"
    rb"|workspaces/(?:online|batch)Endpoints"
)
_RUN: Final = re.compile(rb"(?:online|batch)-endpoint[\"', ]+create")
"""A command that is run from code; those of scripts, pipelines and notebooks are read."""
_CALLED: Final = re.compile(rb"(?m)^[ \t-]*(?:uses|template)[ \t]*:")
_PASSED: Final = re.compile(rb"(?i)endpoint[-_]?name[ \t]*:")
"""What a template of pipelines is given, which deploys in ways of its own."""


class Files(Protocol):
    """What loads files."""

    overlay: Overlay
    repository: Repository
    requested: dict[str, bool]

    def excluded(self, path: str) -> bool:
        """Whether the configuration leaves a file out."""

    def document(self, path: str) -> Document | None:
        """The document of a file, `None` where it cannot be read."""


def endpoint_files(loader: Files) -> EndpointFiles:
    """The endpoints of a repository; files that are left out may make some as well."""
    found: list[EndpointDefinition] = []
    may_be_made = False
    for path, data in _files(loader):
        if path.endswith(_DATA) and _DEFINES.search(data) and not loader.excluded(path):
            document = loader.document(path)
            if document is not None and defines_endpoint(Section(document).data):
                found.append(EndpointDefinition(Section(document)))
        may_be_made = may_be_made or _makes(path, data)
    return EndpointFiles(tuple(found), may_be_made)


def _files(loader: Files) -> Iterator[tuple[str, bytes]]:
    # What guides tell of is done by hand, for endpoints of any name.
    told = (p for p in loader.repository.scripts if not is_guide(p))
    for path in dict.fromkeys((*loader.requested, *loader.repository.files, *told)):
        with suppress(Unreadable):
            yield path, loader.overlay.data(path)


def _makes(path: str, data: bytes) -> bool:
    """Whether a file may make endpoints in ways that are not followed."""
    if b"ndpoint" not in data:
        return False
    if _MADE.search(data):
        return True
    if path.endswith(_DATA):
        return bool(_CALLED.search(data) and _PASSED.search(data))
    return not path.endswith((*RUN, ".ipynb")) and _RUN.search(data) is not None
