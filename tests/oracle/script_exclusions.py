"""Refusals of the server that amllint may be silent about, with the reason.

Only silence is excused: an error about a script that starts never is.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Exclusion(NamedTuple):
    """A refusal that amllint may be silent about: what matches the kind and the server's error."""

    rule: str
    kind: str
    error: str
    reason: str


def _any_of(*kinds: str) -> str:
    return r"(?<![\w-])(" + "|".join(kinds) + r")(?![\w-])"


_ANY = ""
_NO_FUNCTION = r"does not have a (init|run)\(\) function defined"
EXCLUSIONS = (
    Exclusion("AML114", _ANY, r"NameError: name", "undefined names are a rule of their own"),
    Exclusion(
        "AML136",
        _ANY,
        r"ModuleNotFoundError|ImportError",
        "imports are judged with the environment",
    ),
    Exclusion(
        "AML136",
        _any_of("imported-from-main", "imported-from-entry-module"),
        _NO_FUNCTION,
        "imports are judged with the environment, those that are suppressed as well",
    ),
    Exclusion("AML136", r"imported-(broken|raising)-sibling", _ANY, "the error is in another file"),
    Exclusion(
        "AML107",
        _ANY,
        r"cannot be decorated with both|param_type|output schema already|unsupported callable",
        "schema decorators are a rule of their own",
    ),
    Exclusion(
        "none",
        _ANY,
        r"^UserScriptImportException: (?!\w*(SyntaxError|IndentationError|TabError))",
        "what module-level code raises is known only by running it",
    ),
    Exclusion(
        "none",
        _ANY,
        r"^UserScriptException: (?!TypeError)",
        "what init raises is known only by running it",
    ),
    Exclusion(
        "none",
        _ANY,
        r"^(RecursionError|ValueError: Cell is empty)",
        "the server's walk over closures",
    ),
    Exclusion("none", r"whole:sibling-", _ANY, "files beside the script that the server reads"),
    Exclusion(
        "none", r"whole:driver-module", _ANY, "the run of a driver module is in another file"
    ),
)


def excuse(kind: str, error: str) -> Exclusion | None:
    """The first exclusion that covers a refusal for ``error`` of a case of ``kind``."""
    matching = (
        one for one in EXCLUSIONS if re.search(one.kind, kind) and re.search(one.error, error)
    )
    return next(matching, None)
