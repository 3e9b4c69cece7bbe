"""Files that code of the repository writes: what is wrong in them is to be mended in the code."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Final

from amllint.engine.told_anywhere import SECRETS
from amllint.rules.registry import RuleInfo
from amllint.source.overlay import Overlay
from amllint.source.problem import Unreadable
from amllint.source.repository import Repository

_CODE: Final = (".py", ".ipynb")
_LISTS: Final = (".yml", ".yaml", ".txt")
_ENVIRONMENTS: Final = "AML3"
_QUOTE: Final = rb"\\?[\"']"


class WrittenFiles:
    """Knows which files of environments code writes anew; its texts are searched if asked.

    Code in the folder of the file or above counts, where the path that it writes to leads to the
    file from the code's own folder or from the top of the repository.
    """

    def __init__(self, repository: Repository, overlay: Overlay) -> None:
        self._repository = repository
        self._overlay = overlay
        self._known: dict[str, str] = {}

    def writer(self, shown: str, info: RuleInfo) -> str:
        """The display path of the code that writes what a rule found something in; empty if none.

        Secrets are told of wherever they are.
        """
        if not info.code.startswith(_ENVIRONMENTS) or info.name in SECRETS:
            return ""
        if not shown.endswith(_LISTS):
            return ""
        path = os.path.normpath(os.path.join(self._overlay.cwd, shown))
        if path not in self._known:
            self._known[path] = self._writer(path)
        return self._known[path]

    def _writer(self, path: str) -> str:
        folders = list(self._repository.ancestors(path))
        name = os.fsencode(os.path.basename(path))
        patterns = _patterns(name)
        for other in self._repository.files:
            folder = os.path.dirname(other)
            if other.endswith(_CODE) and folder in folders:
                try:
                    data = self._overlay.data(other)
                except Unreadable:
                    continue
                written = _written(data, *patterns) if name in data else ()
                # Code is run where it lies, or at the top.
                bases = (folder, self._repository.root)
                if any(
                    os.path.normpath(os.path.join(b, w)) == path for b in bases for w in written
                ):
                    return self._overlay.display(other)
        return ""


def _patterns(name: bytes) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """What writes a file of a name, and what binds a path to it to a variable.

    In notebooks the quotation marks are escaped. A cell that holds the file as a text writes what
    stands in it, so that it is no reason to leave the file alone.
    """
    text = rb"%b(?P<path>(?:[^\"'\\\n]*/)?%b)%b" % (_QUOTE, re.escape(name), _QUOTE)
    return re.compile(_writing(text)), re.compile(rb"\b(?P<variable>\w+)\s*=\s*%b" % text)


def _writing(what: bytes) -> bytes:
    """A pattern of calls that write what another pattern finds."""
    mode = rb"\s*,\s*(?:mode\s*=\s*)?%b[wx]" % _QUOTE
    return (
        rb"(?:\b(?P<open>open)\(\s*|\b(?:save_to_file|download_file)\([^()\n]*)"
        rb"%b(?(open)%b)" % (what, mode)
    )


def _written(data: bytes, direct: re.Pattern[bytes], named: re.Pattern[bytes]) -> Iterator[str]:
    """The paths that a text writes, as they stand in it."""
    for match in direct.finditer(data):
        yield os.fsdecode(match["path"])
    for match in named.finditer(data):
        if re.search(_writing(rb"\b%b\b" % match["variable"]), data):
            yield os.fsdecode(match["path"])
