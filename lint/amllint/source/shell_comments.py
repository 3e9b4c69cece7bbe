"""Comments and statements of a shell's text: lines, with those that continue them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from amllint.source.text import Span

_LINE: Final = re.compile(r"[^\r\n]*")
_BREAK: Final = re.compile(r"\r\n|\r|\n")
_CONTINUES: Final = re.compile(r"[\\^`][ \t]*\Z")
_EMPTY: Final = re.compile(r"[ \t]*(?:(?:#|::|@?rem\b).*)?\Z", re.DOTALL | re.IGNORECASE)
_COMMENT: Final = re.compile(r"(?:^|(?<=[ \t;]))#[^\r\n]*", re.MULTILINE)


def comments(text: str) -> Iterator[Span]:
    """The spans of the comments; a `#` in a quotation of one line is none."""
    for match in _COMMENT.finditer(text):
        start = max(text.rfind("\n", 0, match.start()), text.rfind("\r", 0, match.start())) + 1
        before = text[start : match.start()]
        if "#" in before and _EMPTY.match(before):
            continue
        if not (before.count("'") % 2 or before.count('"') % 2):
            yield Span(*match.span())


def statements(text: str) -> list[Span]:
    """The spans of lines that hold more than a comment, each with those that continue it."""
    found: list[Span] = []
    continued = False
    at = 0
    while at < len(text):
        line = _LINE.match(text, at)
        assert line is not None
        if continued:
            found[-1] = Span(found[-1].start, line.end())
        elif not _EMPTY.match(line.group()):
            indent = len(line.group()) - len(line.group().lstrip(" \t"))
            found.append(Span(line.start() + indent, line.end()))
        continued = bool(found) and found[-1].end == line.end() and _continues(line.group())
        following = _BREAK.match(text, line.end())
        at = following.end() if following else len(text)
    return found


def _continues(line: str) -> bool:
    return _CONTINUES.search(line) is not None and not _EMPTY.match(line)


def without_comments(text: str) -> str:
    """A text without its comments, the blanks before them, and lines of nothing else."""
    done = ""
    at = 0
    for span in comments(text):
        done += text[at : span.start]
        at = span.end
    lines = re.split(_BREAK, done + text[at:])
    return "\n".join(line.rstrip(" \t") for line in lines if line.strip())
