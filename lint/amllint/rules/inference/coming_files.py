"""Whether what a v2 deployment names, and is not there, may be there when it is deployed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Final, NamedTuple

from amllint.artifacts.bringing import BRINGS, COMMENT
from amllint.source.names import whole_name
from amllint.source.problem import Unreadable
from amllint.units import Linker

_GUIDES: Final = (".md", ".rst", ".txt", ".json")
_DATA: Final = (".yml", ".yaml")
_CODE: Final = (".py", ".ipynb")
_STEPS: Final = re.compile(rb"(?m)^[ \t-]*(?:steps|script|run|bash|pwsh|inlineScript)[ \t]*:")
"""What only the YAML of a pipeline has."""
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
    laid = any(BRINGS.search(data) for _, data in callers)
    laid = laid or _is_in_submodule(path, links)
    laid = laid or _is_laid(path, own, links, _CODE) or _is_laid(own, own, links, ())
    deployed = any(name.endswith(_DATA) for name, _ in callers)
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


def _callers(own: str, links: Linker) -> Iterator[tuple[str, bytes]]:
    """The texts that mention a file, and those that mention them, without their comments."""
    seen, pending = {own}, [own]
    for _ in range(_LEVELS):
        wanted, pending = pending, []
        names = [os.fsencode(os.path.basename(p)) for p in wanted]
        for path, data in _mentioning(names, links):
            if path not in seen and any(_means(data, path, file) for file in wanted):
                pending.append(path)
                seen.add(path)
                yield path, data


def _means(data: bytes, by: str, file: str) -> bool:
    """Whether a text names a file by a path that can be the file's, from wherever it is run.

    A bare name counts in the folder of the file and in those above.
    """
    above = os.path.join(os.path.dirname(by), "")
    for match in re.finditer(rb"(?<![\w.-])((?:[\w.-]+[\\/]+)*)%b(?![\w-])" % _name(file), data):
        steps = [s for s in re.split(rb"[\\/]+", match[1]) if s not in (b"", b".", b"..")]
        end = os.fsencode(file).split(b"/")[:-1]
        if end[len(end) - len(steps) :] == steps and (steps or file.startswith(above)):
            return True
    return False


def _name(path: str) -> bytes:
    return re.escape(os.fsencode(os.path.basename(path)))


def _is_laid(path: str, own: str, links: Linker, code: tuple[str, ...]) -> bool:
    """Whether a line may lay a file or folder of a name out, any that uses it in some `code`."""
    name = os.fsencode(os.path.basename(path))
    mentioned = whole_name(name)
    for text, data in _mentioning([name], links):
        is_code = text.endswith(code)
        lines = (line for line in data.splitlines() if mentioned.search(line))
        if text != own and any(_may_lay(line, is_code) for line in lines):
            return True
    return False


def _may_lay(line: bytes, is_code: bool) -> bool:
    if _NAMES.search(line.strip(b' \t",')):
        return False
    return is_code or _LAYS.search(line) is not None


def _mentioning(names: list[bytes], links: Linker) -> Iterator[tuple[str, bytes]]:
    """The texts that may run and that mention one of the names, without their comments."""
    repository = links.repository
    patterns = [(name, whole_name(name)) for name in names]
    for path in dict.fromkeys((*repository.files, *repository.run, *repository.scripts)):
        if path.lower().endswith(_GUIDES):
            continue
        with suppress(Unreadable):
            data = links.overlay.data(path)
            if not any(name in data for name in names):
                continue
            data = COMMENT.sub(b"", data)
            runs = not path.endswith(_DATA) or _STEPS.search(data)
            if runs and any(p.search(data) for name, p in patterns if name in data):
                yield path, data
