"""Arguments of all commands."""

from __future__ import annotations

import argparse
import sys
from typing import Any, NoReturn

from amllint.output.formats import FORMATS

_EXAMPLES = """\
examples:
  amllint check                          everything below the working directory
  amllint check deploy/ score.py         a folder and a file
  amllint check --fix deploy/            mend what can be mended safely
  amllint check -o json=report.json -o text
  amllint explain error-leak             a rule: why it matters, what to write instead
"""
_CHECK_EXAMPLES = """\
exit codes:
  0 clean   1 findings at or over --fail-on   2 usage or configuration   3 no file to look at
  4 incomplete: a file was not read or a rule failed   130 interrupted

examples:
  amllint check                          everything below the working directory
  amllint check --select AML1 score.py   only the rules about scoring scripts
  amllint check --fix --diff deploy/     show what fixing would change
  amllint check --list-files             what each file is taken for, and why
  amllint check --snapshot snapshot.json deploy/
  amllint check --resolve deploy/         ask the package index whether the pins go together
  git show HEAD:score.py | amllint check --stdin-filename score.py -
"""


_COMPLETION_EXAMPLES = """\
examples:
  amllint completions bash > ~/.local/share/bash-completion/completions/amllint
  amllint completions zsh > "${fpath[1]}/_amllint"
  amllint completions fish > ~/.config/fish/completions/amllint.fish
"""


_MODULES = {"try": "trying", "size": "sizing"}
"""The modules of commands whose names are none of a module."""


