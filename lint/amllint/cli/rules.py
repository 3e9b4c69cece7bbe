"""`amllint rules`."""

from __future__ import annotations

import argparse

from amllint.rules.registry import RULES


def run(options: argparse.Namespace) -> int:
    """List every rule."""
    if options.output_format == "json":
        import json

        keys = ("code", "name", "severity", "stage", "fix", "summary", "url")
        print(json.dumps([{k: getattr(r, k) for k in keys} for r in RULES], indent=2))
        return 0
    width = max(len(r.name) for r in RULES)
    for rule in RULES:
        stage = rule.stage or "–"
        print(f"{rule.code}  {rule.name:{width}}  {rule.severity:7}  {stage:8}  {rule.summary}")
    return 0
