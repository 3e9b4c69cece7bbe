"""Where in a deployment's files the cause of a failure stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final, NamedTuple

from amllint.diagnosis.judging import Diagnosis
from amllint.diagnosis.replicas import arithmetic
from amllint.diagnosis.settings import Setting, requirements_in, settings_in
from amllint.findings.finding import Finding
from amllint.source.text import SourceText
from amllint.source.tracebacks import Frame

_MAX_RULE_PLACES: Final = 4
_MAX_SETTINGS: Final = 8
_MAX_CONFIGS: Final = 3
"""Deployment configs with whose numbers a load is worked out."""
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")
_CONFIG: Final = "deployment"
_LISTS: Final = ("conda", "environment", "requirements")
"""What stands in the kinds of files that say what is deployed; how those of lists begin."""


class Place(NamedTuple):
    """A line of a file, counted from 1; `rule` and `message` where a rule says it.

    `changed` says that the line reads otherwise than in the log: the file is another version.
    In a notebook `cell` is the number of the cell, and the line one of its own.
    """

    path: str
    line: int
    column: int
    text: str
    rule: str = ""
    message: str = ""
    changed: bool = False
    cell: int | None = None


class Deployment(NamedTuple):
    """The files of a deployment: display paths and kinds, what was found in them, their texts."""

    files: Mapping[str, str]
    findings: Sequence[Finding]
    source: Callable[[str], SourceText | None]

    def places(self, diagnosis: Diagnosis) -> list[Place]:
        """Where the traceback leads, then what has to do with it, then what rules say of it."""
        found = [*self._traced(diagnosis.frame)] if diagnosis.frame else []
        found += islice(self._written(diagnosis), _MAX_SETTINGS)
        rules = diagnosis.signature.rules
        named = [f for f in self.findings if f.name in rules]
        named.sort(key=lambda f: rules.index(f.name))
        return [*found, *islice(map(self._by_rule, named), _MAX_RULE_PLACES)]

    def shown(self, diagnosis: Diagnosis) -> tuple[str, ...]:
        """What is shown of a diagnosis, worked out with the numbers of each deployment config."""
        if diagnosis.signature.shows != "replicas":
            return diagnosis.shown
        configs = [c for c in self._configs(diagnosis.signature.settings) if c[1]]
        if not 1 <= len(configs) <= _MAX_CONFIGS:
            return diagnosis.shown
        lines: list[str] = []
        for path, settings in configs:
            numbers = {s.key: float(s.value) for s in settings if _NUMBER.fullmatch(s.value)}
            lines += [f"with {path}:"] if len(configs) > 1 else []
            lines += arithmetic(numbers)
        return tuple(lines)

    def _configs(self, keys: tuple[str, ...]) -> Iterator[tuple[str, list[Setting]]]:
        for path, kind in self.files.items():
            source = self.source(path) if _CONFIG in kind else None
            if source is not None:
                yield path, [*settings_in(source.text, keys)]

    def _written(self, diagnosis: Diagnosis) -> Iterator[Place]:
        """The settings that have to do with it, and the lines of the packages that it names."""
        for path, settings in self._configs(diagnosis.signature.settings):
            for s in settings:
                yield Place(path, s.line, s.column, s.text)
        names = diagnosis.packages
        for path, kind in self.files.items() if names else ():
            source = self.source(path) if kind.startswith(_LISTS) else None
            for s in requirements_in(source.text, names) if source else ():
                yield Place(path, s.line, s.column, s.text)

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
            return Place(path, 1, 1, "", finding.name, finding.message, cell=finding.location.cell)
        at = source.position(finding.location.span.start)
        lines = source.text.splitlines()
        text = lines[at.line - 1].strip() if at.line <= len(lines) else ""
        cell = finding.location.cell
        return Place(path, at.line, at.column, text, finding.name, finding.message, cell=cell)


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
            number, fits = same[0], True
    if number > len(lines):
        return None
    text = lines[number - 1]
    column = len(text) - len(text.lstrip()) + 1
    return Place(path, number, column, text.strip(), changed=not fits)
