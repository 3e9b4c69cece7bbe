"""Takes a debugger out of a scoring script."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Edit, Fix
from amllint.rules.score.reached_places import Place
from amllint.rules.score.script_edits import drop_import, own_reads
from amllint.source.python import syntax as s
from amllint.source.text import Span

_MODULES: Final = frozenset({"debugpy", "ptvsd", "pdb", "ipdb", "pudb", "pydevd", "pydevd_pycharm"})


def without_debugger(script: ScoringScript, place: Place) -> Fix | None:
    """Take the statement out, what of the same debugger stands next to it, and its import.

    `None` where the call is part of another statement.
    """
    block = _block(script, place.node)
    if block is None:
        return None
    module = place.name.partition(".")[0]
    at = next(i for i, statement in enumerate(block) if _value(statement) is place.node)
    first = last = at
    while first and _is_of(script, block[first - 1], module):
        first -= 1
    while last + 1 < len(block) and _is_of(script, block[last + 1], module):
        last += 1
    gone = block[first : last + 1]
    edits = list(_removed(script, gone, keeps_block=len(gone) < len(block)))
    left = own_reads(script.module.body, module)
    inside = [n for statement in gone for n in own_reads([statement], module)]
    if not edits:
        return None
    if module in _MODULES and len(left) == len(inside):
        edit = drop_import(script, module)
        if edit is not None and not any(
            edit.span.start <= e.span.end and e.span.start <= edit.span.end for e in edits
        ):
            edits.append(edit)
    return Fix("unsafe", "take the debugger out", tuple(edits))


def _value(statement: object) -> s.Expr | None:
    return statement.value if isinstance(statement, s.Evaluate) else None


def _block(script: ScoringScript, node: s.Syntax) -> tuple[s.Stmt, ...] | None:
    """The block that a call is a statement of."""
    path = s.path_to(script.module, node.span)
    for outer in reversed(path):
        for part in outer[1:]:
            if isinstance(part, tuple) and any(_value(i) is node for i in part):
                return part
    return None


def _is_of(script: ScoringScript, statement: s.Stmt, module: str) -> bool:
    """Whether a statement does nothing but call or import the debugger."""
    if isinstance(statement, s.Import):
        names = [alias.name.partition(".")[0] for alias in statement.names]
        return names == [module] and statement.module is None
    value = _value(statement)
    called = script.facts.callees.name(value.function) if isinstance(value, s.Call) else ""
    return called.partition(".")[0] == module and module in _MODULES


def _removed(script: ScoringScript, gone: tuple[s.Stmt, ...], keeps_block: bool) -> Iterator[Edit]:
    """The edit that takes neighbouring statements out, or puts `pass` in place of a whole block."""
    source = script.source
    span = Span(gone[0].span.start, gone[-1].span.end)
    if not keeps_block:
        yield Edit(script.path, span, "pass")
        return
    start = source.line_span(source.position(span.start).line)
    end = source.line_span(source.position(max(span.end - 1, span.start)).line)
    before = source.text[start.start : span.start]
    behind = source.text[span.end : end.end].strip()
    if not before.strip() and (not behind or behind.startswith("#")):
        after = min(end.end + len(source.newline), len(source.text))
        yield Edit(script.path, Span(start.start, after), "")
