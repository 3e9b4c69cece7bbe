"""`amllint explain RULE`."""

from __future__ import annotations

import argparse
import inspect
import sys
from importlib import import_module

from amllint.findings.finding import STAGES
from amllint.output.page_text import page_lines
from amllint.output.style import Style, wants_color
from amllint.rules.registry import find, suggestion


def run(options: argparse.Namespace) -> int:
    """Print a rule's page."""
    info = find(options.rule)
    if info is None:
        hint = suggestion(options.rule) or "; `amllint rules` lists them all"
        print(f"amllint: there is no rule `{options.rule}`{hint}", file=sys.stderr)
        return 2
    module = import_module(f"amllint.rules.{info.module}")
    stage = f", fails at {info.stage}: {STAGES[info.stage]}" if info.stage else ""
    style = Style(wants_color(sys.stdout, "auto"))
    print(style.paint(f"{info.code} {info.name}", "bold"), f"({info.severity}{stage})\n")
    for line in page_lines(inspect.getdoc(module) or "", style):
        print(line)
    return 0
