"""Applies fixes, looks again, and takes back what did not come out as meant."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

from amllint.config import Settings
from amllint.engine.check import Report, check
from amllint.engine.sparing import Spared
from amllint.findings import edits
from amllint.findings.finding import Edit, Finding, Fix
from amllint.source import documents
from amllint.source.cells import split_path
from amllint.source.comments import differ_in_comments_only
from amllint.source.listings import is_listing
from amllint.source.magics import cell_magic, python_of
from amllint.source.nodes import Node, Scalar, Sequence
from amllint.source.overlay import Overlay
from amllint.source.problem import Malformed, Unreadable
from amllint.source.repository import RUN
from amllint.source.requirement_lines import requirement_lines
from amllint.source.text import SourceText, Span

if TYPE_CHECKING:
    from amllint.engine.accepting import Terms

MAX_PASSES: Final = 20
Keys: TypeAlias = tuple[str, ...]


@dataclass(slots=True)
class Fixed:
    """What fixing came to: the reports after and before it, and the texts by display path."""

    report: Report
    first: Report
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    applied: list[tuple[Finding, Fix]] = field(default_factory=list)
    rejected: list[tuple[Finding, Fix]] = field(default_factory=list)


Chosen: TypeAlias = list[tuple[Finding, Fix]]


def fix(
    paths: Iterable[str],
    settings: Settings,
    overlay: Overlay,
    *,
    unsafe: bool,
    ignores: bool,
    terms: Terms | None = None,
    narrow: Callable[[Report], Report] | None = None,
) -> Fixed:
    """Apply fixes in memory until none is left to apply; nothing is written to disk.

    After each pass the files are parsed and checked again. A fix whose finding is still
    there, whose file no longer parses or that changed more than it said is taken back.
    What `narrow` takes out of the first report, or the baseline of `terms` covers, is left
    as it is.
    """
    given = list(paths)
    look = partial(check, given, settings, overlay, ignores=ignores, terms=terms)
    whole = look()
    first = whole if narrow is None else narrow(replace(whole))
    spared = Spared(whole, first)
    result = Fixed(whole, first)
    barred: set[str] = set()
    # Fixes may make room for one another, and each that is taken back takes a pass of its own.
    passes = 0
    while passes < MAX_PASSES + len(barred):
        passes += 1
        findings = spared.others(result.report.findings)
        findings = [f for f in findings if f.fingerprint not in barred]
        chosen = edits.select(findings, unsafe)
        if not chosen:
            break
        _apply(result, chosen, overlay, look, barred)
    result.report = spared.without(result.report)
    return result


def _apply(
    result: Fixed, chosen: Chosen, overlay: Overlay, look: Callable[[], Report], barred: set[str]
) -> None:
    """One pass: all fixes at once, then those that came out as meant, at last one alone.

    What went wrong together with others comes again in a later pass.
    """
    texts = _texts(overlay, chosen)
    wrong = _put(overlay, texts, chosen)
    left: set[str] = set()
    if not wrong:
        report = look()
        wrong = _broken(report, result.report)
        left = {f.fingerprint for f in report.findings}
        if not wrong and not any(f.fingerprint in left for f, _ in chosen):
            _keep(result, report, texts, overlay, chosen)
            return
    _restore(overlay, texts)
    if len(chosen) == 1:
        barred.add(chosen[0][0].fingerprint)
        result.rejected.extend(chosen)
        return
    meant = [c for c in chosen if c[0].fingerprint not in left and not _touches(c[1], wrong)]
    alone = chosen[:1] if not meant or len(meant) == len(chosen) else meant
    _apply(result, alone, overlay, look, barred)


def _touches(fix: Fix, paths: set[str]) -> bool:
    return any(e.path in paths for e in fix.edits)


def _texts(overlay: Overlay, chosen: Chosen) -> dict[str, SourceText]:
    """The texts that fixes edit, and the notebooks that such cells belong to."""
    edits = [e for _, fix in chosen for e in fix.edits]
    paths = dict.fromkeys([*(e.text_path for e in edits), *(e.path for e in edits)])
    return {p: overlay.text(_absolute(overlay, p)) for p in paths}


def _put(overlay: Overlay, texts: dict[str, SourceText], chosen: Chosen) -> set[str]:
    """Put edited texts before the disk; the paths of those that are not what they should be."""
    wrong: set[str] = set()
    for path, source in texts.items():
        own = [e for _, fix in chosen for e in fix.edits if e.text_path == path]
        text = edits.apply(source, own)
        if own and keeps_the_rest(source, text, own):
            overlay.rewrite(_absolute(overlay, path), text)
        elif own:
            wrong.add(split_path(path)[0])
    return wrong


def _restore(overlay: Overlay, texts: dict[str, SourceText]) -> None:
    for path, source in texts.items():
        if split_path(path)[1] is None:
            overlay.put(_absolute(overlay, path), source.encode(source.text))


def _keep(
    result: Fixed,
    report: Report,
    texts: dict[str, SourceText],
    overlay: Overlay,
    chosen: Chosen,
) -> None:
    for path, source in texts.items():
        if split_path(path)[1] is not None:
            continue
        result.before.setdefault(path, source.text)
        result.after[path] = overlay.text(_absolute(overlay, path)).text
    result.report = report
    result.applied.extend(chosen)


def _broken(after: Report, before: Report) -> set[str]:
    """Files that became unreadable or unparseable, or on which a rule fails now."""

    def troubled(report: Report) -> Counter[str]:
        codes = ("AML901", "AML902", "AML903")
        return Counter(f.location.path for f in report.findings if f.code in codes)

    return set(troubled(after) - troubled(before))


def _absolute(overlay: Overlay, path: str) -> str:
    return os.path.normpath(os.path.join(overlay.cwd, path))


def keeps_the_rest(source: SourceText, text: str, own: list[Edit]) -> bool:
    """Whether an edited file still parses and differs only where the edits are.

    YAML goes through ruamel.yaml's round trip as well, which must find every comment again.
    """
    edited = SourceText(source.path, text, source.encoding, source.bom)
    if split_path(source.path)[1] is not None:
        return _is_same_kind_of_cell(source, text)
    if source.path.endswith(".py"):
        return _compiles(edited)
    if source.path.lower().endswith(RUN):
        return differ_in_comments_only(source, edited)
    if is_listing(source.path):
        return _same_lines(source, own) == _same_lines(edited, _moved(own))
    try:
        document = documents.load(edited)
        before = documents.load(source)
    except (Malformed, Unreadable):
        return False
    same = _untouched(before.root, own) == _untouched(document.root, _moved(own))
    same = same and _repeated(document.root) <= _repeated(before.root)
    return same and (document.language != "yaml" or _round_trips(edited))


def _same_lines(source: SourceText, own: list[Edit]) -> list[str]:
    """The lines of requirements that no edit touches."""
    spans = [edit.span for edit in own]
    return [line.text for line in requirement_lines(source) if not _touched(line.span, spans)]


def _is_same_kind_of_cell(source: SourceText, text: str) -> bool:
    """Whether a cell with another text parses, and begins with the magic that it began with."""
    magic = cell_magic(source.text)
    code = python_of(text)
    if magic != cell_magic(text) or code is None:
        return False
    return _compiles(SourceText(source.path, text, code=code, interactive=source.interactive))


def _compiles(source: SourceText) -> bool:
    from amllint.source.python.parse import parse

    try:
        parse(source)
    except (Malformed, Unreadable):
        return False
    return True


def _untouched(root: Node, own: list[Edit]) -> set[tuple[int, str, Keys]]:
    """Scalars that no edit touches: distance from the last edit before, text, keys above."""
    ordered = sorted(e.span for e in own)
    found: set[tuple[int, str, Keys]] = set()
    for scalar, above in _scalars(root):
        span = scalar.span
        if _touched(span, ordered):
            continue
        keys = tuple("" if _touched(k.span, ordered) else k.raw for k in above)
        base = max((e.end for e in ordered if e.end <= span.start), default=0)
        found.add((span.start - base, scalar.raw, keys))
    return found


def _touched(span: Span, edits: list[Span]) -> bool:
    return any(e.start <= span.end and span.start <= e.end for e in edits)


def _repeated(root: Node) -> int:
    """How many keys stand where the same mapping has had them before."""
    count = 0
    pending = [root]
    while pending:
        node = pending.pop()
        if isinstance(node, Sequence):
            pending.extend(node.items)
        elif not isinstance(node, Scalar):
            count += len(node.entries) - len({e.key.raw for e in node.entries})
            pending.extend(e.value for e in node.entries)
    return count


def _moved(own: list[Edit]) -> list[Edit]:
    """The edits as spans of the edited text: what they put in."""
    moved: list[Edit] = []
    shift = 0
    for edit in sorted(dict.fromkeys(own), key=lambda e: e.span):
        start = edit.span.start + shift
        moved.append(edit._replace(span=Span(start, start + len(edit.content))))
        shift += len(edit.content) - (edit.span.end - edit.span.start)
    return moved


def _scalars(root: Node) -> Iterator[tuple[Scalar, tuple[Scalar, ...]]]:
    """Every scalar with the keys above it; positions in lists do not count."""
    pending: list[tuple[Node, tuple[Scalar, ...]]] = [(root, ())]
    while pending:
        node, keys = pending.pop()
        if isinstance(node, Scalar):
            yield node, keys
        elif isinstance(node, Sequence):
            pending.extend((item, keys) for item in node.items)
        else:
            for entry in node.entries:
                yield entry.key, keys
                pending.append((entry.value, (*keys, entry.key)))


def _round_trips(source: SourceText) -> bool:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    yaml = YAML(typ="rt")
    yaml.allow_duplicate_keys = True
    try:
        yaml.load(source.text)
    except (YAMLError, ValueError):
        return False
    return True


def write(overlay: Overlay, fixed: Fixed, on_error: Callable[[str, OSError], None]) -> int:
    """Write fixed files in place, each whole or not at all; the number written."""
    written = 0
    for path in fixed.after:
        absolute = _absolute(overlay, path)
        source = overlay.text(absolute)
        try:
            replace_file(absolute, source.encode(source.text))
            written += 1
        except OSError as error:
            on_error(path, error)
    return written


def replace_file(path: str, data: bytes) -> None:
    """Write through a temporary file beside it, so that a crash leaves the old one.

    Raises `OSError`.
    """
    target = os.path.realpath(path)
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(target), prefix=".amllint-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        os.chmod(temporary, _mode(target))
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def _mode(path: str) -> int:
    """The permissions of a file, or those that a new one has."""
    try:
        return os.stat(path).st_mode & 0o7777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
