"""Applies fixes, looks again, and takes back what did not come out as meant."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from amllint.config import Settings
from amllint.engine.check import Report, check
from amllint.findings import edits
from amllint.findings.finding import Edit, Finding, Fix
from amllint.source import documents
from amllint.source.overlay import Overlay
from amllint.source.problem import Malformed, Unreadable
from amllint.source.text import SourceText

MAX_PASSES: Final = 20


@dataclass(slots=True)
class Fixed:
    """What fixing came to: the report after it, and texts before and after by display path."""

    report: Report
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    applied: list[tuple[Finding, Fix]] = field(default_factory=list)
    rejected: list[tuple[Finding, Fix]] = field(default_factory=list)


def fix(
    paths: Iterable[str], settings: Settings, overlay: Overlay, *, unsafe: bool, ignores: bool
) -> Fixed:
    """Apply fixes in memory until none is left to apply; nothing is written to disk.

    After each pass the files are parsed and checked again. A fix whose finding is still
    there, whose file no longer parses or that changed more than it said is taken back.
    """
    given = list(paths)
    result = Fixed(check(given, settings, overlay, ignores=ignores))
    barred: set[str] = set()
    for _ in range(MAX_PASSES):
        findings = [f for f in result.report.findings if f.fingerprint not in barred]
        chosen = edits.select(findings, unsafe)
        if not chosen:
            break
        _apply(result, chosen, overlay, settings, given, ignores, barred)
    return result


def _apply(
    result: Fixed,
    chosen: list[tuple[Finding, Fix]],
    overlay: Overlay,
    settings: Settings,
    paths: list[str],
    ignores: bool,
    barred: set[str],
) -> None:
    """One pass: all fixes at once, and one by one where that went wrong."""
    texts = _texts(overlay, chosen)
    if _put(overlay, texts, chosen):
        report = check(paths, settings, overlay, ignores=ignores)
        left = {f.fingerprint for f in report.findings}
        if not any(f.fingerprint in left for f, _ in chosen) and not _broken(report, result.report):
            _keep(result, report, texts, overlay, chosen)
            return
    _restore(overlay, texts)
    if len(chosen) == 1:
        barred.add(chosen[0][0].fingerprint)
        result.rejected.extend(chosen)
        return
    _apply(result, chosen[:1], overlay, settings, paths, ignores, barred)


def _texts(overlay: Overlay, chosen: list[tuple[Finding, Fix]]) -> dict[str, SourceText]:
    paths = dict.fromkeys(e.path for _, fix in chosen for e in fix.edits)
    return {p: overlay.text(_absolute(overlay, p)) for p in paths}


def _put(overlay: Overlay, texts: dict[str, SourceText], chosen: list[tuple[Finding, Fix]]) -> bool:
    """Put edited texts before the disk; `False` if one of them is not what it should be."""
    for path, source in texts.items():
        own = [e for _, fix in chosen for e in fix.edits if e.path == path]
        text = edits.apply(source, own)
        if not keeps_the_rest(source, text, own):
            return False
        overlay.put(_absolute(overlay, path), source.encode(text))
    return True


def _restore(overlay: Overlay, texts: dict[str, SourceText]) -> None:
    for path, source in texts.items():
        overlay.put(_absolute(overlay, path), source.encode(source.text))


def _keep(
    result: Fixed,
    report: Report,
    texts: dict[str, SourceText],
    overlay: Overlay,
    chosen: list[tuple[Finding, Fix]],
) -> None:
    for path, source in texts.items():
        result.before.setdefault(path, source.text)
        result.after[path] = overlay.text(_absolute(overlay, path)).text
    result.report = report
    result.applied.extend(chosen)


def _broken(after: Report, before: Report) -> bool:
    """Whether files became unreadable or unparseable."""

    def count(report: Report) -> int:
        return sum(f.code in ("AML901", "AML902", "AML903") for f in report.findings)

    return count(after) > count(before)


def _absolute(overlay: Overlay, path: str) -> str:
    return os.path.normpath(os.path.join(overlay.cwd, path))


def keeps_the_rest(source: SourceText, text: str, own: list[Edit]) -> bool:
    """Whether an edited file still parses and differs only where the edits are.

    YAML goes through ruamel.yaml's round trip as well, which must find every comment again.
    """
    edited = SourceText(source.path, text, source.encoding, source.bom)
    if source.path.endswith(".py"):
        return _compiles(edited)
    try:
        document = documents.load(edited)
        before = documents.load(source)
    except (Malformed, Unreadable):
        return False
    untouched = _outside(before.data, document.data)
    return untouched and (document.language != "yaml" or _round_trips(edited))


def _compiles(source: SourceText) -> bool:
    from amllint.source.python.parse import parse

    try:
        parse(source)
    except (Malformed, Unreadable):
        return False
    return True


def _outside(before: Any, after: Any) -> bool:
    """Whether data changed by at most one addition, removal or renaming in each collection."""
    if isinstance(before, dict) and isinstance(after, dict):
        common = before.keys() & after.keys()
        if max(len(before), len(after)) - len(common) > 2:
            return False
        return all(_outside(before[k], after[k]) for k in common)
    if isinstance(before, list) and isinstance(after, list):
        return _list_outside(before, after)
    same = type(before) is type(after) and bool(before == after)
    return same or bool(before != before)


def _list_outside(before: list[Any], after: list[Any]) -> bool:
    kept = [item for item in after if item in before]
    if len(before) == len(after):
        return all(_outside(b, a) for b, a in zip(before, after, strict=True))
    shorter = before if len(before) < len(after) else after
    return len(kept) >= len(shorter) - 1


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
            _replace(absolute, source.encode(source.text))
            written += 1
        except OSError as error:
            on_error(path, error)
    return written


def _replace(path: str, data: bytes) -> None:
    """Write through a temporary file beside it, so that a crash leaves the old one."""
    target = os.path.realpath(path)
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(target), prefix=".amllint-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        os.chmod(temporary, os.stat(target).st_mode & 0o7777)
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise
