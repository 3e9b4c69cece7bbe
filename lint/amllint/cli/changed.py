"""`check --diff-base`: what is compared with what."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Callable

from amllint import config
from amllint.config import ConfigError, Settings
from amllint.engine.changes import Change
from amllint.engine.check import common_folder
from amllint.source.overlay import Overlay
from amllint.source.problem import Unreadable
from amllint.source.repository import Repository, find_root
from amllint.source.revision import Revision, RevisionProblem


def change_since(revision: str, paths: list[str], settings: Settings, overlay: Overlay) -> Change:
    """The change from where the branch left a revision. Raises `RevisionProblem`."""
    repository = Repository.around(common_folder(paths, overlay.cwd))
    if not repository.is_git:
        raise RevisionProblem(f"{repository.root} is in no git repository: leave --diff-base out")
    return Change(
        Revision.merge_base(repository.root, revision), overlay, repository, settings.path
    )


def settings_before(
    options: argparse.Namespace,
    settings: Settings,
    paths: list[str],
    apply: Callable[[argparse.Namespace, Settings], Settings],
) -> Callable[[Overlay], Settings]:
    """What the configuration was before the change: it is a cause like any other file."""

    def read(overlay: Overlay) -> Settings:
        path = settings.path
        if not options.isolated and not options.config:
            path = _config_in(common_folder(paths, overlay.cwd), overlay)
        if path == settings.path and path not in overlay.buffered:
            return settings
        if path is None or not overlay.exists(path):
            return apply(options, Settings())
        try:
            return apply(options, config.load(path, overlay))
        except ConfigError:
            return settings

    return read


def _config_in(folder: str, overlay: Overlay) -> str | None:
    """The nearest configuration at or above a folder, as an overlay has it."""
    root = find_root(folder)
    while True:
        for name in config.NAMES:
            path = os.path.join(folder, name)
            if overlay.exists(path) and (name != "pyproject.toml" or _is_ours(path, overlay)):
                return path
        if folder == root or os.path.dirname(folder) == folder:
            return None
        folder = os.path.dirname(folder)


def _is_ours(path: str, overlay: Overlay) -> bool:
    try:
        return (
            re.search(rb"(?m)^[ \t]*\[+[ \t]*tool[ \t]*\.[ \t]*amllint\b", overlay.data(path))
            is not None
        )
    except Unreadable:
        return False
