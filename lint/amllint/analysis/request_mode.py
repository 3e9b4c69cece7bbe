"""How the inference server hands a request to `run`: as text, raw, or by a schema.

The server does not ask how `run` itself is decorated. `@rawhttp` sets a flag of the process
whatever it decorates, and a schema belongs to every function of the name that it was put on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.analysis.read_script import FunctionLike, ReadScript
from amllint.source.python import syntax as s

SCHEMA_DECORATORS: Final = frozenset({"input_schema", "output_schema"})


def last_part(name: str | None) -> str:
    """The last part of a dotted name."""
    return (name or "").rpartition(".")[2]


def may_use_schema(facts: ReadScript, run: FunctionLike | None) -> bool:
    """Whether the server may take the request apart by a schema, key by parameter.

    A schema on a function of another name than that of `run` does not count.
    """
    if not any(last_part(name) in SCHEMA_DECORATORS for name in facts.names.all_imported()):
        return bool(facts.names.stars) and _mentioned(facts)
    own = run.name if isinstance(run, s.Function) else None
    decorated = list(_decorated(facts))
    elsewhere = [d for f in decorated for d in f.decorators]
    loose = any(
        _is_schema(facts, node) and not any(d.span.contains(node.span) for d in elsewhere)
        for node in facts.nodes
        if isinstance(node, s.Call)
    )
    return own is None or loose or any(f.name == own for f in decorated)


def _mentioned(facts: ReadScript) -> bool:
    return any(isinstance(n, s.Name) and n.id in SCHEMA_DECORATORS for n in facts.nodes)


def _decorated(facts: ReadScript) -> Iterator[s.Function]:
    for function in facts.all_functions:
        called = (d for d in function.decorators if isinstance(d, s.Call))
        if any(_is_schema(facts, d) for d in called):
            yield function


def _is_schema(facts: ReadScript, call: s.Call) -> bool:
    return last_part(facts.names.qualify(call.function)) in SCHEMA_DECORATORS
