"""`amllint annotate`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from amllint import config
from amllint.config import ConfigError, Settings
from amllint.output.style import printable
from amllint.source.overlay import Overlay
from amllint.source.problem import Unreadable
from amllint.source.repository import find_root

if TYPE_CHECKING:
    from amllint.bot.environment import Platform
    from amllint.bot.posting import Door, Prepared
    from amllint.bot.results import Results

CLEAN, FINDINGS, USAGE, NOTHING, INCOMPLETE = 0, 1, 2, 3, 4
MAX_JSON: Final = 64 * 1024 * 1024


class UsageError(Exception):
    """The command line cannot be carried out as it is."""


def run(options: argparse.Namespace) -> int:
    """Say on the pull request what was found; the exit code is that of the findings."""
    try:
        import httpx  # noqa: F401
    except ImportError:
        _say("annotate needs an HTTP client: pip install 'amllint[bot]', or the same of your clone")
        return USAGE
    from amllint.bot.errors import Misconfigured

    overlay = Overlay()
    try:
        settings = _settings(options, overlay)
        results = _results(options, settings, overlay)
        if results is None:
            _say("there is no file to look at")
            return NOTHING
        return _annotate(options, settings, results, overlay)
    except (UsageError, ConfigError, Misconfigured) as error:
        _say(str(error))
        return USAGE


def _annotate(
    options: argparse.Namespace, settings: Settings, results: Results, overlay: Overlay
) -> int:
    from amllint.bot import environment
    from amllint.bot.errors import BotError, Forbidden
    from amllint.bot.results import below

    platform = options.platform or environment.platform(os.environ)
    root = find_root(overlay.cwd) or overlay.cwd
    prefix = os.path.relpath(overlay.cwd, root).replace(os.sep, "/")
    here = below(results, "" if prefix == "." else prefix)
    try:
        door = _door(options, platform, settings, root)
    except BotError as error:
        raise UsageError(str(error)) from None
    try:
        prepared = door.prepare(here, _line_text(root, overlay))
        _post(options, prepared, door)
    except Forbidden as refusal:
        _fall_back(here, platform, door.token.hidden_in(str(refusal)))
    except BotError as error:
        _say(f"not posted: {door.token.hidden_in(str(error))}")
        return INCOMPLETE
    finally:
        door.session.close()
    if results.incomplete:
        return INCOMPLETE
    return FINDINGS if results.failing(settings.fail_on) else CLEAN


def _post(options: argparse.Namespace, prepared: Prepared | None, door: Door) -> None:
    if prepared is None:
        _say("the pull request has newer commits than were checked; their own run will speak")
        return
    if options.dry_run:
        print(json.dumps([r.shown() for r in prepared.requests()], indent=2))
        return
    for remark in door.post(prepared):
        _say(door.token.hidden_in(remark))
    plan = prepared.plan
    done = (
        f"{len(plan.post)} new, {len(plan.edit)} changed, {len(plan.close)} closed,"
        f" {len(plan.delete)} deleted, {plan.kept} as before; {len(plan.rest)} in the summary"
    )
    _say(f"comments on lines: {done}", quiet=options.quiet)


# -- what was found -------------------------------------------------------------------------


def _settings(options: argparse.Namespace, overlay: Overlay) -> Settings:
    settings = Settings()
    if options.config and not os.path.isfile(options.config):
        raise UsageError(f"there is no configuration file {options.config}")
    start = options.config or config.find_config(overlay.cwd)
    if start and not options.isolated:
        settings = config.load(os.path.join(overlay.cwd, start), overlay)
    return replace(settings, fail_on=options.fail_on) if options.fail_on else settings


def _results(options: argparse.Namespace, settings: Settings, overlay: Overlay) -> Results | None:
    from amllint.bot.results import results

    if options.findings is not None:
        if options.paths:
            raise UsageError("--from has the findings already; give it or paths, not both")
        return _read(options.findings)
    from amllint.cli.work import cache_for
    from amllint.engine.check import check
    from amllint.output.json import document

    report = check(
        options.paths or ["."], settings, overlay, parallel=True, cache=cache_for(options)
    )
    if not report.asked and not report.excluded:
        return None
    found = results(document(report))
    return replace(found, incomplete=found.incomplete or report.incomplete)


def _read(name: str) -> Results:
    from amllint.bot.results import ResultsError, parse

    try:
        if name == "-":
            raw = sys.stdin.buffer.read(MAX_JSON + 1)
        else:
            with open(name, "rb") as stream:
                raw = stream.read(MAX_JSON + 1)
        if len(raw) > MAX_JSON:
            raise UsageError(f"{name} is larger than {MAX_JSON // 2**20} MiB")
        return parse(json.loads(raw))
    except OSError as error:
        raise UsageError(f"cannot read {name}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{name} is not JSON: {str(error)[:100]}") from None
    except ResultsError as error:
        raise UsageError(f"{name} {error}") from None


def _line_text(root: str, overlay: Overlay) -> Callable[[str, int], str | None]:
    """The lines of the files that were checked."""

    def text(path: str, line: int) -> str | None:
        try:
            source = overlay.text(os.path.normpath(os.path.join(root, path)))
        except Unreadable:
            return None
        if line > len(source.line_starts):
            return ""
        return source.slice(source.line_span(line))

    return text


# -- where to -------------------------------------------------------------------------------


def _door(options: argparse.Namespace, platform: Platform, settings: Settings, root: str) -> Door:
    from amllint.bot import posting
    from amllint.bot.environment import Chosen
    from amllint.bot.session import Timing

    names = ("pull_request", "repository", "commit", "url", "project")
    chosen = Chosen(**{name: getattr(options, name) for name in names})
    timing = Timing(pause=options.pause, total=options.timeout)
    how = posting.Settings(options.mode, options.max_comments, settings.fail_on, root, timing)
    note = _say if options.verbose else lambda text: None
    return posting.door(platform, os.environ, chosen, how, note)


def _fall_back(results: Results, platform: Platform, reason: str) -> None:
    """Say in the build's own log what could not be posted."""
    from amllint.bot.fallback import build_annotations, step_summary

    _say(f"the token may not write here ({reason}): annotations of the build instead")
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    for line in build_annotations(results, platform):
        print(line)
    try:
        _write_summary(step_summary(results), platform)
    except OSError as error:
        _say(f"no summary is written: {error.strerror}")


def _write_summary(text: str, platform: Platform) -> None:
    if platform == "github":
        if os.environ.get("GITHUB_STEP_SUMMARY"):
            with open(os.environ["GITHUB_STEP_SUMMARY"], "a", encoding="utf-8") as stream:
                stream.write(text)
    elif os.environ.get("AGENT_TEMPDIRECTORY"):
        path = os.path.join(os.environ["AGENT_TEMPDIRECTORY"], "amllint-summary.md")
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(text)
        print(f"##vso[task.uploadsummary]{path}")


def _say(text: str, quiet: bool = False) -> None:
    if not quiet:
        print(f"amllint: {printable(text)}", file=sys.stderr)
