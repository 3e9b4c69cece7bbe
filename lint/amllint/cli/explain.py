"""`amllint explain RULE`, which explains failures of `amllint diagnose` too."""

from __future__ import annotations

import argparse
import inspect
import sys
from difflib import get_close_matches
from importlib import import_module
from typing import Final

from amllint.diagnosis.signatures import by_id
from amllint.findings.finding import STAGES
from amllint.output.failure_text import failure_lines
from amllint.output.page_text import page_lines
from amllint.output.style import Style, wants_color
from amllint.rules.registry import find, matching, suggestion

_NEITHER: Final = "; `amllint rules` lists the rules, docs/failures.md the failures"


def run(options: argparse.Namespace) -> int:
    """Print a rule's page, or what is known of a failure."""
    info = find(options.rule)
    if info is None:
        failure = by_id().get(options.rule)
        if failure is not None:
            for line in failure_lines(failure, Style(wants_color(sys.stdout, "auto"))):
                print(line)
            return 0
        begun = matching(options.rule)
        if begun and options.rule.upper() != "ALL":
            print(f"amllint: `{options.rule}` begins several codes; explain one:", file=sys.stderr)
            for row in begun:
                print(f"  {row.code} {row.name}", file=sys.stderr)
            return 2
        close = get_close_matches(options.rule, by_id(), 1)
        hint = f"; did you mean the failure `{close[0]}`?" if close else ""
        hint = suggestion(options.rule) or hint or _NEITHER
        print(f"amllint: there is no rule or failure `{options.rule}`{hint}", file=sys.stderr)
        return 2
    module = import_module(f"amllint.rules.{info.module}")
    stage = f", fails at {info.stage}: {STAGES[info.stage]}" if info.stage else ""
    style = Style(wants_color(sys.stdout, "auto"))
    print(style.paint(f"{info.code} {info.name}", "bold"), f"({info.severity}{stage})\n")
    for line in page_lines(inspect.getdoc(module) or "", style):
        print(line)
    return 0
