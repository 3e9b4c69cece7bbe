"""Files that a Dockerfile installs from, and that are not in the image at that moment.

Nothing is said where anything but copies that are known may have brought them.
"""

from __future__ import annotations

import difflib
import os
import posixpath
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from amllint.artifacts.docker_stages import Context, Stage
from amllint.artifacts.environment import Requirement
from amllint.artifacts.install_commands import Installed
from amllint.artifacts.requirements_file import RequirementsFile
from amllint.findings.finding import Location
from amllint.source.shell import Simple

_PLAIN_IMAGE: Final = re.compile(
    r"(?:docker\.io/)?(?:library/)?(?:python|ubuntu|debian):(?!.*onbuild)"
    r"|(?:docker\.io/)?(?:continuumio/(?:miniconda|anaconda)3?|condaforge/mini\w+|nvidia/cuda:)"
    r"|mcr\.microsoft\.com/azureml/"
)
"""Images that have no list of packages at a place where anyone would look for his own."""
_WRITERS: Final = frozenset({"wget", "curl", "ln", "find", "touch", "env", "gpg", "dpkg", "printf"})
"""Programs that bring no package, and may well make files."""
_NO_FILE: Final = frozenset({"/dev/null", "1", "2"})
_ALTERNATIVE: Final = re.compile(r"\|\||(?:^|[\s;&])(?:if|for|while|test|\[)\s")
_ODD: Final = re.compile(r"[\\~?*\[\0]|://|^-$|^/(?:dev|proc)/")
_INCLUDED: Final = re.compile(r"(?:-r|-c|--requirement|--constraint)(?:\s*=\s*|\s*)(?P<file>\S.*)$")
_DEEPEST: Final = 10


class AbsentFile(NamedTuple):
    """A file that is installed from and is not there: its name as it is written, and where.

    `conda` says that conda reads it, `near` is a copied file of a similar name, `folder` tells
    whether a copied folder would hold it if the context had it.
    """

    name: str
    location: Location
    conda: bool
    near: str | None
    folder: bool


def may_write(command: Simple, found: list[Installed], name: str) -> bool:
    """Whether a command of a build may make a file that an installation needs."""
    written = any(word.plain not in _NO_FILE for word in command.redirected)
    return written or name in _WRITERS or any(item.kind == "unknown" for item in found)


def is_conditional(text: str) -> bool:
    """Whether the commands of a text are not all run, or one of them may fail."""
    return _ALTERNATIVE.search(text) is not None


def absent_file(
    stage: Stage, context: Context, item: Installed, place: Location
) -> Iterator[AbsentFile]:
    """The file that a command installs from, if it is surely not in the image."""
    if _is_known(stage, context) and not _ODD.search(item.text):
        found = _look(stage, context, item.text, stage.workdir)
        if found is not None:
            conda = item.kind == "conda file"
            yield AbsentFile(item.text, place, conda, _near(stage, item.text), found)


def absent_inclusions(
    stage: Stage, context: Context, name: str, file: RequirementsFile, depth: int = 0
) -> Iterator[AbsentFile]:
    """The files that a list for pip at a path of the image includes and that are not in it."""
    if not _is_known(stage, context) or depth > _DEEPEST:
        return
    folder = posixpath.dirname(posixpath.join(stage.workdir, name))
    known = dict(file.files)
    for line in file.own:
        included = _included(line)
        if included is None:
            continue
        found = _look(stage, context, included, folder)
        if found is not None:
            yield AbsentFile(included, line.location, False, _near(stage, included), found)
        elif included in known:
            below = posixpath.join(folder, included)
            yield from absent_inclusions(stage, context, below, known[included], depth + 1)


def _included(line: Requirement) -> str | None:
    match = _INCLUDED.match(line.text.strip())
    name = match["file"].strip("\"'") if match else None
    return None if name is None or line.unknown or _ODD.search(name) else name


def _is_known(stage: Stage, context: Context) -> bool:
    """Whether all files of an image that matter are copies that are known."""
    plain = stage.image is not None and _PLAIN_IMAGE.match(stage.image) is not None
    copies = all(path is not None and context.has(path) for _, path in stage.copied)
    return bool(context.folder) and plain and copies and not stage.writes


def _look(stage: Stage, context: Context, name: str, folder: str) -> bool | None:
    """Whether a copied folder would hold a file that is not there; `None` where it may be there."""
    wanted = posixpath.normpath(posixpath.join(folder, name))
    if "?" in wanted:
        return None
    covered = False
    for into, path in stage.copied:
        if path is None or wanted in (into, posixpath.join(into, os.path.basename(path))):
            return None
        if context.is_folder(path) and wanted.startswith(into.rstrip("/") + "/"):
            rest = posixpath.relpath(wanted, into)
            if context.has(os.path.join(path, *rest.split("/"))):
                return None
            covered = True
    return covered


def near_name(path: str, name: str) -> str | None:
    """The name of a file, as it would be written, that is similar to one that is not there."""
    folder, base = os.path.split(path)
    beside = [e for e in _entries(folder) if os.path.isfile(os.path.join(folder, e))]
    close = difflib.get_close_matches(base, beside, 1, 0.85)
    return posixpath.join(posixpath.dirname(name), close[0]) if close else None


def _entries(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except (OSError, ValueError):
        return []


def _near(stage: Stage, name: str) -> str | None:
    """A copied file of a similar name, as it would be written instead."""
    copied = [os.path.basename(path) for _, path in stage.copied if path]
    base = posixpath.basename(name)
    close = difflib.get_close_matches(base, copied, 1, 0.75)
    return posixpath.join(posixpath.dirname(name), close[0]) if close and close[0] != base else None
