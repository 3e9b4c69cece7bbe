"""A rule's page for people to read: its Markdown as plain text, in colour on a terminal.

Knows what the pages are written in: headings, lists, fenced code whose lines in braces are
those reported, `code`, *emphasis*, **strong** words and [links](address).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from amllint.output.style import Style

_FENCE: Final = re.compile(r"^```(\w*) ?([^{]*?)(?: ?\{([\d,]+)\}.*)?$")
_HEADING: Final = re.compile(r"^#+ +(.*)$")
_ITEM: Final = re.compile(r"^( *)[-*] +")
_INLINE: Final = re.compile(
    r"(?P<code>`[^`]+`)|\*\*(?P<strong>[^*\n]+)\*\*|(?<![\w*])\*(?P<stress>[^*\s][^*\n]*)\*(?![\w*])"
    r"|\[(?P<text>[^\]]+)\]\((?P<address>[^)]+)\)"
)


def page_lines(page: str, style: Style) -> Iterator[str]:
    """The lines of a page, without marks; in plain text code keeps its quotes."""
    lines = iter(page.splitlines())
    paragraph: list[str] = []
    for line in lines:
        fence, heading = _FENCE.match(line), _HEADING.match(line)
        if line and not fence and not heading:
            paragraph.append(_ITEM.sub(r"\1• ", line))
            continue
        yield from _flushed(paragraph, style)
        if fence:
            yield from _fenced(fence, lines, style)
        elif heading:
            yield style.paint(heading[1], "bold")
            yield from () if style.color else ("-" * len(heading[1]),)
        else:
            yield ""
    yield from _flushed(paragraph, style)


def _flushed(paragraph: list[str], style: Style) -> list[str]:
    """The lines of a paragraph, in which code may run over the end of a line; empties it."""
    lines = _inline("\n".join(paragraph), style).split("\n") if paragraph else []
    paragraph.clear()
    return lines


def _fenced(fence: re.Match[str], lines: Iterator[str], style: Style) -> Iterator[str]:
    """A block of code below its file's name, the lines that are reported with a `>`."""
    marked = {int(n) for n in (fence[3] or "").split(",") if n}
    if fence[2]:
        yield style.paint(f"  {fence[2].strip()}", "frame")
    for number, line in enumerate(lines, 1):
        if line.startswith("```"):
            return
        if number in marked:
            yield style.paint(f"  > {line}", "warning")
        else:
            yield style.paint(f"    {line}", "dim") if line else ""


def _inline(text: str, style: Style) -> str:
    def plain(found: re.Match[str]) -> str:
        if found["code"]:
            return style.paint(found["code"].strip("`"), "help") if style.color else found["code"]
        if found["text"]:
            return f"{found['text']} ({found['address']})"
        return style.paint(found["strong"] or found["stress"], "bold")

    return _INLINE.sub(plain, text)
