"""Which lines of a script begin inside a string, where indentation is content."""

from __future__ import annotations

import io
import tokenize

from amllint.source.text import SourceText


def rows_within_strings(source: SourceText) -> set[int] | None:
    """Numbers (from 1) of the lines that begin inside a string or f-string.

    `None` where Python counts lines otherwise than this project does: at lone carriage
    returns and form feeds.
    """
    text = source.text
    if "\r" in text.replace("\r\n", "") or "\f" in text:
        return None
    rows: set[int] = set()
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
