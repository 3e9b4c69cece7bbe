"""A `global` statement for a name that is not assigned.

## What it does
Reports each name of a `global` statement that the function does not bind: reading a name of
the module needs no declaration. So is `global` at module level, where it says nothing.

## Why it matters
It changes nothing, and readers look for the assignment that it announces. Where `init` says
`global model` and then loads into another name, this is where it shows.

## Example
```python score.py {12} persona=pedantic
import json
import os


def init():
    global labels
    with open(os.path.join(os.environ["AZUREML_MODEL_DIR"], "labels.json")) as stream:
        labels = json.load(stream)


def run(raw_data):
    global labels
    return {"received": len(raw_data), "labels": len(labels)}
```

## Use instead
```python score.py persona=pedantic
import json
import os


def init():
    global labels
    with open(os.path.join(os.environ["AZUREML_MODEL_DIR"], "labels.json")) as stream:
        labels = json.load(stream)


def run(raw_data):
    return {"received": len(raw_data), "labels": len(labels)}
```

## Fix safety
Safe: the fix takes the name, or the whole statement, out. Where the name would then mean
something else (a variable of a function around this one), nothing is reported. A statement
that is all there is in its block is left to you.

## Sources
- The Python reference, the `global` statement; pyflakes and ruff (F824) report the same for
  functions.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.analysis.scopes import Scope
from amllint.analysis.statements import inner_blocks
from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Edit, Fix, Observation, finding
from amllint.rules.registry import rule
from amllint.rules.score.script_edits import whole_lines
from amllint.source.python import syntax as s
from amllint.source.text import Span


@rule("AML115", "unused-global", severity="info", stage=None, fix="safe")
def unused_global(script: ScoringScript) -> Iterator[Observation]:
    """Report names that are declared global and not bound there."""
    if not script.facts.of_kind(s.Declare):
        return
    yield from _in_block(script, script.module.body, None, ())


def _in_block(
    script: ScoringScript, body: tuple[s.Stmt, ...], scope: Scope | None, around: tuple[Scope, ...]
) -> Iterator[Observation]:
    """What the statements of a block, and of all blocks below it, declare for nothing.

    `scope` is that of the function around, `None` at module level; `around` are those of the
    functions around that one.
    """
    for statement in body:
        if isinstance(statement, s.Declare) and statement.kind == "global":
            yield from _unused(script, statement, body, scope, around)
        elif isinstance(statement, s.Function):
            outer = (*around, scope) if scope else around
            inner = script.facts.scope(statement)
            yield from _in_block(script, statement.body, inner, outer)
        elif not isinstance(statement, s.Class):
            for block in inner_blocks(statement):
                yield from _in_block(script, block, scope, around)
        else:
            methods = tuple(n for n in statement.body if isinstance(n, s.Function))
            yield from _in_block(script, methods, scope, around)


def _unused(
    script: ScoringScript,
    statement: s.Declare,
    body: tuple[s.Stmt, ...],
    scope: Scope | None,
    around: tuple[Scope, ...],
) -> Iterator[Observation]:
    if scope is not None and len(body) == 1:
        return  # the whole of a stub
    names = [
        name
        for name in statement.names
        if scope is None
        or (name not in scope.bound and not any(outer.local(name) for outer in around))
    ]
    if not names or (scope is not None and _deletes(script, statement, names)):
        return
    shown = ", ".join(f"`{name}`" for name in names)
    yield finding(
        script.at(statement.span),
        f"`global` for {shown} at module level says nothing"
        if scope is None
        else f"{shown} {'is' if len(names) == 1 else 'are'} declared global and not assigned here",
        help="remove it: reading a name of the module needs no declaration",
        fix=_remove(script, statement, body, names),
        key=f"{script.facts.enclosing(statement.span)}/{','.join(names)}",
    )


def _deletes(script: ScoringScript, statement: s.Declare, names: list[str]) -> bool:
    """Whether the function around deletes one of the names, which needs the declaration."""
    inside = [f for f in script.facts.all_functions if f.span.contains(statement.span)]
    deleted = (n for n in s.walk(inside[-1]) if isinstance(n, s.Delete)) if inside else ()
    return any(isinstance(t, s.Name) and t.id in names for d in deleted for t in d.targets)


def _remove(
    script: ScoringScript, statement: s.Declare, body: tuple[s.Stmt, ...], names: list[str]
) -> Fix | None:
    """Take the names out, and the statement with its line if none is left."""
    message = f"remove `{'`, `'.join(names)}`"
    kept = [name for name in statement.names if name not in names]
    if kept:
        text = script.source.slice(statement.span)
        if "\n" in text or "\r" in text:
            return None
        edit = Edit(script.path, statement.span, f"global {', '.join(kept)}")
        return Fix("safe", message, (edit,))
    lines = whole_lines(script, statement.span, statement.span)
    if len(body) < 2 or lines is None or "#" in script.source.slice(lines.span):
        return None
    end = min(lines.span.end + len(script.source.newline), len(script.source.text))
    return Fix("safe", message, (Edit(script.path, Span(lines.span.start, end), ""),))
