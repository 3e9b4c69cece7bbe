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
    Exclusion(
        "AML103",
        _ANY,
        r"^UserScriptException: TypeError",
        "how init can be called is a rule of its own",
    ),
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
    Exclusion(
        "AML104",
        _ANY,
        r"is not a callable object|^ValueError: ",
        "a run that is no function, told by its value",
    ),
    Exclusion(
        "AML101/102",
        _any_of(
            "exec",
            "exec-of-file",
            "globals-item",
            "globals-update",
            "vars-item",
            "setattr-on-sys-modules",
            r"module-getattr[\w-]*",
            "deleted-from-globals",
            "deleted-in-called-function",
        ),
        _NO_FUNCTION,
        "names made or removed by running code",
    ),
    Exclusion(
        "AML101/102", _any_of(r"star[\w-]*"), _NO_FUNCTION, "a star import may bind anything"
    ),
    Exclusion(
        "AML101/102",
        _any_of(
            "if-environment-unset",
            "if-environment-set",
            "if-variable",
            "if-old-version",
            "score-guard",
            "try-after-raise",
            "try-after-failed-import",
            "try-handler-not-taken",
            "try-handler-of-pass",
            "try-else-not-taken",
            "with-after-raise",
            "for-never",
            "for-after-continue",
            "while-true-after-break",
            "match-not-taken",
            "for-target-empty",
            "walrus-short-circuit",
            "imported-guarded-suppressed",
            "rebound-by-except",
            "deleted-in-try",
            "deleted-under-name-check",
            "in-failing-try",
            "except-target",
        ),
        _NO_FUNCTION,
        "bound or unbound on a path that only running the script rules out",
    ),
    Exclusion(
        "AML104",
        _any_of(
            r"partial[\w-]*",
            r"(un)?bound-method[\w-]*",
            "static-method",
            "class-method",
            r"callable-object[\w-]*",
            r"class[\w-]*",
            r"imported[\w-]*",
            r"star[\w-]*",
            r"nested-function[\w-]*",
            "mock",
            r"builtin-[\w-]*",
            r"sibling-[\w-]*",
            r"walrus-[\w-]*",
            r"alias-(starred|nested-tuple|or|subscript|conditional-expression)",
            r"for-target",
            r"with-target",
            r"match-[\w-]*",
            r"global-[\w-]*",
            r"globals-\w+",
            r"vars-\w+",
            "exec",
            "exec-of-file",
            r"module-getattr[\w-]*",
            r"module-level-\w+",
            "@inert-expression",
            "@wrapt",
        ),
        r"run\(\) (cannot accept|needs to accept)",
        "the signature is not written at a def or lambda called run",
    ),
)


def excuse(kind: str, error: str) -> Exclusion | None:
    """The first exclusion that covers a refusal for ``error`` of a case of ``kind``."""
    matching = (
        one for one in EXCLUSIONS if re.search(one.kind, kind) and re.search(one.error, error)
    )
    return next(matching, None)
