"""`check --diff-base`: what is compared with what."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable

from amllint import config
from amllint.config import ConfigError, Settings
from amllint.engine.changes import Change
from amllint.engine.check import common_folder
from amllint.source.overlay import Overlay
from amllint.source.repository import Repository
from amllint.source.revision import Revision, RevisionProblem


def change_since(revision: str, paths: list[str], overlay: Overlay) -> Change:
    """The change from where the branch left a revision. Raises `RevisionProblem`."""
    repository = Repository.around(common_folder(paths, overlay.cwd))
    if not repository.is_git:
        raise RevisionProblem(f"{repository.root} is in no git repository: leave --diff-base out")
    return Change(Revision.merge_base(repository.root, revision), overlay, repository)


def settings_before(
    options: argparse.Namespace,
    settings: Settings,
    apply: Callable[[argparse.Namespace, Settings], Settings],
) -> Callable[[Overlay], Settings]:
    """What the configuration was before the change: it is a cause like any other file."""

    def read(overlay: Overlay) -> Settings:
        if settings.path is None or settings.path not in overlay.buffered:
            return settings
        before = Settings()
        if overlay.exists(settings.path):
            try:
                before = config.load(os.path.normpath(settings.path), overlay)
            except ConfigError:
                return settings
        return apply(options, before)

    return read
