"""Suppression comments in what a shell runs: in scripts, in steps of pipelines, in cells."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import partial

from amllint.findings import suppressions
from amllint.findings.suppressions import Suppression
from amllint.source.comments import yaml_comments
from amllint.source.documents import Document
from amllint.source.nodes import Mapping, Node, Sequence
from amllint.source.run_texts import RunText
from amllint.source.shell_comments import comments, statements
from amllint.source.text import Span


def in_texts(runs: Iterable[RunText]) -> Iterator[Suppression]:
    """The suppressions in texts that are run; one behind a command holds for all of its lines."""
    mark = suppressions.MARK.decode()
    for run in runs:
        if mark in run.text:
            spans = [run.place(span) for span in statements(run.text)]
            found = [run.place(span) for span in comments(run.text)]
            following, around = partial(_next, spans), partial(_around, spans)
            yield from suppressions.read(run.source, found, following, around)


def in_pipeline(document: Document) -> Iterator[Suppression]:
    """The suppressions in a pipeline's YAML itself; one above a step holds for the step."""
    if suppressions.MARK.decode() in document.source.text:
        spans = _parts(document.root)
        found = yaml_comments(document)
        yield from suppressions.read(document.source, found, partial(_next, spans))


def _next(spans: list[Span], offset: int) -> Span | None:
    """The first span that begins at or after an offset."""
    index = bisect_left(spans, (offset, -1))
    return spans[index] if index < len(spans) else None


def _around(spans: list[Span], offset: int) -> Span | None:
    """The span that an offset lies in; that behind it for a remark of cmd."""
    index = bisect_right(spans, offset, key=lambda s: s.start) - 1
    held = index >= 0 and offset < spans[index].end
    return spans[index] if held else _next(spans, offset)


def _parts(root: Node) -> list[Span]:
    """The spans of keys with their values and of items, the largest that begins at a place."""
    largest: dict[int, int] = {}
    pending = [root]
    while pending:
        node = pending.pop()
        spans: list[Span] = []
        if isinstance(node, Mapping):
            spans = [
                Span(e.key.span.start, max(e.key.span.end, e.value.span.end)) for e in node.entries
            ]
            pending += [e.value for e in node.entries]
        elif isinstance(node, Sequence):
            spans = [item.span for item in node.items]
            pending += node.items
        for span in spans:
            largest[span.start] = max(span.end, largest.get(span.start, 0))
    return sorted(Span(*pair) for pair in largest.items())
