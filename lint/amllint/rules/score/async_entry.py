"""`init` or `run` is a coroutine, which the server never awaits.

## What it does
Reports `async def run` and `async def init`, also through aliases, methods, partials,
`functools.wraps` decorators that return what they call, and decorators that are `async`
themselves. A wrapper that runs the coroutine, `asyncio.run(function(data))`, is fine.

## Why it matters
The inference server calls both like any function. Calling an `async def` runs nothing of it:
it makes a coroutine. Of `init` that goes unnoticed, no model is loaded and the service
reports healthy. What `run` returns cannot be serialized, so that every call answers 500.

## Example
```python score.py {8}
import json


def init():
    pass


async def run(raw_data):
    try:
        rows = json.loads(raw_data)["data"]
    except (ValueError, KeyError, TypeError):
        raise
    return {"rows": len(rows)}
```

## Use instead
```python score.py
import json


def init():
    pass


def run(raw_data):
    try:
        rows = json.loads(raw_data)["data"]
    except (ValueError, KeyError, TypeError):
        raise
    return {"rows": len(rows)}
```
What has to be awaited is run in it: `asyncio.run(score(rows))`.

## Fix safety
Unsafe: `async` is taken away where nothing in the function is awaited and nothing else of the
script uses it. Code of another file that awaits it fails then.

## Sources
- azureml-inference-server-http 1.5.1 (executed): "Object of type coroutine is not JSON
  serializable" for every call; an `async def init` that raises is reported healthy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from amllint.analysis.coroutines import entry_coroutine
from amllint.artifacts.scoring_script import EntryFunction, ScoringScript
from amllint.findings.finding import Edit, Fix, Observation, finding
from amllint.rules.registry import rule
from amllint.rules.score.script_edits import own_reads
from amllint.source.python import syntax as s
from amllint.source.text import Span

_ASYNC: Final = re.compile(r"\basync\s+(?=def\s+\Z)")
_WAITS: Final = re.compile(r"\b(?:async|await|yield)\b")
_OUTCOMES: Final = {
    "init": "nothing of it runs, and the service reports healthy without it",
    "run": "it gets a coroutine, and every call answers 500",
}


@rule("AML106", "async-entry", severity="error", stage="score", fix="unsafe")
def async_entry(script: ScoringScript) -> Iterator[Observation]:
    """Report each entry that makes a coroutine."""
    if not script.online or "driver_module" in script.bindings.bound:
        return
    for name, entry in (("init", script.init), ("run", script.run)):
        function = entry_coroutine(script.facts, name) if entry else None
        if entry is None or function is None:
            continue
        own = function.name_span == entry.location.span
        through = "" if own else f"`{name}` comes to `async def {function.name}`: "
        yield finding(
            script.at(function.name_span) if own else entry.location,
            f"{through}the server calls `{name}` without awaiting it: {_OUTCOMES[name]}",
            help=f"make it `def {name}`, and run what has to be awaited with `asyncio.run(…)`",
            fix=_made_plain(script, entry, function),
            key=name,
        )


def _made_plain(script: ScoringScript, entry: EntryFunction, function: s.Function) -> Fix | None:
    """Take `async` away, where nothing needs it."""
    source = script.source
    start = function.name_span.start
    head = _ASYNC.search(source.text, max(0, start - 40), start)
    body = source.slice(Span(start, function.span.end))
    used = own_reads([script.module], function.name)
    if head is None or function.decorators or used or _WAITS.search(body):
        return None
    if function.name_span != entry.location.span:
        return None
    edit = Edit(script.path, Span(*head.span()), "")
    return Fix("unsafe", f"make `{function.name}` a plain function", (edit,))
