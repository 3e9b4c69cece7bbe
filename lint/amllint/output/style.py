"""Colour on terminals that want it, and text that a terminal cannot be harmed by."""

from __future__ import annotations

import os
import re
from typing import Final, TextIO

_CODES: Final = {
    "error": "1;31",
    "warning": "1;33",
    "info": "1;36",
    "bold": "1",
    "dim": "2",
    "frame": "34",
    "help": "32",
}
_CONTROL: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
    # Azure Pipelines and GitHub obey these wherever in a line they stand.
    r"|##(?=(?:[vV][sS][oO])?\[)"
)
_SHORT: Final = {"\t": "    ", "\n": "\\n", "\r": "\\r", "##": "#\\x23"}


def wants_color(stream: TextIO, choice: str) -> bool:
    """Whether to colour: as asked, else by FORCE_COLOR, NO_COLOR, and what the stream is."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR") not in (None, "", "0"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


class Style:
    """Paints text, or leaves it plain."""

    def __init__(self, color: bool) -> None:
        self.color = color

    def paint(self, text: str, role: str) -> str:
        """The text in the colour of a role."""
        return f"\x1b[{_CODES[role]}m{text}\x1b[0m" if self.color else text


def printable(text: str) -> str:
    """Text in one line that no terminal and no build agent acts upon.

    Control characters, line ends, bidirectional marks, lone surrogates and the openings of
    logging commands are written out as escapes.
    """
    return _CONTROL.sub(_escape, text)


def printable_path(path: str) -> str:
    """A path to begin a line with: it must not read as `::command` to GitHub."""
    shown = printable(path)
    return f"./{shown}" if shown.lstrip().startswith("::") else shown


def _escape(match: re.Match[str]) -> str:
    found = match.group()
    code = ord(found[0])
    return _SHORT.get(found) or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")
