"""From observations to findings: severity, suppression, selection, fingerprints, order."""

from __future__ import annotations

import hashlib
import os
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from amllint.analysis.facts import ScriptFacts
from amllint.artifacts.run_records import UnknownRuleName, UnusedIgnore
from amllint.config import Settings, pattern
from amllint.engine.loading import Loader
from amllint.engine.running import Runner
from amllint.findings import suppressions
from amllint.findings.finding import Finding, Location, Observation, Severity
from amllint.findings.suppressions import Suppressed, Suppression
from amllint.rules.registry import RULES, RuleInfo, find, matching, suggestion
from amllint.source.comments import python_comments, yaml_comments
from amllint.source.documents import Document
from amllint.source.nodes import Mapping, Node, Scalar, Sequence
from amllint.source.problem import Unreadable
from amllint.source.python import syntax as s
from amllint.source.text import Span

_NEVER_SUPPRESSED: Final = frozenset({"internal-error", "unused-ignore", "unknown-rule"})


class Reporter:
    """Turns what a runner observed into the findings of a report."""

    def __init__(self, loader: Loader, runner: Runner, settings: Settings, ignores: bool) -> None:
        self.loader = loader
        self.runner = runner
        self.settings = settings
        self.silenced: list[Suppressed] = []
        self.comments = list(self._read_comments()) if ignores else []
        self.ignores = ignores
        self.severities = {
            rule.code: level for name, level in settings.severity for rule in matching(name)
        }
        self.file_ignores = [
            (pattern(glob), {r.code for name in rules for r in matching(name)})
            for glob, rules in settings.per_file_ignores
        ]
        self.requested = {loader.overlay.display(p) for p in loader.requested}

    def findings(self) -> list[Finding]:
        """All findings to report, sorted by place."""
        found = [f for f in self._built() if self._asked(f)]
        if self.ignores:
            found = [f for f in found if not self._silenced(f)]
        self._record_meta()
        found += [f for f in self._built_records() if self._asked(f)]
        shown = sorted((f for f in found if self._shown(f)), key=_place)
        self.silenced.sort(key=lambda s: _place(s.finding))
        # Those that are shown come first, so that their numbers do not change with the others.
        done = self._fingerprinted([*shown, *(s.finding for s in self.silenced)])
        hidden = zip(self.silenced, done[len(shown) :], strict=True)
        self.silenced = [s._replace(finding=finding) for s, finding in hidden]
        return done[: len(shown)]

    # -- building -----------------------------------------------------------------------

    def _built(self) -> Iterator[Finding]:
        results = self.runner.results
        for (code, observation), units in list(results.observations.items()):
            yield self._finding(results.rules[code], observation, units)
        results.observations.clear()

    def _record_meta(self) -> None:
        """Let the rules of family 9xx speak about the run itself."""
        results = self.runner.results
        for failure in results.failures:
            self.runner.run_record(failure, failure.location)
        for unchecked in results.unchecked.values():
            self.runner.run_record(unchecked, unchecked.location)
        for unused in self._unused():
            self.runner.run_record(unused, unused.location)
        for unknown in self._unknown_names():
            self.runner.run_record(unknown, unknown.location)

    def _built_records(self) -> Iterator[Finding]:
        return self._built()

    def _finding(self, info: RuleInfo, observation: Observation, units: list[str]) -> Finding:
        severity: Severity = self.severities.get(info.code, observation.severity or info.severity)
        stage = observation.stage or info.stage
        return Finding(info.code, info.name, severity, stage, observation, tuple(sorted(units)))

    def _asked(self, finding: Finding) -> bool:
        """Whether any part of a finding stands in a requested file (or in the configuration)."""
        config = self.settings.path and self.loader.overlay.display(self.settings.path)
        return bool(finding.paths & self.requested) or config in finding.paths

    def _shown(self, finding: Finding) -> bool:
        return finding.severity != "info" or self.settings.persona == "pedantic"

    def _fingerprinted(self, findings: list[Finding]) -> list[Finding]:
        counts: dict[str, int] = {}
        done = []
        for finding in findings:
            base = self._fingerprint(finding)
            counts[base] = counts.get(base, 0) + 1
            number = f"-{counts[base]}" if counts[base] > 1 else ""
            done.append(replace(finding, fingerprint=base + number))
        return done

    def _fingerprint(self, finding: Finding) -> str:
        path = os.path.join(self.loader.overlay.cwd, finding.location.path)
        relative = os.path.relpath(path, self.loader.repository.root).replace(os.sep, "/")
        key = finding.observation.key or self._text(finding.location)
        parts = "\0".join((finding.code, relative, " ".join(key.split())))
        return hashlib.blake2b(parts.encode("utf-8", "replace"), digest_size=8).hexdigest()

    def _text(self, location: Location) -> str:
        path = self.loader.linker.absolute(location.path)
        try:
            return self.loader.overlay.text(path).slice(location.span)
        except Unreadable:
            return ""

    # -- suppressing --------------------------------------------------------------------

    def _silenced(self, finding: Finding) -> bool:
        if finding.name in _NEVER_SUPPRESSED:
            return False
        for comment in self.comments:
            if comment.holds(finding):
                comment.used.update({finding.name, finding.code})
                self.silenced.append(Suppressed(finding, "comment", comment.reason))
                return True
        path = self.loader.linker.absolute(finding.location.path)
        relative = os.path.relpath(path, self.settings.folder).replace(os.sep, "/")
        for files, codes in self.file_ignores:
            if finding.code in codes and files.match(relative):
                self.silenced.append(Suppressed(finding, "configuration"))
                return True
        return False

    def _read_comments(self) -> Iterator[Suppression]:
        for path, source in self.loader.sources():
            if suppressions.MARK.decode() not in source.text:
                continue
            if path in self.loader.documents:
                document = self.loader.documents[path]
                spans = _document_spans(document)
                comments = yaml_comments(document)
            else:
                spans = sorted(_statement_spans(self.loader.scripts[path]))
                comments = python_comments(source)

            def next_span(offset: int, spans: list[Span] = spans) -> Span | None:
                index = bisect_left(spans, (offset, -1))
                return spans[index] if index < len(spans) else None

            yield from suppressions.read(source, comments, next_span)

    def _unused(self) -> Iterator[UnusedIgnore]:
        """Suppressions of rules that ran and found nothing there."""
        ran = {r.name for r in self.runner.rules} | {r.code for r in self.runner.rules}
        for comment in self.comments:
            if not comment.rules:
                every = len(self.runner.rules) == len(RULES)
                idle: tuple[str, ...] = ("*",) if every and not comment.used else ()
            else:
                idle = tuple(r for r in comment.rules if r in ran and r not in comment.used)
            if not idle:
                continue
            source = self.loader.overlay.text(self.loader.linker.absolute(comment.path))
            span, content = suppressions.removal(source, comment)
            whole = len(idle) == max(len(comment.rules), 1)
            removal = (Location(comment.path, span), content) if whole else None
            place = Location(comment.path, comment.comment)
            yield UnusedIgnore(place, idle, whole, removal)

    def _unknown_names(self) -> Iterator[UnknownRuleName]:
        for comment in self.comments:
            for rule, place in zip(comment.rules, comment.names, strict=True):
                if find(rule) is None:
                    yield UnknownRuleName(place, rule, suggestion(rule))
        keys = ("select", "extend-select", "ignore", "severity", "per-file-ignores")
        for (key, name), place in self.settings.places.items():
            if key in keys and not matching(name):
                yield UnknownRuleName(place, name, suggestion(name))


def _place(finding: Finding) -> tuple[str, Span, str, str]:
    return finding.location.path, finding.location.span, finding.code, finding.message


def _statement_spans(facts: ScriptFacts) -> Iterator[Span]:
    for node in facts.nodes:
        if isinstance(node, s.STATEMENTS):
            yield node.span


def _document_spans(document: Document) -> list[Span]:
    """Spans of keys with their values, and of list items."""
    spans: list[Span] = []
    stack: list[Node] = [document.root]
    while stack:
        node = stack.pop()
        if isinstance(node, Mapping):
            for entry in node.entries:
                end = max(entry.key.span.end, entry.value.span.end)
                spans.append(Span(entry.key.span.start, end))
                stack.append(entry.value)
        elif isinstance(node, Sequence):
            spans.extend(item.span for item in node.items)
            stack.extend(node.items)
        elif not isinstance(node, Scalar):  # pragma: no cover
            raise TypeError(node)
    return sorted(spans)
