"""`amllint baseline write|update|check`."""

from __future__ import annotations

import argparse
import os
import sys

from amllint.cli import accepted
from amllint.cli import check as checking
from amllint.cli.check import INCOMPLETE, NOTHING, USAGE, UsageError
from amllint.cli.work import cache_for
from amllint.config import ConfigError, Settings
from amllint.engine.accepting import NEVER_ACCEPTED, Terms, shrunk
from amllint.engine.check import Report, check
from amllint.engine.fixing import replace_file
from amllint.findings.baseline import Baseline, gathered, is_date, render
from amllint.output.style import printable
from amllint.rules.registry import matching
from amllint.source.overlay import Overlay
from amllint.source.problem import Refused
from amllint.source.repository import BASELINE

_USED = """\
`amllint baseline check` leaves them out; so does `amllint check`, once `baseline` names this file \
in the configuration"""


def run(options: argparse.Namespace) -> int:
    """Write a baseline, shrink it, or check with it."""
    if options.action is None:
        print("amllint: say what to do: baseline write, update or check", file=sys.stderr)
        return USAGE
    if options.action == "check" and options.file:
        options.baseline = options.file
    overlay = Overlay()
    try:
        paths: list[str] = options.paths or ["."]
        settings = checking.settings_for(options, paths, overlay)
        file = _file(options, settings, overlay)
        if options.action == "check":
            options.baseline = file
            return checking.run(options)
        action = _write if options.action == "write" else _update
        return action(options, paths, settings, overlay, file)
    except (UsageError, ConfigError, Refused) as error:
        print(f"amllint: {printable(str(error))}", file=sys.stderr)
        return USAGE


def _file(options: argparse.Namespace, settings: Settings, overlay: Overlay) -> str:
    given = options.file or settings.baseline or BASELINE
    return os.path.normpath(os.path.join(overlay.cwd, given))


def _write(
    options: argparse.Namespace, paths: list[str], settings: Settings, overlay: Overlay, file: str
) -> int:
    shown = overlay.display(file)
    if options.expires is not None and not is_date(options.expires):
        raise UsageError(f"--expires takes a day, YYYY-MM-DD, not `{options.expires}`")
    if options.expires is not None and options.expires < accepted.today(options, settings):
        raise UsageError(f"--expires {options.expires} has passed: nothing would be accepted")
    if os.path.lexists(file) and not options.force:
        raise UsageError(
            f"{shown} exists; `amllint baseline update` takes out what is fixed, --force "
            "accepts all that is found now"
        )
    cache, day = cache_for(options), options.today
    report = check(paths, settings, overlay, parallel=True, cache=cache, today=day)
    if report.asked == 0:
        print("amllint: there is no file to look at", file=sys.stderr)
        return NOTHING
    enforced = {r.code for name in settings.enforce for r in matching(name)}
    empty = Baseline(file, (), options.expires)
    left = [f for f in report.findings if f.code in enforced or f.name in NEVER_ACCEPTED]
    entries = [
        empty.entry(f, os.path.normpath(os.path.join(overlay.cwd, f.location.path)))
        for f in report.findings
        if f not in left
    ]
    baseline = gathered(file, entries, options.expires)
    _save(baseline, shown)
    number = sum(e.count for e in baseline.entries)
    text = f"{shown}: {accepted.counted(number, 'finding')} accepted"
    text += f" until {options.expires}" if options.expires else ""
    if left:
        text += f"; {len(left)} cannot be: {', '.join(sorted({f.name for f in left}))}"
    code = _done(text, report)
    if settings.baseline != file:
        print(_USED, file=sys.stderr)
    return code


def _update(
    options: argparse.Namespace, paths: list[str], settings: Settings, overlay: Overlay, file: str
) -> int:
    shown = overlay.display(file)
    before = accepted.read(file, overlay)
    terms = Terms(before, accepted.today(options, settings))
    cache, day = cache_for(options), options.today
    report = check(paths, settings, overlay, parallel=True, terms=terms, cache=cache, today=day)
    fixed = report.accepted.fixed if report.accepted else []
    if fixed:
        _save(shrunk(before, fixed), shown)
    number = sum(e.count for e in fixed)
    left = sum(e.count for e in before.entries) - number
    code = _done(f"{shown}: {accepted.counted(number, 'finding')} fixed, {left} left", report)
    accepted.say(accepted.listed(fixed))
    return code


def _save(baseline: Baseline, shown: str) -> None:
    if os.path.islink(baseline.file):
        raise UsageError(f"{shown} is a link; give the file that it leads to with --file")
    try:
        replace_file(baseline.file, render(baseline).encode("utf-8"))
    except OSError as error:
        raise UsageError(f"cannot write {shown}: {error.strerror}") from None


def _done(text: str, report: Report) -> int:
    if report.incomplete:
        text += "; incomplete: not everything could be checked"
    print(printable(text), file=sys.stderr)
    return INCOMPLETE if report.incomplete else 0
