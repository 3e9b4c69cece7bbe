"""Where in a deployment's files the cause of a failure stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple

from amllint.diagnosis.judging import Diagnosis
from amllint.findings.finding import Finding
from amllint.source.text import SourceText
from amllint.source.tracebacks import Frame

_MAX_RULE_PLACES: Final = 4


class Place(NamedTuple):
    """A line of a file, counted from 1; `rule` and `message` where a rule says it.

    `changed` says that the line reads otherwise than in the log: the file is another version.
    """

    path: str
    line: int
    column: int
    text: str
    rule: str = ""
    message: str = ""
    changed: bool = False


class Deployment(NamedTuple):
    """The files of a deployment: display paths, what was found in them, and their texts."""

    files: Sequence[str]
    findings: Sequence[Finding]
    source: Callable[[str], SourceText | None]

    def places(self, diagnosis: Diagnosis) -> list[Place]:
        """Where the traceback leads, then what rules say that would have told of it."""
        found = [*self._traced(diagnosis.frame)] if diagnosis.frame else []
        rules = diagnosis.signature.rules
        named = [f for f in self.findings if f.name in rules]
        named.sort(key=lambda f: rules.index(f.name))
        return [*found, *islice(map(self._by_rule, named), _MAX_RULE_PLACES)]

    def _traced(self, frame: Frame) -> Iterator[Place]:
        best = max((_common(path, frame.file) for path in self.files), default=0)
        alike = [path for path in self.files if best and _common(path, frame.file) == best]
        for path in alike:
            source = self.source(path)
            place = _line_of(path, source, frame) if source else None
            if place and (len(alike) == 1 or not place.changed):
                yield place
                return

    def _by_rule(self, finding: Finding) -> Place:
        path = finding.location.path
        source = self.source(finding.location.text_path)
        if source is None:
            return Place(path, 1, 1, "", finding.name, finding.message)
        at = source.position(finding.location.span.start)
        lines = source.text.splitlines()
        text = lines[at.line - 1].strip() if at.line <= len(lines) else ""
        return Place(path, at.line, at.column, text, finding.name, finding.message)


def _common(path: str, file: str) -> int:
    """How many parts of two paths are equal, from their ends."""
    count = 0
    ends = (path.split("/")[::-1], file.replace("\\", "/").split("/")[::-1])
    for mine, theirs in zip(*ends, strict=False):
        if mine != theirs:
            break
        count += 1
    return count


def _line_of(path: str, source: SourceText, frame: Frame) -> Place | None:
    lines = source.text.splitlines()
    number = frame.line
    fits = number <= len(lines) and (not frame.text or lines[number - 1].strip() == frame.text)
    if not fits:
        same = [n for n, line in enumerate(lines, 1) if frame.text and line.strip() == frame.text]
        if len(same) == 1:
            number = same[0]
    if number > len(lines):
        return None
    text = lines[number - 1]
    column = len(text) - len(text.lstrip()) + 1
    return Place(path, number, column, text.strip(), changed=not fits)
