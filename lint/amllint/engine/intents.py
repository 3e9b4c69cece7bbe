"""Tells what scripts are for: by the configuration, or by where they lie and what is told there."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import cached_property
from typing import Final

from amllint.artifacts.intent_words import README_BYTES, of_path, of_readme, of_remote
from amllint.config import Settings
from amllint.findings.intent import Intent, least_serious
from amllint.source.overlay import Overlay
from amllint.source.problem import Unreadable
from amllint.source.repository import Repository
from amllint.units import DeploymentUnit, Linker

_READMES: Final = ("README.md", "readme.md", "Readme.md", "README.rst", "README.txt", "README")


class Intents:
    """What the scripts of a repository are for; its README and remote are read once, if asked.

    The name of the root's folder says nothing: a build service calls it `s` or `repo`.
    """

    def __init__(self, overlay: Overlay, repository: Repository, settings: Settings) -> None:
        self._overlay = overlay
        self._root = repository.root
        self._settings = settings

    def of(self, path: str) -> Intent | None:
        """What the script at a path is for, `None` where nothing tells."""
        return self._declared or least_serious(self._of_path(path), self._of_repository)

    def told(self, units: list[DeploymentUnit], linker: Linker) -> list[DeploymentUnit]:
        """The units, those without a script with what their own place tells."""
        return [u if u.script is not None else self._placed(u, linker) for u in units]

    def _placed(self, unit: DeploymentUnit, linker: Linker) -> DeploymentUnit:
        first = next(iter(unit.parts()), None)
        return replace(unit, told=self.of(linker.absolute(first.path))) if first else unit

    @cached_property
    def _declared(self) -> Intent | None:
        settings = self._settings
        if settings.purpose is None:
            return None
        where = self._overlay.display(settings.path) if settings.path else "the configuration"
        return Intent(settings.purpose, f"`purpose` in {where}", True)

    def _of_path(self, path: str) -> Intent | None:
        prefix = os.path.join(self._root, "")
        if not path.startswith(prefix):
            return None
        parts = path[len(prefix) :].split(os.sep)
        return of_path([*parts[:-1], os.path.splitext(parts[-1])[0]])

    @cached_property
    def _of_repository(self) -> Intent | None:
        remote = self._beginning(os.path.join(self._root, ".git", "config"))
        names = (n for n in _READMES if self._overlay.exists(os.path.join(self._root, n)))
        name = next(names, None)
        readme = self._beginning(os.path.join(self._root, name)) if name else None
        return least_serious(
            of_remote(remote) if remote else None,
            of_readme(readme, name) if readme and name else None,
        )

    def _beginning(self, path: str) -> str | None:
        """The first bytes of a file as text, `None` where there is none."""
        if not self._overlay.exists(path):
            return None
        try:
            return self._overlay.data(path)[:README_BYTES].decode("utf-8", "replace")
        except Unreadable:
            return None
