"""`amllint completions SHELL`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import Any, Final

from amllint.rules.registry import RULES
from amllint.schemas import NAMES

_RULES: Final = ("select", "extend_select", "ignore", "rule")
_FILES: Final = ("paths", "path", "config", "stdin_filename", "file", "baseline")


def run(options: argparse.Namespace) -> int:
    """Print what a shell needs to complete commands, options, rules and files."""
    try:
        import shtab
    except ImportError:
        print(
            "amllint: completions need a package that is not installed: "
            "pip install 'amllint[completions]', or the same of your clone",
            file=sys.stderr,
        )
        return 2
    from amllint.cli.parser import build_parser

    parser = build_parser()
    for action in _actions(parser):
        _describe(action, shtab.FILE)
    print(shtab.complete(parser, shell=options.shell))
    return 0


def _actions(parser: argparse.ArgumentParser) -> Iterator[Any]:
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values():
                yield from _actions(inner)


def _describe(action: Any, files: Any) -> None:
    """Say what an argument takes; this parser parses nothing."""
    if action.dest in _RULES:
        action.choices = ["ALL", *(r.name for r in RULES), *(r.code for r in RULES)]
    elif action.dest == "name":
        action.choices = list(NAMES)
    elif action.dest in _FILES:
        action.complete = files
