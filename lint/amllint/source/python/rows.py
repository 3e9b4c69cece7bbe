"""Which lines of a script begin inside a string, where indentation is content."""

from __future__ import annotations

import io
import re
import tokenize
from typing import Final

from amllint.source.text import SourceText, Span

_LONG_STRING: Final = re.compile(r"\"{3}|'{3}|\\\r?\n")


def rows_within_strings(source: SourceText, span: Span) -> set[int] | None:
    """Numbers (from 1) of the lines that begin inside a string or f-string.

    `span` holds the whole statements that are asked about: without what it takes to write a
    string over several lines there, nothing is tokenized.
    `None` where Python counts lines otherwise than this project does: at lone carriage
    returns and form feeds.
    """
    text = source.code
    if "\r" in text.replace("\r\n", "") or "\f" in text:
        return None
    rows: set[int] = set()
    if not _LONG_STRING.search(source.slice(span)):
        return rows
    opened: list[int] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            kind = tokenize.tok_name[token.type]
            if kind == "STRING":
                rows.update(range(token.start[0] + 1, token.end[0] + 1))
            elif kind in ("FSTRING_START", "TSTRING_START"):
                opened.append(token.start[0])
            elif kind in ("FSTRING_END", "TSTRING_END"):
                rows.update(range(opened.pop() + 1, token.end[0] + 1))
    except (tokenize.TokenError, SyntaxError):
        return None
    return rows
