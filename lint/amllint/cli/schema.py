"""`amllint schema NAME`."""

from __future__ import annotations

import argparse
import difflib
import sys

from amllint.schemas import NAMES, schema_path


def run(options: argparse.Namespace) -> int:
    """Print a schema, or list them."""
    if options.name is None:
        for name, what in NAMES.items():
            print(f"{name:18} {what}")
        return 0
    if options.name not in NAMES:
        close = difflib.get_close_matches(options.name, NAMES, 1)
        hint = f"did you mean `{close[0]}`?" if close else "known: " + ", ".join(NAMES)
        print(f"amllint: there is no schema `{options.name}`; {hint}", file=sys.stderr)
        return 2
    with open(schema_path(options.name), encoding="utf-8") as stream:
        sys.stdout.write(stream.read())
    return 0