_SAME = {"--requests-per-second": "--rps", "--seconds-per-request": "--request-seconds"}
"""Keys of the configuration that are options of another name."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        print(f"{self.prog}: {message}{self._meant(message)}", file=sys.stderr)
        raise SystemExit(2)

    def _meant(self, message: str) -> str:
        """The option or command that a misspelt one resembles."""
        import difflib

        if "invalid choice" in message and message.startswith("argument -"):
            return ""  # it lists what may be written there
        known = [o for action in self._actions for o in action.option_strings]
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction):
                known += list(action.choices)
                known += [
                    o for p in action.choices.values() for a in p._actions for o in a.option_strings
                ]
        words = message.replace("'", " ").replace(":", " ").split()
        commands = "COMMAND" in words or "ACTION" in words
        for word in (w for w in words if w.startswith("-") or commands):
            same = _SAME.get(word.partition("=")[0], "")
            if same in known:
                return f"; did you mean `{same}`?"
            alike = [k for k in known if k.startswith("-") is word.startswith("-")]
            close = difflib.get_close_matches(word.partition("=")[0], alike, 1, 0.75)
            if close and word not in known:
                return f"; did you mean `{close[0]}`?"
        return f"; see `{self.prog} --help`"


def build_parser(only: str | None = None) -> argparse.ArgumentParser:
    """The parser of the command line; that of one command, where `only` names it.

    Every command takes time to describe, and a command line has but one.
    """
    raw = argparse.RawDescriptionHelpFormatter
    parser = _Parser(
        prog="amllint",
        description="Checks Azure Machine Learning deployments before they are submitted.",
        epilog=_EXAMPLES,
        formatter_class=raw,
    )
    parser.add_argument("-V", "--version", action="store_true", help="print the version")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)
    check = commands.add_parser(
        "check",
        help="check files and folders",
        description="Checks scoring scripts, inference configs, environments and deployment "
        "configs, alone and together.",
        epilog=_CHECK_EXAMPLES,
        formatter_class=raw,
    )
    _check_arguments(check)
    if only == "check":
        return parser
    _baseline_arguments(commands)
    from amllint.cli import (
        annotate_arguments,
        diagnose_arguments,
        size_arguments,
        snapshot_arguments,
        try_arguments,
    )

    annotate_arguments.add(commands)
    diagnose_arguments.add(commands)
    snapshot_arguments.add(commands)
    try_arguments.add(commands)
    size_arguments.add(commands)
    explain = commands.add_parser("explain", help="explain a rule, or a failure in a log")
    explain.add_argument("rule", help="name or code, such as error-leak or AML109; or crash-loop")
    rules = commands.add_parser("rules", help="list the rules")
    rules.add_argument("-o", "--output-format", choices=("text", "json"), default="text")
    completions = commands.add_parser(
        "completions",
        help="print completions for a shell",
        description="Prints completions for a shell; needs the extra `completions`.",
        epilog=_COMPLETION_EXAMPLES,
        formatter_class=raw,
    )
    shells = ("bash", "zsh", "fish", "tcsh", "powershell")
    completions.add_argument("shell", choices=shells, help="the shell that reads them")
    _config_arguments(commands.add_parser("config", help="see what is configured, and where"))
    commands.add_parser(
        "clean",
        help="remove what is kept of scripts between runs",
        description="Removes the cache: what amllint found out about scripts, by their text. "
        "AMLLINT_CACHE_DIR says where it is kept.",
    )
    schema = commands.add_parser("schema", help="print a JSON Schema, for editors and tools")
    schema.add_argument("name", nargs="?", help="which one; without it, they are listed")
    return parser


def _check_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("paths", nargs="*", metavar="PATH", help="files and folders (default: .); - is stdin")
    chosen = parser.add_argument_group("which rules")
    chosen.add_argument("--select", action="append", metavar="RULES", help="only these")
    chosen.add_argument("--extend-select", action="append", metavar="RULES", help="these as well")
    chosen.add_argument("--ignore", action="append", metavar="RULES", help="not these")
    chosen.add_argument(
        "--severity", choices=("info", "warning", "error"), help="show only this and graver"
    )
    chosen.add_argument(
        "--persona",
        choices=("regular", "pedantic"),
        help="pedantic also shows advice (severity info)",
    )
    chosen.add_argument(
        "--no-ignores",
        action="store_true",
        help="disregard suppression comments, and the baseline of the configuration",
    )
    chosen.add_argument(
        "--diff-base", metavar="REV", help="only what has come since the branch left REV"
    )
    chosen.add_argument("--baseline", metavar="FILE", help="leave out what this file accepts")
    chosen.add_argument(
        "--today", metavar="DATE", help="judge what ends or expires as of this day, YYYY-MM-DD"
    )
    result = parser.add_argument_group("what comes out")
    result.add_argument(
        "-o",
        "--output-format",
        action="append",
        metavar="FORMAT[=FILE]",
        help=f"{', '.join(FORMATS)} (default: text, or what the build service shows); "
        "repeatable, to files with =FILE",
    )
    result.add_argument(
        "--fail-on",
        choices=("error", "warning", "info", "never"),
        help="lowest severity for exit code 1 (default: warning)",
    )
    result.add_argument("--statistics", action="store_true", help="findings per rule, on stderr")
    result.add_argument("-q", "--quiet", action="store_true", help="no summary on stderr")
    result.add_argument("--color", choices=("auto", "always", "never"), default="auto")
    result.add_argument(
        "--list-files", action="store_true", help="say what each file is taken for, and stop"
    )
    result.add_argument("--watch", action="store_true", help="check again when a file changes")
    beyond = parser.add_argument_group("the workspace")
    beyond.add_argument(
        "--snapshot",
        metavar="FILE",
        help="hold the files against what `amllint snapshot` knows of the workspace",
    )
    from amllint.cli.try_arguments import seconds_up_to_a_day

    index = parser.add_argument_group("the package index")
    index.add_argument(
        "--resolve",
        action="store_true",
        help="ask it by pip whether pins can be installed together: opens connections",
    )
    index.add_argument(
        "--resolve-python",
        metavar="X.Y",
        help="for files that do not say their Python, such as requirements.txt",
    )
    index.add_argument(
        "--resolve-seconds",
        metavar="N",
        type=seconds_up_to_a_day,
        help="the time for one file (default: 300)",
    )
    fixes = parser.add_argument_group("fixing")
    fixes.add_argument("--fix", action="store_true", help="apply safe fixes")
    fixes.add_argument("--unsafe-fixes", action="store_true", help="with --fix: unsafe ones too")
    fixes.add_argument("--diff", action="store_true", help="print what would change, write nothing")
    fixes.add_argument("--show-fixes", action="store_true", help="list what was fixed, on stderr")
    fixes.add_argument(
        "--add-ignore",
        metavar="REASON",
        help="write a suppression comment for each finding; with --diff, show them",
    )
    where = parser.add_argument_group("configuration")
    where.add_argument("--config", metavar="FILE", help="use this file")
    where.add_argument("--isolated", action="store_true", help="use no configuration file")
    where.add_argument(
        "--no-cache", action="store_true", help="neither use nor keep what was found in scripts"
    )
    where.add_argument(
        "--stdin-filename", metavar="PATH", help="the name that standard input stands for"
    )


def _baseline_arguments(commands: Any) -> None:
    baseline = commands.add_parser(
        "baseline",
        help="accept what is found now, and report what is new",
        description="Keeps a file of findings that are accepted for now.",
    )
    actions = baseline.add_subparsers(dest="action", metavar="ACTION", parser_class=_Parser)
    write = actions.add_parser("write", help="accept all findings of today")
    update = actions.add_parser("update", help="take out what is fixed; nothing is added")
    for parser in (write, update):
        add = parser.add_argument
        add("paths", nargs="*", metavar="PATH", help="files and folders (default: .)")
        add("--select", action="append", metavar="RULES", help="only these rules")
        add("--extend-select", action="append", metavar="RULES", help="these as well")
        add("--ignore", action="append", metavar="RULES", help="not these")
        add("--persona", choices=("regular", "pedantic"), help="pedantic accepts advice as well")
        add("--config", metavar="FILE", help="use this file")
        add("--isolated", action="store_true", help="use no configuration file")
        add("--today", metavar="DATE", help="judge what ends as of this day, YYYY-MM-DD")
        add("--no-cache", action="store_true", help="neither use nor keep facts of scripts")
        parser.set_defaults(severity=None, fail_on=None)
    write.add_argument("--force", action="store_true", help="overwrite the file")
    write.add_argument("--expires", metavar="DATE", help="the last day on which it holds")
    check = actions.add_parser("check", help="check, and leave out what is accepted")
    _check_arguments(check)
    check.add_argument("--strict", action="store_true", help="exit code 1 if entries are fixed")
    for parser in (write, update, check):
        parser.add_argument(
            "--file",
            metavar="FILE",
            help="the baseline (default: that of the configuration, or amllint-baseline.json)",
        )


def _config_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    show = actions.add_parser(
        "show",
        help="print the settings that hold for a path",
        description="Prints the settings that hold for a path, as TOML, with where each is set, "
        "and the rules that are on.",
    )
    show.add_argument("path", nargs="?", default=".", metavar="PATH", help="default: .")
    show.add_argument("--config", metavar="FILE", help="use this file")
    show.add_argument("--isolated", action="store_true", help="use no configuration file")
    show.add_argument("-o", "--output-format", choices=("text", "json"), default="text")


def _parser_of(parser: argparse.ArgumentParser, options: argparse.Namespace) -> Any:
    """The parser of the command that was given, whose usage is the one to show."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction) and options.command in action.choices:
            return action.choices[options.command]
    return parser


def run(arguments: list[str]) -> int:
    """Parse the command line and run its command; the exit code."""
    parser = build_parser(arguments[0] if arguments else None)
    try:
        options, unknown = parser.parse_known_args(arguments)
        if unknown:
            _parser_of(parser, options).error(f"unrecognized arguments: {' '.join(unknown)}")
    except SystemExit as stop:
        return int(stop.code or 0)
    if options.version:
        from amllint import __version__

        print(f"amllint {__version__}")
        return 0
    if options.command is None:
        parser.print_help()
        return 2
    from importlib import import_module

    module = _MODULES.get(options.command, options.command)
    return int(import_module(f"amllint.cli.{module}").run(options))
