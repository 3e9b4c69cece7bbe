"""What keeps a function from going on: loops without a way out, sleeps and their length."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.analysis.names import Names
from amllint.analysis.statements import inner_blocks
from amllint.source.python import syntax as s

SERVERS: Final = frozenset({"uvicorn.run", "flask.Flask().run", "waitress.serve"})
"""Calls that serve until the process ends; so does every `serve_forever`."""
_EXITS: Final = frozenset(
    {"sys.exit", "os._exit", "exit", "quit", "os.abort", "os.kill", "next", "os.execv"}
)


def endless_loops(body: tuple[s.Stmt, ...], names: Names) -> Iterator[s.While]:
    """The loops in a body that nothing ends: `while True` without `break`, `return`, `raise`.

    Loops in nested functions do not count, nor those within a `try`, which an exception may
    be meant to end.
    """
    for statement in body:
        if isinstance(statement, s.While) and _is_true(statement.test):
            if not _has_exit(statement, names):
                yield statement
        elif not isinstance(statement, (s.Try, s.Function, s.Class)):
            for block in inner_blocks(statement):
                yield from endless_loops(block, names)


def _is_true(test: s.Expr) -> bool:
    return isinstance(test, s.Constant) and test.value is not ... and bool(test.value)


def _has_exit(loop: s.While, names: Names) -> bool:
    return any(_leaves(statement, names, True) for statement in loop.body)


def _leaves(statement: s.Syntax, names: Names, breaks: bool) -> bool:
    """Whether something in a statement leaves the loop; a `break` of an inner loop does not."""
    if isinstance(statement, (s.Return, s.Raise, s.Assert, s.Wrapped)):
        return True
    if isinstance(statement, s.Jump):
        return statement.kind == "break" and breaks
    if isinstance(statement, s.Call) and (names.qualify(statement.function) or "") in _EXITS:
        return True
    if isinstance(statement, (s.Function, s.Class, s.Lambda)):
        return False
    inner = breaks and not isinstance(statement, (s.While, s.For))
    return any(_leaves(child, names, inner) for child in s.children(statement))


def seconds(call: s.Call) -> float | None:
    """How long `time.sleep` sleeps; `None` where it is not written."""
    value = call.arguments[0].value if len(call.arguments) == 1 else None
    number = value.value if isinstance(value, s.Constant) else None
    return float(number) if isinstance(number, (int, float)) else None


def waits_for_something(path: list[s.Syntax]) -> bool:
    """Whether a sleep at the end of a path tries again or polls: a loop or handler is around."""
    return any(isinstance(n, (s.For, s.While, s.Handler, s.Comprehension)) for n in path)


def is_tried(path: list[s.Syntax]) -> bool:
    """Whether what stands at the end of a path is in the body of a `try`."""
    span = path[-1].span
    return any(isinstance(n, s.Try) and any(b.span.contains(span) for b in n.body) for n in path)
