"""Where in a file a comment may be put, and what a comment there would stand for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from amllint.source import documents, listings
from amllint.source.cells import is_python
from amllint.source.comments import python_comments, yaml_comments
from amllint.source.documents import Document
from amllint.source.listings import is_dockerfile_name, is_listing
from amllint.source.nodes import Mapping, Node, Scalar, Sequence
from amllint.source.repository import RUN
from amllint.source.shell_comments import comments, statements
from amllint.source.text import SourceText, Span

_IGNORE: Final = re.compile(r"#\s*amllint:\s*ignore\[[^\]]*\]")
_QUOTES: Final = re.compile(r"""[A-Za-z]{0,2}(?:'''|\"{3})""")
_DASHES: Final = re.compile(r"[ \t]*(?:-[ \t]+)*")


class Places:
    """The comments of a file, the lines that no comment can end, and its statements.

    `ignores` gives the suppression comments that name rules, by the line they stand on.
    """

    def __init__(
        self, source: SourceText, comments: Iterable[Span], texts: Iterable[Span], parts: list[Span]
    ) -> None:
        self.source = source
        self.ignores: dict[int, Span] = {}
        self._commented: set[int] = set()
        for span in comments:
            line = source.position(span.start).line
            self._commented.add(line)
            if _IGNORE.match(source.slice(span)):
                self.ignores[line] = span
        self._inside = [span for span in texts if "\n" in source.slice(span)]
        self._parts = parts

    def may_end(self, line: int) -> bool:
        """Whether a comment can be put at the end of a line."""
        span = self.source.line_span(line)
        text = self.source.slice(span)
        if line in self._commented or text.rstrip().endswith("\\"):
            return False
        return not any(text.start < span.end < text.end for text in self._inside)

    def stands_alone(self, comment: Span) -> bool:
        """Whether nothing but a comment stands on its line."""
        line = self.source.line_span(self.source.position(comment.start).line)
        return not self.source.text[line.start : comment.start].strip()

    def anchor(self, offset: int) -> Span | None:
        """The innermost statement, key or item around an offset that begins its line."""
        around = [p for p in self._parts if p.start <= offset < max(p.end, p.start + 1)]
        for part in sorted(around, key=lambda p: (p.end - p.start, -p.start)):
            line = self.source.line_span(self.source.position(part.start).line)
            if _DASHES.fullmatch(self.source.text[line.start : part.start]):
                return part
        return None


def places_in(source: SourceText) -> Places:
    """The places of a file of ours. Raises `Malformed` and `Unreadable`."""
    if source.path.lower().endswith(RUN):
        return _shell(source)
    if is_listing(source.path):
        return _listing(source)
    if is_python(source.path):
        return _python(source)
    return _yaml(documents.load(source))


def _shell(source: SourceText) -> Places:
    parts = statements(source.text)
    return Places(source, comments(source.text), parts, parts)


def _listing(source: SourceText) -> Places:
    parts = listings.statements(source)
    whole = [Span(0, len(source.text) + 1)] if is_dockerfile_name(source.path) else []
    return Places(source, listings.comments(source), [*parts, *whole], parts)


def _python(source: SourceText) -> Places:
    from amllint.source.python import syntax as s
    from amllint.source.python.parse import parse

    nodes = list(s.walk(parse(source)))
    texts = [n.span for n in nodes if not isinstance(n, s.STATEMENTS) and _is_text(source, n.span)]
    parts = [n.span for n in nodes if isinstance(n, s.STATEMENTS)]
    return Places(source, python_comments(source), texts, parts)


def _is_text(source: SourceText, span: Span) -> bool:
    return _QUOTES.match(source.text, span.start) is not None


def _yaml(document: Document) -> Places:
    texts: list[Span] = []
    parts: list[Span] = []
    pending: list[Node] = [document.root]
    while pending:
        node = pending.pop()
        if isinstance(node, Scalar):
            texts.append(_body(document.source, node))
        elif isinstance(node, Mapping):
            for entry in node.entries:
                end = max(entry.key.span.end, entry.value.span.end)
                parts.append(Span(entry.key.span.start, end))
                pending.append(entry.value)
        elif isinstance(node, Sequence):
            parts.extend(item.span for item in node.items)
            pending.extend(node.items)
    return Places(document.source, yaml_comments(document), texts, parts)


def _body(source: SourceText, scalar: Scalar) -> Span:
    """What of a scalar takes no comment: of a block scalar, all but the header line."""
    span = scalar.span
    if source.text[span.start : span.start + 1] in ("|", ">"):
        line = source.line_span(source.position(span.start).line)
        return Span(min(line.end + 1, span.end), span.end + 1)
    return span
