"""What a baseline does to a run of `check`: reading it, and saying what came of it."""

from __future__ import annotations

import argparse
import datetime
import os
import sys
from collections.abc import Iterator

from amllint.config import Settings
from amllint.engine.accepting import Terms
from amllint.engine.check import Report
from amllint.findings.baseline import Baseline, BaselineError, Entry, is_date, parse
from amllint.output.style import printable, printable_path
from amllint.source.overlay import Overlay
from amllint.source.problem import Unreadable

_SHOWN = 10


def terms(options: argparse.Namespace, settings: Settings, overlay: Overlay) -> Terms | None:
    """The baseline to apply, if there is one. Raises `BaselineError`."""
    day = today(options, settings)
    given: str | None = options.baseline
    if given and options.no_ignores:
        raise BaselineError("--baseline and --no-ignores exclude each other")
    file = os.path.join(overlay.cwd, given) if given else settings.baseline
    if file is None or options.no_ignores:
        return None
    return Terms(read(os.path.normpath(file), overlay), day)


def today(options: argparse.Namespace, settings: Settings) -> str:
    """The day on which expiry is judged. Raises `BaselineError`."""
    given = options.today
    if given is not None and not is_date(given):
        raise BaselineError(f"--today takes a day, YYYY-MM-DD, not `{given}`")
    return given or settings.today or datetime.date.today().isoformat()


def read(file: str, overlay: Overlay) -> Baseline:
    """The baseline in a file. Raises `BaselineError`: what cannot be read is never none."""
    try:
        source = overlay.text(file)
    except Unreadable as problem:
        missing = problem.reason == "missing" and not os.path.lexists(file)
        hint = "make it with `amllint baseline write`" if missing else problem.help
        raise BaselineError(f"{problem.path}:1:1: the baseline {problem.message}; {hint}") from None
    return parse(source, file)


def tell(report: Report, today: str) -> Iterator[str]:
    """Sentences for standard error about what the baseline left out, and what it cannot."""
    accepted = report.accepted
    if accepted is None:
        return
    if accepted.expired:
        yield f"{_findings(accepted.expired)} shown: the baseline's date has passed ({today})"
    if accepted.enforced:
        yield f"{_findings(accepted.enforced)} shown although in the baseline: enforced rules"
    if accepted.fixed:
        number = len(accepted.fixed)
        what = "entry of the baseline is" if number == 1 else "entries of the baseline are"
        yield f"{number} {what} fixed: run amllint baseline update"


def listed(entries: list[Entry]) -> Iterator[str]:
    """Entries, one a line, not more than a screen takes in."""
    for entry in entries[:_SHOWN]:
        count = f"{entry.count} × " if entry.count > 1 else ""
        yield f"  {printable_path(entry.path)}: {count}{printable(entry.rule)}"
    if len(entries) > _SHOWN:
        yield f"  and {len(entries) - _SHOWN} more"


def say(lines: Iterator[str]) -> None:
    """Print to standard error."""
    for line in lines:
        print(line, file=sys.stderr)


def counted(number: int, noun: str) -> str:
    """A number with its noun."""
    return f"{number} {noun if number == 1 else noun + 's'}"


def _findings(number: int) -> str:
    return f"{number} finding is" if number == 1 else f"{number} findings are"
