"""Text that stays text in the Markdown of GitHub and Azure DevOps, whoever wrote it."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")
_BREAK: Final = "&#8203;"
"""A zero-width space: it keeps a mark from meaning someone, and is not seen."""

MAX_URL: Final = 8000
"""Characters; a longer address is no address."""

_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_SPECIAL: Final = re.compile(
    r"[\\`*_\[\]~$]|:(?=[\w+-])|[&<>]|[@#!]|GH(?=-\d)|www(?=\.)|//", re.IGNORECASE
)
_CODE: Final = re.compile(r"(?<!`)`([^`]+)`(?!`)")
_URL: Final = re.compile(r"https://[A-Za-z0-9._~:/?#@!$&*+,;=%-]+")


def one_line(text: str, limit: int = 1000) -> str:
    """Text in one line without control characters or marks of direction, cut at `limit`."""
    plain = " ".join(_CONTROL.sub(" ", text).split())
    return plain if len(plain) <= limit else plain[: limit - 1] + "…"


def prose(text: str, limit: int = 1000) -> str:
    """A message of ours in one line: what stands in backticks is code, the rest plain text."""
    plain = one_line(text, limit)
    parts = []
    end = 0
    for span in _CODE.finditer(plain):
        parts += [escaped(plain[end : span.start()]), code(span[1])]
        end = span.end()
    return "".join([*parts, escaped(plain[end:])])


def escaped(text: str) -> str:
    """Text within a line without any meaning: no emphasis, HTML, link, @mention, #reference."""
    return _SPECIAL.sub(_harmless, text)


def code(text: str) -> str:
    """Text in one line as inline code, whatever backticks it has."""
    plain = one_line(text)
    if not plain:
        return ""
    fence = "`" * (longest_run(plain) + 1)
    pad = " " if plain[0] == "`" or plain[-1] == "`" else ""
    return f"{fence}{pad}{plain}{pad}{fence}"


def fenced(text: str, language: str = "") -> str:
    """Lines as a block of code whose fence no line of them can close."""
    fence = "`" * max(3, longest_run(text) + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def longest_run(text: str) -> int:
    """Length of the longest run of backticks."""
    return max(map(len, re.findall("`+", text)), default=0)


def link(label: str, url: str) -> str:
    """A link with a label that is Markdown already; only the label where the URL is odd."""
    if len(url) > MAX_URL or not _URL.fullmatch(url):
        return label
    return f"[{label}](<{url}>)"


def quoted_path(path: str) -> str:
    """A path as it stands in a URL."""
    return quote(path.encode("utf-8", "replace"), safe="/")


def _harmless(match: re.Match[str]) -> str:
    mark = match.group()
    if mark in _ENTITIES:
        return _ENTITIES[mark]
    if mark in ("@", "#", "!"):
        return f"{mark}{_BREAK}"
    if mark == "//":
        return f"/{_BREAK}/"
    return f"\\{mark}" if len(mark) == 1 else f"{mark}{_BREAK}"
