"""Writes suppression comments for findings, and takes back what does not hold."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from amllint.engine.check import Report
from amllint.findings import edits
from amllint.findings.finding import Edit, Finding
from amllint.source.cells import split_path
from amllint.source.comment_places import Places, places_in
from amllint.source.comments import differ_in_comments_only
from amllint.source.magics import cell_magic, python_of
from amllint.source.overlay import Overlay
from amllint.source.problem import Malformed, Unreadable
from amllint.source.text import SourceText, Span

NEVER: frozenset[str] = frozenset(
    {"internal-error", "unused-ignore", "unknown-rule", "ignore-without-reason"}
)
"""Rules that no comment suppresses."""
_NO_COMMENTS = (".json", ".ipynb", ".cmd", ".bat")
"""Endings of files that take no comment of amllint's, or none by this."""
_WIDTH = 100
"""Longer lines get the comment above them."""


@dataclass(slots=True)
class Ignored:
    """What came of it: the report after, and the texts that changed, by display path.

    `left` are findings without a comment and why; `in_json` those for which the
    configuration is the only place.
    """

    report: Report
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    added: list[Finding] = field(default_factory=list)
    left: list[tuple[Finding, str]] = field(default_factory=list)
    in_json: list[Finding] = field(default_factory=list)


def add(
    report: Report,
    look: Callable[[], Report],
    overlay: Overlay,
    reason: str,
    enforced: frozenset[str],
) -> Ignored:
    """Put a comment to every finding of a report, in memory; nothing is written to disk.

    `look` checks again, and `enforced` are codes of rules that no comment suppresses.

    A file is changed only if it then differs in comments alone and each of its comments
    suppresses what it was written for; findings that keep it from that are left as they are.
    """
    result = Ignored(report)
    by_file: dict[str, list[Finding]] = {}
    for finding in report.findings:
        if finding.name in NEVER or finding.code in enforced:
            result.left.append((finding, "nothing suppresses this rule"))
        elif finding.location.text_path.lower().endswith(_NO_COMMENTS):
            result.in_json.append(finding)
        else:
            by_file.setdefault(finding.location.text_path, []).append(finding)
    pending = [f for f in (_opened(result, p, fs, overlay) for p, fs in by_file.items()) if f]
    while pending:
        pending = _tried(result, report, pending, look, overlay, reason)
    return result


def _absolute(overlay: Overlay, path: str) -> str:
    return os.path.normpath(os.path.join(overlay.cwd, path))


@dataclass(slots=True)
class _File:
    """A file that is to get comments, and the findings that are meant to be suppressed."""

    path: str
    absolute: str
    source: SourceText
    places: Places
    meant: list[Finding]


def _opened(result: Ignored, path: str, findings: list[Finding], overlay: Overlay) -> _File | None:
    absolute = _absolute(overlay, path)
    try:
        source = overlay.text(absolute)
        return _File(path, absolute, source, places_in(source), findings)
    except (Unreadable, Malformed):
        result.left.extend((f, "the file cannot be parsed") for f in findings)
        return None


def _tried(
    result: Ignored,
    first: Report,
    pending: list[_File],
    look: Callable[[], Report],
    overlay: Overlay,
    reason: str,
) -> list[_File]:
    """Change every file at once and check again; the files that want another try.

    A file with comments that do not hold is put back as it was, to be tried without them.
    """
    wholes = {split_path(file.path)[0] for file in pending}
    originals = {path: overlay.text(_absolute(overlay, path)) for path in wholes}
    texts = {file.path: _put(file, overlay, reason) for file in pending}
    report = look()
    again: list[_File] = []
    held: list[_File] = []
    for file in pending:
        text = texts[file.path]
        bad = file.meant if text is None else _not_held(first, report, file.path, file.meant)
        if text is not None and not bad:
            result.added.extend(file.meant)
            held.append(file)
            continue
        result.left.extend((f, "no comment can stand where it would hold") for f in bad)
        file.meant = [f for f in file.meant if f not in bad]
        again.append(file)
    _settle(result, held, again, originals, texts, overlay)
    wanting = [file for file in again if file.meant]
    if not wanting:
        result.report = look() if again else report
    return wanting


