"""From observations to findings: severity, suppression, selection, fingerprints, order."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from amllint.analysis.facts import ScriptFacts
from amllint.artifacts.run_records import (
    UncheckedRule,
    UnknownRuleName,
    UnreasonedIgnore,
    UnusedIgnore,
)
from amllint.artifacts.scoring_script import ScoringScript
from amllint.config import Settings, pattern
from amllint.config_keys import RULE_KEYS
from amllint.engine.easing import Easing
from amllint.engine.loading import Loader
from amllint.engine.running import Runner
from amllint.findings import suppressions
from amllint.findings.finding import (
    Finding,
    Location,
    Observation,
    Related,
    Severity,
    in_file,
    in_files,
)
from amllint.findings.fingerprints import fingerprint, plain
from amllint.findings.secrets import concealed
from amllint.findings.suppressions import Silencer, Suppressed, Suppression
from amllint.rules.registry import RULES, RuleInfo, find, matching, suggestion
from amllint.source import listings
from amllint.source.comments import python_comments, yaml_comments
from amllint.source.documents import Document
from amllint.source.nodes import Mapping, Node, Scalar, Sequence
from amllint.source.problem import Malformed, Unreadable
from amllint.source.python import syntax as s
from amllint.source.text import Span

if TYPE_CHECKING:
    from amllint.engine.accepting import Accepted, Acceptor

_NEVER_SUPPRESSED: Final = frozenset({"internal-error", "unused-ignore", "unknown-rule"})
_NO_COMMENT: Final = _NEVER_SUPPRESSED | {"ignore-without-reason"}
_SOMEWHERE: Final = Location(".", Span(0, 0))
_IDLE: Final = "this does not hold: the configuration enforces the rule"


class Reporter:
    """Turns what a runner observed into the findings of a report."""

    def __init__(
        self,
        loader: Loader,
        runner: Runner,
        settings: Settings,
        ignores: bool,
        easing: Easing,
        acceptor: Acceptor | None = None,
    ) -> None:
        self.loader = loader
        self.acceptor = acceptor
        self.easing = easing
        self.eased: list[Finding] = []
        self.runner = runner
        self.settings = settings
        self.silenced: list[Suppressed] = []
        self.newly_broken = False
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
        # A snapshot is handed over to be looked at; but every cluster stands in it, so that what is
        # said elsewhere with a place in it is not asked for by that.
        snapshot = loader.linker.snapshot
        self.snapshot = snapshot.path if snapshot is not None else None
        scripts = [a for a in loader.linker.all() if isinstance(a, ScoringScript)]
        self.generated = frozenset(s.path for s in scripts if s.generated)
        self.drafts = frozenset(s.path for s in scripts if s.draft)
        self.enforced = {rule.code for name in settings.enforce for rule in matching(name)}

    def findings(self) -> list[Finding]:
        """All findings to report, sorted by place."""
        found = [f for f in self._built() if self._asked(f)]
        if self.ignores:
            found = list(self._unsilenced(found))
        self._record_meta()
        found += self._unsilenced_records(f for f in self._built_records() if self._asked(f))
        found.sort(key=_place)
        self.eased = [f for f in found if f.eased]
        shown = self._numbered([f for f in found if self._shown(f)])
        if self.acceptor is None:
            return shown
        for finding in found:
            if not self._shown(finding):
                self._accepts(finding, False)
        left = [f for f in shown if not self._accepts(f, True)]
        self.newly_broken = any(f.name == "syntax-error" for f in left)
        return left

    def _numbered(self, shown: list[Finding]) -> list[Finding]:
        """Findings with their fingerprints, and so those that are silenced.

        Those that are shown come first, so that their numbers do not change with the others.
        """
        self.silenced.sort(key=lambda s: _place(s.finding))
        done = self._fingerprinted([*shown, *(s.finding for s in self.silenced)])
        hidden = zip(self.silenced, done[len(shown) :], strict=True)
        self.silenced = [s._replace(finding=finding) for s, finding in hidden]
        return done[: len(shown)]

    def _accepts(self, finding: Finding, shown: bool) -> bool:
        assert self.acceptor is not None
        return self.acceptor.accepts(finding, finding.code in self.enforced, shown)

    def accepted(self, incomplete: bool) -> Accepted | None:
        """What became of the baseline; an incomplete run calls nothing fixed."""
        if self.acceptor is None:
            return None
        # What a newly broken file takes part in is not looked at, whichever files that are.
        blind = incomplete or self.newly_broken
        return self.acceptor.settle(() if blind else [r.name for r in self.runner.rules])

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
        if self.settings.require_reason:
            for comment in self.comments:
                if comment.reason is None:
                    place = Location(comment.path, comment.comment)
                    self.runner.run_record(UnreasonedIgnore(place, comment.rules), place)
        for unknown in self._unknown_names():
            self.runner.run_record(unknown, unknown.location)

    def _built_records(self) -> Iterator[Finding]:
        return self._built()

    def _finding(self, info: RuleInfo, observation: Observation, units: list[str]) -> Finding:
        severity: Severity = observation.severity or info.severity
        if severity == "warning" and observation.location.path in self.drafts:
            severity = "info"
        eased = self.easing.reason(info, observation, units, severity)
        if info.code in self.severities:
            severity, eased = self.severities[info.code], ""
        elif eased:
            severity = "info"
        stage = observation.stage or info.stage
        key = plain(observation.key or self._text(observation.location))
        names = tuple(sorted(units))
        said = concealed(observation.message)
        if said != observation.message:
            observation = replace(observation, message=said)
        placed = in_files(observation)
        return Finding(info.code, info.name, severity, stage, placed, names, key=key, eased=eased)

    def _asked(self, finding: Finding) -> bool:
        """Whether any part of a finding stands in a requested file (or in the configuration).

        In what a tool wrote, only what fails counts: nobody edits it for advice.
        """
        config = self.settings.path and self.loader.overlay.display(self.settings.path)
        if finding.severity != "error" and finding.location.text_path in self.generated:
            return False
        of_the_run = finding.code.startswith("AML9")  # what the configuration leads to, say
        told = finding.paths if of_the_run else {finding.location.path}
        if finding.location.path == self.snapshot:
            return True
        return bool(finding.paths & self.requested) or config in told

    def unchecked(self) -> list[UncheckedRule]:
        """What was not checked in requested files, in the configuration, or of the run itself."""
        config = self.settings.path and self.loader.overlay.display(self.settings.path)
        here = self.requested | {config, self.snapshot, _SOMEWHERE.path}
        return [u for u in self.runner.results.unchecked.values() if u.location.path in here]

    def _shown(self, finding: Finding) -> bool:
        return finding.severity != "info" or self.settings.persona == "pedantic"

    def _fingerprinted(self, findings: Iterable[Finding]) -> list[Finding]:
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
        return fingerprint(finding.code, relative, finding.key)

    def _text(self, location: Location) -> str:
        path = self.loader.linker.absolute(location.path)
        try:
            return self.loader.overlay.text(path).slice(location.span)
        except (Malformed, Unreadable):
            return ""

    # -- suppressing --------------------------------------------------------------------

    def _unsilenced(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Findings that nothing suppresses; enforced ones with what tried to."""
        for finding in findings:
            by = self._silencer(finding)
            if by is None:
                yield finding
            elif finding.code in self.enforced:
                yield _with_note(finding, by.place)
            else:
                self.silenced.append(Suppressed(finding, by.kind, by.reason))

    def _unsilenced_records(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Findings about comments are silenced by the configuration alone."""
        for finding in findings:
            if self.ignores and finding.name == "ignore-without-reason":
                yield from self._unsilenced([finding])
            else:
                yield finding

    def _silencer(self, finding: Finding) -> Silencer | None:
        """The comment or pattern that suppresses a finding, if there is one."""
        if finding.name in _NEVER_SUPPRESSED:
            return None
        for comment in self.comments if finding.name not in _NO_COMMENT else ():
            if comment.holds(finding):
                if finding.code not in self.enforced or not comment.rules:
                    comment.used.update({finding.name, finding.code})
                place = in_file(Location(comment.path, comment.comment))
                return Silencer(place, "comment", comment.reason)
        path = self.loader.linker.absolute(finding.location.path)
        relative = os.path.relpath(path, self.settings.folder).replace(os.sep, "/")
        for (files, codes), (_, names) in zip(
            self.file_ignores, self.settings.per_file_ignores, strict=True
        ):
            if finding.code in codes and files.match(relative):
                named = (n for n in names if finding.code in {r.code for r in matching(n)})
                key = ("per-file-ignores", next(named))
                return Silencer(self.settings.places.get(key, _SOMEWHERE), "configuration")
        return None

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

            yield from suppressions.read(source, comments, partial(_next_span, spans))
        for source, spans in self.loader.code.commented(suppressions.MARK, self.loader.scripts):
            comments = python_comments(source)
            yield from suppressions.read(source, comments, partial(_next_span, spans))
        yield from self.loader.commands.suppressions()
        for listing in self.loader.linker.environments.texts.values():
            if suppressions.MARK.decode() in listing.text:
                spans = listings.statements(listing)
                found = listings.comments(listing)
                yield from suppressions.read(listing, found, partial(_next_span, spans))

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
            yield UnusedIgnore(place, idle, whole, removal, self._enforced_of(idle))

    def _enforced_of(self, rules: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(r for r in rules if (info := find(r)) and info.code in self.enforced)

    def _unknown_names(self) -> Iterator[UnknownRuleName]:
        for comment in self.comments:
            for rule, place in zip(comment.rules, comment.names, strict=True):
                if find(rule) is None:
                    yield UnknownRuleName(place, rule, suggestion(rule))
        for (key, name), place in self.settings.places.items():
            if key in RULE_KEYS and not matching(name):
                yield UnknownRuleName(place, name, suggestion(name))


def _place(finding: Finding) -> tuple[str, int, Span, str, str]:
    path, span, cell = finding.location
    return path, cell or 0, span, finding.code, finding.message


def _with_note(finding: Finding, place: Location) -> Finding:
    """A finding with the place of what would suppress it, were it not enforced."""
    related = (*finding.observation.related, Related(place, _IDLE))
    return replace(finding, observation=replace(finding.observation, related=related))


def _next_span(spans: list[Span], offset: int) -> Span | None:
    """The first span that begins at or after an offset."""
    index = bisect_left(spans, (offset, -1))
    return spans[index] if index < len(spans) else None


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
