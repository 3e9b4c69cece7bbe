"""Whether what a v2 deployment names, and is not there, may be there when it is deployed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Final, NamedTuple

from amllint.artifacts.bringing import BRINGS
from amllint.artifacts.running_texts import DATA, Mention
from amllint.source.problem import Unreadable
from amllint.units import Linker

_CODE: Final = (".py", ".ipynb")
_NAMES: Final = re.compile(
    rb"(?:scoring_|entry_)?script\b|\bcode[\"' \t]*[:=]|CodeConfiguration|^(?:from|import)\s|az ml "
)
"""A line that only names a script or its folder, as deployments and imports do."""
_LAYS: Final = re.compile(
    rb"(?i)\b(?:cp|mv|ln|tee|sed|envsubst|mkdir|robocopy|xcopy|git|dvc|tar|unzip)\b|writefile"
    rb"|copy|move|rename|extract|folder|artifact|generat|render|\bpath\b|contents|>"
)
"""A line of a shell or a pipeline that may make or lay out what it names."""
_SUBMODULE: Final = re.compile(rb"(?m)^[ \t]*path[ \t]*=(.*)$")
_LEVELS: Final = 3


class Coming(NamedTuple):
    """What may bring a file that is not there.

    `ignored` is whether git ignores it, `laid` whether something of the repository may bring it or
    lay it out, `deployed` whether a pipeline deploys what names it.
    """

    ignored: bool
    laid: bool
    deployed: bool


def coming(owner: str, given: str, links: Linker) -> Coming:
    """What may bring the file or folder that the file `owner` names by a path beside it."""
    own = links.absolute(owner)
    path = os.path.normpath(os.path.join(os.path.dirname(own), given.replace("\\", "/")))
    callers = list(_callers(own, links))
    laid = any(BRINGS.search(caller.data) for caller, _ in callers)
    laid = laid or _is_in_submodule(path, links)
    laid = laid or _is_laid(path, own, links, _CODE) or _is_laid(own, own, links, ())
    deployed = any(sure and caller.path.endswith(DATA) for caller, sure in callers)
    return Coming(links.repository.ignores([path]), laid, deployed)


def _is_in_submodule(path: str, links: Linker) -> bool:
    """Whether a path lies in another repository that git puts into this one."""
    root = links.repository.root
    with suppress(Unreadable):
        for match in _SUBMODULE.finditer(links.overlay.data(os.path.join(root, ".gitmodules"))):
            folder = os.path.join(root, os.fsdecode(match[1]).strip())
            if path.startswith(os.path.join(folder, "")) or path == folder:
                return True
    return False


def _callers(own: str, links: Linker) -> Iterator[tuple[Mention, bool]]:
    """The texts that may mention a file, and those that mention them; whether it is sure."""
    seen, pending = {own}, {own: True}
    for _ in range(_LEVELS):
        found: dict[str, tuple[Mention, bool]] = {}
        for file, sure in pending.items():
            for by in links.running.mentioning(file):
                if by.path not in seen and _may_mean(by, file, links):
                    known = by.path in found and found[by.path][1]
                    found[by.path] = by, known or (sure and _means(by, file, links))
        yield from found.values()
        pending = {path: sure for path, (_, sure) in found.items()}
        seen.update(pending)


def _may_mean(by: Mention, file: str, links: Linker) -> bool:
    """Whether a text may name a file, from wherever it is run.

    A path is that of any file that ends with it, and of any of the name if none does. A pipeline
    runs in a folder of its own choice: a bare name in it is that of any file. In other texts it
    counts in the folder of the file and in those above, or where no file beside them has it.
    """
    paths, is_pipeline = [way for way in by.ways if way], by.path.endswith(DATA)
    if any(_ends(file, way) for way in paths):
        return True
    others = links.running.others(file)
    if is_pipeline and any(not any(_ends(other, way) for other in others) for way in paths):
        return True
    beside = os.path.join(os.path.dirname(by.path), os.path.basename(file))
    is_free = is_pipeline or _is_above(by, file) or not links.exists(beside)
    return () in by.ways and is_free


def _means(by: Mention, file: str, links: Linker) -> bool:
    """Whether a text names a file by its path, or by a name that no other file has."""
    if any(_ends(file, way) for way in by.ways if way):
        return True
    is_free = by.path.endswith(DATA) or _is_above(by, file)
    return () in by.ways and is_free and not links.running.others(file)


def _is_above(by: Mention, file: str) -> bool:
    return file.startswith(os.path.join(os.path.dirname(by.path), ""))


def _ends(file: str, way: tuple[bytes, ...]) -> bool:
    """Whether the folders before a file are those of a way, as far as it goes."""
    return tuple(os.fsencode(file).split(b"/")[:-1][-len(way) :]) == way


def _is_laid(path: str, own: str, links: Linker, code: tuple[str, ...]) -> bool:
    """Whether a line may lay a file or folder of a name out, any that uses it in some `code`."""
    for by in links.running.mentioning(path):
        is_code = by.path.endswith(code)
        if by.path != own and any(_may_lay(line, is_code) for line in by.lines):
            return True
    return False


def _may_lay(line: bytes, is_code: bool) -> bool:
    if _NAMES.search(line.strip(b' \t",')):
        return False
    return is_code or _LAYS.search(line) is not None
