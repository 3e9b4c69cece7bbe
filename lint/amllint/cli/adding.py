"""`check --add-ignore REASON`: writing the comments, and saying what could not be."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from amllint.engine.check import Report
from amllint.output.style import printable
from amllint.source.problem import Refused

if TYPE_CHECKING:
    from amllint.cli.work import Work
    from amllint.engine.ignoring import Ignored
    from amllint.findings.finding import Finding


class CannotAdd(Refused):
    """Comments cannot be added as asked."""


def add_ignores(work: Work, reason: str, diff: bool) -> Report:
    """Add a comment for every finding shown, or show what would be added.

    Raises `CannotAdd`.
    """
    from amllint.engine import ignoring
    from amllint.engine.sparing import Spared
    from amllint.findings import edits
    from amllint.rules.registry import matching

    reason = reason.strip()
    if not reason or not reason.isprintable():
        raise CannotAdd("--add-ignore takes a reason, in one line")
    if work.options.fix or work.options.no_ignores or work.options.stdin_filename:
        raise CannotAdd("--add-ignore goes with none of --fix, --no-ignores and standard input")
    enforced = frozenset(r.code for name in work.settings.enforce for r in matching(name))
    whole = work.check()
    first = work.narrow(replace(whole))
    spared = Spared(whole, first)
    done = ignoring.add(first, lambda: spared.without(work.check()), work.overlay, reason, enforced)
    if diff:
        for path, after in done.after.items():
            sys.stdout.write(edits.diff(path, done.before[path], after))
    else:
        _write(work, done)
    for line in _said(work, done, "would ignore" if diff else "ignored"):
        print(line, file=sys.stderr)
    return first if diff else done.report


def _write(work: Work, done: Ignored) -> None:
    from amllint.engine.fixing import replace_file

    for path in done.after:
        absolute = os.path.normpath(os.path.join(work.overlay.cwd, path))
        try:
            replace_file(absolute, work.overlay.data(absolute))
        except OSError as error:
            raise CannotAdd(f"cannot write {path}: {error.strerror}") from None


def _said(work: Work, done: Ignored, verb: str) -> Iterator[str]:
    for finding, why in done.left:
        yield printable(f"not ignored: {finding.location.path}: {finding.name}: {why}")
    if done.in_json:
        yield from _snippet(work, done.in_json)
    if done.added and not work.options.quiet:
        number = len(done.added)
        findings = f"{number} finding{'s' if number > 1 else ''}"
        yield f"{verb} {findings} in {len(done.after)} file{'s' if len(done.after) > 1 else ''}"


def _snippet(work: Work, findings: Iterable[Finding]) -> Iterator[str]:
    """What to put into the configuration, which is the owner's to edit."""
    file = work.settings.path
    name = work.overlay.display(file) if file else "amllint.toml"
    table = "tool.amllint." if os.path.basename(name) == "pyproject.toml" else ""
    rules: dict[str, list[str]] = {}
    for finding in findings:
        absolute = os.path.normpath(os.path.join(work.overlay.cwd, finding.location.path))
        relative = os.path.relpath(absolute, work.settings.folder).replace(os.sep, "/")
        known = rules.setdefault(relative, [])
        if finding.name not in known:
            known.append(finding.name)
    yield f"not ignored: JSON has no comments; put this into {printable(name)}:"
    yield f"[{table}per-file-ignores]"
    for relative, names in rules.items():
        listed = ", ".join(f'"{n}"' for n in names)
        yield f"{_toml('/' + relative)} = [{listed}]"


def _toml(text: str) -> str:
    """A text as a basic string of TOML."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04X}" for c in escaped) + '"'
