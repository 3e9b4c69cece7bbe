"""What `missing-init` and `missing-run` have in common."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Location, Observation, finding
from amllint.source.python import syntax as s


def missing_entry(script: ScoringScript, name: str, purpose: str) -> Iterator[Observation]:
    """Report a script without a module-level `name`, at the nearest thing to it."""
    if script.bindings.may_have(name) or not script.whole:
        return
    where, why = _nearest(script, name)
    who = "the inference server" if script.online else "the batch job"
    yield finding(
        where,
        f"{why}{who} finds no `{name}` in this script and does not start",
        help=f"define `{name}` at module level: it {purpose}",
        key=name,
    )


def _nearest(script: ScoringScript, name: str) -> tuple[Location, str]:
    main_only = script.bindings.main_only.get(name)
    if main_only:
        why = f"`{name}` is bound only when the script is run as a program: "
        return script.at(main_only[-1].span), why
    removed = script.bindings.removed.get(name)
    if removed is not None:
        return script.at(removed), f"`{name}` is deleted again: "
    for node in s.walk(script.module):
        if isinstance(node, s.Function) and node.name == name:
            return script.at(node.name_span), f"this `{name}` is not at module level: "
    close = difflib.get_close_matches(name, [b.lower() for b in script.bindings.bound], 1, 0.7)
    for bound, bindings in script.bindings.bound.items():
        if close and bound.lower() == close[0]:
            return script.at(bindings[-1].span), f"`{bound}` is not `{name}`: "
    return script.head, ""
