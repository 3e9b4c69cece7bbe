"""`amllint check`."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TextIO

from amllint import cli, config
from amllint.cli import build_services
from amllint.cli.eased import told
from amllint.cli.unread_configs import unread_configs
from amllint.cli.work import Work
from amllint.config import ConfigError, Settings
from amllint.engine import parsing
from amllint.engine.check import Report
from amllint.findings.finding import Severity, at_least
from amllint.output.formats import FORMATS, renderer
from amllint.output.style import Style, printable, printable_path, wants_color
from amllint.rules.registry import matching, suggestion
from amllint.source.overlay import MAX_BYTES, Overlay
from amllint.source.problem import Refused

CLEAN, FINDINGS, USAGE, NOTHING, INCOMPLETE = 0, 1, 2, 3, 4


class UsageError(Exception):
    """The command line cannot be carried out as it is."""


def run(options: argparse.Namespace) -> int:
    """Check what was asked for, print it, and say how it went; with `--watch`, again and again."""
    if options.unsafe_fixes and not (options.fix or options.diff):
        print("amllint: --unsafe-fixes goes with --fix or --diff", file=sys.stderr)
        return USAGE
    given = options.resolve_python is not None or options.resolve_seconds is not None
    if given and not options.resolve:
        name = "--resolve-python" if options.resolve_python is not None else "--resolve-seconds"
        print(f"amllint: {name} goes with --resolve", file=sys.stderr)
        return USAGE
    if not options.watch:
        return _run(options)
    changing = options.fix or options.diff or options.add_ignore is not None
    if changing or options.list_files or options.stdin_filename:
        print("amllint: --watch only checks; it goes with no fixing and no stdin", file=sys.stderr)
        return USAGE
    from amllint.cli.watch import watch

    return watch(options.paths or ["."], lambda: _run(options))


def _run(options: argparse.Namespace) -> int:
    # Syntax trees make work for the collector and leave it nothing to collect.
    gc.disable()
    if cli.owns_process:
        parsing.own_process()
    overlay = Overlay()
    try:
        if options.snapshot and (options.fix or options.diff):
            raise UsageError("--snapshot goes with none of --fix and --diff: no rule of it fixes")
        targets = _targets(options.output_format)
        paths = _paths(options, overlay)
        settings = settings_for(options, paths, overlay)
        return _check(options, paths, settings, overlay, targets)
    except (UsageError, ConfigError, Refused) as error:
        print(f"amllint: {printable(str(error))}", file=sys.stderr)
        return USAGE


def _check(
    options: argparse.Namespace,
    paths: list[str],
    settings: Settings,
    overlay: Overlay,
    targets: list[tuple[str, str | None]],
) -> int:
    work = Work.planned(options, paths, settings, overlay, apply_options)
    if options.add_ignore is not None:
        from amllint.cli.adding import add_ignores

        report = add_ignores(work, options.add_ignore, options.diff)
    elif options.fix or options.diff:
        report = _fix(options, work)
    else:
        report = work.look(parallel=True)
    if options.list_files:
        return _list_files(report)
    everything = report.findings
    if options.severity:
        report.findings = [f for f in everything if at_least(f.severity, options.severity)]
    hidden = len(everything) - len(report.findings)
    # A fixed standard input goes to standard output, and then the findings cannot.
    taken = options.diff or (options.fix and options.stdin_filename)
    if not targets and not taken:
        targets = build_services.defaults(report, quiet=options.quiet)
    for format, file in targets:
        if file is not None or not taken:
            _write(report, format, file, options.color)
    if options.statistics:
        _statistics(report)
    if not options.quiet:
        _summary(report, options.color, hidden, options.resolve)
        work.tell(report)
        if not options.config and not options.isolated:
            for line in unread_configs(report, work.settings.path):
                print(f"amllint: {printable(line)}", file=sys.stderr)
    if report.incomplete:
        return INCOMPLETE
    if report.asked == 0 and not report.excluded:
        print("amllint: there is no file to look at", file=sys.stderr)
        return NOTHING
    fail_on: Any = options.fail_on or settings.fail_on
    failing = fail_on != "never" and any(at_least(f.severity, fail_on) for f in everything)
    return FINDINGS if failing or work.is_stale(report) else CLEAN


# -- arguments ------------------------------------------------------------------------------


def _targets(given: list[str] | None) -> list[tuple[str, str | None]]:
    targets: list[tuple[str, str | None]] = []
    for text in given or []:
        name, _, file = text.partition("=")
        if name not in FORMATS:
            raise UsageError(f"unknown output format `{name}`; known: {', '.join(FORMATS)}")
        targets.append((name, file if file not in ("", "-") else None))
    if sum(file is None for _, file in targets) > 1:
        raise UsageError("only one output format can go to standard output; give the others =FILE")
    return targets


def _paths(options: argparse.Namespace, overlay: Overlay) -> list[str]:
    paths: list[str] = options.paths or ["."]
    if "-" not in paths:
        if not options.stdin_filename:
            return paths
        if options.paths:
            raise UsageError("--stdin-filename goes with `-`, or with no path at all")
        _read_stdin(options.stdin_filename, overlay)
        return [options.stdin_filename]
    if not options.stdin_filename:
        raise UsageError("`-` reads standard input: say what it is with --stdin-filename")
    _read_stdin(options.stdin_filename, overlay)
    return [options.stdin_filename if p == "-" else p for p in paths]


def _read_stdin(name: str, overlay: Overlay) -> None:
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise UsageError(f"standard input is larger than {MAX_BYTES // 2**20} MiB")
    overlay.put(os.path.normpath(os.path.join(overlay.cwd, name)), data)


def settings_for(options: argparse.Namespace, paths: list[str], overlay: Overlay) -> Settings:
    """What the configuration says, and what the command line changes in it."""
    settings = Settings()
    if not options.isolated:
        start = options.config or _config_near(paths, overlay)
        if options.config and not os.path.isfile(options.config):
            raise UsageError(f"there is no configuration file {options.config}")
        if start:
            settings = config.load(os.path.join(overlay.cwd, start), overlay)
    elif options.config:
        raise UsageError("--isolated and --config exclude each other")
    return apply_options(options, settings)


def apply_options(options: argparse.Namespace, settings: Settings) -> Settings:
    """Settings with what the command line changes in them."""
    changes: dict[str, Any] = {}
    if options.select:
        changes |= {"select": _rules(options.select), "extend_select": (), "ignore": ()}
        changes["chosen"] = True
    if options.extend_select:
        given = changes.get("extend_select", settings.extend_select)
        changes["extend_select"] = given + _rules(options.extend_select)
    if options.ignore:
        changes["left_out"] = _rules(options.ignore)
    if options.persona:
        changes["persona"] = options.persona
    if options.severity == "info" or options.fail_on == "info":
        changes["persona"] = "pedantic"
    return replace(settings, **changes)


def _config_near(paths: list[str], overlay: Overlay) -> str | None:
    folders = []
    for given in paths:
        path = os.path.normpath(os.path.join(overlay.cwd, given))
        folders.append(path if os.path.isdir(path) else os.path.dirname(path))
    try:
        return config.find_config(os.path.commonpath(folders))
    except ValueError:
        return config.find_config(overlay.cwd)


def _rules(given: list[str]) -> tuple[str, ...]:
    names = tuple(n.strip() for text in given for n in text.split(",") if n.strip())
    if not names:
        raise UsageError("no rule is named; give names, codes or ALL")
    for name in names:
        if not matching(name):
            raise UsageError(f"there is no rule `{name}`{suggestion(name)}; see `amllint rules`")
    return names


# -- printing -------------------------------------------------------------------------------


def _write(report: Report, format: str, file: str | None, color: str) -> None:
    render = renderer(format)
    if file is None:
        style = Style(wants_color(sys.stdout, color))
        _print_all(render(report, style), sys.stdout)
        return
    try:
        with open(file, "w", encoding="utf-8", errors="backslashreplace") as stream:
            _print_all(render(report, Style(color == "always")), stream)
    except OSError as error:
        raise UsageError(f"cannot write {file}: {error.strerror}") from None


def _print_all(lines: Iterator[str], stream: TextIO) -> None:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")
    for line in lines:
        stream.write(line + "\n")


def _statistics(report: Report) -> None:
    counts = Counter((f.code, f.name, f.severity) for f in report.findings)
    for (code, name, severity), count in sorted(counts.items(), key=lambda c: (-c[1], c[0])):
        print(f"{count:6}  {code}  {name}  {severity}", file=sys.stderr)


def _summary(report: Report, color: str, hidden: int, resolved: bool) -> None:
    if not report.asked and not report.excluded:
        return
    style = Style(wants_color(sys.stderr, color))
    counts = Counter(f.severity for f in report.findings)
    levels: tuple[Severity, ...] = ("error", "warning", "info")
    parts = [style.paint(_count(counts[s], s), s) for s in levels if counts[s]]
    found = ", ".join(parts) or "no findings"
    text = f"{found} in {_count(report.asked, 'file')}"
    kinds = any(listed.kind != "none" for listed in report.listed)
    if not (kinds or (resolved and _has_list(report))) and not report.findings:
        text += ", none of a kind that amllint checks"
    if hidden:
        text += f", {hidden} below --severity (they count for the exit code)"
    if report.suppressed:
        text += f", {report.suppressed} suppressed"
    if report.accepted and report.accepted.count:
        text += f", {report.accepted.count} in the baseline"
    if report.outside:
        text += f", {report.outside} outside the change"
    fixes = [f.observation.fix for f in report.findings if f.observation.fix]
    safe = sum(fix.applicability == "safe" for fix in fixes)
    if safe:
        text += f", {safe} fixable with --fix"
    if len(fixes) > safe:
        more = " more" if safe else ""
        text += f", {len(fixes) - safe}{more} with --fix --unsafe-fixes"
    if report.incomplete:
        text += "; incomplete: not everything could be checked"
    print(text, file=sys.stderr)
    rules = sorted({u.rule for u in report.unchecked})
    if rules:
        print(f"not checked, for lack of facts: {', '.join(rules)}", file=sys.stderr)
        lacking = sorted({u.fact.partition(" of ")[0] for u in report.unchecked})
        shown = ", ".join(map(printable, lacking))
        where = "" if "info" in counts else "; `--persona pedantic` tells where and why"
        print(f"  lacking: {shown}{where}", file=sys.stderr)
    for fact, unsaid in sorted(report.lacking.items()):
        print(
            f"not checked, as nothing says `{fact}`: {', '.join(sorted(unsaid))}", file=sys.stderr
        )
    for line in told(report.eased, "info" in counts):
        print(printable(line), file=sys.stderr)


def _has_list(report: Report) -> bool:
    """Whether there is a file of requirements, which the index is asked about."""
    from amllint.cli.resolving import is_requirements_file

    return any(is_requirements_file(listed.path) for listed in report.listed)


def _count(number: int, noun: str) -> str:
    plural = noun if number == 1 or noun == "info" else noun + "s"
    return f"{number} {plural}"


def _list_files(report: Report) -> int:
    rows = [r for r in report.listed if r.kind != "none"]
    width = max((len(printable_path(r.path)) for r in rows), default=0)
    kind = max((len(r.kind) for r in rows), default=0)
    for row in sorted(rows):
        print(f"{printable_path(row.path):{width}}  {row.kind:{kind}}  {printable(row.reason)}")
    rest = len(report.listed) - len(rows)
    if rest:
        print(f"and {_count(rest, 'file')} of no kind of ours", file=sys.stderr)
    return INCOMPLETE if report.incomplete else CLEAN if report.asked else NOTHING


# -- fixing ---------------------------------------------------------------------------------


def _fix(options: argparse.Namespace, work: Work) -> Report:
    from amllint.engine import fixing
    from amllint.findings.edits import diff

    overlay = work.overlay
    fixed = fixing.fix(
        work.paths,
        work.settings,
        overlay,
        unsafe=options.unsafe_fixes,
        ignores=not options.no_ignores,
        terms=work.terms,
        narrow=work.narrow if work.change else None,
    )
    changed = {p: t for p, t in fixed.after.items() if t != fixed.before[p]}
    if options.diff:
        for path, after in changed.items():
            sys.stdout.write(diff(path, fixed.before[path], after))
    elif options.stdin_filename:
        sys.stdout.write(_stdin_text(options.stdin_filename, overlay))
    elif changed:
        _write_back(fixed, overlay)
    if options.show_fixes:
        for finding, mend in fixed.applied:
            # A finding may stand in one file and be mended in another.
            where = ", ".join(dict.fromkeys(edit.path for edit in mend.edits))
            what = f"fixed {where}: {finding.name}: {mend.message}"
            print(printable(what), file=sys.stderr)
    for finding, mend in fixed.rejected:
        where = ", ".join(dict.fromkeys(edit.path for edit in mend.edits))
        what = f"{where}: {finding.name}: {mend.message}"
        print(f"not fixed, it did not come out as meant: {printable(what)}", file=sys.stderr)
    verb = "would fix" if options.diff else "fixed"
    if not options.quiet and fixed.applied:
        print(f"{verb} {_count(len(fixed.applied), 'finding')}", file=sys.stderr)
    # `--diff` changes nothing, so what it reports is the state that stays.
    return fixed.first if options.diff else fixed.report


def _stdin_text(name: str, overlay: Overlay) -> str:
    """What standard input has become, or is where nothing was to be fixed."""
    data = overlay.data(os.path.normpath(os.path.join(overlay.cwd, name)))
    return data.decode("utf-8", "replace")


def _write_back(fixed: Any, overlay: Overlay) -> None:
    from amllint.engine import fixing

    def failed(path: str, error: OSError) -> None:
        raise UsageError(f"cannot write {path}: {error.strerror}")

    fixing.write(overlay, fixed, failed)
