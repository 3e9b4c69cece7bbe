"""`amllint diagnose`."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace

from amllint.cli.check import UsageError
from amllint.config import ConfigError
from amllint.diagnosis.judging import Diagnosis, judged
from amllint.diagnosis.places import Deployment, Place
from amllint.diagnosis.scanning import scan
from amllint.output.diagnosis import Told, as_json, text_lines
from amllint.output.style import Style, printable, wants_color
from amllint.source.log_file import open_log
from amllint.source.log_lines import log_lines
from amllint.source.problem import Refused

NOTHING_WRONG, DIAGNOSED, USAGE, EMPTY, UNKNOWN = 0, 1, 2, 3, 4
_EMPTY_LOG = (
    "amllint: the log is empty: the container has not started, or prints nothing; see "
    "`az ml service show`, `az ml online-deployment show` or `kubectl describe pod`"
)


def run(options: argparse.Namespace) -> int:
    """Diagnose a log, print it, and say how it went."""
    if len(options.log) > 1:
        said = " ".join(map(printable, options.log))
        print(
            f"amllint: one log at a time; for all: cat {said} | amllint diagnose", file=sys.stderr
        )
        return USAGE
    (log,) = options.log or ["-"]
    if log == "-" and sys.stdin.isatty():
        print("amllint: name a log, or pipe one in; see `amllint diagnose --help`", file=sys.stderr)
        return USAGE
    try:
        deployment = _deployment(options.deployment) if options.deployment else None
        with open_log(log) as stream:
            result = scan(log_lines(stream))
    except (UsageError, ConfigError, Refused) as error:
        print(f"amllint: {printable(str(error))}", file=sys.stderr)
        return USAGE
    found = [_placed(diagnosis, deployment) for diagnosis in judged(result)]
    _print(Told(found, result.suspects, result.lines, deployment is not None), options)
    if found:
        return DIAGNOSED
    if result.empty:
        print(_EMPTY_LOG, file=sys.stderr)
        return EMPTY
    if result.suspects:
        return UNKNOWN
    print(f"nothing wrong that amllint knows, in {result.lines} lines", file=sys.stderr)
    return NOTHING_WRONG


def _placed(found: Diagnosis, deployment: Deployment | None) -> tuple[Diagnosis, list[Place]]:
    """A diagnosis with what the files of the deployment add to it."""
    if deployment is None:
        return found, []
    return replace(found, shown=deployment.shown(found)), deployment.places(found)


def _print(told: Told, options: argparse.Namespace) -> None:
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    if options.output_format == "json":
        import json

        print(json.dumps(as_json(told), indent=2, ensure_ascii=False))
        return
    style = Style(wants_color(sys.stdout, options.color))
    for line in text_lines(told, style):
        print(line)


def _deployment(paths: list[str]) -> Deployment | None:
    """The files below some paths, checked, with advice; `None` where there are none.

    Raises what the options of `check` raise.
    """
    from amllint.cli.check import settings_for
    from amllint.cli.parser import build_parser
    from amllint.engine.check import check
    from amllint.source.overlay import Overlay

    for path in paths:
        if not os.path.exists(path):
            raise UsageError(f"--deployment: there is no {path}")
    overlay = Overlay()
    arguments = ["check", "--persona", "pedantic", "--", *paths]
    settings = settings_for(build_parser("check").parse_args(arguments), paths, overlay)
    report = check(paths, settings, overlay)
    if not report.asked:
        said = ", ".join(paths)
        print(f"amllint: --deployment: there is no file to look at in {said}", file=sys.stderr)
        return None
    files = {row.path: row.kind for row in report.listed}
    return Deployment(files, report.findings, report.source)
