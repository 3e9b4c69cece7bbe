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
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


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
    """Text with control characters, bidirectional marks and lone surrogates written out."""
    text = _CONTROL.sub(lambda m: f"\\x{ord(m.group()):02x}", text.replace("\t", "    "))
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
