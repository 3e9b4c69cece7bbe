"""Files that code of the repository writes: what is wrong in them is to be mended in the code."""

from __future__ import annotations

import os
import re
from typing import Final

from amllint.rules.registry import RuleInfo
from amllint.source.overlay import Overlay
from amllint.source.problem import Unreadable
from amllint.source.repository import Repository

_CODE: Final = (".py", ".ipynb")
_LISTS: Final = (".yml", ".yaml", ".txt")
_ENVIRONMENTS: Final = "AML3"
_SECRETS: Final = frozenset({"embedded-credentials", "index-credentials", "key-in-file"})
_QUOTE: Final = rb"\\?[\"']"


class WrittenFiles:
    """Knows which files of environments code writes anew; its texts are searched if asked.

    Code in the folder of the file or above counts: what lies elsewhere writes elsewhere.
    """

    def __init__(self, repository: Repository, overlay: Overlay) -> None:
        self._repository = repository
        self._overlay = overlay
        self._known: dict[str, str] = {}

    def writer(self, shown: str, info: RuleInfo) -> str:
        """The display path of the code that writes what a rule found something in; empty if none.

        Secrets are told of wherever they are.
        """
        if not info.code.startswith(_ENVIRONMENTS) or info.name in _SECRETS:
            return ""
        if not shown.endswith(_LISTS):
            return ""
        path = os.path.normpath(os.path.join(self._overlay.cwd, shown))
        if path not in self._known:
            self._known[path] = self._writer(path)
        return self._known[path]

    def _writer(self, path: str) -> str:
        folders = {*self._repository.ancestors(path)}
        name = os.fsencode(os.path.basename(path))
        patterns = _patterns(name)
        for other in self._repository.files:
            if other.endswith(_CODE) and os.path.dirname(other) in folders:
                try:
                    data = self._overlay.data(other)
                except Unreadable:
                    continue
                if name in data and _writes(data, *patterns):
                    return self._overlay.display(other)
        return ""


def _patterns(name: bytes) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """What writes a file of a name, and what binds the name to a variable.

    In notebooks the quotation marks are escaped. A cell that holds the file as a text writes what
    stands in it, so that it is no reason to leave the file alone.
    """
    text = rb"%b(?:[^\"'\\\n]*/)?%b%b" % (_QUOTE, re.escape(name), _QUOTE)
    return re.compile(_writing(text)), re.compile(rb"\b(\w+)\s*=\s*%b" % text)


def _writing(what: bytes) -> bytes:
    """A pattern of calls that write what another pattern finds."""
    opened = rb"\bopen\(\s*%b\s*,\s*(?:mode\s*=\s*)?%b[wx]" % (what, _QUOTE)
    return opened + rb"|\b(?:save_to_file|download_file)\([^()\n]*%b" % what


def _writes(data: bytes, direct: re.Pattern[bytes], named: re.Pattern[bytes]) -> bool:
    if direct.search(data):
        return True
    variables = {match[1] for match in named.finditer(data)}
    return any(re.search(_writing(rb"\b%b\b" % variable), data) for variable in variables)
