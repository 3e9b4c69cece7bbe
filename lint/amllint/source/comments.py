"""Comments, found by position so that a `#` in a string or block scalar is none."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from typing import Final

from amllint.source.cells import is_python
from amllint.source.documents import Document
from amllint.source.listings import is_listing, meaning
from amllint.source.nodes import Scalar, scalars
from amllint.source.repository import RUN
from amllint.source.shell_comments import without_comments
from amllint.source.text import SourceText, Span

_HASH: Final = re.compile(r"(?:^|(?<=[ \t\r\n]))#[^\r\n]*", re.MULTILINE)


def python_comments(source: SourceText) -> Iterator[Span]:
    """The spans of a script's comments; stops where it cannot be tokenized."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(source.code).readline):
            if token.type == tokenize.COMMENT:
                start = source.offset(token.start[0], token.start[1] + 1)
                yield Span(start, start + len(token.string))
    except (tokenize.TokenError, SyntaxError, IndentationError, RecursionError):
        return


def yaml_comments(document: Document) -> Iterator[Span]:
    """The spans of a YAML file's comments."""
    if document.language != "yaml":
        return
    text = document.source.text
    values = sorted({_body(text, s) for s in scalars(document.root)})
    index = at = 0
    while match := _HASH.search(text, at):
        while index < len(values) and values[index].end <= match.start():
            index += 1
        if index < len(values) and values[index].start <= match.start():
            at = max(values[index].end, match.start() + 1)
            continue
        yield Span(*match.span())
        at = match.end()


def _body(text: str, scalar: Scalar) -> Span:
    """Where a scalar's own text stands: of a block scalar, not the header line."""
    span = scalar.span
    if text[span.start : span.start + 1] in ("|", ">") and "\n" in text[span.start : span.end]:
        return Span(text.index("\n", span.start), span.end)
    return span


def differ_in_comments_only(one: SourceText, other: SourceText) -> bool:
    """Whether two texts of a file mean the same to its parser, token by token.

    Texts that cannot be read are never the same.
    """
    if one.path.lower().endswith(RUN):
        return without_comments(one.text) == without_comments(other.text)
    if is_listing(one.path):
        return meaning(one) == meaning(other)
    if is_python(one.path):
        tokens = _tokens(one)
        return tokens is not None and tokens == _tokens(other)
    from amllint.source import documents
    from amllint.source.problem import Malformed, Unreadable

    try:
        first, second = documents.load(one), documents.load(other)
    except (Malformed, Unreadable):
        return False
    texts = ([(s.raw, repr(s.value)) for s in scalars(d.root)] for d in (first, second))
    return next(texts) == next(texts)


def _tokens(source: SourceText) -> list[tuple[int, str]] | None:
    """A script's tokens without comments and the line ends that mean nothing."""
    left_out = (tokenize.COMMENT, tokenize.NL)
    try:
        found = tokenize.generate_tokens(io.StringIO(source.code).readline)
        return [(t.type, t.string) for t in found if t.type not in left_out]
    except (tokenize.TokenError, SyntaxError, IndentationError, RecursionError):
        return None