def _settle(
    result: Ignored,
    held: list[_File],
    again: list[_File],
    originals: dict[str, SourceText],
    texts: dict[str, str | None],
    overlay: Overlay,
) -> None:
    """Put back the files that failed, exactly as they were, and keep the others' texts.

    A notebook is one file, whose cells may have come out differently.
    """
    for whole in {split_path(file.path)[0] for file in again}:
        source = originals[whole]
        overlay.put(_absolute(overlay, whole), source.encode(source.text))
    for file in held:
        whole = split_path(file.path)[0]
        text = texts[file.path]
        if text is not None:
            overlay.rewrite(file.absolute, text)
        result.before.setdefault(whole, originals[whole].text)
        result.after[whole] = overlay.text(_absolute(overlay, whole)).text


def _put(file: _File, overlay: Overlay, reason: str) -> str | None:
    """A file's text with its comments, put before the disk; `None` if more would change."""
    text = _written(file.source, file.places, file.meant, reason)
    other = SourceText(file.path, text)
    if split_path(file.path)[1] is not None:
        code = python_of(text)
        if code is None or cell_magic(text) != cell_magic(file.source.text):
            return None
        other = SourceText(file.path, text, code=code)
    if not differ_in_comments_only(file.source, other):
        return None
    try:
        overlay.rewrite(file.absolute, text)
    except UnicodeEncodeError:
        return None
    return text


def _not_held(before: Report, after: Report, path: str, meant: list[Finding]) -> list[Finding]:
    """Findings that their comments do not suppress; all, if the comments made new ones."""

    def counted(report: Report) -> Counter[tuple[str, str]]:
        return Counter((f.code, f.key) for f in report.findings if f.location.text_path == path)

    was, now = counted(before), counted(after)
    wanted = was - Counter((f.code, f.key) for f in meant)
    excess = now - wanted
    bad = [f for f in meant if excess[f.code, f.key]]
    return bad or (meant if excess else [])


def _written(source: SourceText, places: Places, meant: list[Finding], reason: str) -> str:
    """The text with a comment for each finding; those of one place share one."""
    rules: dict[Edit, list[str]] = {}
    for finding in meant:
        target = _target(source, places, finding, len(reason))
        rules.setdefault(target, [])
        if finding.name not in rules[target]:
            rules[target].append(finding.name)
    done = [_comment(source, places, target, names, reason) for target, names in rules.items()]
    return edits.apply(source, done)


def _target(source: SourceText, places: Places, finding: Finding, extra: int) -> Edit:
    """Where a finding's comment goes; the content holds what stands before and behind it."""
    start = finding.location.span.start
    line = source.position(start).line
    existing = places.ignores.get(line)
    if existing is not None:
        return Edit(source.path, existing, "")
    anchor = places.anchor(start)
    above = source.position(anchor.start).line if anchor else line
    existing = places.ignores.get(above - 1)
    if anchor and existing and places.stands_alone(existing):
        return Edit(source.path, existing, "")
    end = source.line_span(line).end
    comment = len(f"  # amllint: ignore[{finding.name}] -- ") + extra
    width = end - source.line_span(line).start + comment
    one_line = anchor is not None and source.position(anchor.end).line == above
    fits = width <= _WIDTH or (anchor is None or not one_line)
    if places.may_end(line) and fits:
        return Edit(source.path, Span(end, end), "  ")
    return _above(source, above)


def _above(source: SourceText, line: int) -> Edit:
    start = source.line_starts[line - 1]
    text = source.slice(source.line_span(line))
    return Edit(source.path, Span(start, start), "\n" + text[: len(text) - len(text.lstrip())])


def _comment(
    source: SourceText, places: Places, target: Edit, names: list[str], reason: str
) -> Edit:
    if target.content == "":
        return target._replace(content=_extended(source.slice(target.span), names, reason))
    comment = f"# amllint: ignore[{', '.join(names)}] -- {reason}"
    if target.content.startswith("\n"):
        return target._replace(content=target.content[1:] + comment + source.newline)
    return target._replace(content=target.content + comment)


def _extended(comment: str, names: list[str], reason: str) -> str:
    """An ignore comment that names further rules; a reason that it has stays."""
    head, _, rest = comment.partition("]")
    known = {n.strip() for n in head.partition("[")[2].split(",")}
    more = [n for n in names if n not in known]
    text = ", ".join([head, *more]) + "]" + rest
    return text if rest.partition("--")[2].strip() else f"{text.rstrip()} -- {reason}"
