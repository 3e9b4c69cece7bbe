"""Files of requirements, taken apart into lines as pip does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from amllint.source.text import SourceText, Span

_COMMENT: Final = re.compile(r"(?:^|\s+)#.*$")
_VARIABLE: Final = re.compile(r"\$\{[A-Z0-9_]+\}")


class RequirementLine(NamedTuple):
    """A requirement or option: its text on one line, without its comment, and where it stands.

    `unknown` says that an environment variable is part of it.
    """

    text: str
    span: Span
    unknown: bool


def requirement_lines(source: SourceText) -> Iterator[RequirementLine]:
    """The lines of a file that say something, those that a backslash continues put together.

    Source: `preprocess` in pip's `req_file.py`.
    """
    parts: list[Span] = []
    for number in range(1, len(source.line_starts) + 1):
        whole = source.line_span(number)
        raw = source.slice(whole)
        parts.append(whole)
        if raw.endswith("\\") and not _COMMENT.match(raw):
            continue
        yield from _line(source, parts)
        parts = []
    yield from _line(source, parts)


def _line(source: SourceText, parts: list[Span]) -> Iterator[RequirementLine]:
    """The line that physical lines make together, if it says anything."""
    raws = [source.slice(part) for part in parts]
    joined = "".join(map(_continued, raws))
    text = _COMMENT.sub("", joined).strip()
    if not text:
        return
    start = parts[0].start + len(raws[0]) - len(raws[0].lstrip())
    last = _COMMENT.sub("", raws[-1]).rstrip()
    end = max(parts[-1].start + len(last), start)
    yield RequirementLine(text, Span(start, end), _VARIABLE.search(text) is not None)


def _continued(raw: str) -> str:
    """A physical line as a part of a longer one; a comment stays one."""
    if _COMMENT.match(raw):
        return f" {raw}"
    return raw.strip("\\") if raw.endswith("\\") else raw
