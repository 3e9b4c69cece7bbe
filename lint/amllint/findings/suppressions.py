"""Suppressions: `# amllint: ignore[rule, …] -- reason` and `ignore-file[…]`.

A trailing comment holds for its line; one on a line of its own for the next statement,
key or list item; `ignore-file` for the file. Where no rules are named, all are meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from amllint.findings.finding import Finding, Location
from amllint.source.text import SourceText, Span

MARK: Final = b"amllint:"
_COMMENT: Final = re.compile(
    r"#\s*amllint:\s*(?P<kind>ignore-file|ignore)\b\s*"
    r"(?:\[(?P<rules>[^\]\r\n]{0,500})(?P<close>\])?)?(?P<rest>[^\r\n]*)"
)


class Suppressed(NamedTuple):
    """A finding that is not reported: what silenced it, and the reason given for that.

    `by` is `comment` for one in the file itself, `configuration` for `per-file-ignores`.
    """

    finding: Finding
    by: Literal["comment", "configuration"]
    reason: str | None = None


class Silencer(NamedTuple):
    """What keeps a finding from being reported: its place, its kind, the reason it gives."""

    place: Location
    kind: Literal["comment", "configuration"]
    reason: str | None = None


@dataclass(slots=True)
class Suppression:
    """One comment: its text, place and cover, the rules it names, and what it silenced.

    `rules` is empty when all are meant. `names` gives the place of each rule name.
    """

    path: str
    comment: Span
    covers: Span
    rules: tuple[str, ...]
    names: tuple[Location, ...]
    reason: str | None
    used: set[str] = field(default_factory=set)

    def holds(self, finding: Finding) -> bool:
        """Whether the finding is named here and has a span that the comment covers."""
        named = finding.name in self.rules or finding.code in self.rules
        if self.rules and not named:
            return False
        places = [finding.location, *(r.location for r in finding.observation.related)]
        return any(p.text_path == self.path and _overlap(self.covers, p.span) for p in places)


def _overlap(cover: Span, span: Span) -> bool:
    return span.start < cover.end and cover.start < max(span.end, span.start + 1)


def read(
    source: SourceText,
    comments: Iterable[Span],
    next_span: Callable[[int], Span | None],
    span_around: Callable[[int], Span | None] | None = None,
) -> list[Suppression]:
    """The suppressions among a file's comments.

    `next_span` gives the span of the statement, key or item that begins at or after an
    offset; `span_around` that which a comment may end, where it is more than a line.
    """
    found: list[Suppression] = []
    for span in comments:
        text = source.slice(span)
        match = _COMMENT.match(text)
        if match is None:
            continue
        rules, names = _names(source, span, match)
        reason = match["rest"].partition("--")[2].strip() or None
        covers = _covers(source, span, match["kind"], next_span, span_around)
        found.append(Suppression(source.path, span, covers, rules, names, reason))
    return found


def _names(
    source: SourceText, span: Span, match: re.Match[str]
) -> tuple[tuple[str, ...], tuple[Location, ...]]:
    rules: list[str] = []
    places: list[Location] = []
    base = span.start + (match.start("rules") if match["rules"] is not None else 0)
    for part in re.finditer(r"[^,\s]+", match["rules"] or ""):
        rules.append(part.group())
        place = Span(base + part.start(), base + part.end())
        places.append(Location(source.path, place))
    return tuple(rules), tuple(places)


def _covers(
    source: SourceText,
    span: Span,
    kind: str,
    next_span: Callable[[int], Span | None],
    span_around: Callable[[int], Span | None] | None,
) -> Span:
    if kind == "ignore-file":
        return Span(0, len(source.text) + 1)
    line = source.line_span(source.position(span.start).line)
    if source.text[line.start : span.start].strip():
        return (span_around(span.start) if span_around else None) or line
    return next_span(span.end) or Span(span.start, span.start)


def removal(source: SourceText, suppression: Suppression) -> tuple[Span, str]:
    """The edit that takes a comment away, with its line if nothing else stands on it."""
    span = suppression.comment
    line = source.line_span(source.position(span.start).line)
    before = source.text[line.start : span.start]
    if before.strip():
        return Span(line.start + len(before.rstrip()), span.end), ""
    following = source.position(span.start).line
    starts = source.line_starts
    end = starts[following] if following < len(starts) else len(source.text)
    return Span(line.start, end), ""
